// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include <rollcall/bodies/dialog_info.hpp>
#include <rollcall/bodies/reginfo.hpp>
#include <rollcall/bodies/watcherinfo.hpp>
#include <rollcall/bodies/xcap_diff.hpp>
#include <rollcall/presence/packages.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

namespace {
constexpr Package rows[] = {
    {"presence", Topic::presence, xml::pidf_media_type, true, false, "RFC 3856 §6"},
    {"presence.winfo", Topic::watchers, bodies::watcherinfo_media_type, false, true, "RFC 3857 §4",
     "presence"},
    {"dialog", Topic::dialogs, bodies::dialog_info_media_type, true, false, "RFC 4235 §3"},
    {"dialog.winfo", Topic::watchers, bodies::watcherinfo_media_type, false, true, "RFC 3857 §4", "dialog"},
    {"message-summary", Topic::messages, "application/simple-message-summary", false, true, "RFC 3842 §3"},
    {"reg", Topic::registrations, bodies::reginfo_media_type, false, true, "RFC 3680 §4"},
    {"xcap-diff", Topic::documents, bodies::xcap_diff_media_type, false, true, "RFC 5875 §4"},
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

const Package& package_of(Topic topic) {
  return *std::find_if(std::begin(rows), std::end(rows) - 1,
                       [&](const Package& package) { return package.topic == topic; });
}

std::string allow_events() {
  std::string value;
  for (const Package& package : rows)
    value.append(value.empty() ? "" : ", ").append(package.name);
  return value;
}

}  // namespace rollcall::presence
