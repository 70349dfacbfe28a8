// SPDX-License-Identifier: Apache-2.0
// Messages for the tests of this folder.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include <rollcall/sip/message.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip::testing {

inline std::unique_ptr<Message> parsed(std::string bytes, const base::Limits& limits = {}) {
  auto message = Message::parse(std::move(bytes), limits);
  REQUIRE(message.ok());
  return std::move(*message);
}

/// An OPTIONS with what every request needs, then these lines (each with its CRLF), then the body.
inline std::string options_with(std::string_view lines, std::string_view body = "") {
  std::string bytes =
      "OPTIONS sip:bob@example.com SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKabc;rport\r\n"
      "Max-Forwards: 70\r\n"
      "From: <sip:alice@example.com>;tag=a1\r\n"
      "To: <sip:bob@example.com>\r\n"
      "Call-ID: c1@192.0.2.7\r\n"
      "CSeq: 7 OPTIONS\r\n";
  return bytes.append(lines).append("\r\n").append(body);
}

/// The same with one text put in the place of another.
inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
  const auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

inline std::string defect_of(const Message& message) {
  return message.defect() ? message.defect()->reason : "none";
}

}  // namespace rollcall::sip::testing
