// SPDX-License-Identifier: Apache-2.0
// A registrar on a real shard.
#include <atomic>
#include <thread>

#include <rollcall/registrar/registrar.hpp>

#include <support/people.hpp>

using namespace rollcall;
using namespace rollcall::tests;
using namespace std::chrono_literals;
using sip::Header;

namespace {

struct House final : engine::TransactionUser {
  House() : directory(shards.metrics()), registrar(with_store(), directory) {
    shards.shard().transactions().set_user(*this);
    shards.shard().keeper().listen(engine::Topic::bindings, [this](const engine::Event& event) {
      CHECK(event.key == alice);
      ++events;
    });
    shards.shard().keeper().apply({model::SaveUser{user_named(alice)}});
  }
  engine::Shard& with_store() {
    shards.shard().keeper().add_store(directory);
    return shards.shard();
  }
  void on_request(engine::Request request) override {
    request.sender = aor(alice);
    registrar.on_register(std::move(request));
  }
  void on_ack(engine::Request) override {}
  void on_cancel(engine::TransactionId) override {}

  void send(std::string lines) {
    RequestText text;
    text.method = "REGISTER";
    text.uri = "sip:example.com";
    text.to = text.from = "<sip:alice@example.com>;tag=a";
    text.to = "<sip:alice@example.com>";
    text.cseq = ++cseq;
    text.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKr" + std::to_string(cseq) + ";rport";
    text.lines = std::move(lines);
    shards.receive(text.bytes(), flow);
  }
  int registers(std::string lines) {
    send(std::move(lines));
    return shards.wire().take_one().message->status();
  }

  Shards shards;
  accounts::Directory directory;
  registrar::Registrar registrar;
  std::string alice = "alice@example.com";
  sip::Flow flow = flow_of("udp:192.0.2.9:5060>192.0.2.1:5060");
  int cseq = 0;
  int events = 0;
};

constexpr auto desk = "Contact: <sip:alice@192.0.2.1:5060>;expires=600\r\n";
constexpr auto mobile = "Contact: <sip:alice@192.0.2.2:5060>;expires=900;q=0.5\r\n";

}  // namespace

TEST_CASE("registrar: the answer leaves and the binding counts when it is on disk, not before") {
  House house;
  house.shards.journal().hold();
  house.send(desk);
  CHECK(house.shards.wire().kinds() == "");
  CHECK_FALSE(house.registrar.is_registered(house.alice));
  house.shards.journal().release();
  CHECK(house.shards.wire().take_kinds() == "200 REGISTER");
  CHECK(house.registrar.is_registered(house.alice));
  CHECK(house.events == 1);
}

TEST_CASE(
    "registrar: without the database it is answered 503 with Retry-After, and nothing is bound [RFC 3261 "
    "§10.3 step 7]") {
  House house;
  house.shards.journal().set_available(false);
  house.send(desk);
  const Sent sent = house.shards.wire().take_one();
  CHECK(sent.message->status() == 503);
  CHECK(sent.header(Header::retry_after) != "");
  CHECK_FALSE(house.registrar.is_registered(house.alice));
  house.shards.journal().set_available(true);
  CHECK(house.registers(desk) == 200);
}

TEST_CASE(
    "registrar: requests are decided in the order in which they came, each on what the one before left [RFC "
    "3261 §10.3]") {
  House house;
  house.shards.journal().hold();
  house.send(desk);
  house.send("Contact: *\r\nExpires: 0\r\n");
  CHECK(house.shards.journal().waiting().size() == 1);
  house.shards.journal().release();
  CHECK(house.shards.wire().take_kinds() == "200 REGISTER, 200 REGISTER");
  CHECK_FALSE(house.registrar.is_registered(house.alice));
}

