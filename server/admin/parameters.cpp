// SPDX-License-Identifier: Apache-2.0
#include "parameters.hpp"

#include <algorithm>
#include <charconv>

#include <rollcall/http/text.hpp>

namespace rollcall::admin {

namespace {

constexpr std::int64_t highest_limit = 1'000;
constexpr std::size_t longest_search = 256;
constexpr std::size_t longest_cursor = 4'096;

template <class Number>
std::optional<Number> number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

base::Result<sip::Aor> aor_in(const http::Request& request) {
  auto aor = sip::Aor::parse(request.parameter("aor"));
  if (!aor) return base::malformed("aor: " + aor.error().detail);
  return aor;
}

base::Result<sip::Aor> user_in(const Services& services, const http::Request& request) {
  auto aor = aor_in(request);
  if (!aor) return aor;
  if (const auto user = services.accounts.user(*aor); !user) return user.error();
  return aor;
}

base::Result<engine::PageRequest> page_in(const http::Request& request) {
  engine::PageRequest page;
  page.after = request.query_value("cursor").value_or("");
  if (page.after.size() > longest_cursor) return base::malformed("cursor: not one that a list gave");
  page.search = request.query_value("search").value_or("");
  if (page.search.size() > longest_search) return base::malformed("search: longer than 256 bytes");
  if (const auto text = request.query_value("limit")) {
    const auto limit = number<std::int64_t>(*text);
    if (!limit || *limit < 1 || *limit > highest_limit)
      return base::malformed("limit: not a number from 1 to 1000");
    page.limit = *limit;
  }
  return page;
}

std::optional<std::uint64_t> id_in(const http::Request& request) {
  return number<std::uint64_t>(request.parameter("id"));
}

std::string lower_case(std::string_view domain) {
  std::string lower(domain);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return lower;
}

std::string path_of(const sip::Aor& aor) {
  return "/api/v1/users/" + http::percent_encode(aor.text());
}

}  // namespace rollcall::admin
