// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/base/limits.hpp>

namespace rollcall::net {

/// Cuts the bytes of a stream into SIP messages by Content-Length (RFC 3261 §18.3). Bytes come in in
/// any pieces; holds no more of them than one message and what came with its last piece. No I/O.
class Framer {
 public:
  /// `limits` outlives this.
  explicit Framer(const base::Limits& limits) : limits_(&limits) {}

  struct Frame {
    enum class Kind {
      message,
      ping,    // a double CRLF between messages, to be answered with a CRLF (RFC 5626 §3.5.1)
      broken,  // no end can be found: nothing comes after it, the connection is to be closed
    };
    Kind kind = Kind::message;
    /// The message. Of a broken one its head, such that the parser finds a defect in it: 400 for a
    /// Content-Length that is absent, no number or there twice and for an LF without its CR, 413 or 513
    /// for too large.
    std::string bytes;
  };

  void feed(std::string_view bytes);

  /// The next frame; nullopt when more bytes are needed for it. Call until then after each feed.
  std::optional<Frame> next();

  /// A message has begun and is not whole.
  [[nodiscard]] bool in_message() const { return begin_ < buffer_.size(); }

 private:
  /// Passes over empty lines; true when two of them have come in a row.
  bool skip_empty_lines();
  /// Looks for the end of the head and then for the body's length. A frame only when it is broken.
  std::optional<Frame> read_head();
  Frame cut_message();
  void forget_cut();
  Frame give_up(std::string head);
  [[nodiscard]] std::string_view pending() const { return std::string_view(buffer_).substr(begin_); }

  const base::Limits* limits_;
  std::string buffer_;
  std::size_t begin_ = 0;    // where the current message begins in the buffer
  std::size_t scanned_ = 0;  // bytes of it that hold no end of the head
  std::size_t length_ = 0;   // of the whole message, once its head is there
  int empty_lines_ = 0;
  bool broken_ = false;
};

}  // namespace rollcall::net
