// SPDX-License-Identifier: Apache-2.0
#include "csv.hpp"

namespace rollcall::app {

CsvReader::CsvReader(std::string_view text) : rest_(text) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (rest_.starts_with(byte_order_mark)) rest_.remove_prefix(byte_order_mark.size());
}

std::optional<CsvReader::Record> CsvReader::next() {
  while (!rest_.empty() && at_line_end()) take_line_end();
  if (rest_.empty()) return std::nullopt;
  Record record;
  record.line = line_;
  while (true) {
    record.fields.push_back(rest_.starts_with('"') ? read_quoted(record) : read_plain());
    if (!record.fault.empty()) skip_line();
    if (at_line_end()) break;
    take();  // the comma
  }
  take_line_end();
  return record;
}

std::string CsvReader::read_quoted(Record& record) {
  take();
  std::string field;
  while (true) {
    if (rest_.empty()) {
      record.fault = "a quote is not closed";
      return field;
    }
    const char c = take();
    if (c != '"')
      field += c;
    else if (rest_.starts_with('"'))
      field += take();
    else
      break;
  }
  if (!at_line_end() && rest_.front() != ',') record.fault = "text behind a closing quote";
  return field;
}

std::string CsvReader::read_plain() {
  std::string field;
  while (!at_line_end() && rest_.front() != ',') field += take();
  return field;
}

void CsvReader::skip_line() {
  while (!at_line_end()) take();
}

void CsvReader::take_line_end() {
  if (rest_.starts_with('\r')) take();
  if (!rest_.empty()) take();
}

char CsvReader::take() {
  const char c = rest_.front();
  if (c == '\n') ++line_;
  rest_.remove_prefix(1);
  return c;
}

}  // namespace rollcall::app
