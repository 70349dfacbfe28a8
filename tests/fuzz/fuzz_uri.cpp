// SPDX-License-Identifier: Apache-2.0
// URIs, their comparison, addresses-of-record, endpoints and flows. The input is one URI a line.
#include "expect.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/uri.hpp>

namespace {

using namespace rollcall;
using fuzz::expect;
using fuzz::expect_inside;
using sip::Aor;
using sip::Uri;

void check_parts(const Uri& uri) {
  for (const auto part : {uri.user, uri.password, uri.host, uri.params, uri.headers}) {
    expect_inside(part, uri.text, "a part lies in the URI");
  }
  expect(uri.text.find_first_of(std::string_view(" \t\r\n\0<>\"", 8)) == std::string_view::npos,
         "a URI holds nothing that could end it");
  expect(equivalent(uri, uri), "a URI is equivalent to itself");
  static_cast<void>(uri.effective_port());
  if (const auto address = uri.literal_address()) {
    expect(sip::Endpoint::parse(address->host(), address->port()) == *address, "an address is read back");
    sip::Flow flow;
    flow.remote = *address;
    const auto again = sip::Flow::parse(flow.to_string());
    expect(again.ok() && *again == flow, "a flow is read back");
  }
}

void check_aor(const Uri& uri) {
  const auto aor = Aor::from(uri);
  if (!aor) return;
  expect(sip::is_utf8(aor->user()), "a user is UTF-8");
  expect(std::string(aor->user()) + "@" + std::string(aor->domain()) == aor->text(), "an AOR is its parts");
  const auto text = aor->uri();
  const auto written = Uri::parse(text);
  expect(written.ok(), "the URI of an AOR is one");
  const auto again = Aor::from(*written);
  expect(again.ok() && *again == *aor, "an AOR is read back from its URI");
  const auto kept = Aor::parse(aor->text());
  expect(kept.ok() && *kept == *aor && kept->user() == aor->user(), "an AOR is read back from its text");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto first = rest.substr(0, rest.find('\n'));
  const auto second = rest.substr(std::min(rest.size(), first.size() + 1));
  const auto a = Uri::parse(first);
  const auto b = Uri::parse(second);
  if (a) check_parts(*a);
  if (a) check_aor(*a);
  if (a && b) expect(equivalent(*a, *b) == equivalent(*b, *a), "equivalence goes both ways");
  static_cast<void>(sip::unescape(first));
  static_cast<void>(sip::Flow::parse(first));
  if (const auto kept = Aor::parse(first)) expect(Uri::parse(kept->uri()).ok(), "the URI of an AOR is one");
  return 0;
}
