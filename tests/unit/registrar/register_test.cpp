// SPDX-License-Identifier: Apache-2.0
// Deciding about a REGISTER.
#include "register.hpp"

#include <optional>

#include <support/people.hpp>

using namespace rollcall;
using namespace rollcall::tests;
using namespace std::chrono_literals;
using sip::Header;

namespace {

/// What a registrar knows of one user; what is decided is applied at once.
struct Desk {
  base::Limits limits;
  ManualClock clock;
  std::vector<model::Binding> bindings;
  sip::Flow flow = flow_of("udp:192.0.2.9:5060>192.0.2.1:5060");

  static RequestText text(std::string lines, int cseq = 1, std::string call_id = "r1") {
    RequestText text;
    text.method = "REGISTER";
    text.uri = "sip:example.com";
    text.to = "<sip:alice@example.com>";
    text.cseq = cseq;
    text.call_id = std::move(call_id);
    text.lines = std::move(lines);
    return text;
  }

  sip::Reply decide(const RequestText& text) {
    std::vector<const model::Binding*> current;
    for (const model::Binding& binding : bindings) current.push_back(&binding);
    const auto request = request_of(text, flow, clock.now());
    auto outcome =
        registrar::decide_register(request, aor("alice@example.com"), current, limits, clock.now());
    if (outcome.reply.status != 200) CHECK(outcome.changes.empty());
    for (const model::Change& change : outcome.changes) apply(change);
    return outcome.reply;
  }
  sip::Reply decide(std::string lines, int cseq = 1, std::string call_id = "r1") {
    return decide(text(std::move(lines), cseq, std::move(call_id)));
  }

  void apply(const model::Change& change) {
    if (const auto* save = std::get_if<model::SaveBinding>(&change)) {
      std::erase_if(bindings, [&](const auto& one) { return one.id == save->binding.id; });
      bindings.push_back(save->binding);
    } else if (const auto* remove = std::get_if<model::RemoveBinding>(&change)) {
      std::erase_if(bindings, [&](const auto& one) { return one.id == remove->id; });
    } else {
      FAIL("a change that is not about bindings");
    }
  }
};

constexpr auto one = "Contact: <sip:alice@192.0.2.1:5060>\r\n";
const std::string instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-00000000000a>\"";

}  // namespace

TEST_CASE("register: a new contact is bound, and the answer lists it with its expiry and a Date [RFC 3261 §10.3 step 8]") {
  Desk desk;
  const auto reply = desk.decide(std::string(one) + "Expires: 600\r\n");
  CHECK(reply.status == 200);
  CHECK(header_of(reply, Header::contact) == "<sip:alice@192.0.2.1:5060>;expires=600");
  CHECK(header_of(reply, Header::date).ends_with(" GMT"));
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].contact == "sip:alice@192.0.2.1:5060");
  CHECK(desk.bindings[0].call_id == "r1");
  CHECK(desk.bindings[0].cseq == 1);
  CHECK(desk.bindings[0].expires == desk.clock.now() + 600s);
}

TEST_CASE("register: without a Contact it lists the bindings and changes nothing [RFC 3261 §10.3 step 6]") {
  Desk desk;
  desk.decide(std::string(one) + "Expires: 600\r\n");
  desk.clock.pass(100s);
  const auto reply = desk.decide("", 2);
  CHECK(reply.status == 200);
  CHECK(header_of(reply, Header::contact) == "<sip:alice@192.0.2.1:5060>;expires=500");
  CHECK(desk.bindings[0].cseq == 1);
}

TEST_CASE("register: the expires parameter comes before the Expires header, and this before our default [RFC 3261 §10.3 step 7]") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>;expires=100, <sip:b@192.0.2.1>\r\nExpires: 200\r\n");
  REQUIRE(desk.bindings.size() == 2);
  CHECK(desk.bindings[0].expires == desk.clock.now() + 100s);
  CHECK(desk.bindings[1].expires == desk.clock.now() + 200s);
  desk.decide("Contact: <sip:c@192.0.2.1>\r\n", 2);
  CHECK(desk.bindings[2].expires == desk.clock.now() + 3600s);
}

TEST_CASE("register: an expiry that is no number counts as an hour, one too long is shortened [RFC 3261 §20.10, §10.3 step 7]") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>;expires=soon, <sip:b@192.0.2.1>;expires=31536000\r\n");
  REQUIRE(desk.bindings.size() == 2);
  CHECK(desk.bindings[0].expires == desk.clock.now() + 3600s);
  CHECK(desk.bindings[1].expires == desk.clock.now() + 7200s);
}

TEST_CASE("register: too brief a time is answered 423 with Min-Expires, and nothing is bound [RFC 3261 §10.3 step 7]") {
  Desk desk;
  const auto reply = desk.decide("Contact: <sip:a@192.0.2.1>;expires=600, <sip:b@192.0.2.1>;expires=59\r\n");
  CHECK(reply.status == 423);
  CHECK(header_of(reply, Header::min_expires) == "60");
  CHECK(desk.bindings.empty());
}

