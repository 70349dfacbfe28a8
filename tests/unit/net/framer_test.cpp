// SPDX-License-Identifier: Apache-2.0
#include "framer.hpp"

#include <vector>

#include <rollcall/sip/message.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using rollcall::base::Limits;
using rollcall::net::Framer;
using Kind = Framer::Frame::Kind;

namespace {

const Limits limits;

std::string message(std::string_view length_line, std::string_view body = "") {
  return fmt::format(
      "MESSAGE sip:bob@example.com SIP/2.0\r\n"
      "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK1\r\n"
      "Max-Forwards: 70\r\n"
      "From: <sip:alice@example.com>;tag=1\r\n"
      "To: <sip:bob@example.com>\r\n"
      "Call-ID: a\r\n"
      "CSeq: 1 MESSAGE\r\n"
      "{}\r\n{}",
      length_line, body);
}

std::vector<Framer::Frame> drain(Framer& framer) {
  std::vector<Framer::Frame> frames;
  while (auto frame = framer.next())
    frames.push_back(std::move(*frame));
  return frames;
}

std::vector<Framer::Frame> frames_of(std::string_view bytes) {
  Framer framer(limits);
  framer.feed(bytes);
  return drain(framer);
}

/// The status that the parser refuses a frame with; 0 when it has no defect.
int refusal_of(const Framer::Frame& frame) {
  const auto parsed = rollcall::sip::Message::parse(frame.bytes, limits);
  REQUIRE(parsed.ok());
  const auto& defect = (*parsed)->defect();
  return defect ? defect->status : 0;
}

/// The status of a stream that cannot be framed.
int refusal_of_stream(std::string_view bytes) {
  const auto frames = frames_of(bytes);
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].kind == Kind::broken);
  return refusal_of(frames[0]);
}

}  // namespace

TEST_CASE("framer: messages and a ping cut in two at every byte come out whole [RFC 3261 §18.3]") {
  const std::string first = message("Content-Length: 5\r\n", "hello");
  const std::string second = message("l: 0\r\n");
  const std::string stream = first + "\r\n\r\n" + second + first;
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    CAPTURE(cut);
    Framer framer(limits);
    framer.feed(std::string_view(stream).substr(0, cut));
    auto frames = drain(framer);
    framer.feed(std::string_view(stream).substr(cut));
    for (auto& frame : drain(framer))
      frames.push_back(std::move(frame));
    REQUIRE(frames.size() == 4);
    CHECK(frames[0].bytes == first);
    CHECK(frames[1].kind == Kind::ping);
    CHECK(frames[2].bytes == second);
    CHECK(frames[3].bytes == first);
    CHECK_FALSE(framer.in_message());
  }
}

TEST_CASE("framer: a stream that comes byte by byte gives the same messages") {
  const std::string one = message("Content-Length: 4\r\n", "\r\n\r\n");
  const std::string stream = "\r\n" + one + one;
  Framer framer(limits);
  std::vector<std::string> got;
  for (const char byte : stream) {
    framer.feed({&byte, 1});
    for (const auto& frame : drain(framer))
      got.push_back(frame.bytes);
  }
  CHECK(got == std::vector{one, one});
}

TEST_CASE("framer: a double CRLF is a ping, a single one nothing [RFC 5626 §3.5.1]") {
  CHECK(frames_of("\r\n").empty());
  CHECK(frames_of("\r\n\r\n").size() == 1);
  CHECK(frames_of("\r\n\r\n\r\n").size() == 1);
  CHECK(frames_of("\r\n\r\n\r\n\r\n").size() == 2);
}

TEST_CASE("framer: one CRLF before and one after a message make no ping") {
  const std::string one = message("Content-Length: 0\r\n");
  const auto frames = frames_of("\r\n" + one + "\r\n");
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].bytes == one);
}

TEST_CASE("framer: an empty line that is half there is a message in arrival") {
  Framer framer(limits);
  framer.feed("\r");
  CHECK_FALSE(framer.next());
  CHECK(framer.in_message());
  framer.feed("\n");
  CHECK_FALSE(framer.next());
  CHECK_FALSE(framer.in_message());
}

