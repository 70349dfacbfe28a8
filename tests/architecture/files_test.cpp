// SPDX-License-Identifier: Apache-2.0
#include "files.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall::architecture;

namespace {

std::vector<File> code() {
  return read_tree({"include", "server", "tests"}, {".hpp", ".cpp"});
}

/// A citation that is not one of this file: the number is put in at run time.
std::string cite(int rfc) {
  return fmt::format("// {} {} §3\n", "RFC", rfc);
}

}  // namespace

TEST_CASE("files: none has more than 500 lines") {
  const auto findings = check_sizes(code());
  CHECK_MESSAGE(findings.empty(), joined(findings));
}

TEST_CASE("files: each one names its licence") {
  auto files = read_tree({"include", "server", "tests", "cmake", "schema", "dev"},
                         {".hpp", ".cpp", ".cmake", "CMakeLists.txt", ".sql", ".sh", ".py"});
  files.push_back(read_file("CMakeLists.txt"));
  const auto findings = check_licences(files);
  CHECK_MESSAGE(findings.empty(), joined(findings));
}

TEST_CASE("files: each RFC that is cited is in docs/rfc-conformance.md") {
  const auto findings = check_citations(code(), read_file("docs/rfc-conformance.md").text);
  CHECK_MESSAGE(findings.empty(), joined(findings));
}

TEST_CASE("files: one line too many is found") {
  std::string text;
  for (std::size_t i = 0; i < most_lines; ++i)
    text += "x\n";
  CHECK(check_sizes({{"server/sip/long.cpp", text}}).empty());
  CHECK(check_sizes({{"server/sip/long.cpp", text + "x"}}) ==
        Findings{"server/sip/long.cpp: 501 lines, no file has more than 500"});
}

TEST_CASE("files: a missing, late or other licence is found") {
  const std::string line = fmt::format("// {}: {}\n", "SPDX-License-Identifier", "Apache-2.0");
  CHECK(check_licences({{"a.cpp", line}, {"b", "#!/bin/sh\n" + line}}).empty());
  CHECK(check_licences({{"a.cpp", ""}}).size() == 1);
  CHECK(check_licences({{"a.cpp", "\n\n\n" + line}}).size() == 1);
  CHECK(check_licences({{"a.cpp", "// SPDX-License-Identifier: MIT\n"}}).size() == 1);
}

TEST_CASE("files: a citation without a row is found, with its line") {
  const std::string conformance = "| " + cite(3261) + " |\n";
  CHECK(check_citations({{"server/sip/a.cpp", cite(3261)}}, conformance).empty());
  CHECK(check_citations({{"server/sip/a.cpp", "\n" + cite(2543)}}, conformance) ==
        Findings{fmt::format("server/sip/a.cpp:2: {} 2543 is not in docs/rfc-conformance.md", "RFC")});
}

TEST_CASE("files: the numbers of citations are read whole, several in a line") {
  CHECK(rfcs_of(cite(3261) + " and " + cite(32610) + " RFC-less, RFC editor") == std::set<int>{3261, 32610});
}
