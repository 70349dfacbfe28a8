// SPDX-License-Identifier: Apache-2.0
// The files of the project as text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::architecture {

struct File {
  std::string path;  // from the top of the project, e.g. "server/sip/uri.cpp"
  std::string text;
};

/// What is wrong, one sentence each, beginning with "path:line:" or "path:".
using Findings = std::vector<std::string>;

struct Include {
  std::string header;  // between the brackets or quotes
  bool quoted = false;
  std::size_t line = 0;
};

/// Every file below the folders whose name ends in one of the endings, sorted by path.
std::vector<File> read_tree(const std::vector<std::string>& folders, const std::vector<std::string>& endings);
File read_file(const std::string& path);

std::vector<std::string_view> lines_of(std::string_view text);
std::vector<Include> includes_of(const File& file);

/// The layer that a file belongs to: "sip" for server/sip/uri.cpp and include/rollcall/sip/uri.hpp;
/// "" for a file of neither folder.
std::string layer_of(std::string_view path);

/// All findings, a line each, for a test's message.
std::string joined(const Findings& findings);

}  // namespace rollcall::architecture