TEST_CASE("framer: every spelling of Content-Length is understood [RFC 3261 §7.3.1]") {
  for (const std::string_view line :
       {"Content-Length: 5\r\n", "content-LENGTH:5\r\n", "L : 5\r\n", "l\t:\t5 \r\n",
        "Content-Length:\r\n 5\r\n", "Content-Length: 005\r\n", "Content-Length: 5\r\nl: 5\r\n"}) {
    CAPTURE(line);
    const auto frames = frames_of(message(line, "hello"));
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].kind == Kind::message);
    CHECK(frames[0].bytes.ends_with("\r\n\r\nhello"));
  }
}

TEST_CASE("framer: what looks like Content-Length within a folded header is not one [RFC 3261 §7.3.1]") {
  const auto frames =
      frames_of(message("Subject: first\r\n Content-Length: 9\r\n\tl: 7\r\nContent-Length: 2\r\n", "hi"));
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].bytes.ends_with("hi"));
  CHECK(refusal_of_stream(message("Subject: first\r\n Content-Length: 0\r\n")) == 400);
}

TEST_CASE("framer: a message without Content-Length is refused with 400 [RFC 3261 §18.3]") {
  CHECK(refusal_of_stream(message("")) == 400);
}

TEST_CASE("framer: a Content-Length that is no number, or there twice, is refused with 400") {
  for (const std::string_view line :
       {"Content-Length: -1\r\n", "Content-Length: +5\r\n", "Content-Length: 0x5\r\n",
        "Content-Length: five\r\n", "Content-Length: 5 5\r\n", "Content-Length: 5,5\r\n",
        "Content-Length:\r\n", "Content-Length: 5\r\nContent-Length: 6\r\n",
        "l: 5\r\nContent-Length: 05\r\n"}) {
    CAPTURE(line);
    CHECK(refusal_of_stream(message(line, "hello")) == 400);
  }
}

TEST_CASE("framer: a body that is announced too large is refused with 413 before it comes") {
  CHECK(refusal_of_stream(message("Content-Length: 10000000\r\n", "x")) == 413);
}

TEST_CASE("framer: a message that is announced too large as a whole is refused with 513") {
  const std::string padding = "X-Padding: " + std::string(5'000, 'x') + "\r\n";
  std::string head;
  for (int i = 0; i < 9; ++i)
    head += padding;
  CHECK(refusal_of_stream(message(head + "Content-Length: 30000\r\n")) == 513);
  CHECK(refusal_of_stream(message("Content-Length: 99999999999999999999999\r\n")) == 513);
}

TEST_CASE("framer: a head that never ends is refused with 513 and kept no longer than allowed") {
  Framer framer(limits);
  framer.feed(message("X-Endless: "));
  const std::string more(1'000, 'x');
  std::vector<Framer::Frame> frames;
  for (int i = 0; i < 100 && frames.empty(); ++i) {
    framer.feed(more);
    frames = drain(framer);
  }
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].kind == Kind::broken);
  CHECK(refusal_of(frames[0]) == 513);
  CHECK(frames[0].bytes.size() <= static_cast<std::size_t>(limits.message_bytes) + 4);
}

TEST_CASE("framer: nothing comes after a frame that is broken") {
  Framer framer(limits);
  framer.feed(message("Content-Length: x\r\n") + message("Content-Length: 0\r\n"));
  CHECK(drain(framer).size() == 1);
  framer.feed(message("Content-Length: 0\r\n"));
  CHECK(drain(framer).empty());
  CHECK_FALSE(framer.in_message());
}

TEST_CASE("framer: bytes that are no SIP at all are cut at their first empty line and given up") {
  const auto frames = frames_of("GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
  REQUIRE(frames.size() == 1);
  CHECK(frames[0].kind == Kind::broken);
  CHECK_FALSE(rollcall::sip::Message::parse(frames[0].bytes, limits).ok());
}

TEST_CASE("framer: an LF without its CR ends no line of a stream, and is refused with 400 [RFC 3261 §7]") {
  const std::string lengths[] = {
      "Content-Length: 0\nX: y\r\n",
      "X: y\nContent-Length: 5\r\nContent-Length: 0\r\n",
      "X: y\n\nOPTIONS sip:b SIP/2.0\r\nContent-Length: 0\r\n",
      "X: y\n\r\r\nContent-Length: 0\r\n",
      "Content-Length: 0\r\n\n\n\r\n",
      "Subject: \"\\\n\"\r\nContent-Length: 0\r\n",
  };
  for (const std::string& length : lengths) {
    CAPTURE(length);
    CHECK(refusal_of_stream(message(length)) == 400);
  }
  CHECK(frames_of(message("Content-Length: 2\r\n", "\n\n")).at(0).kind == Kind::message);
}
