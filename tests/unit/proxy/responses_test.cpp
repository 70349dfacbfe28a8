// SPDX-License-Identifier: Apache-2.0
// The answers of devices, and what the caller hears of them.
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::proxy::test;
using namespace std::chrono_literals;
using sip::Header;

namespace {

/// Alice has called both devices.
struct Ringing : Call {
  explicit Ringing(std::string method = "INVITE") {
    register_desk();
    register_mobile();
    alice.send(to_bob(std::move(method)));
    to_desk = desk.get();
    to_mobile = mobile.get();
    alice.take_kinds();
  }
  void alice_cancels() {
    RequestText cancel = to_bob("INVITE");
    cancel.method = "CANCEL";
    alice.send(cancel);
    CHECK(alice.take_kinds() == "200 CANCEL");
  }
  /// Everything ends when nobody does anything any more.
  void check_forgotten() {
    pass(60s);
    CHECK(contexts() == 0);
    CHECK(shards.shard().transactions().client_count() == 0);
    CHECK(shards.shard().transactions().server_count() == 0);
  }

  Sent to_desk, to_mobile;
};

}  // namespace

TEST_CASE("proxy: provisional answers go back at once, a 100 does not [RFC 3261 §16.7 step 5]") {
  Ringing call;
  call.desk.answer(call.to_desk, 100);
  CHECK(call.alice.kinds().empty());
  call.desk.answer(call.to_desk, 180, "desk");
  call.mobile.answer(call.to_mobile, 183, "mobile");
  const Sent ringing = call.alice.get();
  CHECK(ringing.kind() == "180 INVITE");
  CHECK(ringing.header(Header::to) == "<sip:bob@example.com>;tag=desk");
  CHECK(ringing.headers(Header::via).size() == 1);
  CHECK(call.alice.take_kinds() == "183 INVITE");
}

TEST_CASE(
    "proxy: the first device to answer gets the call, the other is cancelled [RFC 3261 §16.7 steps 5 and "
    "10]") {
  Ringing call;
  call.mobile.answer(call.to_mobile, 180);
  call.desk.answer(call.to_desk, 200);
  CHECK(call.alice.take_kinds() == "180 INVITE, 200 INVITE");
  const Sent cancel = call.mobile.get();
  CHECK(cancel.kind() == "CANCEL");
  call.mobile.answer(cancel, 200);
  call.mobile.answer(call.to_mobile, 487);
  CHECK(call.mobile.take_kinds() == "ACK");
  CHECK(call.alice.take_kinds().empty());
  call.check_forgotten();
}

TEST_CASE(
    "proxy: a 2xx goes back each time that it comes, and so does one of another device [RFC 6026 §7.2]") {
  Ringing call;
  call.desk.answer(call.to_desk, 200, "desk");
  call.desk.answer(call.to_desk, 200, "desk");
  call.mobile.answer(call.to_mobile, 200, "mobile");
  CHECK(call.contexts() == 0);
  call.desk.answer(call.to_desk, 200, "desk");
  call.mobile.answer(call.to_mobile, 200, "mobile");
  CHECK(call.alice.take_kinds() == "200 INVITE, 200 INVITE, 200 INVITE, 200 INVITE, 200 INVITE");
  call.check_forgotten();
}

TEST_CASE(
    "proxy: when every device refuses the caller hears it once, from the best of them [RFC 3261 §16.7 step "
    "6]") {
  Ringing call;
  call.desk.answer(call.to_desk, 480, "desk");
  CHECK(call.alice.kinds().empty());
  call.mobile.answer(call.to_mobile, 486, "mobile");
  const Sent refused = call.alice.get();
  CHECK(refused.kind() == "486 INVITE");
  CHECK(refused.header(Header::to) == "<sip:bob@example.com>;tag=mobile");
  CHECK(call.alice.kinds().empty());
  CHECK(call.desk.take_kinds() == "ACK");
  CHECK(call.contexts() == 0);
}

