// SPDX-License-Identifier: Apache-2.0
#include "tree.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace rollcall::architecture {

namespace fs = std::filesystem;

static const fs::path top = ROLLCALL_SOURCE_DIR;

File read_file(const std::string& path) {
  std::ifstream stream(top / path, std::ios::binary);
  if (!stream) throw std::runtime_error(path + " cannot be read");
  return {path, std::string(std::istreambuf_iterator<char>(stream), {})};
}

std::vector<File> read_tree(const std::vector<std::string>& folders,
                            const std::vector<std::string>& endings) {
  std::vector<File> files;
  for (const auto& folder : folders) {
    if (!fs::exists(top / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(top / folder)) {
      const std::string path = fs::relative(entry.path(), top).generic_string();
      const auto fits = [&](const std::string& ending) { return path.ends_with(ending); };
      if (entry.is_regular_file() && std::ranges::any_of(endings, fits)) files.push_back(read_file(path));
    }
  }
  std::ranges::sort(files, {}, &File::path);
  return files;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

std::vector<Include> includes_of(const File& file) {
  std::vector<Include> includes;
  std::size_t number = 0;
  for (const auto line : lines_of(file.text)) {
    ++number;
    if (!line.starts_with("#")) continue;
    const auto word = line.find_first_not_of(" \t", 1);
    if (word == std::string_view::npos || !line.substr(word).starts_with("include")) continue;
    const auto open = line.find_first_of("<\"", word);
    if (open == std::string_view::npos) continue;
    const auto close = line.find(line[open] == '<' ? '>' : '"', open + 1);
    if (close == std::string_view::npos) continue;
    includes.push_back({std::string(line.substr(open + 1, close - open - 1)), line[open] == '"', number});
  }
  return includes;
}

std::string layer_of(std::string_view path) {
  for (const std::string_view root : {"include/rollcall/", "server/"}) {
    if (!path.starts_with(root)) continue;
    path.remove_prefix(root.size());
    return std::string(path.substr(0, path.find('/')));
  }
  return "";
}

std::string joined(const Findings& findings) {
  std::string text;
  for (const auto& finding : findings)
    text.append("\n  ").append(finding);
  return text;
}

}  // namespace rollcall::architecture
