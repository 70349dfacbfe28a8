// SPDX-License-Identifier: Apache-2.0
#include <rollcall/sip/method.hpp>

namespace rollcall::sip {

namespace {

// In the order of the enum.
constexpr std::string_view names[] = {
    "REGISTER", "PUBLISH", "SUBSCRIBE", "NOTIFY", "MESSAGE", "OPTIONS", "INVITE",
    "ACK",      "BYE",     "CANCEL",    "INFO",   "REFER",   "UPDATE",  "PRACK",
};

}  // namespace

Method method_of(std::string_view name) {
  for (std::size_t i = 0; i < std::size(names); ++i) {
    if (names[i] == name) return static_cast<Method>(i);
  }
  return Method::other;
}

std::string_view to_string(Method method) {
  return method == Method::other ? "" : names[static_cast<std::size_t>(method)];
}

}  // namespace rollcall::sip
