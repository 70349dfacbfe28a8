// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::app {

/// Reads comma-separated values (RFC 4180) record by record: fields may stand in double quotes, and
/// may then hold commas, line breaks and doubled quotes. Empty lines are passed over, a byte order
/// mark in front and LF without CR are taken.
class CsvReader {
 public:
  /// The text must outlive the reader.
  explicit CsvReader(std::string_view text);

  struct Record {
    std::size_t line = 0;  // that it begins on, from 1
    std::vector<std::string> fields;
    std::string fault;     // not empty: the record is broken in this way; reading goes on behind it
  };

  /// nullopt at the end.
  std::optional<Record> next();

 private:
  std::string read_quoted(Record& record);
  std::string read_plain();
  void skip_line();
  bool at_line_end() const { return rest_.empty() || rest_.front() == '\n' || rest_.starts_with("\r\n"); }
  void take_line_end();
  char take();

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace rollcall::app
