// SPDX-License-Identifier: Apache-2.0
#include "clients.hpp"

#include <algorithm>
#include <string_view>

namespace rollcall::xdm {

namespace {

// What a User-Agent holds. The HTTP library of Python, which Blink's XCAP client is made of, reads the first
// challenge only and fails when its algorithm is SHA-256.
constexpr std::string_view md5_only[] = {"Python-urllib", "xcaplib", "sipsimple", "Blink"};

}  // namespace

bool takes_only_md5(const http::Request& request) {
  const std::string_view name = request.header("user-agent").value_or("");
  return std::any_of(std::begin(md5_only), std::end(md5_only),
                     [&](std::string_view part) { return name.find(part) != std::string_view::npos; });
}

}  // namespace rollcall::xdm
