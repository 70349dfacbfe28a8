// SPDX-License-Identifier: Apache-2.0
#include "host.hpp"

#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/uri.hpp>

#include <fmt/format.h>

namespace rollcall::sip {

namespace {

/// What may be kept as a user: text without control characters.
base::Result<> check_user(std::string_view user) {
  if (user.empty()) return base::malformed("an address without a user");
  if (has_control(user) || user.find('\x7f') != std::string_view::npos) {
    return base::malformed("a user with a control character");
  }
  if (!is_utf8(user)) return base::malformed("a user that is no valid UTF-8");
  return base::Done{};
}

}  // namespace

const std::string Aor::nobody;

Aor::Aor(std::string_view user, std::string_view domain) {
  Shared made;
  made.text.reserve(user.size() + 1 + domain.size());
  made.text.append(user).append(1, '@');
  for (const char c : domain)
    made.text += lower(c);
  made.at = user.size();
  shared_ = std::make_shared<const Shared>(std::move(made));
}

base::Result<Aor> Aor::from(const Uri& uri) {
  if (uri.scheme == Scheme::tel || uri.scheme == Scheme::other) {
    return base::malformed("an address-of-record of another scheme");
  }
  const auto user = unescape(uri.user);
  if (auto checked = check_user(user); !checked) return checked.error();
  return Aor(user, uri.host);
}

base::Result<Aor> Aor::parse(std::string_view text) {
  const auto at = text.rfind('@');
  if (at == std::string_view::npos) return base::malformed("an address without '@'");
  if (auto checked = check_user(text.substr(0, at)); !checked) return checked.error();
  const auto domain = text.substr(at + 1);
  if (!is_host(domain)) return base::malformed("an address without a valid domain");
  return Aor(text.substr(0, at), domain);
}

std::string Aor::uri() const {
  std::string uri = "sip:";
  for (const char c : user()) {
    if (is_in(c, user_chars)) {
      uri += c;
    } else {
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return uri.append(1, '@').append(domain());
}

}  // namespace rollcall::sip
