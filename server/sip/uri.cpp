// SPDX-License-Identifier: Apache-2.0
#include "escapes.hpp"
#include "host.hpp"

#include <algorithm>

#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::sip {

namespace {

struct SchemeRow {
  std::string_view name;
  Scheme scheme;
};

constexpr SchemeRow schemes[] = {
    {"sip", Scheme::sip}, {"sips", Scheme::sips}, {"tel", Scheme::tel},
    {"im", Scheme::im},   {"pres", Scheme::pres},
};

Scheme scheme_of(std::string_view name) {
  for (const auto& row : schemes) {
    if (equal_ignoring_case(row.name, name)) return row.scheme;
  }
  return Scheme::other;
}

/// Names and values of pairs up to the end or another character; false: one is empty where it may
/// not be, comes twice (§19.1.1), or there are too many.
bool take_pairs(Scanner& in, char separator, unsigned chars, std::string_view& pairs) {
  const char* from = in.position();
  SeenNames names;
  do {
    const auto earlier = in.since(from);
    const auto name = in.take_escaped(chars);
    if (name.empty()) return false;
    if (in.take('=')) {
      const bool empty = in.take_escaped(chars).empty();
      if (empty && separator == ';') return false;
    } else if (separator == '&') {
      return false;
    }
    if (names.maybe_seen(name) && separator == ';' && find_pair(earlier, separator, name)) return false;
    if (names.too_many()) return false;
  } while (in.take(separator));
  pairs = in.since(from);
  return true;
}

/// userinfo: everything before the one '@', which no other part of the URI may hold.
base::Result<> take_userinfo(Scanner& in, Uri& uri) {
  if (in.rest().find('@') == std::string_view::npos) return base::Done{};
  uri.has_user = true;
  uri.user = in.take_escaped(user_chars);
  if (uri.user.empty()) return base::malformed("a URI with an empty user");
  if (in.take(':')) uri.password = in.take_escaped(password_chars);
  if (!in.take('@')) return base::malformed("a character in the user that must be escaped");
  return base::Done{};
}

/// SIP-URI and SIPS-URI after the colon.
base::Result<> take_sip(Scanner& in, Uri& uri) {
  if (auto user = take_userinfo(in, uri); !user) return user;
  uri.host = take_host(in);
  if (uri.host.empty()) return base::malformed("a URI without a valid host");
  if (in.take(':')) {
    const auto port = take_port(in);
    if (!port) return base::malformed("a URI without a valid port");
    uri.port = *port;
  }
  if (in.take(';') && !take_pairs(in, ';', param_chars, uri.params)) {
    return base::malformed("a broken URI parameter");
  }
  if (in.take('?') && !take_pairs(in, '&', uri_header_chars, uri.headers)) {
    return base::malformed("a broken URI header");
  }
  return base::Done{};
}

/// im: and pres: (RFC 3860 §3, RFC 3859 §3): a mailbox, then headers.
base::Result<> take_mailbox(Scanner& in, Uri& uri) {
  if (auto user = take_userinfo(in, uri); !user) return user;
  uri.host = take_host(in);
  if (uri.host.empty()) return base::malformed("a URI without a valid host");
  if (in.take('?') && !take_pairs(in, '&', uri_header_chars, uri.headers)) {
    return base::malformed("a broken URI header");
  }
  return base::Done{};
}

/// telephone-subscriber (RFC 3966 §3).
base::Result<> take_number(Scanner& in, Uri& uri) {
  const char* from = in.position();
  const bool global = in.take('+');
  const auto digits = in.take_all(global ? digit_chars | phone_chars : phone_chars);
  uri.user = in.since(from);
  uri.has_user = true;
  constexpr std::string_view separators = "-.()";
  bool any = false;
  for (const char c : digits) {
    if (separators.find(c) != std::string_view::npos) continue;
    if (global && !is_in(c, digit_chars)) return base::malformed("a global number with something but digits");
    any = true;
  }
  if (!any) return base::malformed("a telephone number without digits");
  if (in.take(';') && !take_pairs(in, ';', param_chars, uri.params)) {
    return base::malformed("a broken URI parameter");
  }
  if (!global && !uri.param("phone-context")) return base::malformed("a local number without phone-context");
  return base::Done{};
}

base::Result<> take_rest(Scanner& in, Uri& uri) {
  switch (uri.scheme) {
    case Scheme::sip:
    case Scheme::sips:
      return take_sip(in, uri);
    case Scheme::im:
    case Scheme::pres:
      return take_mailbox(in, uri);
    case Scheme::tel:
      return take_number(in, uri);
    case Scheme::other:
      break;
  }
  if (in.take_escaped(uric_chars).empty()) return base::malformed("a URI with nothing after its scheme");
  return base::Done{};
}

}  // namespace

base::Result<Uri> Uri::parse(std::string_view text) {
  Uri uri;
  uri.text = text;
  Scanner in(text);
  const auto scheme = in.next_in(alpha_chars) ? in.take_all(scheme_chars) : std::string_view{};
  if (scheme.empty() || !in.take(':')) return base::malformed("a URI without a scheme");
  uri.scheme = scheme_of(scheme);
  if (auto rest = take_rest(in, uri); !rest) return rest.error();
  if (!in.at_end()) return base::malformed("a URI with a character that it may not hold");
  return uri;
}

std::optional<std::string_view> Uri::param(std::string_view name) const {
  return find_pair(params, ';', name);
}

std::optional<Transport> Uri::transport() const {
  const bool secure = scheme == Scheme::sips;
  const auto name = param("transport");
  if (!name) return secure ? Transport::tls : Transport::udp;
  const auto written = transport_of(*name);
  if (!secure || !written) return written;
  // sips: means TLS below whatever is named, which must be reliable (RFC 3261 §19.1.1, RFC 7118 §5.2).
  if (*written == Transport::udp) return std::nullopt;
  return *written == Transport::ws || *written == Transport::wss ? Transport::wss : Transport::tls;
}

std::uint16_t Uri::effective_port() const {
  if (port != 0) return port;
  switch (transport().value_or(Transport::udp)) {
    case Transport::tls:
      return 5061;
    case Transport::ws:
      return 80;  // RFC 7118 §5.5
    case Transport::wss:
      return 443;  // RFC 7118 §5.5
    default:
      return scheme == Scheme::sips ? 5061 : 5060;
  }
}

std::optional<Endpoint> Uri::literal_address() const {
  return Endpoint::parse(param("maddr").value_or(host), effective_port());
}

/// RFC 3261 §19.1.1, Table 1.
std::string as_request_uri(const Uri& uri) {
  std::string_view text = uri.text;
  if (!uri.headers.empty()) text.remove_suffix(uri.headers.size() + 1);
  if (!uri.param("method")) return std::string(text);
  std::string kept(text.substr(0, text.size() - uri.params.size() - 1));
  for (std::string_view rest = uri.params; !rest.empty();) {
    const auto param = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(param.size() + 1, rest.size()));
    if (!equal_ignoring_case(param.substr(0, param.find('=')), "method")) kept.append(";").append(param);
  }
  return kept;
}

}  // namespace rollcall::sip
