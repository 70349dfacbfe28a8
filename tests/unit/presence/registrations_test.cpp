// SPDX-License-Identifier: Apache-2.0
// The package reg: somebody is told of his own registrations (RFC 3680).
#include "house.hpp"
#include "support/schema.hpp"

#include <optional>

#include <rollcall/bodies/reginfo.hpp>
#include <rollcall/xml/element.hpp>

#include <doctest/doctest.h>

namespace rollcall::presence::test {

namespace {

using namespace std::chrono_literals;

constexpr auto for_long = "Expires: 600\r\n";
const std::string alice = "alice@example.com";

/// A document of registrations, taken apart.
struct Reginfo {
  explicit Reginfo(const Sent& sent) : state_of_subscription(sent.header(Header::subscription_state)) {
    static tests::Schema schema("driver-reginfo.xsd");
    CHECK(sent.header(Header::content_type) == "application/reginfo+xml");
    CHECK(sent.header(Header::event) == "reg");
    text = sent.message->body();
    CAPTURE(text);
    CHECK(schema.faults(text) == "");
    const auto read = xml::read_document(text, {1 << 20, 16});
    REQUIRE(read);
    root = *read;
    REQUIRE(root.children.size() == 1);
  }

  [[nodiscard]] std::string head(const char* name) const { return root.attribute(name)->value; }
  [[nodiscard]] const xml::Element& registration() const { return root.children.front(); }
  [[nodiscard]] std::string state() const { return registration().attribute("state")->value; }
  [[nodiscard]] std::size_t contacts() const { return registration().children.size(); }
  [[nodiscard]] const xml::Element& contact(const std::string& uri) const {
    for (const auto& contact : registration().children)
      if (contact.children.front().text == uri) return contact;
    FAIL("no contact ", uri, " in ", text);
    return root;
  }
  /// An attribute of a contact, "" when it has none.
  [[nodiscard]] std::string of(const std::string& uri, const char* name) const {
    const auto* attribute = contact(uri).attribute(name);
    return attribute ? attribute->value : "";
  }
  /// "active registered".
  [[nodiscard]] std::string what(const std::string& uri) const {
    return of(uri, "state") + " " + of(uri, "event");
  }

  std::string state_of_subscription, text;
  xml::Element root;
};

/// alice watches her own registrations, and has devices.
struct RegHouse {
  model::Binding device(std::uint64_t id, const std::string& uri, base::Duration left = 1h) const {
    model::Binding binding;
    binding.aor = tests::aor(alice.c_str());
    binding.id = id;
    binding.contact = uri;
    binding.call_id = "register" + std::to_string(id);
    binding.cseq = 1;
    binding.flow = tests::flow_of("udp:192.0.2.9:5060>198.51.100.77:4711");
    binding.updated = house.shards.clock.now();
    binding.expires = binding.updated + left;
    return binding;
  }
  void save(const model::Binding& binding) { house.commit({model::SaveBinding{binding}}); }
  void remove(std::uint64_t id) { house.commit({model::RemoveBinding{tests::aor(alice.c_str()), id}}); }
  House::Dialog watch() { return house.subscribe("alice", for_long, "reg"); }
  Reginfo notified() { return Reginfo(house.notified("alice")); }

