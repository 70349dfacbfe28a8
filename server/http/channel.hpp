// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <rollcall/base/clock.hpp>

#include <Poco/Net/StreamSocket.h>

namespace rollcall::http {

/// The moment at which patience ends, by a clock that nobody sets.
class Deadline {
 public:
  explicit Deadline(base::Duration patience) : end_(std::chrono::steady_clock::now() + patience) {}
  [[nodiscard]] base::Duration left() const {
    return std::chrono::duration_cast<base::Duration>(end_ - std::chrono::steady_clock::now());
  }

 private:
  std::chrono::steady_clock::time_point end_;
};

/// A connection's bytes, each wait bounded by a deadline and not by the pause between two bytes: who
/// sends one byte a second gets no further than who sends none. One thread.
class Channel {
 public:
  explicit Channel(const Poco::Net::StreamSocket& socket) : socket_(socket) {}

  enum class Fill : std::uint8_t { more, end, late };
  /// Waits for bytes and puts them behind what is in buffer().
  Fill fill(const Deadline& deadline);

  /// What has arrived and is not taken yet.
  [[nodiscard]] std::string_view buffer() const { return buffer_; }
  /// Takes the first `size` bytes of buffer().
  std::string take(std::size_t size);

  /// False when the peer went or did not read in time.
  bool send(std::string_view bytes, const Deadline& deadline);

  /// Says that no more will be sent and lets the peer read what was: closing while its bytes still
  /// arrive would make the kernel throw the answer away (RFC 9112 §9.6).
  void close_gently();

 private:
  Poco::Net::StreamSocket socket_;
  std::string buffer_;
};

}  // namespace rollcall::http
