// SPDX-License-Identifier: Apache-2.0
// Documents of presence rules, put together from what the tests care about.
#pragma once

#include <string>
#include <string_view>

namespace rollcall::presence::test {

inline std::string ruleset(std::string_view rules) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
         "<cr:ruleset xmlns:cr=\"urn:ietf:params:xml:ns:common-policy\""
         " xmlns:pr=\"urn:ietf:params:xml:ns:pres-rules\" xmlns:ocp=\"urn:oma:xml:xdm:common-policy\">" +
         std::string(rules) + "</cr:ruleset>";
}

inline constexpr std::string_view everything =
    "<pr:provide-services><pr:all-services/></pr:provide-services>"
    "<pr:provide-persons><pr:all-persons/></pr:provide-persons>"
    "<pr:provide-devices><pr:all-devices/></pr:provide-devices><pr:provide-all-attributes/>";
/// Whether there is somebody, and no more.
inline constexpr std::string_view services_only =
    "<pr:provide-services><pr:all-services/></pr:provide-services>";

/// One rule; ids have to differ.
inline std::string rule(std::string_view id, std::string_view conditions, std::string_view handling,
                        std::string_view transformations = everything) {
  std::string text = "<cr:rule id=\"" + std::string(id) + "\"><cr:conditions>" + std::string(conditions) +
                     "</cr:conditions><cr:actions><pr:sub-handling>" + std::string(handling) +
                     "</pr:sub-handling></cr:actions>";
  if (handling == "allow")
    text += "<cr:transformations>" + std::string(transformations) + "</cr:transformations>";
  return text + "</cr:rule>";
}

inline std::string one(std::string_view user) {
  return "<cr:identity><cr:one id=\"sip:" + std::string(user) + "\"/></cr:identity>";
}
inline std::string anybody() {
  return "<cr:identity><cr:many/></cr:identity>";
}

}  // namespace rollcall::presence::test
