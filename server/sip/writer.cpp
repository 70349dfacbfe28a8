// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <charconv>

#include <rollcall/sip/status.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::sip {

namespace {

bool breaks_line(char c) {
  return c == '\r' || c == '\n' || c == '\0';
}

/// Appends a text without what could end its line: all that a Writer takes goes through here.
void append_safe(std::string& bytes, std::string_view text) {
  const auto from = bytes.size();
  bytes.append(text);
  if (!has_control(text)) return;
  bytes.resize(from);
  for (const char c : text) {
    if (!breaks_line(c)) bytes += c;
  }
}

/// The same for a word of the start line, which a space would end.
void append_word(std::string& bytes, std::string_view word) {
  for (const char c : word) {
    if (!breaks_line(c) && !is_space(c)) bytes += c;
  }
}

void append_number(std::string& bytes, std::int64_t number) {
  char digits[24];
  const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
  bytes.append(digits, end);
}

}  // namespace

Writer& Writer::request_line(std::string_view method, std::string_view uri) {
  append_word(bytes_, method);
  bytes_ += ' ';
  append_word(bytes_, uri);
  bytes_ += " SIP/2.0\r\n";
  return *this;
}

Writer& Writer::status_line(int status, std::string_view reason) {
  bytes_ += "SIP/2.0 ";
  append_number(bytes_, status);
  bytes_ += ' ';
  append_safe(bytes_, reason);
  bytes_ += "\r\n";
  return *this;
}

Writer& Writer::open_via() {
  bytes_ += "Via: ";
  via_at_ = bytes_.size();
  bytes_ += "\r\n";
  return *this;
}

Writer& Writer::header(Header id, std::string_view value) {
  bytes_.append(name_of(id)).append(": ");
  append_safe(bytes_, value);
  bytes_ += "\r\n";
  return *this;
}

Writer& Writer::header(Header id, std::int64_t value) {
  bytes_.append(name_of(id)).append(": ");
  append_number(bytes_, value);
  bytes_ += "\r\n";
  return *this;
}

Writer& Writer::header(std::string_view name, std::string_view value) {
  if (name.empty() || !all_in(name, token_chars)) return *this;
  bytes_.append(name).append(": ");
  append_safe(bytes_, value);
  bytes_ += "\r\n";
  return *this;
}

Writer& Writer::copy(const Message::Field& field, std::string_view name, std::string_view value) {
  // As it stands: what the parser lets through holds no line end, but may hold an escaped NUL.
  bytes_.append(field.line).append(name);
  append_safe(bytes_, value);
  bytes_ += "\r\n";
  return *this;
}

Writer& Writer::copy(const Message& from, Header id) {
  for (const auto& field : from.fields()) {
    if (field.id == id) copy(field);
  }
  return *this;
}

Writer& Writer::body(std::string_view body) {
  end(body.size());
  bytes_.append(body);
  return *this;
}

Writer& Writer::end(std::size_t body_length) {
  header(Header::content_length, static_cast<std::int64_t>(body_length));
  bytes_ += "\r\n";
  return *this;
}

}  // namespace rollcall::sip
