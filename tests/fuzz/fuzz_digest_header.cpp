// SPDX-License-Identifier: Apache-2.0
// The value of an Authorization header.
#include "expect.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <rollcall/sip/headers/auth.hpp>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using rollcall::fuzz::expect;
  using rollcall::fuzz::expect_inside;
  const std::string_view value(reinterpret_cast<const char*>(data), size);
  const auto parsed = rollcall::sip::DigestCredentials::parse(value);
  if (!parsed) return 0;
  for (const auto part : {parsed->username, parsed->realm, parsed->nonce, parsed->uri, parsed->response,
                          parsed->algorithm, parsed->cnonce, parsed->opaque, parsed->qop, parsed->nc}) {
    expect_inside(part, value, "a parameter lies in the header");
    expect(part.find_first_of("\r\n") == std::string_view::npos, "a parameter is on one line");
  }
  expect(parsed->qop.empty() || parsed->nc.size() == 8, "qop comes with a count");
  return 0;
}
