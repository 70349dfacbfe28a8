// SPDX-License-Identifier: Apache-2.0
#include <rollcall/bodies/watcherinfo.hpp>
#include <rollcall/presence/packages.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

namespace {
constexpr Package rows[] = {
    {"presence", Topic::presence, xml::pidf_media_type, true, false, "RFC 3856 §6"},
    {"presence.winfo", Topic::watchers, bodies::watcherinfo_media_type, false, true, "RFC 3857 §4"},
    {"message-summary", Topic::messages, "application/simple-message-summary", false, true, "RFC 3842 §3"},
};
}  // namespace

std::span<const Package> packages() {
  return rows;
}

const Package* find_package(std::string_view name) {
  for (const Package& package : rows)
    if (sip::equal_ignoring_case(package.name, name)) return &package;
  return nullptr;
}

std::string allow_events() {
  std::string value;
  for (const Package& package : rows)
    value.append(value.empty() ? "" : ", ").append(package.name);
  return value;
}

}  // namespace rollcall::presence
