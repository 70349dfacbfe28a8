// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <utility>

#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/sip/message.hpp>

namespace rollcall::sip {

namespace {

std::pair<std::string_view, std::string_view> split(std::string_view full_type) {
  const auto slash = full_type.find('/');
  if (slash == std::string_view::npos) return {full_type, {}};
  return {full_type.substr(0, slash), full_type.substr(slash + 1)};
}

/// A qvalue of nothing but zeros.
bool is_zero(std::string_view q) {
  return q.find('0') != std::string_view::npos && q.find_first_not_of("0.") == std::string_view::npos;
}

/// How closely a range names a type: "*/*" is 1, "text/*" is 2, "text/plain" is 3.
int closeness(const MediaType& range) {
  return range.type == "*" ? 1 : range.subtype == "*" ? 2 : 3;
}

}  // namespace

base::Result<MediaType> MediaType::parse(std::string_view value) {
  Scanner in(trim(value));
  MediaType media;
  media.type = in.token();
  if (media.type.empty() || !in.separator('/')) return base::malformed("no media type");
  media.subtype = in.token();
  if (media.subtype.empty()) return base::malformed("no media subtype");
  auto params = Params::parse(in.rest());
  if (!params) return params.error();
  media.params = *params;
  return media;
}

bool MediaType::is(std::string_view full_type) const {
  const auto [wanted_type, wanted_subtype] = split(full_type);
  return equal_ignoring_case(type, wanted_type) && equal_ignoring_case(subtype, wanted_subtype);
}

bool MediaType::accepts(std::string_view full_type) const {
  const auto [wanted_type, wanted_subtype] = split(full_type);
  if (type == "*") return subtype == "*";
  return equal_ignoring_case(type, wanted_type) &&
         (subtype == "*" || equal_ignoring_case(subtype, wanted_subtype));
}

bool accepts(const Message& message, std::string_view full_type, bool by_default) {
  if (!message.has(Header::accept)) return by_default;
  int closest = 0;
  bool taken = false;
  for (const auto& field : message.fields()) {
    if (field.id != Header::accept) continue;
    for (ListCursor list(field.value); const auto element = list.next();) {
      const auto range = MediaType::parse(*element);
      if (!range || !range->accepts(full_type) || closeness(*range) < closest) continue;
      closest = closeness(*range);
      taken = !is_zero(range->params.get("q").value_or("1"));
    }
  }
  return taken;
}

}  // namespace rollcall::sip
