// SPDX-License-Identifier: Apache-2.0
// Deciding about a REGISTER.
#include "register.hpp"

#include <chrono>

#include <fmt/format.h>
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
    for (const model::Binding& binding : bindings)
      current.push_back(&binding);
    const auto request = request_of(text, flow, clock.now());
    auto outcome =
        registrar::decide_register(request, aor("alice@example.com"), current, limits, clock.now());
    if (outcome.reply.status != 200) CHECK(outcome.changes.empty());
    for (const model::Change& change : outcome.changes)
      apply(change);
    return outcome.reply;
  }
  sip::Reply decide(std::string lines, int cseq = 1, std::string call_id = "r1") {
    return decide(text(std::move(lines), cseq, std::move(call_id)));
  }

  void apply(const model::Change& change) {
    if (const auto* save = std::get_if<model::SaveBinding>(&change)) {
      std::erase_if(bindings, [&](const auto& one) { return one.id == save->binding.id; });
      bindings.push_back(save->binding);
    } else if (const auto* refresh = std::get_if<model::RefreshBinding>(&change)) {
      const auto known =
          std::ranges::find_if(bindings, [&](const auto& one) { return one.id == refresh->id; });
      REQUIRE(known != bindings.end());
      refresh->apply_to(*known);
    } else if (const auto* remove = std::get_if<model::RemoveBinding>(&change)) {
      std::erase_if(bindings, [&](const auto& one) { return one.id == remove->id; });
    } else {
      FAIL("a change that is not about bindings");
    }
  }
};

constexpr auto one = "Contact: <sip:alice@192.0.2.1:5060>\r\n";
std::string one_with(const std::string& parameters) {
  return "Contact: <sip:alice@192.0.2.1:5060>" + parameters + "\r\n";
}
const std::string instance = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-00000000000a>\"";

}  // namespace

TEST_CASE(
    "register: a new contact is bound, and the answer lists it with its expiry and a Date [RFC 3261 §10.3 "
    "step 8]") {
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

TEST_CASE(
    "register: the expires parameter comes before the Expires header, and this before our default [RFC 3261 "
    "§10.3 step 7]") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>;expires=100, <sip:b@192.0.2.1>\r\nExpires: 200\r\n");
  REQUIRE(desk.bindings.size() == 2);
  CHECK(desk.bindings[0].expires == desk.clock.now() + 100s);
  CHECK(desk.bindings[1].expires == desk.clock.now() + 200s);
  desk.decide("Contact: <sip:c@192.0.2.1>\r\n", 2);
  CHECK(desk.bindings[2].expires == desk.clock.now() + 3600s);
}

TEST_CASE(
    "register: an expiry that is no number counts as an hour, one too long is shortened [RFC 3261 §20.10, "
    "§10.3 step 7]") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>;expires=soon, <sip:b@192.0.2.1>;expires=31536000\r\n");
  REQUIRE(desk.bindings.size() == 2);
  CHECK(desk.bindings[0].expires == desk.clock.now() + 3600s);
  CHECK(desk.bindings[1].expires == desk.clock.now() + 7200s);
}

TEST_CASE("register: who names no time is never told that it is too brief [RFC 3261 §10.3 step 7]") {
  Desk desk;
  desk.limits.register_default_seconds = 60;
  desk.limits.register_min_seconds = 300;
  CHECK(desk.decide(one).status == 200);
  CHECK(desk.bindings.at(0).expires == desk.clock.now() + 300s);
}

TEST_CASE(
    "register: too brief a time is answered 423 with Min-Expires, and nothing is bound [RFC 3261 §10.3 step "
    "7]") {
  Desk desk;
  const auto reply = desk.decide("Contact: <sip:a@192.0.2.1>;expires=600, <sip:b@192.0.2.1>;expires=59\r\n");
  CHECK(reply.status == 423);
  CHECK(header_of(reply, Header::min_expires) == "60");
  CHECK(desk.bindings.empty());
}

