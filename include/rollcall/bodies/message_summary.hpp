// SPDX-License-Identifier: Apache-2.0
// How many messages wait (RFC 3842 §5.2).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace rollcall::bodies {

inline constexpr std::string_view message_summary_media_type = "application/simple-message-summary";

/// The classes of RFC 3458 §6.2.
enum class MessageClass : std::uint8_t { voice, video, fax, pager, multimedia, text, none };

/// New and old ones.
struct MessageCount {
  std::uint32_t fresh = 0;
  std::uint32_t old = 0;
};

/// The line of one class.
struct MessageLine {
  MessageClass of_class = MessageClass::text;
  MessageCount all;
  std::optional<MessageCount> urgent;  // among them
};

/// A body of message_summary_media_type. `account` is a URI, or "" for none; one with characters that no
/// URI has is left out. Any thread.
std::string write_message_summary(bool waiting, std::string_view account, std::span<const MessageLine> lines);

}  // namespace rollcall::bodies
