// SPDX-License-Identifier: Apache-2.0
#include "message_reader.hpp"

#include "scanner.hpp"

#include <algorithm>
#include <utility>

#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/status.hpp>

#include <fmt/format.h>

namespace rollcall::sip {

namespace {

constexpr std::size_t usual_field_count = 24;

/// "SIP/7.0" in any case of letters (RFC 3261 §7.1).
bool is_version(std::string_view text) {
  if (text.size() < 7 || !equal_ignoring_case(text.substr(0, 4), "SIP/")) return false;
  Scanner in(text.substr(4));
  return !in.take_all(digit_chars).empty() && in.take('.') && !in.take_all(digit_chars).empty() &&
         in.at_end();
}

bool is_our_version(std::string_view text) {
  return equal_ignoring_case(text, "SIP/2.0");
}

}  // namespace

base::Result<std::unique_ptr<Message>> Message::parse(std::string bytes, const base::Limits& limits) {
  std::unique_ptr<Message> message(new Message);
  message->bytes_ = std::move(bytes);
  if (auto read = MessageReader(*message, limits).read(); !read) return read.error();
  return message;
}

base::Result<> MessageReader::read() {
  skip_empty_lines();
  if (at_ == message_.bytes_.size()) return base::malformed("an empty message");
  if (auto start = read_start_line(take_line(Folds::not_here)); !start) return start;
  if (message_.bytes_.size() > static_cast<std::size_t>(limits_.message_bytes)) {
    fault(513, fmt::format("more than {} bytes", limits_.message_bytes));
  }
  read_fields();
  check_presence();
  read_body();
  read_values();
  check_cseq();
  return base::Done{};
}

void MessageReader::fault(int status, std::string_view detail) {
  if (!message_.defect_) message_.defect_ = {status, fmt::format("{}: {}", reason_phrase(status), detail)};
}

void MessageReader::skip_empty_lines() {
  while (std::string_view(message_.bytes_).substr(at_).starts_with("\r\n"))
    at_ += 2;
}

std::string_view MessageReader::take_line(Folds folds) {
  auto& bytes = message_.bytes_;
  const auto from = at_;
  for (;;) {
    const auto feed = bytes.find('\n', at_);
    if (feed == std::string::npos) {
      at_ = bytes.size();
      clean(from, at_);
      return std::string_view(bytes).substr(from);
    }
    const auto end = feed > from && bytes[feed - 1] == '\r' ? feed - 1 : feed;
    at_ = feed + 1;
    // A fold continues a field, and a line without anything is not a field (RFC 3261 §7.3.1).
    const bool folded = folds == Folds::allowed && end != from && at_ != bytes.size() && is_space(bytes[at_]);
    if (!folded) {
      clean(from, end);
      return std::string_view(bytes).substr(from, end - from);
    }
    bytes[end] = ' ';
    bytes[feed] = ' ';
  }
}

void MessageReader::clean(std::size_t from, std::size_t to) {
  auto& bytes = message_.bytes_;
  if (!has_control(std::string_view(bytes).substr(from, to - from))) return;
  bool quoted = false;
  for (auto i = from; i < to; ++i) {
    // quoted-pair may hold any control character but CR and LF (§25.1).
    if (quoted && bytes[i] == '\\' && i + 1 < to && bytes[i + 1] != '\r') {
      ++i;
      continue;
    }
    if (bytes[i] == '"') quoted = !quoted;
    if (static_cast<unsigned char>(bytes[i]) >= 0x20 || bytes[i] == '\t') continue;
    bytes[i] = ' ';
    fault(400, "a control character in the header");
  }
}

base::Result<> MessageReader::read_start_line(std::string_view line) {
  const auto first_word = line.substr(0, line.find(' '));
  return is_version(first_word) ? read_status_line(line) : read_request_line(line);
}

/// RFC 3261 §7.1. Anything whose last word is a version can be answered.
base::Result<> MessageReader::read_request_line(std::string_view line) {
  const auto words = trim(line);
  const auto version_at = words.rfind(' ');
  const auto method_end = words.find(' ');
  if (version_at == std::string_view::npos || !is_version(words.substr(version_at + 1))) {
    return base::malformed("no SIP start line");
  }
  message_.method_name_ = words.substr(0, method_end);
  message_.method_ = method_of(message_.method_name_);
  if (version_at > method_end)
    message_.request_uri_ = words.substr(method_end + 1, version_at - method_end - 1);

  if (!is_our_version(words.substr(version_at + 1))) fault(505, "only SIP/2.0 is spoken here");
  if (line.size() > static_cast<std::size_t>(limits_.header_bytes)) {
    fault(414, fmt::format("a start line of more than {} bytes", limits_.header_bytes));
  }
  if (!all_in(message_.method_name_, token_chars)) fault(400, "a method that is no token");
  if (message_.request_uri_.empty()) fault(400, "no Request-URI");
  const bool spaced = message_.request_uri_.find_first_of(" \t") != std::string_view::npos;
  if (spaced || words.size() != line.size()) fault(400, "white space in the start line");
  return base::Done{};
}

/// RFC 3261 §7.2. The space after the code may be missing (RFC 4475 §3.1.1.13).
base::Result<> MessageReader::read_status_line(std::string_view line) {
  Scanner in(line);
  const auto version = in.take_until(' ');
  in.take(' ');
  const auto code = in.take_all(digit_chars);
  if (!version || !is_our_version(*version) || code.size() != 3 || (!in.at_end() && !in.take(' '))) {
    return base::malformed("a broken status line");
  }
  const int status = static_cast<int>(*parse_number(code));
  if (status < 100 || status > 699) return base::malformed("a status code that does not exist");
  message_.status_ = status;
  message_.reason_ = in.rest();
  return base::Done{};
}

void MessageReader::read_fields() {
  message_.fields_.reserve(usual_field_count);
  const auto most = static_cast<std::size_t>(limits_.header_count);
  while (at_ < message_.bytes_.size()) {
    const auto line = take_line(Folds::allowed);
    if (line.empty()) return;
    if (message_.fields_.size() == most) {
      fault(400, fmt::format("more than {} header fields", most));
    } else {
      read_field(line);
    }
  }
  // The empty line itself may be missing, as in messages of RFC 5118 §4.10.
  if (message_.bytes_.back() != '\n') fault(400, "the header breaks off");
}

/// RFC 3261 §7.3.1 and message-header of §25.1: white space may stand before the colon.
void MessageReader::read_field(std::string_view line) {
  if (line.size() > static_cast<std::size_t>(limits_.header_bytes)) {
    fault(400, fmt::format("a header field of more than {} bytes", limits_.header_bytes));
  }
  Scanner in(line);
  const auto name = in.token();
  in.skip_space();
  if (name.empty() || !in.take(':')) return fault(400, "a header field without a name and colon");
  add_field({header_of(name), name, trim(in.rest()), line});
}

void MessageReader::add_field(Message::Field field) {
  message_.fields_.push_back(field);
  if (field.id == Header::other) return;
  auto& first = message_.first_[static_cast<std::size_t>(field.id)];
  if (first == 0) {
    first = static_cast<std::uint16_t>(message_.fields_.size());
  } else if (row_of(field.id).once) {
    fault(400, fmt::format("more than one {}", name_of(field.id)));
  }
}

/// RFC 3261 §8.1.1. Max-Forwards may be missing, as in RFC 2543 (§16.3 step 3).
void MessageReader::check_presence() {
  if (message_.defect_) return;
  std::string missing;
  for (const auto id : {Header::via, Header::from, Header::to, Header::call_id, Header::cseq}) {
    if (message_.has(id)) continue;
    missing.append(missing.empty() ? "no " : ", ").append(name_of(id));
  }
  if (!missing.empty()) fault(400, missing);
}

/// RFC 3261 §18.3 and §20.14.
void MessageReader::read_body() {
  auto& bytes = message_.bytes_;
  const auto there = bytes.size() - at_;
  auto length = there;
  if (const auto value = message_.first(Header::content_length)) {
    const auto number = parse_number(*value);
    if (!number) fault(400, "no valid Content-Length");
    length = number.value_or(0);
  }
  if (length > static_cast<std::size_t>(limits_.body_bytes)) {
    fault(413, fmt::format("a body of more than {} bytes", limits_.body_bytes));
  }
  if (length > there) fault(400, "the body is shorter than Content-Length");
  length = std::min(length, there);
  bytes.resize(at_ + length);
  message_.body_ = std::string_view(bytes).substr(at_);
}

void MessageReader::read_values() {
  const auto read = [this]<class T>(Header id, std::optional<T>& into) {
    const auto value = message_.first(id);
    if (!value) return;
    if (auto parsed = T::parse(id == Header::via ? ListCursor(*value).next().value_or("") : *value))
      into = *parsed;
  };
  read(Header::via, message_.via_);
  read(Header::from, message_.from_);
  read(Header::to, message_.to_);
  read(Header::cseq, message_.cseq_);
  if (!message_.is_request()) return;
  if (auto uri = Uri::parse(message_.request_uri_)) message_.target_ = *uri;
}

/// RFC 3261 §8.1.1.5. For a method that we do not know the mismatch is not worth a 400: being told
/// that the method is unknown says more (RFC 4475 §3.1.2.18).
void MessageReader::check_cseq() {
  const auto value = message_.first(Header::cseq);
  if (!value || message_.defect_) return;
  const auto& cseq = message_.cseq_;
  if (!cseq) return fault(400, fmt::format("CSeq: {}", CSeq::parse(*value).error().detail));
  if (message_.method_ != Method::other && cseq->method != message_.method_name_) {
    fault(400, "the method in CSeq is another one");
  }
}

}  // namespace rollcall::sip
