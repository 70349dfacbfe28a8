// SPDX-License-Identifier: Apache-2.0
#include <rollcall/xml/fragment.hpp>

namespace rollcall::xml {

bool same_kind(const Fragment& a, const Fragment& b) {
  return a.name == b.name && a.namespace_uri == b.namespace_uri;
}

void rename_ids(Fragment& fragment, const std::function<std::string(std::string_view)>& rename) {
  if (fragment.ids.empty()) return;
  std::string text;
  std::size_t done = 0;
  for (auto& id : fragment.ids) {
    text.append(fragment.text, done, id.begin - done);
    done = id.begin + id.size;
    const auto renamed = rename(std::string_view(fragment.text).substr(id.begin, id.size));
    id = {text.size(), renamed.size()};
    text += renamed;
  }
  text.append(fragment.text, done);
  fragment.text = std::move(text);
}

}  // namespace rollcall::xml
