// SPDX-License-Identifier: Apache-2.0
// Who may, whose is it, and who handles it.
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::routing::test;

TEST_CASE("router: who asks for credentials depends on where a request ends [RFC 3261 §22.2, §22.3]") {
  House house;
  for (const auto* method : {"REGISTER", "PUBLISH", "SUBSCRIBE"})
    CHECK(house.answer_to(fresh(method)) == "401 " + std::string(method));
  for (const auto* method : {"MESSAGE", "INVITE", "BYE", "INFO", "REFER", "UPDATE", "PRACK"})
    CHECK(house.answer_to(fresh(method)) == "407 " + std::string(method));
}

TEST_CASE("router: a stranger gets the same answer about a user that exists and one that does not") {
  House house;
  for (const auto* method : {"INVITE", "MESSAGE", "SUBSCRIBE", "OPTIONS"})
    CHECK(house.answer_to(fresh(method, "sip:bob@example.com")) ==
          house.answer_to(fresh(method, "sip:nobody@example.com")));
}

TEST_CASE("router: who has proved to be alice reaches bob, and is told that nobody does not exist") {
  House house;
  house.register_bob();
  CHECK(house.answer_to(house.by_alice(fresh("INFO"))) == "INFO");
  CHECK(house.answer_to(house.by_alice(fresh("INFO", "sip:nobody@example.com"))) == "404 INFO");
  CHECK(house.answer_to(house.by_alice(fresh("INFO", "sip:example.com"))) == "404 INFO");
}

TEST_CASE("router: user and domain are compared as URIs are [RFC 3261 §19.1.4, §16.5]") {
  House house;
  house.register_bob();
  for (const auto* uri :
       {"sip:%62ob@EXAMPLE.com", "sip:bob@example.com:5070;transport=tcp", "pres:bob@example.com"})
    CHECK(house.answer_to(house.by_alice(fresh("INFO", uri))) == "INFO");
  CHECK(house.answer_to(house.by_alice(fresh("INFO", "sip:BOB@example.com"))) == "404 INFO");
}

TEST_CASE("router: From must be who authenticated [RFC 3261 §22]") {
  House house;
  house.register_bob();
  RequestText forged = fresh("INFO");
  forged.from = "<sip:bob@example.com>;tag=a1";
  CHECK(house.answer_to(house.by_alice(forged)) == "403 INFO");
}

TEST_CASE("router: nobody registers or publishes for another [RFC 3261 §10.3 step 4, RFC 3903 §6]") {
  House house;
  RequestText registration = fresh("REGISTER", "sip:example.com");
  CHECK(house.answer_to(house.by_alice(registration, "Authorization")) == "403 REGISTER");
  CHECK(house.answer_to(house.by_alice(fresh("PUBLISH"), "Authorization")) == "403 PUBLISH");
}

TEST_CASE(
    "router: methods that nobody serves are answered with the list of those that are [RFC 3261 §8.2.1]") {
  House house;
  house.receive(fresh("FROBNICATE"));
  const Sent refusal = std::move(house.take().at(0));
  CHECK(refusal.kind() == "405 FROBNICATE");
  CHECK(refusal.header(Header::allow)
            .starts_with("REGISTER, PUBLISH, SUBSCRIBE, OPTIONS, MESSAGE, INVITE, ACK"));
  CHECK(refusal.header(Header::allow).find("NOTIFY") == std::string::npos);
  CHECK(house.answer_to(fresh("NOTIFY")) == "481 NOTIFY");
}

TEST_CASE("router: schemes that are known and not served are answered 416 [RFC 3261 §8.2.2.1]") {
  House house;
  for (const auto* uri : {"sips:bob@example.com", "tel:+358-555-1234567", "sips:bob@elsewhere.net"})
    CHECK(house.answer_to(fresh("INVITE", uri)) == "416 INVITE");
}

TEST_CASE("router: unknown extensions are all named, where they count [RFC 3261 §8.2.2.3, §16.3 step 5]") {
  House house;
  RequestText text = fresh("REGISTER");
  text.lines += "Require: telepathy, path\r\nProxy-Require: levitation\r\n";
  house.receive(text);
  CHECK(house.take().at(0).header(Header::unsupported) == "levitation, telepathy");
  text = fresh("INVITE");
  text.lines += "Require: 100rel\r\n";
  CHECK(house.answer_to(text) == "407 INVITE");
}