  House house;
};

const std::string desk = "sip:alice@desk.example.com";
const std::string phone = "sip:alice@phone.example.com;transport=tcp";

}  // namespace

TEST_CASE("reg: who is not registered is told so, in a full document [RFC 3680 §4.7.1, §5.1]") {
  RegHouse reg;
  reg.watch();
  CHECK(reg.house.answer("SUBSCRIBE").kind() == "200 SUBSCRIBE");
  const Reginfo first = reg.notified();
  CHECK(first.head("version") == "0");
  CHECK(first.head("state") == "full");
  CHECK(first.registration().attribute("aor")->value == "sip:alice@example.com");
  CHECK(first.state() == "init");
  CHECK(first.contacts() == 0);
}

TEST_CASE("reg: all contacts are told first, then those that change [RFC 3680 §4.3, §4.7.2]") {
  RegHouse reg;
  reg.save(reg.device(1, desk, 300s));
  reg.watch();
  const Reginfo first = reg.notified();
  CHECK(first.state() == "active");
  CHECK(first.what(desk) == "active registered");
  CHECK(first.of(desk, "expires") == "300");
  CHECK(first.of(desk, "callid") == "register1");
  CHECK(first.of(desk, "cseq") == "1");

  reg.save(reg.device(2, phone));
  const Reginfo second = reg.notified();
  CHECK(second.head("version") == "1");
  CHECK(second.head("state") == "partial");
  CHECK(second.contacts() == 1);
  CHECK(second.what(phone) == "active registered");
  CHECK(second.of(phone, "duration-registered") == "0");
  CHECK(second.registration().attribute("id")->value == first.registration().attribute("id")->value);
  CHECK(second.of(phone, "id") != first.of(desk, "id"));

  reg.house.shards.pass(10s);
  reg.remove(2);
  const Reginfo third = reg.notified();
  CHECK(third.head("version") == "2");
  CHECK(third.contacts() == 1);
  CHECK(third.state() == "active");
  CHECK(third.what(phone) == "terminated unregistered");
  CHECK(third.of(phone, "id") == second.of(phone, "id"));
  CHECK(third.of(phone, "duration-registered") == "10");
  CHECK(third.of(phone, "expires") == "");

  reg.remove(1);
  const Reginfo last = reg.notified();
  CHECK(last.state() == "terminated");
  CHECK(last.what(desk) == "terminated unregistered");
  CHECK(reg.house.notifies_to("alice") == 0);
}

TEST_CASE("reg: a contact that was not refreshed in time has expired [RFC 3680 §4.7.1]") {
  RegHouse reg;
  reg.save(reg.device(1, desk, 60s));
  reg.watch();
  reg.notified();
  reg.house.shards.pass(61s);
  const Reginfo told = reg.notified();
  CHECK(told.state() == "terminated");
  CHECK(told.what(desk) == "terminated expired");
}

TEST_CASE(
    "reg: a REGISTER that comes again refreshes; less time without one is shortened [RFC 3680 §4.7.1]") {
  RegHouse reg;
  model::Binding binding = reg.device(1, desk, 600s);
  reg.save(binding);
  reg.watch();
  reg.notified();
  reg.house.shards.pass(100s);
  binding.cseq = 2;
  binding.updated = reg.house.shards.clock.now();
  binding.expires = binding.updated + 300s;
  reg.house.commit({model::RefreshBinding::of(binding)});
  const Reginfo refreshed = reg.notified();
  CHECK(refreshed.what(desk) == "active refreshed");
  CHECK(refreshed.of(desk, "expires") == "300");
  CHECK(refreshed.of(desk, "cseq") == "2");
  binding.expires = reg.house.shards.clock.now() + 30s;
  reg.save(binding);
  const Reginfo shortened = reg.notified();
  CHECK(shortened.what(desk) == "active shortened");
  CHECK(shortened.of(desk, "expires") == "30");
  // The same once more is no news.
  reg.save(binding);
  CHECK(reg.house.notifies_to("alice") == 0);
}

TEST_CASE("reg: what the server takes away is deactivated, of a disabled user rejected [RFC 3680 §4.7.1]") {
  RegHouse reg;
  reg.save(reg.device(1, desk));
  reg.save(reg.device(2, phone));
  reg.watch();
  reg.notified();
  reg.house.registrar.remove(alice, 1, [](const base::Result<>&) {});
  reg.house.shards.settle();
  CHECK(reg.notified().what(desk) == "terminated deactivated");
  model::User disabled = tests::user_named(alice);
  disabled.enabled = false;
  reg.house.commit({model::SaveUser{disabled}});
  CHECK(reg.notified().what(phone) == "terminated rejected");
  const Reginfo last = reg.notified();
  CHECK(last.state_of_subscription == "terminated;reason=noresource");
  CHECK(last.state() == "terminated");
}

TEST_CASE("reg: a contact that no REGISTER has made was created [RFC 3680 §4.7.1]") {
  RegHouse reg;
  reg.watch();
  reg.notified();
  model::Binding made = reg.device(1, desk);
  made.call_id = "";
  reg.save(made);
  const Reginfo told = reg.notified();
  CHECK(told.what(desk) == "active created");
  CHECK(told.of(desk, "callid") == "");
  CHECK(told.of(desk, "cseq") == "");
}

TEST_CASE("reg: of a contact its parameters are told, and no address of its flow [RFC 3680 §5.1, §7]") {
  RegHouse reg;
  model::Binding binding = reg.device(1, desk);
  binding.parameters = ";q=0.25;expires=3600;+sip.instance=\"<urn:uuid:1>\";reg-id=1;audio";
  binding.q = 250;
  reg.save(binding);
  reg.watch();
  const Reginfo told = reg.notified();
  CHECK(told.of(desk, "q") == "0.25");
  const auto& parts = told.contact(desk).children;
  REQUIRE(parts.size() == 4);
  CHECK(parts[1].attribute("name")->value == "+sip.instance");
  CHECK(parts[1].text == "\"<urn:uuid:1>\"");
  CHECK(parts[2].attribute("name")->value == "reg-id");
  CHECK(parts[3].attribute("name")->value == "audio");
  CHECK(parts[3].text == "");
  CHECK(told.text.find("198.51.100.77") == std::string::npos);
  CHECK(told.text.find("4711") == std::string::npos);
  CHECK(told.text.find("gruu") == std::string::npos);
}

TEST_CASE("reg: what changed while a NOTIFY was on its way is told together, in the next") {
  RegHouse reg;
  reg.save(reg.device(1, desk));
  reg.watch();
  const Sent first = reg.house.notify_to("alice");
  reg.save(reg.device(2, phone));
  reg.save(reg.device(3, "sip:alice@gone.example.com"));
  reg.remove(3);
  reg.remove(1);
  CHECK(reg.house.notifies_to("alice") == 0);
  reg.house.reply(first);
  const Reginfo next = reg.notified();
  CHECK(next.head("state") == "partial");
  CHECK(next.contacts() == 2);  // that which came and went was not there
  CHECK(next.what(desk) == "terminated unregistered");
  CHECK(next.what(phone) == "active registered");
}

TEST_CASE(
    "reg: a contact that comes back before its end was told is there once, with the same id [RFC 3680 "
    "§5.1]") {
  RegHouse reg;
  reg.save(reg.device(1, desk));
  reg.watch();
  const Sent sent = reg.house.notify_to("alice");
  const Reginfo first(sent);
  reg.remove(1);
  reg.save(reg.device(8, desk));
  reg.house.reply(sent);
  const Reginfo next = reg.notified();
  CHECK(next.contacts() == 1);
  CHECK(next.what(desk) == "active registered");
  CHECK(next.of(desk, "id") == first.of(desk, "id"));
}

TEST_CASE("reg: a device that moves has another contact, and the one before is gone [RFC 3680 §5.1]") {
  RegHouse reg;
  model::Binding binding = reg.device(1, desk);
  binding.instance = "urn:uuid:1";
  reg.save(binding);
  reg.watch();
  const Reginfo first = reg.notified();
  binding.contact = phone;
  binding.cseq = 2;
  reg.save(binding);
  const Reginfo moved = reg.notified();
  CHECK(moved.what(desk) == "terminated unregistered");
  CHECK(moved.what(phone) == "active registered");
  CHECK(moved.of(phone, "id") != first.of(desk, "id"));
  // The same URI written in another way is the same contact (RFC 3261 §19.1.4).
  binding.contact = "SIP:alice@PHONE.example.com;transport=tcp";
  binding.cseq = 3;
  reg.save(binding);
  const Reginfo again = reg.notified();
  CHECK(again.contacts() == 1);
  CHECK(again.of("SIP:alice@PHONE.example.com;transport=tcp", "id") == moved.of(phone, "id"));
}

TEST_CASE(
    "reg: after a refresh, and after a NOTIFY that was refused, the next is full [RFC 3680 §4.3, §5.2]") {
  RegHouse reg;
  reg.save(reg.device(1, desk));
  House::Dialog dialog = reg.watch();
  reg.notified();
  reg.save(reg.device(2, phone));
  reg.house.notified("alice", 500);
  reg.house.shards.pass(30100ms);
  const Reginfo again = reg.notified();
  CHECK(again.head("state") == "full");
  CHECK(again.contacts() == 2);
  reg.remove(2);
  reg.notified();
  reg.house.subscribe_again(dialog, for_long, "reg");
  const Reginfo refreshed = reg.notified();
  CHECK(refreshed.head("state") == "full");
  CHECK(refreshed.contacts() == 1);
  CHECK(refreshed.head("version") == "4");
}

TEST_CASE("reg: a fetch has the full state, and the last NOTIFY of a subscription too [RFC 3680 §4.7.2]") {
  RegHouse reg;
  reg.save(reg.device(1, desk));
  reg.house.subscribe("alice", "Expires: 0\r\n", "reg");
  const Reginfo fetched = reg.notified();
  CHECK(fetched.state_of_subscription == "terminated;reason=timeout");
  CHECK(fetched.head("state") == "full");
  CHECK(fetched.what(desk) == "active registered");
  House::Dialog dialog = reg.watch();
  reg.notified();
  reg.house.subscribe_again(dialog, "Expires: 0\r\n", "reg");
  const Reginfo last = reg.notified();
  CHECK(last.head("state") == "full");
  CHECK(last.contacts() == 1);
  reg.save(reg.device(2, phone));
  CHECK(reg.house.notifies_to("alice") == 0);
}

TEST_CASE("reg: it is told to nobody else, and to who takes its documents [RFC 3680 §4.5, §4.6]") {
  RegHouse reg;
  reg.house.subscribe("bob", for_long, "reg");
  CHECK(reg.house.answer("SUBSCRIBE").kind() == "403 SUBSCRIBE");
  CHECK(reg.house.notifies_to("bob") == 0);
  reg.house.subscribe("alice", "Expires: 600\r\nAccept: application/pidf+xml\r\n", "reg");
  const Sent refused = reg.house.answer("SUBSCRIBE");
  CHECK(refused.kind() == "406 SUBSCRIBE");
  CHECK(refused.header(Header::accept) == "application/reginfo+xml");
}

TEST_CASE("reg: who was removed is told last that no contact is left") {
  RegHouse reg;
  reg.save(reg.device(1, desk));
  reg.watch();
  reg.notified();
  reg.house.commit({model::RemoveUser{tests::aor(alice.c_str())}});
  const Reginfo last = reg.notified();
  CHECK(last.state_of_subscription == "terminated;reason=noresource");
  CHECK(last.what(desk) == "terminated rejected");
  CHECK(last.state() == "terminated");
}

}  // namespace rollcall::presence::test