TEST_CASE(
    "registrar: at the limit, bindings whose connection has closed make room, and no others [RFC 5626 §7]") {
  House house;
  house.shards.limits.bindings_per_user = 3;
  house.registers("Contact: <sip:alice@192.0.2.1:5060>\r\n");
  for (const std::uint16_t port : {40001, 40002}) {
    house.flow = flow_of(fmt::format("tcp:192.0.2.9:5060>192.0.2.1:{}", port), port);
    house.registers(fmt::format("Contact: <sip:alice@192.0.2.1:{};transport=tcp>\r\n", port));
  }
  house.shards.wire().close(40001);
  CHECK(house.registrar.bindings(house.alice).size() == 3);
  house.flow = flow_of("tcp:192.0.2.9:5060>192.0.2.1:40003", 40003);
  const auto next = "Contact: <sip:alice@192.0.2.1:40003;transport=tcp>\r\n";
  CHECK(house.registers(next) == 200);
  const auto bindings = house.registrar.bindings(house.alice);
  REQUIRE(bindings.size() == 3);
  for (const model::Binding* binding : bindings)
    CHECK(binding->contact != "sip:alice@192.0.2.1:40001;transport=tcp");
  CHECK(house.registers("Contact: <sip:alice@192.0.2.1:40004;transport=tcp>\r\n") == 403);
  SUBCASE("one that listens for another connection stays") {
    house.registers("Contact: *\r\nExpires: 0\r\n");
    house.shards.limits.bindings_per_user = 1;
    house.registers("Contact: <sip:alice@192.0.2.1:5060;transport=tcp>\r\n");
    house.shards.wire().close(40003);
    CHECK(house.registers("Contact: <sip:alice@192.0.2.1:40005;transport=tcp>\r\n") == 403);
  }
}

TEST_CASE("registrar: bindings come with the best q first [RFC 3261 §16.6]") {
  House house;
  house.registers(mobile);
  house.registers(desk);
  const auto bindings = house.registrar.bindings(house.alice);
  REQUIRE(bindings.size() == 2);
  CHECK(bindings[0]->contact == "sip:alice@192.0.2.1:5060");
  CHECK(bindings[1]->q == 500);
}

TEST_CASE("registrar: a request goes to one flow of an instance, the newest that is open [RFC 5626 §7]") {
  House house;
  const auto contact = [](std::string_view uri, std::string_view params) {
    return fmt::format("Contact: <{}>;+sip.instance=\"<urn:uuid:1>\"{}\r\n", uri, params);
  };
  const auto chosen = [&] {
    std::string contacts;
    for (const model::Binding* binding : house.registrar.targets(house.alice))
      contacts.append(binding->contact).append(" ");
    return contacts;
  };
  house.flow = flow_of("tcp:192.0.2.9:5060>192.0.2.1:40001", 1);
  house.registers(contact("sip:a@first", ";reg-id=1"));
  house.shards.pass(1s);
  house.flow = flow_of("tcp:192.0.2.9:5060>192.0.2.1:40002", 2);
  house.registers(contact("sip:a@second", ";reg-id=2"));
  house.registers("Contact: <sip:a@other>;q=0.1\r\n");
  CHECK(house.registrar.bindings(house.alice).size() == 3);
  CHECK(chosen() == "sip:a@second sip:a@other ");
  house.shards.wire().close(2);
  CHECK(chosen() == "sip:a@first sip:a@other ");
  house.shards.wire().close(1);
  CHECK(chosen() == "sip:a@second sip:a@other ");
}

TEST_CASE("registrar: a binding goes away on time, off the disk too [RFC 3261 §10.3]") {
  House house;
  house.registers(desk);
  house.registers(mobile);
  house.shards.pass(599s);
  CHECK(house.registrar.bindings(house.alice).size() == 2);
  house.events = 0;
  house.shards.pass(1010ms);
  CHECK(house.registrar.bindings(house.alice).size() == 1);
  CHECK(house.events == 1);
  CHECK(std::holds_alternative<model::RemoveBinding>(house.shards.journal().committed().back()));
}

TEST_CASE("registrar: it is known which bindings the server took away [RFC 3680 §4.7.1]") {
  House house;
  const auto by_server = [&] {
    const auto* removed = std::get_if<model::RemoveBinding>(&house.shards.journal().committed().back());
    REQUIRE(removed);
    return removed->by_server;
  };
  house.registers(desk);
  house.shards.pass(601s);
  CHECK_FALSE(by_server());
  house.registers(mobile);
  house.registrar.remove(house.alice, 0, [](const base::Result<>&) {});
  CHECK(by_server());
}

