// SPDX-License-Identifier: Apache-2.0
// Reads the bytes of a message into its fields.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/sip/message.hpp>

namespace rollcall::sip {

/// One pass over the buffer of a message. The first fault found is the one that the message keeps,
/// so the order of the steps is the order of what is most helpful to be told.
class MessageReader {
 public:
  MessageReader(Message& message, const base::Limits& limits) : message_(message), limits_(limits) {}

  /// Error malformed: not SIP, nothing to answer.
  base::Result<> read();

 private:
  enum class Folds : bool { not_here, allowed };

  /// Keeps this fault unless there is one already.
  void fault(int status, std::string_view detail);

  void skip_empty_lines();
  /// The next line without its ending, line folds and stray control characters made into spaces.
  std::string_view take_line(Folds folds);
  /// Makes spaces of the control characters from `from` to `to`; they are a fault unless escaped.
  void clean(std::size_t from, std::size_t to);

  base::Result<> read_start_line(std::string_view line);
  base::Result<> read_request_line(std::string_view line);
  base::Result<> read_status_line(std::string_view line);
  void read_fields();
  void read_field(std::string_view line);
  void add_field(Message::Field field);
  void check_presence();
  void read_body();
  /// The values that Message hands out ready read.
  void read_values();
  void check_cseq();

  Message& message_;
  const base::Limits& limits_;
  std::size_t at_ = 0;
};

}  // namespace rollcall::sip