TEST_CASE("proxy: a redirection is passed back [RFC 3261 §16.7 step 6]") {
  Ringing call;
  call.desk.answer(call.to_desk, sip::Reply(302).with(Header::contact, "<sip:bob@elsewhere.example>"));
  call.mobile.answer(call.to_mobile, 486);
  const Sent moved = call.alice.get();
  CHECK(moved.kind() == "302 INVITE");
  CHECK(moved.header(Header::contact) == "<sip:bob@elsewhere.example>");
}

TEST_CASE("proxy: a 6xx ends the search, and goes back when the others are done [RFC 3261 §16.7 step 5]") {
  Ringing call;
  call.mobile.answer(call.to_mobile, 180);
  call.alice.take_kinds();
  call.desk.answer(call.to_desk, 603);
  CHECK(call.alice.kinds().empty());
  call.mobile.answer(call.mobile.get(), 200);
  call.mobile.answer(call.to_mobile, 487);
  CHECK(call.alice.take_kinds() == "603 INVITE");
  CHECK(call.contexts() == 0);
}

TEST_CASE("proxy: a device that answers while a 6xx waits gets the call [RFC 3261 §16.7 step 5]") {
  Ringing call;
  call.desk.answer(call.to_desk, 603);
  call.mobile.answer(call.to_mobile, 200);
  CHECK(call.alice.take_kinds() == "200 INVITE");
  CHECK(call.contexts() == 0);
}

TEST_CASE("proxy: challenges of all devices go back in one answer [RFC 3261 §16.7 step 7]") {
  Ringing call;
  call.desk.answer(call.to_desk,
                   sip::Reply(401).with(Header::www_authenticate, R"(Digest realm="desk", nonce="1")"));
  call.mobile.answer(call.to_mobile,
                     sip::Reply(407).with(Header::proxy_authenticate, R"(Digest realm="mobile", nonce="2")"));
  const Sent challenge = call.alice.get();
  CHECK(challenge.kind() == "401 INVITE");
  CHECK(challenge.header(Header::www_authenticate) == R"(Digest realm="desk", nonce="1")");
  CHECK(challenge.header(Header::proxy_authenticate) == R"(Digest realm="mobile", nonce="2")");
}

TEST_CASE("proxy: a 503 of a device is no reason to avoid us: 500 [RFC 3261 §16.7 step 6]") {
  Ringing call;
  call.desk.answer(call.to_desk, 503);
  call.mobile.answer(call.to_mobile, 503);
  CHECK(call.alice.take_kinds() == "500 INVITE");
}

TEST_CASE("proxy: a device that cannot be reached counts as a 503 [RFC 3261 §16.9]") {
  Ringing call;
  call.shards.shard().on_send_failed(call.to_mobile.token);
  CHECK(call.alice.kinds().empty());
  call.desk.answer(call.to_desk, 480);
  CHECK(call.alice.take_kinds() == "480 INVITE");
}

TEST_CASE("proxy: devices that do not answer are a 408 for an INVITE [RFC 3261 §16.7 step 6]") {
  Ringing call;
  call.pass(33s);
  CHECK(call.alice.take_kinds().ends_with("408 INVITE"));
  call.check_forgotten();
}

TEST_CASE("proxy: no 408 is sent for what is no INVITE, and no provisional answer [RFC 4320 §4]") {
  Ringing call("INFO");
  call.desk.answer(call.to_desk, 183);
  call.pass(40s);
  CHECK(call.alice.take_kinds() == "100 INFO");
  call.check_forgotten();
}

TEST_CASE("proxy: a 408 that a device sent for what is no INVITE is not passed on [RFC 4320 §4.2]") {
  Ringing call("INFO");
  call.desk.answer(call.to_desk, 408);
  call.mobile.answer(call.to_mobile, 408);
  CHECK(call.alice.kinds().empty());
  CHECK(call.contexts() == 0);
}

TEST_CASE("proxy: the first 2xx to what is no INVITE is the answer [RFC 3261 §16.7 step 5]") {
  Ringing call("INFO");
  call.desk.answer(call.to_desk, 200);
  call.mobile.answer(call.to_mobile, 200);
  CHECK(call.alice.take_kinds() == "200 INFO");
  CHECK(call.mobile.kinds().empty());
  CHECK(call.contexts() == 0);
}