TEST_CASE(
    "register: the same contact is refreshed, also when it is written in another way [RFC 3261 §10.3 step 7, "
    "§19.1.4]") {
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
  const auto reply =
      desk.decide("Contact: <sip:a@192.0.2.1>;expires=0, <sip:never@192.0.2.1>;expires=0\r\n", 2);
  CHECK(reply.status == 200);
  CHECK(count_of(reply, Header::contact) == 1);
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].contact == "sip:b@192.0.2.1");
}

TEST_CASE(
    "register: what is not newer than the binding by Call-ID and CSeq fails whole with 500 [RFC 3261 §10.3 "
    "step 7]") {
  Desk desk;
  desk.decide(one, 7);
  for (const int cseq : {6, 7}) {
    CHECK(
        desk.decide(std::string("Contact: <sip:new@192.0.2.7>\r\n") + one + "Expires: 0\r\n", cseq).status ==
        500);
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
  for (const char* lines :
       {"Contact: *\r\n", "Contact: *\r\nExpires: 60\r\n", "Contact: *, <sip:a@192.0.2.1>\r\nExpires: 0\r\n",
        "Contact: *\r\nContact: *\r\nExpires: 0\r\n"})
    CHECK(desk.decide(lines, 2).status == 400);
  CHECK(desk.bindings.size() == 1);
}

TEST_CASE(
    "register: of two contacts of one request that are the same the later counts [RFC 3261 §10.3 step 7]") {
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

TEST_CASE("register: thousands of contacts in one request are refused before they are all compared") {
  Desk desk;
  std::string lines;
  for (int i = 0; i < 3'000; ++i)
    lines += fmt::format("{}<sip:{}@h>", i % 300 == 0 ? (i == 0 ? "Contact: " : "\r\nContact: ") : ",", i);
  const auto begin = std::chrono::steady_clock::now();
  CHECK(desk.decide(lines + "\r\n").status == 403);
  CHECK(std::chrono::steady_clock::now() - begin < 2s);
  CHECK(desk.bindings.empty());
}

TEST_CASE("register: q is kept in thousandths, 0 too, and comes back as it was written [RFC 3261 §20.10]") {
  Desk desk;
  const auto reply = desk.decide(
      "Contact: <sip:a@192.0.2.1>;q=0.5, <sip:b@192.0.2.1>;q=0, <sip:c@192.0.2.1>;q=1.000, "
      "<sip:d@192.0.2.1>, "
      "<sip:e@192.0.2.1>;q=0.125\r\n");
  REQUIRE(desk.bindings.size() == 5);
  const std::uint16_t expected[] = {500, 0, 1000, 1000, 125};
  for (std::size_t i = 0; i < 5; ++i)
    CHECK(desk.bindings[i].q == expected[i]);
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
  const auto reply = desk.decide(
      "Contact: <sip:a@192.0.2.1>;audio;methods=\"INVITE,MESSAGE\"\r\nUser-Agent: Phone 1.0\r\n"
      "Allow: INVITE, MESSAGE\r\nAccept: text/plain\r\nAccept: text/html\r\n");
  CHECK(header_of(reply, Header::contact) ==
        "<sip:a@192.0.2.1>;audio;methods=\"INVITE,MESSAGE\";expires=3600");
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].user_agent == "Phone 1.0");
  CHECK(desk.bindings[0].allow == "INVITE, MESSAGE");
  CHECK(desk.bindings[0].accept == "text/plain, text/html");
  CHECK(desk.bindings[0].flow == desk.flow);
}

TEST_CASE("register: Path is kept in order and given back [RFC 3327 §5.3]") {
  Desk desk;
  const auto reply =
      desk.decide(std::string(one) + "Path: <sip:p1;lr>, <sip:p2;lr>\r\nPath: <sip:p3;lr>\r\n");
  CHECK(count_of(reply, Header::path) == 3);
  CHECK(header_of(reply, Header::path) == "<sip:p1;lr>");
  CHECK(desk.bindings.at(0).path == std::vector<std::string>{"<sip:p1;lr>", "<sip:p2;lr>", "<sip:p3;lr>"});
}

TEST_CASE(
    "register: the same instance and reg-id replaces its contact, another reg-id adds one [RFC 5626 §6]") {
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

TEST_CASE("register: a refresh moves the expiry and the CSeq, and takes what else the device tells anew") {
  Desk desk;
  desk.decide(std::string(one) + "Expires: 600\r\nUser-Agent: phone 1\r\n", 1);
  model::Binding expected = desk.bindings.at(0);
  desk.clock.pass(100s);
  desk.decide(std::string(one) + "Expires: 600\r\nUser-Agent: phone 1\r\n", 2);
  REQUIRE(desk.bindings.size() == 1);
  expected.cseq = 2;
  expected.updated += 100s;
  expected.expires += 100s;
  CHECK(desk.bindings[0] == expected);
  desk.decide(std::string(one) + "Expires: 600\r\nUser-Agent: phone 2\r\n", 3);
  REQUIRE(desk.bindings.size() == 1);
  expected.cseq = 3;
  expected.user_agent = "phone 2";
  CHECK(desk.bindings[0] == expected);
}

TEST_CASE(
    "register: an instance may give two contacts in one request, and refresh one or both [RFC 3261 §10.3]") {
  Desk desk;
  const std::string first = "Contact: <sip:a@192.0.2.1>" + instance + "\r\n";
  const std::string second = "Contact: <sip:a@192.0.2.1;transport=tcp>" + instance + "\r\n";
  desk.decide(first + second);
  CHECK(desk.bindings.size() == 2);
  desk.decide(second, 2);
  CHECK(desk.bindings.size() == 2);
  const auto reply = desk.decide(second + first, 3);
  CHECK(count_of(reply, Header::contact) == 2);
  REQUIRE(desk.bindings.size() == 2);
  CHECK(desk.bindings[0].contact != desk.bindings[1].contact);
}

TEST_CASE(
    "register: a device that moves may remove its old contact in the same request, in either order [RFC 3261 "
    "§10.2.2]") {
  for (const std::string& names : {instance, ";reg-id=1" + instance}) {
    for (const bool old_first : {false, true}) {
      CAPTURE(names);
      CAPTURE(old_first);
      Desk desk;
      const std::string before = "Contact: <sip:a@192.0.2.1>" + names;
      const std::string after = "Contact: <sip:a@192.0.2.99>" + names + "\r\n";
      desk.decide(before + "\r\n");
      const std::string removal = before + ";expires=0\r\n";
      const auto reply = desk.decide(old_first ? removal + after : after + removal, 2);
      CHECK(reply.status == 200);
      CHECK(count_of(reply, Header::contact) == 1);
      REQUIRE(desk.bindings.size() == 1);
      CHECK(desk.bindings[0].contact == "sip:a@192.0.2.99");
    }
  }
}

TEST_CASE("register: an old contact that is removed late does not take the new one of its instance with it") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>" + instance + "\r\n");
  desk.decide("Contact: <sip:a@192.0.2.99>" + instance + "\r\n", 2);
  CHECK(desk.decide("Contact: <sip:a@192.0.2.1>" + instance + ";expires=0\r\n", 3).status == 200);
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].contact == "sip:a@192.0.2.99");
}

