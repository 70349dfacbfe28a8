// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <set>
#include <string>

#include <rollcall/sip/header.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

namespace {

std::string in_case(std::string_view name, int (*change)(int)) {
  std::string changed(name);
  std::transform(changed.begin(), changed.end(), changed.begin(),
                 [change](unsigned char c) { return static_cast<char>(change(c)); });
  return changed;
}

}  // namespace

TEST_CASE("header: the rows stand in the order of the enum, one for each value") {
  const auto rows = header_rows();
  REQUIRE(rows.size() == static_cast<std::size_t>(Header::other) + 1);
  for (std::size_t i = 0; i < rows.size(); ++i)
    CHECK(rows[i].id == static_cast<Header>(i));
}

TEST_CASE("header: no name and no compact form stands for two headers") {
  std::set<std::string> names;
  for (const auto& row : header_rows()) {
    CAPTURE(row.name);
    CHECK(names.insert(in_case(row.name, std::tolower)).second);
    if (row.compact != 0) CHECK(names.insert(std::string(1, row.compact)).second);
  }
}

TEST_CASE("header: every row names the section that defines it") {
  for (const auto& row : header_rows()) {
    if (row.id == Header::other) continue;
    CAPTURE(row.name);
    CHECK(row.section.starts_with("RFC "));
    CHECK(row.section.find("§") != std::string_view::npos);
  }
}

TEST_CASE("header: a header is found by its name in any case [RFC 3261 §7.3.1]") {
  for (const auto& row : header_rows()) {
    if (row.id == Header::other) continue;
    CAPTURE(row.name);
    CHECK(header_of(row.name) == row.id);
    CHECK(header_of(in_case(row.name, std::tolower)) == row.id);
    CHECK(header_of(in_case(row.name, std::toupper)) == row.id);
    CHECK(name_of(row.id) == row.name);
  }
}

TEST_CASE("header: the compact forms are those of the RFCs, in any case [RFC 3261 §7.3.3]") {
  struct Row {
    char compact;
    Header id;
  };
  const Row rows[] = {
      {'v', Header::via},
      {'f', Header::from},
      {'t', Header::to},
      {'i', Header::call_id},
      {'m', Header::contact},
      {'e', Header::content_encoding},
      {'l', Header::content_length},
      {'c', Header::content_type},
      {'s', Header::subject},
      {'k', Header::supported},
      {'o', Header::event},
      {'u', Header::allow_events},
      {'r', Header::refer_to},
      {'b', Header::referred_by},
      {'x', Header::session_expires},
  };
  for (const auto& row : rows) {
    CAPTURE(row.compact);
    CHECK(header_of(std::string(1, row.compact)) == row.id);
    CHECK(header_of(std::string(1, static_cast<char>(std::toupper(row.compact)))) == row.id);
  }
}

TEST_CASE("header: a name that is nobody's is other") {
  for (const std::string_view name : {"", "X-Custom", "Vi", "Viaa", "q", "From2", "C%6Fntact", "\xc3\xa4"}) {
    CAPTURE(name);
    CHECK(header_of(name) == Header::other);
  }
}

}  // namespace rollcall::sip
