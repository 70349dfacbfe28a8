// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>
#include <vector>

#include <rollcall/xdm/place.hpp>

namespace rollcall::xdm {

std::optional<sip::Aor> user_of(std::string_view xui) {
  const auto uri = sip::Uri::parse(xui);
  auto aor = uri ? sip::Aor::from(*uri) : sip::Aor::parse(xui);
  if (!aor) return std::nullopt;
  return std::move(*aor);
}

std::string path_of(const xcap::Path& path) {
  std::string text(path.usage->auid);
  for (const std::string& directory : path.directories)
    text.append(1, '/').append(directory);
  return text.append(1, '/').append(path.document);
}

std::optional<xcap::Path> xcap_path(const sip::Aor& owner, std::string_view path) {
  std::vector<std::string> names;
  while (!path.empty()) {
    const auto slash = std::min(path.find('/'), path.size());
    names.emplace_back(path.substr(0, slash));
    path.remove_prefix(std::min(slash + 1, path.size()));
  }
  if (names.size() < 2) return std::nullopt;
  xcap::Path made;
  made.usage = xcap::find_usage(names.front());
  if (!made.usage) return std::nullopt;
  made.tree = owner.empty() ? xcap::Tree::global : xcap::Tree::users;
  if (!owner.empty()) made.xui = owner.uri();
  made.document = std::move(names.back());
  made.directories.assign(std::make_move_iterator(names.begin() + 1),
                          std::make_move_iterator(names.end() - 1));
  return made;
}

std::string service_uri(std::string_view uri) {
  const auto parsed = sip::Uri::parse(uri);
  const auto aor = parsed ? sip::Aor::from(*parsed) : base::Result<sip::Aor>(parsed.error());
  return aor ? aor->uri() : std::string(uri);
}

}  // namespace rollcall::xdm
