// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace rollcall::admin {

/// Reads comma-separated values (RFC 4180 §2) record by record. LF alone ends a line too, a byte order
/// mark in front and empty lines are passed over.
class CsvReader {
 public:
  /// The text must outlive the reader.
  explicit CsvReader(std::string_view text);

  struct Record {
    std::size_t line = 0;  // on which it begins, from 1
    std::vector<std::string> fields;
    std::string fault;  // what is wrong with it, "" if nothing; the next record begins on a line of its own
  };

  /// nullopt at the end.
  std::optional<Record> next();

 private:
  std::string read_field(Record& record);
  std::string read_quoted(Record& record);
  [[nodiscard]] bool is_line_end() const;
  void take_line_end();
  void skip_line();

  std::string_view rest_;
  std::size_t line_ = 1;
};

}  // namespace rollcall::admin