TEST_CASE("register: two devices that use the same contact behind NATs of their own are two bindings") {
  Desk desk;
  const std::string other = ";+sip.instance=\"<urn:uuid:00000000-0000-1000-8000-00000000000b>\"";
  desk.decide(one_with(instance));
  desk.decide(one_with(other), 1, "r2");
  CHECK(desk.bindings.size() == 2);
}

TEST_CASE(
    "register: a device that begins to name itself or its flow keeps the binding of that contact [RFC 3261 "
    "§16.5]") {
  Desk desk;
  desk.decide(one);
  const auto id = desk.bindings.at(0).id;
  desk.decide(one_with(instance), 2);
  desk.decide(one_with(";reg-id=1" + instance), 3);
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].id == id);
  CHECK(desk.bindings[0].reg_id == 1);
}

TEST_CASE("register: one contact on two flows is two bindings, which a refresh tells apart [RFC 5626 §6]") {
  Desk desk;
  desk.decide(one_with(";reg-id=1" + instance));
  desk.decide(one_with(";reg-id=2" + instance), 1, "r2");
  REQUIRE(desk.bindings.size() == 2);
  desk.flow = flow_of("udp:192.0.2.9:5060>192.0.2.1:40000");
  desk.decide(one_with(";reg-id=1" + instance), 2);
  REQUIRE(desk.bindings.size() == 2);
  for (const model::Binding& binding : desk.bindings)
    CHECK((binding.flow == desk.flow) == (binding.reg_id == 1));
  desk.decide(one_with(";reg-id=2" + instance + ";expires=0"), 2, "r2");
  REQUIRE(desk.bindings.size() == 1);
  CHECK(desk.bindings[0].reg_id == 1);
}