TEST_CASE("register: the same contact is refreshed, also when it is written in another way [RFC 3261 §10.3 step 7, §19.1.4]") {
  Desk desk;
  desk.decide("Contact: <sip:alice@HOST.example.com;lr>;expires=600\r\n");
  const auto id = desk.bindings.at(0).id;
  const auto reply = desk.decide("Contact: <sip:%61lice@host.example.com;LR>;expires=900\r\n", 2);
  CHECK(count_of(reply, Header::contact) == 1);
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].id == id);
  CHECK(desk.bindings[0].cseq == 2);
  CHECK(desk.bindings[0].expires == desk.clock.now() + 900s);
}

TEST_CASE("register: expires 0 removes that contact and no other [RFC 3261 §10.3 step 7]") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>, <sip:b@192.0.2.1>\r\n");
  const auto reply = desk.decide("Contact: <sip:a@192.0.2.1>;expires=0, <sip:never@192.0.2.1>;expires=0\r\n", 2);
  CHECK(reply.status == 200);
  CHECK(count_of(reply, Header::contact) == 1);
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].contact == "sip:b@192.0.2.1");
}

TEST_CASE("register: what is not newer than the binding by Call-ID and CSeq fails whole with 500 [RFC 3261 §10.3 step 7]") {
  Desk desk;
  desk.decide(one, 7);
  for (const int cseq : {6, 7}) {
    CHECK(desk.decide(std::string("Contact: <sip:new@192.0.2.7>\r\n") + one + "Expires: 0\r\n", cseq).status == 500);
    CHECK(desk.bindings.size() == 1);
  }
  SUBCASE("another Call-ID has its own count") {
    CHECK(desk.decide(std::string(one) + "Expires: 0\r\n", 1, "r2").status == 200);
    CHECK(desk.bindings.empty());
  }
}

TEST_CASE("register: * with Expires 0 removes every binding [RFC 3261 §10.3 step 6]") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>\r\n", 3, "r1");
  desk.decide("Contact: <sip:b@192.0.2.1>\r\n", 9, "r2");
  const auto reply = desk.decide("Contact: *\r\nExpires: 0\r\n", 4, "r1");
  CHECK(reply.status == 200);
  CHECK(count_of(reply, Header::contact) == 0);
  CHECK(desk.bindings.empty());
}

TEST_CASE("register: an old * removes nothing at all [RFC 3261 §10.3 step 6]") {
  Desk desk;
  desk.decide("Contact: <sip:b@192.0.2.1>\r\n", 1, "r2");
  desk.decide("Contact: <sip:a@192.0.2.1>\r\n", 3, "r1");
  CHECK(desk.decide("Contact: *\r\nExpires: 0\r\n", 3, "r1").status == 500);
  CHECK(desk.bindings.size() == 2);
}

TEST_CASE("register: * with another contact or without Expires 0 is answered 400 [RFC 3261 §10.3 step 6]") {
  Desk desk;
  desk.decide(one);
  for (const char* lines : {"Contact: *\r\n", "Contact: *\r\nExpires: 60\r\n",
                            "Contact: *, <sip:a@192.0.2.1>\r\nExpires: 0\r\n", "Contact: *\r\nContact: *\r\nExpires: 0\r\n"})
    CHECK(desk.decide(lines, 2).status == 400);
  CHECK(desk.bindings.size() == 1);
}

TEST_CASE("register: of two contacts of one request that are the same the later counts [RFC 3261 §10.3 step 7]") {
  Desk desk;
  auto reply = desk.decide("Contact: <sip:a@192.0.2.1>;expires=100, <sip:a@192.0.2.1>;expires=200\r\n");
  CHECK(count_of(reply, Header::contact) == 1);
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].expires == desk.clock.now() + 200s);
  reply = desk.decide("Contact: <sip:a@192.0.2.1>;expires=300, <sip:a@192.0.2.1>;expires=0\r\n", 2);
  CHECK(count_of(reply, Header::contact) == 0);
  CHECK(desk.bindings.empty());
  reply = desk.decide("Contact: <sip:a@192.0.2.1>;expires=0, <sip:a@192.0.2.1>;expires=300\r\n", 3);
  CHECK(count_of(reply, Header::contact) == 1);
  CHECK(desk.bindings.size() == 1);
}

TEST_CASE("register: past the limit of bindings a new one is refused 403, a refresh is not") {
  Desk desk;
  desk.limits.bindings_per_user = 2;
  desk.decide("Contact: <sip:a@192.0.2.1>, <sip:b@192.0.2.1>\r\n");
  CHECK(desk.decide("Contact: <sip:c@192.0.2.1>\r\n", 2).status == 403);
  CHECK(desk.decide("Contact: <sip:c@192.0.2.1>, <sip:a@192.0.2.1>;expires=0\r\n", 3).status == 200);
  desk.limits.bindings_per_user = 1;
  CHECK(desk.decide("Contact: <sip:c@192.0.2.1>\r\n", 4).status == 200);
  CHECK(desk.bindings.size() == 2);
}

