// SPDX-License-Identifier: Apache-2.0
// Messages: parsing, checking, answering and forwarding.
#include "expect.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/event.hpp>
#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/writer.hpp>

namespace {

using namespace rollcall;
using fuzz::expect;
using fuzz::expect_inside;
using sip::Header;
using sip::Message;

bool holds_line_end(std::string_view text) {
  return text.find_first_of("\r\n") != std::string_view::npos;
}

void check_views(const Message& message) {
  const auto whole = message.bytes();
  expect_inside(message.method_name(), whole, "the method lies in the buffer");
  expect_inside(message.request_uri(), whole, "the Request-URI lies in the buffer");
  expect_inside(message.reason(), whole, "the reason lies in the buffer");
  expect_inside(message.body(), whole, "the body lies in the buffer");
  for (const auto& field : message.fields()) {
    expect_inside(field.line, whole, "a field lies in the buffer");
    expect_inside(field.name, field.line, "a name lies in its field");
    expect_inside(field.value, field.line, "a value lies in its field");
    expect(!holds_line_end(field.line), "a field is one line");
    for (const auto value : message.values(field.id))
      expect_inside(value, whole, "a list element lies in the buffer");
  }
}

/// What parses is read again from its own text with the same result.
void check_values(const Message& message) {
  for (const auto& field : message.fields()) {
    for (sip::ListCursor list(field.value); const auto element = list.next();) {
      if (const auto via = sip::Via::parse(*element)) {
        const auto again = sip::Via::parse(via->text);
        expect(again.ok() && again->host == via->host && again->port == via->port, "a Via is stable");
      }
      if (const auto address = sip::NameAddr::parse(*element)) {
        const auto again = sip::NameAddr::parse(address->text);
        expect(again.ok() && again->uri.text == address->uri.text && again->tag() == address->tag(),
               "a name-addr is stable");
        expect(sip::Uri::parse(address->uri.text).ok(), "the URI of a name-addr is one");
      }
      if (const auto type = sip::MediaType::parse(*element))
        expect(!type->subtype.empty(), "a media type has a subtype");
    }
    if (const auto event = sip::Event::parse(field.value))
      expect(!event->package.empty(), "an event has a package");
    static_cast<void>(sip::SubscriptionState::parse(field.value));
    if (const auto cseq = sip::CSeq::parse(field.value))
      expect(cseq->number <= 0x7fff'ffff, "CSeq is below 2^31");
  }
  static_cast<void>(sip::accepts(message, "text/plain", true));
}

std::size_t lines_of(std::string_view bytes) {
  const auto header = bytes.substr(0, bytes.find("\r\n\r\n"));
  std::size_t lines = 0;
  for (std::size_t at = 0; (at = header.find("\r\n", at)) != std::string_view::npos; at += 2)
    ++lines;
  return lines;
}

/// What we send is well-formed for its lines whatever came in: no field more than was written.
std::unique_ptr<Message> read_own(std::string bytes) {
  const auto lines = lines_of(bytes);
  base::Limits limits;
  limits.header_count = 1'000;
  limits.header_bytes = limits.message_bytes = limits.body_bytes = 10'000'000;
  auto message = Message::parse(std::move(bytes), limits);
  expect(message.ok(), "what we write is SIP");
  expect((*message)->fields().size() <= lines, "no line of its own came with a value");
  return std::move(*message);
}

void check_request_rewritten(const Message& request) {
  const auto source = *sip::Endpoint::parse("203.0.113.9", 40112);
  const auto reply = read_own(
      write_reply(request, sip::Reply(400, request.defect() ? request.defect()->reason : ""), "tag", source));
  expect(reply->status() == 400, "an answer keeps its status");
  if (sip::check_request(request)) return;
  expect(!sip::check_response(*reply).has_value(), "the answer to a sound request is sound");

  sip::Forward forward;
  forward.request_uri = request.request_uri();
  forward.source = source;
  const auto forwarded =
      read_own(write_forward(request, forward).with_via("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKnew"));
  expect(!sip::check_request(*forwarded).has_value(), "a sound request is sound when forwarded");
  expect(forwarded->body() == request.body(), "the body goes on unchanged");
  expect(forwarded->values(Header::via).size() == request.values(Header::via).size() + 1,
         "one Via more goes on");
  if (const auto restored = write_restored(request); !restored.empty())
    expect(!sip::check_request(*read_own(restored)).has_value(),
           "a sound request is sound without its last Route");
  const auto cancel = read_own(write_cancel(*forwarded));
  expect(!sip::check_request(*cancel).has_value(), "a CANCEL for a sound request is sound");
}

void check_response_rewritten(const Message& response) {
  if (sip::check_response(response)) return;
  const auto back = read_own(write_backward(response));
  expect(back->values(Header::via).size() + 1 == response.values(Header::via).size(),
         "one Via less goes back");
  expect(back->body() == response.body(), "the body goes back unchanged");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto parsed = Message::parse(std::string(reinterpret_cast<const char*>(data), size), base::Limits{});
  if (!parsed) return 0;
  const auto& message = **parsed;
  check_views(message);
  check_values(message);
  if (message.is_request()) {
    check_request_rewritten(message);
  } else {
    check_response_rewritten(message);
  }
  return 0;
}
