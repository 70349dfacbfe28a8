// SPDX-License-Identifier: Apache-2.0
#include "csv.hpp"

#include <algorithm>

namespace rollcall::admin {

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (rest_.substr(0, byte_order_mark.size()) == byte_order_mark) rest_.remove_prefix(byte_order_mark.size());
}

std::optional<CsvReader::Record> CsvReader::next() {
  while (!rest_.empty() && is_line_end())
    take_line_end();
  if (rest_.empty()) return std::nullopt;
  Record record;
  record.line = line_;
  record.fields.push_back(read_field(record));
  while (record.fault.empty() && !is_line_end()) {
    rest_.remove_prefix(1);  // the comma
    record.fields.push_back(read_field(record));
  }
  skip_line();
  return record;
}

std::string CsvReader::read_field(Record& record) {
  if (!rest_.empty() && rest_.front() == '"') return read_quoted(record);
  const std::size_t end = std::min(rest_.find_first_of(",\r\n"), rest_.size());
  std::string field(rest_.substr(0, end));
  rest_.remove_prefix(end);
  if (!is_line_end() && rest_.front() == '\r') record.fault = "a carriage return without a line feed";
  if (field.find('"') != std::string::npos) record.fault = "a quote inside of a field without quotes";
  return field;
}

std::string CsvReader::read_quoted(Record& record) {
  std::string field;
  do {
    rest_.remove_prefix(1);  // the opening quote, or the second one of two
    const std::size_t end = rest_.find('"');
    if (end == std::string_view::npos) {
      record.fault = "a quote is not closed";
      return field;
    }
    field += rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    if (!rest_.empty() && rest_.front() == '"') field += '"';
  } while (!rest_.empty() && rest_.front() == '"');
  line_ += static_cast<std::size_t>(std::count(field.begin(), field.end(), '\n'));
  if (!is_line_end() && rest_.front() != ',') record.fault = "text behind a closing quote";
  return field;
}

bool CsvReader::is_line_end() const {
  return rest_.empty() || rest_.front() == '\n' || rest_.substr(0, 2) == "\r\n";
}

void CsvReader::take_line_end() {
  rest_.remove_prefix(rest_.front() == '\r' ? 2 : 1);
  ++line_;
}

void CsvReader::skip_line() {
  rest_.remove_prefix(std::min(rest_.find('\n'), rest_.size()));
  if (!rest_.empty()) take_line_end();
}

}  // namespace rollcall::admin
