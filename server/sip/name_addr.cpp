// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <rollcall/sip/headers/name_addr.hpp>

namespace rollcall::sip {

namespace {

/// display-name up to the '<', which is left. False: there is none, the value is an addr-spec.
/// Accepts no white space before the '<' (RFC 4475 §3.1.1.6, erratum 5598).
base::Result<bool> take_display_name(Scanner& in, std::string_view& name) {
  const char* from = in.position();
  if (in.next_is('"')) {
    const auto quoted = in.quoted_string();
    if (!quoted) return base::malformed("a quoted string that does not end or holds a control character");
    name = *quoted;
    in.skip_space();
    if (!in.next_is('<')) return base::malformed("no '<' after the display name");
    return true;
  }
  while (!in.token().empty())
    in.skip_space();
  if (!in.next_is('<')) return false;
  name = trim(in.since(from));
  return true;
}

}  // namespace

base::Result<NameAddr> NameAddr::parse(std::string_view value) {
  NameAddr address;
  address.text = trim(value);
  Scanner in(address.text);
  auto bracketed = take_display_name(in, address.display_name);
  if (!bracketed) return bracketed.error();
  address.bracketed = *bracketed;

  std::string_view uri_text;
  if (address.bracketed) {
    in.take('<');
    const auto inside = in.take_until('>');
    if (!inside) return base::malformed("no '>' after the URI");
    uri_text = *inside;
    in.take('>');
  } else {
    in = Scanner(address.text);
    uri_text = address.text.substr(0, address.text.find_first_of("; \t"));
    // RFC 3261 §20.10: such a URI must stand in angle brackets.
    if (uri_text.find_first_of(",?") != std::string_view::npos) {
      return base::malformed("a URI with a comma or question mark needs angle brackets");
    }
    in = Scanner(address.text.substr(uri_text.size()));
  }

  auto uri = Uri::parse(uri_text);
  if (!uri) return uri.error();
  address.uri = *uri;
  auto params = Params::parse(in.rest());
  if (!params) return params.error();
  address.params = *params;
  return address;
}

}  // namespace rollcall::sip