TEST_CASE(
    "proxy: the caller's CANCEL reaches the devices that ring, and the caller gets 487 [RFC 3261 §16.10]") {
  Ringing call;
  call.desk.answer(call.to_desk, 180);
  call.mobile.answer(call.to_mobile, 180);
  call.alice.take_kinds();
  call.alice_cancels();
  call.desk.answer(call.desk.get(), 200);
  call.mobile.answer(call.mobile.get(), 200);
  call.desk.answer(call.to_desk, 487);
  CHECK(call.alice.kinds().empty());
  call.mobile.answer(call.to_mobile, 487);
  CHECK(call.alice.take_kinds() == "487 INVITE");
  CHECK(call.contexts() == 0);
}

TEST_CASE("proxy: a device that has not rung yet is cancelled when it does [RFC 3261 §9.1]") {
  Ringing call;
  call.alice_cancels();
  CHECK(call.desk.kinds().empty());
  call.mobile.answer(call.to_mobile, 486);
  call.desk.answer(call.to_desk, 180);
  const Sent cancel = call.desk.get();
  CHECK(cancel.kind() == "CANCEL");
  call.desk.answer(cancel, 200);
  call.desk.answer(call.to_desk, 487);
  CHECK(call.alice.take_kinds() == "180 INVITE, 486 INVITE");
}

TEST_CASE("proxy: a caller that cancels a call to devices that never answer gets 487") {
  Ringing call;
  call.alice_cancels();
  call.pass(33s);
  CHECK(call.alice.take_kinds().ends_with("487 INVITE"));
  call.check_forgotten();
}

TEST_CASE("proxy: a cancelled call is not tried on devices of a lower q") {
  Call call;
  call.register_desk(900);
  call.register_mobile(100);
  call.alice.send(to_bob("INVITE"));
  const Sent invite = call.desk.get();
  call.desk.answer(invite, 180);
  RequestText cancel = to_bob("INVITE");
  cancel.method = "CANCEL";
  call.alice.send(cancel);
  call.desk.answer(invite, 487);
  CHECK(call.mobile.kinds().empty());
  CHECK(call.alice.take_kinds() == "100 INVITE, 180 INVITE, 200 CANCEL, 487 INVITE");
}

TEST_CASE("proxy: a device may ring for more than three minutes, and then is cancelled [RFC 3261 §16.8]") {
  Call call;
  call.register_mobile();
  call.alice.send(to_bob("INVITE"));
  const Sent invite = call.mobile.get();
  call.mobile.answer(invite, 180);
  call.pass(180s);
  CHECK(call.mobile.kinds().empty());
  call.pass(10s);
  const Sent cancel = call.mobile.get();
  CHECK(cancel.kind() == "CANCEL");
  call.mobile.answer(cancel, 200);
  call.mobile.answer(invite, 487);
  CHECK(call.alice.take_kinds() == "100 INVITE, 180 INVITE, 487 INVITE");
}

TEST_CASE(
    "proxy: each provisional answer gives a device three minutes more, a 100 does not [RFC 3261 §16.7 step "
    "2]") {
  Call call;
  call.register_mobile();
  call.alice.send(to_bob("INVITE"));
  const Sent invite = call.mobile.get();
  call.mobile.answer(invite, 180);
  call.pass(170s);
  call.mobile.answer(invite, 180);
  call.pass(170s);
  call.mobile.answer(invite, 100);
  CHECK(call.mobile.kinds().empty());
  call.pass(20s);
  CHECK(call.mobile.take_kinds() == "CANCEL");
}

TEST_CASE("proxy: a device that rings and obeys no CANCEL is given up [RFC 3261 §9.1]") {
  Call call;
  call.register_mobile();
  call.alice.send(to_bob("INVITE"));
  call.mobile.answer(call.mobile.get(), 180);
  call.pass(250s);
  CHECK(call.alice.take_kinds().starts_with("100 INVITE, 180 INVITE, 408 INVITE"));
  CHECK(call.contexts() == 0);
}
