// SPDX-License-Identifier: Apache-2.0
// Bytes as they come from a connection, in pieces that the first byte chooses, and as a datagram.
#include "expect.hpp"
#include "framer.hpp"
#include "stun.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/sip/message.hpp>

namespace {

using namespace rollcall;
using fuzz::expect;
using Frame = net::Framer::Frame;

std::vector<Frame> frames_of(std::string_view stream, std::size_t piece, const base::Limits& limits) {
  net::Framer framer(limits);
  std::vector<Frame> frames;
  while (!stream.empty()) {
    const std::string_view bytes = stream.substr(0, piece);
    stream.remove_prefix(bytes.size());
    framer.feed(bytes);
    while (auto frame = framer.next())
      frames.push_back(std::move(*frame));
  }
  return frames;
}

/// The parser takes a lone LF for a line end, and so ends the head at the first empty line of either kind.
bool ends_its_head_with_crlf(std::string_view bytes) {
  const auto empty_line = std::min(bytes.find("\n\n"), bytes.find("\n\r\n"));
  return empty_line != 0 && bytes.substr(empty_line - 1).starts_with("\r\n\r\n");
}

void check_frame(const Frame& frame, const base::Limits& limits) {
  if (frame.kind == Frame::Kind::ping) return;
  const auto parsed = sip::Message::parse(frame.bytes, limits);
  if (!parsed) return;
  if (frame.kind == Frame::Kind::broken) {
    expect((*parsed)->defect().has_value(), "what cannot be framed has a defect");
  } else {
    expect(frame.bytes.size() <= static_cast<std::size_t>(limits.message_bytes),
           "a frame is no longer than allowed");
    // Framer and parser must agree on where a message ends, or one could be smuggled in another.
    if (!(*parsed)->defect() && ends_its_head_with_crlf(frame.bytes))
      expect(frame.bytes.ends_with((*parsed)->body()), "the body ends where the frame does");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
  base::Limits limits;
  limits.message_bytes = 2'048;
  limits.body_bytes = 1'024;
  limits.header_bytes = 512;
  const auto whole = frames_of(stream, std::max<std::size_t>(stream.size(), 1), limits);
  const auto cut = frames_of(stream, data[0] + 1U, limits);
  expect(whole.size() == cut.size(), "pieces do not matter");
  for (std::size_t i = 0; i < whole.size(); ++i) {
    expect(whole[i].kind == cut[i].kind && whole[i].bytes == cut[i].bytes, "pieces do not matter");
    check_frame(whole[i], limits);
  }
  const auto answer = net::answer_stun(stream, *sip::Endpoint::parse("192.0.2.1", 5060));
  expect(!answer || (net::is_stun(*answer) && !net::answer_stun(*answer, {})), "STUN is answered once");
  return 0;
}
