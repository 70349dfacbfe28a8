// SPDX-License-Identifier: Apache-2.0
// Messages that the peers of a shard write.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include <rollcall/base/limits.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/writer.hpp>

#include <doctest/doctest.h>

namespace rollcall::tests {

/// A request with all that it must have. What differs from the usual is set by name.
struct RequestText {
  std::string method = "OPTIONS";
  std::string uri = "sip:bob@example.com";
  std::string via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport";
  std::string from = "<sip:alice@example.com>;tag=a1";
  std::string to = "<sip:bob@example.com>";
  std::string call_id = "c1@192.0.2.1";
  int cseq = 1;
  std::string lines = "";  // further fields, each with its CRLF
  std::string body = "";
  bool max_forwards = true;

  [[nodiscard]] std::string bytes() const {
    std::string text = method + " " + uri + " SIP/2.0\r\nVia: " + via + "\r\n";
    if (max_forwards) text += "Max-Forwards: 70\r\n";
    text += "From: " + from + "\r\nTo: " + to + "\r\nCall-ID: " + call_id +
            "\r\nCSeq: " + std::to_string(cseq) + " " + method + "\r\n" + lines;
    return text + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  /// The same for who puts his own Via in.
  [[nodiscard]] sip::Unsent unsent() const {
    RequestText open = *this;
    open.via = "";
    std::string text = open.bytes();
    const std::size_t at = text.find("\r\nVia: ") + 7;
    return {std::move(text), at};
  }
};

inline std::unique_ptr<sip::Message> parsed(std::string bytes) {
  auto message = sip::Message::parse(std::move(bytes), base::Limits{});
  REQUIRE(message.ok());
  return std::move(*message);
}

/// What a device answers to a request that it got.
inline std::string answer_to(const sip::Message& request, const sip::Reply& reply,
                             std::string_view to_tag = "d1") {
  return sip::write_reply(request, reply, to_tag, sip::Endpoint());
}
inline std::string answer_to(const sip::Message& request, int status, std::string_view to_tag = "d1") {
  return answer_to(request, sip::Reply(status), to_tag);
}

}  // namespace rollcall::tests
