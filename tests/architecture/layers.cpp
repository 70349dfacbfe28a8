// SPDX-License-Identifier: Apache-2.0
#include "layers.hpp"

#include <algorithm>
#include <iterator>
#include <sstream>

#include <fmt/format.h>

namespace rollcall::architecture {

static bool is_name(std::string_view text) {
  return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz") == std::string_view::npos;
}

static std::vector<std::string> words_of(std::string_view text) {
  std::istringstream stream{std::string(text)};
  return {std::istream_iterator<std::string>(stream), {}};
}

/// Puts a line into the table when it is a row of it.
static void read_row(std::string_view line, Arrows& arrows) {
  constexpr std::string_view arrow = " -> ";
  const auto at = line.find(arrow);
  if (at == std::string_view::npos) return;
  const auto before = words_of(line.substr(0, at));
  const auto after = line.substr(at + arrow.size());
  auto targets = words_of(after.substr(0, after.find("  ")));
  if (before.size() != 1 || !is_name(before.front()) || targets.empty()) return;
  if (targets.front() == "-") targets.clear();
  if (std::ranges::all_of(targets, is_name)) arrows[before.front()] = {targets.begin(), targets.end()};
}

Arrows arrows_of_document(std::string_view markdown) {
  Arrows arrows;
  bool fenced = false;
  for (const auto line : lines_of(markdown)) {
    if (line.starts_with("```")) fenced = !fenced;
    if (fenced) read_row(line, arrows);
  }
  return arrows;
}

Arrows arrows_of_cmake(std::string_view cmake) {
  constexpr std::string_view call = "\nrollcall_layer(";
  Arrows arrows;
  for (auto at = cmake.find(call); at != std::string_view::npos; at = cmake.find(call, at + 1)) {
    const auto begin = at + call.size();
    const auto words = words_of(cmake.substr(begin, cmake.find(')', begin) - begin));
    if (words.empty()) continue;
    auto& targets = arrows[words.front()];
    bool wanted = false;
    for (const auto& word : words) {
      if (is_name(word) && wanted) targets.insert(word);
      if (!is_name(word)) wanted = word == "DEPENDS";
    }
  }
  return arrows;
}

static std::string text_of(const std::set<std::string>& words) {
  return words.empty() ? "-" : fmt::format("{}", fmt::join(words, " "));
}

Findings compare_arrows(const Arrows& document, const Arrows& cmake) {
  Findings findings;
  for (const auto& [layer, targets] : document) {
    for (const auto& target : targets)
      if (!document.contains(target))
        findings.push_back(fmt::format("docs/architecture.md: {} -> {}, which has no row", layer, target));
    const auto same = cmake.find(layer);
    if (same == cmake.end())
      findings.push_back(fmt::format("CMakeLists.txt: no layer {}, docs/architecture.md has one", layer));
    else if (same->second != targets)
      findings.push_back(fmt::format("CMakeLists.txt: {} -> {}, docs/architecture.md says {}", layer,
                                     text_of(same->second), text_of(targets)));
  }
  for (const auto& [layer, targets] : cmake)
    if (!document.contains(layer))
      findings.push_back(fmt::format("docs/architecture.md: no row for {}", layer));
  return findings;
}

Findings check_no_circle(const Arrows& arrows) {
  // Take away layers that use only what is taken away already; what stays is in a circle.
  Arrows left = arrows;
  for (bool moved = true; moved;) {
    moved = false;
    for (auto at = left.begin(); at != left.end();) {
      const bool free =
          std::ranges::none_of(at->second, [&](const auto& target) { return left.contains(target); });
      moved = moved || free;
      at = free ? left.erase(at) : std::next(at);
    }
  }
  Findings findings;
  for (const auto& [layer, targets] : left)
    findings.push_back(fmt::format("docs/architecture.md: {} is in, or above, a circle", layer));
  return findings;
}

static std::string fault_of(const File& file, const Include& include, const Arrows& arrows,
                            const std::set<std::string>& paths) {
  if (include.header.find("..") != std::string::npos) return "climbs out of its folder";
  const std::string layer = layer_of(file.path);
  if (include.quoted) {
    if (layer.empty()) return "";
    if (file.path.starts_with("include/")) return "a public header quotes nothing";
    const std::string beside = fmt::format("server/{}/{}", layer, include.header);
    return paths.contains(beside) ? "" : "a quoted header stands in the same folder";
  }
  constexpr std::string_view own = "rollcall/";
  if (layer.empty() || !include.header.starts_with(own)) return "";
  const std::string target = layer_of("include/" + include.header);
  const auto row = arrows.find(layer);
  if (row == arrows.end()) return fmt::format("{} is no layer of docs/architecture.md", layer);
  if (target == layer || row->second.contains(target)) return "";
  return fmt::format("there is no arrow {} -> {}", layer, target);
}

Findings check_includes(const std::vector<File>& files, const Arrows& arrows) {
  std::set<std::string> paths;
  for (const auto& file : files)
    paths.insert(file.path);
  Findings findings;
  for (const auto& file : files) {
    for (const auto& include : includes_of(file)) {
      const std::string fault = fault_of(file, include, arrows, paths);
      if (!fault.empty())
        findings.push_back(fmt::format("{}:{}: {}: {}", file.path, include.line, include.header, fault));
    }
  }
  return findings;
}

}  // namespace rollcall::architecture