TEST_CASE("register: q is kept in thousandths, 0 too, and comes back as it was written [RFC 3261 §20.10]") {
  Desk desk;
  const auto reply = desk.decide(
      "Contact: <sip:a@192.0.2.1>;q=0.5, <sip:b@192.0.2.1>;q=0, <sip:c@192.0.2.1>;q=1.000, <sip:d@192.0.2.1>, "
      "<sip:e@192.0.2.1>;q=0.125\r\n");
  REQUIRE(desk.bindings.size() == 5);
  const std::uint16_t expected[] = {500, 0, 1000, 1000, 125};
  for (std::size_t i = 0; i < 5; ++i) CHECK(desk.bindings[i].q == expected[i]);
  CHECK(header_of(reply, Header::contact) == "<sip:a@192.0.2.1>;q=0.5;expires=3600");
}

TEST_CASE("register: a Contact that cannot be called is answered 400 [RFC 3261 §10.3]") {
  Desk desk;
  CHECK(desk.decide("Contact: <mailto:alice@example.com>\r\n").status == 400);
  CHECK(desk.decide("Contact: <tel:+123>\r\n").status == 400);
  CHECK(desk.bindings.empty());
}

TEST_CASE("register: what the device tells about itself is kept and comes back [RFC 3840 §6]") {
  Desk desk;
  const auto reply = desk.decide("Contact: <sip:a@192.0.2.1>;audio;methods=\"INVITE,MESSAGE\"\r\nUser-Agent: Phone 1.0\r\n"
                                 "Allow: INVITE, MESSAGE\r\nAccept: text/plain\r\nAccept: text/html\r\n");
  CHECK(header_of(reply, Header::contact) == "<sip:a@192.0.2.1>;audio;methods=\"INVITE,MESSAGE\";expires=3600");
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].user_agent == "Phone 1.0");
  CHECK(desk.bindings[0].allow == "INVITE, MESSAGE");
  CHECK(desk.bindings[0].accept == "text/plain, text/html");
  CHECK(desk.bindings[0].flow == desk.flow);
}

TEST_CASE("register: Path is kept in order and given back [RFC 3327 §5.3]") {
  Desk desk;
  const auto reply = desk.decide(std::string(one) + "Path: <sip:p1;lr>, <sip:p2;lr>\r\nPath: <sip:p3;lr>\r\n");
  CHECK(count_of(reply, Header::path) == 3);
  CHECK(header_of(reply, Header::path) == "<sip:p1;lr>");
  CHECK(desk.bindings.at(0).path == std::vector<std::string>{"<sip:p1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"});
}

TEST_CASE("register: the same instance and reg-id replaces its contact, another reg-id adds one [RFC 5626 §6]") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>;reg-id=1" + instance + "\r\n");
  const auto id = desk.bindings.at(0).id;
  CHECK(desk.bindings[0].reg_id == 1);
  CHECK(desk.bindings[0].instance == "urn:uuid:00000000-0000-1000-8000-00000000000a");
  desk.decide("Contact: <sip:a@192.0.2.77>;reg-id=1" + instance + "\r\n", 1, "r2");
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].id == id);
  CHECK(desk.bindings[0].contact == "sip:a@192.0.2.77");
  desk.decide("Contact: <sip:a@192.0.2.78>;reg-id=2" + instance + "\r\n", 2, "r2");
  CHECK(desk.bindings.size() == 2);
}

TEST_CASE("register: a reg-id without an instance is ignored [RFC 5626 §6]") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>;reg-id=1\r\n");
  CHECK(desk.bindings.at(0).reg_id == 0);
}

TEST_CASE("register: a reg-id counts only when the first hop keeps the flow [RFC 5626 §6]") {
  Desk desk;
  auto text = Desk::text("Contact: <sip:a@192.0.2.1>;reg-id=1" + instance + "\r\n");
  text.via = "SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK2, SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1";
  desk.decide(text);
  CHECK(desk.bindings.at(0).reg_id == 0);
  text.cseq = 2;
  text.lines += "Path: <sip:192.0.2.5;lr>\r\n";
  desk.decide(text);
  CHECK(desk.bindings.at(0).reg_id == 0);
  text.cseq = 3;
  text.lines.replace(text.lines.find(";lr>"), 4, ";lr;ob>");
  desk.decide(text);
  CHECK(desk.bindings.back().reg_id == 1);
}

TEST_CASE("register: a flow is registered alone, but may come with contacts to remove [RFC 5626 §6]") {
  Desk desk;
  desk.decide(one);
  const std::string flow = "Contact: <sip:a@192.0.2.1>;reg-id=1" + instance + "\r\n";
  CHECK(desk.decide(flow + "Contact: <sip:b@192.0.2.1>\r\n", 2).status == 400);
  CHECK(desk.decide(flow + "Contact: <sip:alice@192.0.2.1:5060>;expires=0\r\n", 3).status == 200);
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].reg_id == 1);
}

TEST_CASE("register: an instance without reg-id has one contact, that from where it came last") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>" + instance + "\r\n");
  desk.decide("Contact: <sip:a@192.0.2.99>" + instance + "\r\n", 1, "r2");
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].contact == "sip:a@192.0.2.99");
}