TEST_CASE("registrar: a binding that ran out is a recent one for a while, and its end is announced twice") {
  House house;
  house.registrar.set_hysteresis(5s);
  house.registers(desk);
  house.registers(mobile);
  house.events = 0;
  house.shards.pass(604s);
  CHECK(house.events == 1);
  CHECK(house.registrar.bindings(house.alice).size() == 1);
  CHECK(house.registrar.recent_bindings(house.alice).size() == 2);
  CHECK(std::holds_alternative<model::RemoveBinding>(house.shards.journal().committed().back()));
  house.shards.pass(2s);
  CHECK(house.events == 2);
  CHECK(house.registrar.recent_bindings(house.alice).size() == 1);
  // Who is removed is no recent one.
  house.registrar.remove(house.alice, 0, [](const base::Result<>&) {});
  CHECK_FALSE(house.registrar.is_registered_lately(house.alice));
  house.shards.pass(400s);
  CHECK(house.events == 3);
}

TEST_CASE("registrar: a refresh that is on its way to the disk when the time is up counts") {
  House house;
  house.registers(desk);
  house.shards.pass(599900ms);
  house.shards.journal().hold();
  house.send(desk);
  house.shards.pass(1s);
  house.shards.journal().release();
  CHECK(house.shards.wire().take_kinds() == "200 REGISTER");
  house.shards.pass(1s);
  CHECK(house.registrar.is_registered(house.alice));
}

TEST_CASE(
    "registrar: what expires without the database is gone at once, and off the disk when that is back") {
  House house;
  house.registers(desk);
  house.shards.journal().set_available(false);
  house.shards.pass(601s);
  CHECK_FALSE(house.registrar.is_registered(house.alice));
  CHECK(house.shards.journal().committed().size() == 1);
  house.shards.journal().set_available(true);
  house.shards.pass(6s);
  CHECK(house.shards.journal().committed().size() == 2);
}

TEST_CASE("registrar: who is disabled has no bindings from now on") {
  House house;
  house.registers(desk);
  model::User disabled = user_named(house.alice);
  disabled.enabled = false;
  house.shards.shard().keeper().commit({model::SaveUser{disabled}}, [](const base::Result<>&) {});
  CHECK_FALSE(house.registrar.is_registered(house.alice));
  CHECK(house.registers(desk) == 404);
}

TEST_CASE("registrar: who is removed while a REGISTER waits for its turn is not registered again") {
  House house;
  house.registers(desk);
  engine::Shard& shard = house.shards.shard();
  shard.gate().enter(house.alice, [] {});
  house.send(desk);
  shard.keeper().commit({model::RemoveUser{aor(house.alice)}}, [](const base::Result<>&) {});
  shard.gate().leave(house.alice);
  CHECK(house.shards.wire().take_kinds() == "404 REGISTER");
  CHECK_FALSE(house.registrar.is_registered(house.alice));
  house.shards.pass(700s);  // no timer of the old binding is left
  CHECK(std::holds_alternative<model::RemoveUser>(house.shards.journal().committed().back()));
}

TEST_CASE("registrar: an administrator removes one binding, or all, or one that is not there") {
  House house;
  house.registers(desk);
  house.registers(mobile);
  const auto remove = [&](std::uint64_t id) {
    std::optional<base::Result<>> result;
    house.registrar.remove(house.alice, id, [&](const base::Result<>& kept) { result = kept; });
    REQUIRE(result);
    return *result;
  };
  CHECK(remove(12345).error().code == base::ErrorCode::not_found);
  CHECK(remove(house.registrar.bindings(house.alice)[0]->id).ok());
  CHECK(house.registrar.bindings(house.alice).size() == 1);
  CHECK(remove(0).ok());
  CHECK_FALSE(house.registrar.is_registered(house.alice));
  CHECK(remove(0).ok());
}

TEST_CASE("registrar: the service asks the shard that owns the user, however the domain is written") {
  House house;
  house.registers(desk);
  registrar::Service service({{&house.shards.shard(), &house.registrar}});
  base::Result<std::vector<model::Binding>> listed = base::not_found("nobody asked");
  std::atomic<bool> answered = false;
  std::thread administrator([&] {
    listed = service.list(aor("alice@EXAMPLE.com"));
    answered = true;
  });
  while (!answered) {
    house.shards.settle();
    std::this_thread::yield();
  }
  administrator.join();
  REQUIRE(listed.ok());
  CHECK(listed->size() == 1);
}
