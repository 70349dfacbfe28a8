// SPDX-License-Identifier: Apache-2.0
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::messaging::test;
using namespace std::chrono_literals;

namespace {

/// alice writes while nobody of bob is there.
void leave(House& house, std::initializer_list<const char*> texts) {
  for (const auto* text : texts) {
    house.send(text);
    REQUIRE(house.status() == 202);
    house.shards.pass(10ms);
  }
}

}  // namespace

TEST_CASE("delivery: oldest first, the next when the one before is confirmed, and then they are gone") {
  House house;
  leave(house, {"one", "two", "three"});
  house.registers(house.desk);
  CHECK(house.messages_to(house.desk) == 1);
  CHECK(house.takes(house.desk) == "one");
  CHECK(house.takes(house.desk) == "two");
  CHECK(house.waiting() == 1);
  CHECK(house.takes(house.desk) == "three");
  CHECK(house.messages_to(house.desk) == 0);
  CHECK(house.waiting() == 0);
}

TEST_CASE("delivery: each device that was known gets it once") {
  House house;
  house.registers(house.desk);
  house.registers(house.mobile);
  house.unregisters(house.desk);
  house.unregisters(house.mobile);
  leave(house, {"for both"});
  house.registers(house.desk);
  CHECK(house.takes(house.desk) == "for both");
  CHECK(house.waiting() == 1);
  house.registers(house.desk);
  CHECK(house.messages_to(house.desk) == 0);
  house.registers(house.mobile);
  CHECK(house.takes(house.mobile) == "for both");
  CHECK(house.waiting() == 0);
}

TEST_CASE("delivery: what a device cannot take now stays in order for its next registration") {
  for (const int status : {408, 480, 486, 500, 503}) {
    CAPTURE(status);
    House house;
    leave(house, {"one", "two"});
    house.registers(house.desk);
    CHECK(house.takes(house.desk, status) == "one");
    CHECK(house.messages_to(house.desk) == 0);
    CHECK(house.waiting() == 2);
    house.registers(house.desk);
    CHECK(house.takes(house.desk) == "one");
    CHECK(house.takes(house.desk) == "two");
    CHECK(house.waiting() == 0);
  }
}

TEST_CASE("delivery: what a device will not take does not hold up what is behind it") {
  for (const int status : {400, 403, 415, 488}) {
    CAPTURE(status);
    House house;
    leave(house, {"odd", "plain"});
    house.registers(house.desk);
    CHECK(house.takes(house.desk, status) == "odd");
    CHECK(house.takes(house.desk) == "plain");
    // It is still there for the next one that registers.
    CHECK(house.waiting() == 1);
    house.registers(house.mobile);
    CHECK(house.takes(house.mobile) == "odd");
  }
}

TEST_CASE("delivery: a 6xx says that it arrived and is not wanted [RFC 3428 §7]") {
  House house;
  leave(house, {"unwanted"});
  house.registers(house.desk);
  house.takes(house.desk, 603);
  CHECK(house.waiting() == 0);
}

TEST_CASE("delivery: a device that is silent gets it again when it registers, and is not asked in between") {
  House house;
  leave(house, {"hello"});
  house.registers(house.desk);
  house.shards.pass(40s);
  // The first one with its repetitions (RFC 3261 §17.1.2.2), and nothing else.
  std::string branch = house.message_to(house.desk).header(Header::via);
  while (house.messages_to(house.desk) > 0)
    CHECK(house.message_to(house.desk).header(Header::via) == branch);
  CHECK(house.waiting() == 1);
  house.registers(house.desk);
  CHECK(house.takes(house.desk) == "hello");
  CHECK(house.waiting() == 0);
}

TEST_CASE("delivery: a device that registers again during its delivery is not sent the same twice") {
  House house;
  leave(house, {"one", "two"});
  house.registers(house.desk);
  const Sent first = house.message_to(house.desk);
  house.registers(house.desk);
  CHECK(house.messages_to(house.desk) == 0);
  house.reply(first);
  CHECK(house.takes(house.desk) == "two");
  CHECK(house.waiting() == 0);
}

TEST_CASE("delivery: when the database is away the next registration tries again") {
  House house;
  leave(house, {"hello"});
  house.readers.available = false;
  house.registers(house.desk);
  CHECK(house.messages_to(house.desk) == 0);
  house.readers.available = true;
  house.registers(house.desk);
  CHECK(house.takes(house.desk) == "hello");
}

TEST_CASE("delivery: what has expired is not delivered and leaves the store [RFC 3428 §7]") {
  House house;
  auto text = house.text("soon over");
  text.lines += "Expires: 60\r\n";
  house.send(text);
  CHECK(house.status() == 202);
  house.shards.pass(61s);
  CHECK(house.waiting() == 0);
  house.registers(house.desk);
  CHECK(house.messages_to(house.desk) == 0);
}

TEST_CASE("delivery: what was dropped while it waited is not sent") {
  House house;
  leave(house, {"one"});
  bool done = false;
  house.messaging.drop("bob@example.com", "", [&](const base::Result<>& result) { done = result.ok(); });
  CHECK(done);
  house.registers(house.desk);
  CHECK(house.messages_to(house.desk) == 0);
}
