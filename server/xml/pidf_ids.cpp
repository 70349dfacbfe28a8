// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/xml/pidf.hpp>

#include <fmt/format.h>

namespace rollcall::xml {

namespace {

class Ids {
 public:
  /// A name made of `wanted` that nobody has yet.
  std::string take(std::string_view wanted) {
    auto name = as_nc_name(wanted);
    const auto [entry, is_new] = given_.try_emplace(name, 1);
    if (is_new) return name;
    // The count goes on where the last of this name stopped, or equal ids would cost quadratic time.
    for (auto& count = entry->second;;) {
      auto next = fmt::format("{}-{}", name, ++count);
      if (!given_.contains(next)) return given_.emplace(std::move(next), 1).first->first;
    }
  }

 private:
  std::unordered_map<std::string, std::size_t> given_;
};

void rename_all(std::vector<Fragment>& fragments, Ids& ids) {
  for (auto& fragment : fragments)
    rename_ids(fragment, [&ids](std::string_view id) { return ids.take(id); });
}

void take(std::string& id, std::string_view fallback, Ids& ids) {
  id = ids.take(id.empty() ? fallback : id);
}

}  // namespace

void make_ids_unique(PidfDocument& document) {
  Ids ids;
  // Those that others go by first, so that they keep their names.
  for (auto& tuple : document.tuples)
    take(tuple.id, "tuple", ids);
  for (auto& person : document.persons)
    take(person.id, "person", ids);
  for (auto& device : document.devices)
    take(device.id, "device", ids);
  for (auto& tuple : document.tuples) {
    rename_all(tuple.status, ids);
    rename_all(tuple.extensions, ids);
  }
  for (auto& person : document.persons)
    rename_all(person.elements, ids);
  for (auto& device : document.devices)
    rename_all(device.elements, ids);
  rename_all(document.extensions, ids);
}

}  // namespace rollcall::xml