TEST_CASE(
    "register: a flow that is removed is found by its names, whatever its contact is now [RFC 5626 §6]") {
  Desk desk;
  desk.decide("Contact: <sip:a@192.0.2.1>;reg-id=1" + instance + "\r\n");
  desk.decide("Contact: <sip:a@192.0.2.99>;reg-id=1;expires=0" + instance + "\r\n", 2);
  CHECK(desk.bindings.empty());
}

TEST_CASE("register: a reg-id that is no number from 1 on is ignored [RFC 5626 §4.2]") {
  for (const char* reg_id : {"0", "-1", "x", "99999999999999999999"}) {
    Desk desk;
    desk.decide(one_with(";reg-id=" + std::string(reg_id) + instance));
    CHECK(desk.bindings.at(0).reg_id == 0);
  }
}

TEST_CASE("register: a Path that could be no Route is answered 400, and nothing is bound [RFC 3327 §4]") {
  for (const char* path : {"sip:p1;lr", "<sip:p1;lr", "nonsense", "<sip:p1;lr>, <nonsense>"}) {
    Desk desk;
    CHECK(desk.decide(std::string(one) + "Path: " + path + "\r\n").status == 400);
    CHECK(desk.bindings.empty());
  }
}

TEST_CASE(
    "register: the answer requires outbound when a flow counts and the device knows outbound [RFC 5626 §6]") {
  Desk desk;
  const auto requires_of = [&](const std::string& parameters, const std::string& lines, int cseq) {
    const auto reply = desk.decide(one_with(parameters) + lines, cseq);
    CHECK(reply.status == 200);
    return header_of(reply, Header::require);
  };
  CHECK(requires_of(";reg-id=1" + instance, "Supported: path, Outbound\r\n", 1) == "outbound");
  CHECK(requires_of(";reg-id=1;expires=0" + instance, "Supported: outbound\r\n", 2) == "outbound");
  CHECK(requires_of(";reg-id=1" + instance, "Supported: path\r\n", 3) == "");
  CHECK(requires_of(instance, "Supported: outbound\r\n", 4) == "");
  CHECK(requires_of(";reg-id=1", "Supported: outbound\r\n", 5) == "");
}

TEST_CASE(
    "register: a flow that the first hop does not keep is answered 439 to who knows outbound [RFC 5626 §6]") {
  Desk desk;
  auto text = Desk::text(one_with(";reg-id=1" + instance) + "Supported: outbound\r\n");
  text.via = "SIP/2.0/UDP 192.0.2.5;branch=z9hG4bK2, SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1";
  CHECK(desk.decide(text).status == 439);
  text.lines += "Path: <sip:192.0.2.5;lr>\r\n";
  CHECK(desk.decide(text).status == 439);
  CHECK(desk.bindings.empty());
  text.lines.replace(text.lines.find(";lr>"), 4, ";lr;ob>");
  const auto reply = desk.decide(text);
  CHECK(reply.status == 200);
  CHECK(header_of(reply, Header::require) == "outbound");
}
