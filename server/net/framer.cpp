// SPDX-License-Identifier: Apache-2.0
#include "framer.hpp"

#include <algorithm>
#include <charconv>

namespace rollcall::net {

namespace {

constexpr std::string_view crlf = "\r\n";
constexpr std::string_view head_end = "\r\n\r\n";

std::string_view trim(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  const auto first = text.find_first_not_of(space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(space) - first + 1);
}

bool equal_ignoring_case(std::string_view text, std::string_view lower) {
  return std::equal(text.begin(), text.end(), lower.begin(), lower.end(), [](char left, char right) {
    return (left >= 'A' && left <= 'Z' ? left - 'A' + 'a' : left) == right;
  });
}

/// Where the header field at `from` ends: at a line end that is not followed by a fold
/// (RFC 3261 §7.3.1).
std::size_t end_of_field(std::string_view head, std::size_t from) {
  std::size_t end = head.find(crlf, from);
  while (end + 2 < head.size() && (head[end + 2] == ' ' || head[end + 2] == '\t'))
    end = head.find(crlf, end + 2);
  return end;
}

bool is_lone_feed(std::string_view text, std::size_t at) {
  return text[at] == '\n' && (at == 0 || text[at - 1] != '\r');
}

bool has_lone_feed(std::string_view head) {
  std::size_t at = head.find('\n');
  while (at != std::string_view::npos && !is_lone_feed(head, at))
    at = head.find('\n', at + 1);
  return at != std::string_view::npos;
}

/// The parser takes a lone LF for a line end, as datagrams may have it. In a stream it would see other
/// fields, and another end of the head, than are seen here. A lone CR is a defect.
std::string make_defects_of_lone_feeds(std::string head) {
  for (std::size_t i = head.size(); i-- > 0;) {
    if (is_lone_feed(head, i)) head[i] = '\r';
  }
  return head;
}

struct BodyLength {
  enum class Kind { known, absent, wrong, huge };
  Kind kind = Kind::absent;
  std::size_t bytes = 0;
};

BodyLength parse_length(std::string_view digits) {
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) {
    return {BodyLength::Kind::wrong};
  }
  std::size_t bytes = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bytes);
  if (error != std::errc()) return {BodyLength::Kind::huge};
  return {BodyLength::Kind::known, bytes};
}

/// Content-Length of a head, which includes its empty line (RFC 3261 §20.14). Two that differ are
/// wrong: nobody can tell which of them the next hop would believe.
BodyLength find_body_length(std::string_view head) {
  BodyLength found;
  std::string_view first_value;
  std::size_t at = head.find(crlf) + crlf.size();
  while (at < head.size() - crlf.size()) {
    const std::size_t end = end_of_field(head, at);
    const std::string_view field = head.substr(at, end - at);
    at = end + crlf.size();
    const std::size_t colon = field.find(':');
    if (colon == std::string_view::npos) continue;
    const std::string_view name = trim(field.substr(0, colon));
    if (!equal_ignoring_case(name, "content-length") && !equal_ignoring_case(name, "l")) continue;
    const std::string_view value = trim(field.substr(colon + 1));
    if (found.kind == BodyLength::Kind::absent) {
      found = parse_length(value);
      first_value = value;
    } else if (value != first_value) {
      return {BodyLength::Kind::wrong};
    }
  }
  return found;
}

}  // namespace

void Framer::feed(std::string_view bytes) {
  if (!broken_) buffer_.append(bytes);
}

std::optional<Framer::Frame> Framer::next() {
  if (skip_empty_lines()) return Frame{Frame::Kind::ping, {}};
  if (in_message() && length_ == 0) {
    if (auto broken = read_head()) return broken;
  }
  if (length_ != 0 && pending().size() >= length_) return cut_message();
  forget_cut();
  return std::nullopt;
}

// A connection that waits for its next message keeps no memory for it.
void Framer::forget_cut() {
  if (begin_ == buffer_.size()) {
    buffer_ = {};
  } else {
    buffer_.erase(0, begin_);
  }
  begin_ = 0;
}

// RFC 3261 §7.5: a CRLF before a start line is no part of the message.
bool Framer::skip_empty_lines() {
  while (scanned_ == 0 && length_ == 0 && pending().starts_with(crlf)) {
    begin_ += crlf.size();
    if (++empty_lines_ == 2) {
      empty_lines_ = 0;
      return true;
    }
  }
  return false;
}

std::optional<Framer::Frame> Framer::read_head() {
  if (pending() == "\r") return std::nullopt;  // half of an empty line, perhaps
  empty_lines_ = 0;
  const auto most = static_cast<std::size_t>(limits_->message_bytes);
  const std::size_t end = pending().find(head_end, scanned_);
  const std::size_t seen = end == std::string_view::npos ? pending().size() : end + head_end.size();
  if (seen > most) {
    // Longer than allowed by the empty line alone, so the parser sees what is wrong with it.
    return give_up(std::string(pending().substr(0, most)).append(head_end));
  }
  if (end == std::string_view::npos) {
    scanned_ = seen - std::min(seen, head_end.size() - 1);
    return std::nullopt;
  }
  const std::string_view head = pending().substr(0, seen);
  if (has_lone_feed(head)) return give_up(make_defects_of_lone_feeds(std::string(head)));
  const BodyLength body = find_body_length(head);
  if (body.kind == BodyLength::Kind::absent) {
    // Without it a datagram is well-formed: only a value that is none shows the parser the defect.
    return give_up(
        std::string(head.substr(0, head.size() - crlf.size())).append("Content-Length: none\r\n\r\n"));
  }
  if (body.kind == BodyLength::Kind::wrong) return give_up(std::string(head));
  if (body.kind == BodyLength::Kind::huge || body.bytes > most - seen) {
    std::string refused(head);
    // Too large a body shows in its head; else it is the message as a whole that is too large.
    if (body.bytes <= static_cast<std::size_t>(limits_->body_bytes)) refused.resize(most + 1);
    return give_up(std::move(refused));
  }
  length_ = seen + body.bytes;
  buffer_.reserve(begin_ + length_);
  return std::nullopt;
}

Framer::Frame Framer::cut_message() {
  Frame frame;
  if (begin_ == 0 && buffer_.size() == length_) {
    frame.bytes = std::move(buffer_);
    buffer_ = {};
  } else {
    frame.bytes = buffer_.substr(begin_, length_);
    begin_ += length_;
  }
  scanned_ = length_ = 0;
  return frame;
}

Framer::Frame Framer::give_up(std::string head) {
  broken_ = true;
  buffer_ = {};
  begin_ = scanned_ = 0;
  return {Frame::Kind::broken, std::move(head)};
}

}  // namespace rollcall::net
