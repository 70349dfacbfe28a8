// SPDX-License-Identifier: Apache-2.0
#include "encoding.hpp"

#include <algorithm>
#include <utility>

#include <rollcall/xcap/path.hpp>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

Refusal not_found(std::string detail) {
  return {404, std::move(detail), {}, {}};
}

/// The target cut at "?", at the first "~~", and at the slashes before that.
struct Pieces {
  std::vector<std::string> segments;  // decoded
  std::optional<std::string> node;
  std::string query;
};

std::variant<Pieces, Refusal> cut(std::string_view target) {
  Pieces pieces;
  const auto question = std::min(target.find('?'), target.size());
  pieces.query = target.substr(std::min(question + 1, target.size()));
  auto path = target.substr(0, question);
  if (path.starts_with('/')) path.remove_prefix(1);
  while (true) {
    const auto slash = std::min(path.find('/'), path.size());
    const bool is_last = slash == path.size();
    auto segment = percent_decode(path.substr(0, slash));
    if (!segment) return Refusal{400, "the path is not percent-encoded UTF-8", {}, {}};
    path.remove_prefix(is_last ? slash : slash + 1);
    if (*segment == "~~") {
      pieces.node = path;
      return pieces;
    }
    pieces.segments.push_back(std::move(*segment));
    if (is_last) return pieces;
  }
}

/// A slash in a name was escaped; such a name could be taken for another path.
bool is_file_name(std::string_view segment) {
  return !segment.empty() && segment != "." && segment != ".." && segment.find('/') == std::string_view::npos;
}

}  // namespace

std::variant<Path, Refusal> parse_path(std::string_view target, const Limits& limits) {
  if (target.size() > limits.target_bytes) return Refusal{414, "the URI is too long", {}, {}};
  auto cut_target = cut(target);
  if (auto* refusal = std::get_if<Refusal>(&cut_target)) return std::move(*refusal);
  auto& pieces = std::get<Pieces>(cut_target);
  auto& segments = pieces.segments;
  Path path;
  path.usage = find_usage(segments.empty() ? std::string_view() : segments[0]);
  if (!path.usage) return not_found("this server does not know that application usage");
  const bool is_global = segments.size() > 1 && segments[1] == "global";
  if (!is_global && (segments.size() < 2 || segments[1] != "users"))
    return not_found("below an application usage there are users and global");
  const std::size_t first = is_global ? 2 : 3;
  if (segments.size() <= first || (!is_global && segments[2].empty()))
    return not_found("the path names no document");
  if (!std::all_of(segments.begin() + long(first), segments.end(), is_file_name))
    return not_found("no document can have that name");
  path.tree = is_global ? Tree::global : Tree::users;
  if (!is_global) path.xui = std::move(segments[2]);
  path.document = std::move(segments.back());
  segments.pop_back();
  path.directories.assign(std::make_move_iterator(segments.begin() + long(first)),
                          std::make_move_iterator(segments.end()));
  path.node = std::move(pieces.node);
  path.query = std::move(pieces.query);
  return path;
}

std::string Path::document_selector() const {
  std::vector<std::string> parts{std::string(usage->auid), tree == Tree::global ? "global" : "users"};
  if (tree == Tree::users) parts.push_back(percent_encode(xui));
  for (const auto& directory : directories)
    parts.push_back(percent_encode(directory));
  parts.push_back(percent_encode(document));
  return fmt::format("{}", fmt::join(parts, "/"));
}

}  // namespace rollcall::xcap
