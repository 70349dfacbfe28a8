// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rollcall/bodies/message_summary.hpp>

#include <fmt/format.h>

namespace rollcall::bodies {

namespace {

// "video-message" is not in RFC 3458 §6.2, but registered later (RFC 3938).
constexpr std::string_view class_names[] = {"Voice-Message", "Video-Message",      "Fax-Message",
                                            "Pager-Message", "Multimedia-Message", "Text-Message",
                                            "None"};

/// A line break in it would begin another line of the body.
bool is_plain_uri(std::string_view uri) {
  return std::all_of(uri.begin(), uri.end(), [](char c) { return c > ' ' && c != 0x7F; });
}

}  // namespace

std::string write_message_summary(bool waiting, std::string_view account,
                                  std::span<const MessageLine> lines) {
  std::string out = waiting ? "Messages-Waiting: yes\r\n" : "Messages-Waiting: no\r\n";
  if (!account.empty() && is_plain_uri(account)) out += fmt::format("Message-Account: {}\r\n", account);
  for (const auto& line : lines) {
    out += fmt::format("{}: {}/{}", class_names[static_cast<std::size_t>(line.of_class)], line.all.fresh,
                       line.all.old);
    if (line.urgent) out += fmt::format(" ({}/{})", line.urgent->fresh, line.urgent->old);
    out += "\r\n";
  }
  return out;
}

}  // namespace rollcall::bodies
