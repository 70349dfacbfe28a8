// SPDX-License-Identifier: Apache-2.0
#include "quirks.hpp"

#include <algorithm>
#include <string_view>

namespace rollcall::accounts {

namespace {

// What a User-Agent begins with. Each was seen to fail with a SHA-256 challenge in the answer.
constexpr std::string_view md5_only[] = {
    "baresip v0.",  // before 2.0 an unknown algorithm ends the registration
    "baresip v1.",
    "SIPp",  // these two read the first challenge only, and stop when it is not MD5
    "sipsak",
};

}  // namespace

bool takes_only_md5(const sip::Message& request) {
  const std::string_view name = request.first(sip::Header::user_agent).value_or("");
  return std::any_of(std::begin(md5_only), std::end(md5_only),
                     [&](std::string_view start) { return name.starts_with(start); });
}

}  // namespace rollcall::accounts
