// SPDX-License-Identifier: Apache-2.0
// The schemas of the RFCs as the judge of every body of a NOTIFY.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include <rollcall/bodies/multipart.hpp>

#include <support/schema.hpp>

namespace rollcall::tests {

/// "" when a body of this Content-Type is valid, and all parts of it are, or when no schema is about it.
inline std::string faults_in_body(std::string_view content_type, std::string_view body) {
  static const std::map<std::string_view, const char*> names{
      {"application/pidf+xml", "driver-presence.xsd"},
      {"application/pidf-diff+xml", "driver-presence.xsd"},
      {"application/dialog-info+xml", "dialog-info.xsd"},
      {"application/watcherinfo+xml", "watcherinfo.xsd"},
      {"application/rlmi+xml", "rlmi.xsd"},
      {"application/reginfo+xml", "driver-reginfo.xsd"},
      {"application/xcap-diff+xml", "xcap-diff.xsd"}};
  static std::map<std::string_view, Schema> schemas;
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  if (type == "multipart/related") {
    const auto parts = bodies::read_multipart(content_type, body);
    if (!parts) return "no multipart: " + parts.error().detail;
    std::string faults;
    for (const auto& part : *parts)
      faults += faults_in_body(part.content_type, part.body);
    return faults;
  }
  const auto found = names.find(type);
  if (found == names.end()) return {};
  return schemas.try_emplace(found->first, found->second).first->second.faults(std::string(body));
}

}  // namespace rollcall::tests