TEST_CASE("router: OPTIONS says what the server does [RFC 3261 §11.2]") {
  House house;
  house.receive(fresh("OPTIONS", "sip:192.0.2.9"));
  const Sent answer = std::move(house.take().at(0));
  CHECK(answer.kind() == "200 OPTIONS");
  CHECK(answer.header(Header::supported) == "path, outbound, eventlist, recipient-list-subscribe");
  CHECK(answer.header(Header::allow_events) ==
        "presence, presence.winfo, dialog, dialog.winfo, message-summary, reg, xcap-diff");
  CHECK(answer.header(Header::accept).find("application/pidf+xml") != std::string::npos);
  CHECK(answer.message->has(Header::accept_encoding));
  CHECK(answer.message->has(Header::accept_language));
}

TEST_CASE("router: a SUBSCRIBE for a dialog that nobody knows is answered 481 [RFC 6665 §4.1.2.2]") {
  House house;
  for (const auto* tag : {"made-up", "7-0123456789abcdef", "0-0123456789abcdef"}) {
    RequestText text = fresh("SUBSCRIBE", "sip:192.0.2.9:5060");
    text.to = std::string("<sip:bob@example.com>;tag=") + tag;
    text.lines += "Event: presence\r\n";
    CHECK(house.answer_to(house.by_alice(text, "Authorization")) == "481 SUBSCRIBE");
  }
}

TEST_CASE("router: no domain of ours anywhere is no realm to ask for: 404") {
  House house;
  RequestText text = fresh("INFO", "sip:192.0.2.9:5060");
  text.from = "<sip:alice@elsewhere.net>;tag=a1";
  text.to = "<sip:bob@elsewhere.net>";
  CHECK(house.answer_to(text) == "404 INFO");
}

TEST_CASE("router: a CANCEL that overtakes its INVITE between shards ends it [RFC 3261 §9.2, §16.10]") {
  // Alice's request arrives at the shard of none of the two, or of one of them.
  for (std::size_t arrival = 0; arrival < 4; ++arrival) {
    CAPTURE(arrival);
    House house(4);
    house.register_bob();
    const RequestText invite = house.by_alice(fresh("INVITE"));
    RequestText cancel = invite;
    cancel.method = "CANCEL";
    cancel.lines = "";
    house.shards.shard(arrival).on_message(invite.bytes(), house.flow);
    house.shards.shard(arrival).on_message(cancel.bytes(), house.flow);
    house.shards.settle();
    std::string to_alice;
    for (Sent& sent : house.take()) {
      if (sent.flow.remote == house.flow.remote) {
        to_alice += sent.kind() + "; ";
      } else if (sent.kind() == "INVITE") {
        // It had left already: what rings is cancelled.
        house.shards.receive(tests::answer_to(*sent.message, 180), house.device);
      } else {
        FAIL(sent.kind());
      }
    }
    for (const Sent& sent : house.take()) {
      if (sent.kind() == "CANCEL") to_alice += "487 INVITE; ";
    }
    CHECK(to_alice.find("200 CANCEL") != std::string::npos);
    CHECK(to_alice.find("487 INVITE") != std::string::npos);
  }
}

TEST_CASE(
    "router: who shows no credentials, and OPTIONS, are answered without memory of it [RFC 3261 §8.2.7]") {
  House house;
  const auto transactions = [&] { return house.shards.shard().transactions().server_count(); };
  for (const auto* method : {"REGISTER", "MESSAGE", "INVITE", "FROB", "OPTIONS"}) {
    CAPTURE(method);
    const RequestText request = fresh(method);
    house.receive(request);
    const std::string first = house.take().at(0).header(Header::to);
    CHECK(first.find(";tag=") != std::string::npos);
    CHECK(transactions() == 0);
    house.receive(request);  // again: the same tag, as one who remembers would give
    CHECK(house.take().at(0).header(Header::to) == first);
  }
  CHECK(house.answer_to(house.by_alice(fresh("MESSAGE", "sip:nobody@example.com"))) == "404 MESSAGE");
  CHECK(transactions() == 1);
}

TEST_CASE(
    "router: the ACK and the CANCEL of an INVITE that was only challenged find nothing [RFC 3261 §8.2.7]") {
  House house;
  RequestText request = fresh("INVITE");
  CHECK(house.answer_to(request) == "407 INVITE");
  request.method = "ACK";
  request.to += ";tag=x";
  CHECK(house.answer_to(request).empty());
  request.method = "CANCEL";
  CHECK(house.answer_to(request) == "481 CANCEL");
}

TEST_CASE("router: what is answered without memory is counted as every answer is") {
  House house;
  const auto counted = [&](base::Metric metric) { return house.shards.metrics().read(metric); };
  CHECK(house.answer_to(fresh("REGISTER")) == "401 REGISTER");
  CHECK(house.answer_to(fresh("MESSAGE")) == "407 MESSAGE");
  CHECK(counted(base::Metric::responses_4xx) == 2);
  CHECK(house.answer_to(fresh("OPTIONS")) == "200 OPTIONS");
  CHECK(counted(base::Metric::responses_2xx) == 1);
}
