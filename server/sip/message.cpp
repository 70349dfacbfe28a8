// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/message.hpp>

namespace rollcall::sip {

std::optional<std::string_view> Message::first(Header id) const {
  if (id == Header::other) return std::nullopt;
  const auto index = first_[static_cast<std::size_t>(id)];
  if (index == 0) return std::nullopt;
  return fields_[index - 1U].value;
}

std::optional<std::string_view> Message::first(std::string_view name) const {
  if (const auto id = header_of(name); id != Header::other) return first(id);
  for (const auto& field : fields_) {
    if (field.id == Header::other && equal_ignoring_case(field.name, name)) return field.value;
  }
  return std::nullopt;
}

std::string Message::joined(Header id) const {
  std::string all;
  for (const std::string_view value : values(id))
    all.append(all.empty() ? "" : ", ").append(value);
  return all;
}

std::vector<std::string_view> Message::values(Header id) const {
  std::vector<std::string_view> values;
  if (!has(id)) return values;
  const bool list = row_of(id).list;
  for (const auto& field : fields_) {
    if (field.id != id) continue;
    if (!list) {
      values.push_back(field.value);
      continue;
    }
    for (ListCursor elements(field.value); const auto element = elements.next();)
      values.push_back(*element);
  }
  return values;
}

namespace {

/// Where the element that `list` begins with ends: its comma, or the end.
std::size_t element_length(std::string_view list) {
  if (list.find(',') == std::string_view::npos) return list.size();
  bool quoted = false;
  bool bracketed = false;
  for (std::size_t i = 0; i < list.size(); ++i) {
    const char c = list[i];
    if (quoted) {
      if (c == '\\') ++i;
      if (c == '"') quoted = false;
    } else if (bracketed) {
      if (c == '>') bracketed = false;
    } else if (c == '"') {
      quoted = true;
    } else if (c == '<') {
      bracketed = true;
    } else if (c == ',') {
      return i;
    }
  }
  return list.size();
}

}  // namespace

std::optional<std::string_view> ListCursor::next() {
  while (!rest_.empty()) {
    const auto length = element_length(rest_);
    const auto element = trim(rest_.substr(0, length));
    rest_.remove_prefix(std::min(rest_.size(), length + 1));
    if (!element.empty()) return element;
  }
  return std::nullopt;
}

}  // namespace rollcall::sip
