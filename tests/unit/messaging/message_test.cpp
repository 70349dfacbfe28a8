// SPDX-License-Identifier: Apache-2.0
#include "message.hpp"

#include <support/people.hpp>

using namespace rollcall;
using namespace rollcall::messaging;
using namespace rollcall::tests;
using namespace std::chrono_literals;
using sip::Header;

namespace {

const base::Limits limits;
const base::Instant received{std::chrono::seconds(1'800'000'000)};  // Fri, 15 Jan 2027 08:00:00 GMT

engine::Request message(std::string lines, std::string body = "hello") {
  RequestText text;
  text.method = "MESSAGE";
  text.lines = std::move(lines);
  text.body = std::move(body);
  return request_of(text, flow_of("udp:192.0.2.9:5060>192.0.2.1:5060"), received);
}

int refused(std::string lines, std::string body = "hello") {
  const auto reply = check_message(*message(std::move(lines), std::move(body)).message, limits);
  return reply ? reply->status : 0;
}

bool storable(std::string lines, std::string body = "hello") {
  return is_storable(message(std::move(lines), std::move(body)), limits);
}

model::StoredMessage stored(std::string lines) {
  return stored_of(message(std::move(lines)), aor("bob@example.com"), {"d"}, limits);
}

const std::string plain = "Content-Type: text/plain\r\n";

/// A message/cpim that wraps something of this type (RFC 3862 §2).
std::string cpim(const std::string& type) {
  return "From: <im:alice@example.com>\r\nTo: <im:bob@example.com>\r\n\r\nContent-ID: <1@x>\r\n" + type +
         "\r\n\r\n<x/>";
}

}  // namespace

TEST_CASE("message: a body needs a type, no body needs none [RFC 3261 §7.4.1]") {
  CHECK(refused("") == 400);
  CHECK(refused("Content-Type: text\r\n") == 400);
  CHECK(refused("", "") == 0);
  CHECK(refused(plain) == 0);
  CHECK(refused("Content-Type: multipart/mixed;boundary=x\r\n", "--x--") == 0);
}

TEST_CASE("message: what is larger than the limit is refused with 413 [RFC 3428 §8]") {
  CHECK(refused(plain, std::string(16'384, 'x')) == 0);
  CHECK(refused(plain, std::string(16'385, 'x')) == 413);
}

TEST_CASE("message: what is about this moment is not kept, wrapped or not [RFC 3994, RFC 5438]") {
  CHECK(storable(plain));
  CHECK_FALSE(storable("Content-Type: application/im-iscomposing+xml\r\n"));
  CHECK_FALSE(storable("Content-Type: Message/IMDN+xml\r\n"));
  const std::string wrapped = "Content-Type: message/cpim\r\n";
  CHECK(storable(wrapped, cpim("Content-Type: text/plain; charset=utf-8")));
  CHECK_FALSE(storable(wrapped, cpim("Content-Type: message/imdn+xml")));
  CHECK_FALSE(storable(wrapped, cpim("Content-type: application/im-iscomposing+xml; charset=utf-8")));
  for (const std::string_view broken : {"", "\r\n\r\n", "x", "From: a\r\n\r\nContent-Type", "\r\n\r\n:\r\n"})
    CHECK(storable(wrapped, std::string(broken)));
  // Only the headers of what is wrapped count, not its text.
  CHECK(storable(wrapped, cpim("X: y") + "\r\n\r\nContent-Type: message/imdn+xml"));
}

TEST_CASE("message: Expires counts from Date, else from when the message came [RFC 3428 §7]") {
  CHECK(stored(plain + "Expires: 60\r\n").expires == received + 60s);
  CHECK(stored(plain + "Expires: 60\r\nDate: Fri, 15 Jan 2027 07:59:30 GMT\r\n").expires == received + 30s);
  CHECK(stored(plain + "Expires: 60\r\nDate: yesterday\r\n").expires == received + 60s);
  CHECK(stored(plain + "Expires: 60\r\nDate: Fri, 15 Jan 2027 07:00:00 PST\r\n").expires == received + 60s);
  const auto most = received + 24h * std::int64_t{limits.waiting_days};
  CHECK(stored(plain).expires == most);
  CHECK(stored(plain + "Expires: 4294967295\r\nDate: Sat, 13 Nov 9999 23:29:00 GMT\r\n").expires == most);
  CHECK_FALSE(storable(plain + "Expires: 0\r\n"));
  CHECK_FALSE(storable(plain + "Expires: 60\r\nDate: Fri, 15 Jan 2027 07:00:00 GMT\r\n"));
}

TEST_CASE("message: who keeps it must understand what it requires [RFC 3261 §8.2.2.3]") {
  const auto request = message(plain + "Require: a, b\r\nRequire: c\r\n");
  CHECK_FALSE(is_storable(request, limits));
  const auto refusal = check_required(*request.message);
  REQUIRE(refusal.has_value());
  CHECK(refusal->status == 420);
  CHECK(header_of(*refusal, Header::unsupported) == "a, b, c");
  CHECK_FALSE(check_required(*message(plain).message).has_value());
}

TEST_CASE(
    "message: a kept one is sent with the sender's From, its Date and what describes the text [RFC 3428 "
    "§4]") {
  auto kept = stored(
      "Content-Type: text/plain;charset=utf-8\r\nContent-Language: de\r\nSubject: s\r\n"
      "Expires: 600\r\nContact: <sip:alice@192.0.2.1>\r\nX-Other: 1\r\n");
  model::Binding binding;
  binding.contact = "sip:bob@192.0.2.2:5062";
  binding.path = {"<sip:192.0.2.7;lr>"};
  const auto sent =
      parsed(stored_head(kept, hop_to(binding), "tag1").with_via("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1") +
             kept.body);
  CHECK(sent->request_uri() == "sip:bob@192.0.2.2:5062");
  CHECK(sent->first(Header::route) == "<sip:192.0.2.7;lr>");
  CHECK(sent->first(Header::from) == "<sip:alice@example.com>;tag=tag1");
  CHECK(sent->first(Header::to) == "<sip:bob@example.com>");
  CHECK(sent->first(Header::date) == "Fri, 15 Jan 2027 08:00:00 GMT");
  CHECK(sent->first(Header::expires) == "600");
  CHECK(sent->first(Header::content_type) == "text/plain;charset=utf-8");
  CHECK(sent->first(Header::content_language) == "de");
  CHECK(sent->first(Header::subject) == "s");
  CHECK_FALSE(sent->has(Header::contact));
  CHECK(sent->body() == "hello");
}

TEST_CASE("message: the sender's Date stays, a broken one is replaced [RFC 3261 §20.17]") {
  const auto date_of = [](const std::string& line) {
    const auto kept = stored(plain + line);
    const auto sent =
        parsed(stored_head(kept, {}, "t").with_via("SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1") + kept.body);
    CHECK(sent->values(Header::date).size() == 1);
    return std::string(sent->first(Header::date).value_or(""));
  };
  CHECK(date_of("Date: Fri, 15 Jan 2027 07:59:30 GMT\r\n") == "Fri, 15 Jan 2027 07:59:30 GMT");
  CHECK(date_of("Date: yesterday\r\n") == "Fri, 15 Jan 2027 08:00:00 GMT");
}
