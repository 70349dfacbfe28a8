// SPDX-License-Identifier: Apache-2.0
#include <rollcall/presence/packages.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

namespace {
constexpr Package rows[] = {
    {"presence", xml::pidf_media_type, true, "RFC 3856 §6"},
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
