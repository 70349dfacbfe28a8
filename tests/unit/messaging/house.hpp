// SPDX-License-Identifier: Apache-2.0
// Messaging on a real shard; alice writes to bob, who has devices.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <rollcall/messaging/messaging.hpp>

#include <support/people.hpp>

namespace rollcall::messaging::test {

using sip::Header;
using tests::Sent;

/// Reads the texts of messages out of what a journal has committed.
class JournalReaders final : public engine::Readers, private engine::Queries {
 public:
  explicit JournalReaders(const tests::FakeJournal& journal) : journal_(journal) {}
  void post(base::MoveFunction<void(engine::Queries&)> job) override { job(*this); }

  bool available = true;

 private:
  template <class T>
  using Paged = base::Result<engine::Page<T>>;
  static base::Error none() { return base::unavailable("not asked for in these tests"); }

  Paged<model::Domain> domains(const engine::PageRequest&) override { return none(); }
  Paged<model::User> users(const std::string&, const engine::PageRequest&) override { return none(); }
  base::Result<std::optional<model::Document>> document(const sip::Aor&, const std::string&) override {
    return none();
  }
  base::Result<std::vector<engine::DocumentRow>> documents(const sip::Aor&) override { return none(); }
  base::Result<std::optional<model::Document>> service(const std::string&) override { return none(); }
  base::Result<std::vector<std::string>> taken_services(const std::vector<std::string>&, const sip::Aor&,
                                                        const std::string&) override {
    return none();
  }
  base::Result<std::vector<model::Document>> service_documents(std::int64_t) override { return none(); }
  Paged<model::StoredMessage> messages(const sip::Aor&, const engine::PageRequest&) override {
    return none();
  }
  base::Result<> ping() override { return none(); }
  base::Result<std::optional<model::StoredMessage>> message(const sip::Aor&, const std::string& id) override {
    if (!available) return none();
    for (const model::Change& change : journal_.committed())
      if (const auto* saved = std::get_if<model::SaveMessage>(&change); saved && saved->message.id == id)
        return std::optional(saved->message);
    return std::optional<model::StoredMessage>();
  }

  const tests::FakeJournal& journal_;
};

class House final : public engine::TransactionUser {
 public:
  explicit House(const base::Limits& limits = {})
      : shards(1, limits),
        readers(shards.journal()),
        directory(shards.metrics()),
        registrar(shards.shard(), directory),
        messaging(shards.shard(), registrar, readers) {
    shards.shard().transactions().set_user(*this);
  }
  void on_request(engine::Request request) override {
    request.sender = tests::aor("alice@example.com");
    messaging.on_message(std::move(request), tests::aor("bob@example.com"));
  }
  void on_ack(engine::Request) override {}
  void on_cancel(engine::TransactionId) override {}

  /// What alice's next MESSAGE looks like.
  tests::RequestText text(std::string body = "hello") {
    const int number = ++number_;
    tests::RequestText text;
    text.method = "MESSAGE";
    text.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKm" + std::to_string(number) + ";rport";
    text.call_id = "call" + std::to_string(number);
    text.lines = "Content-Type: text/plain\r\n";
    text.body = std::move(body);
    return text;
  }
  void send(const tests::RequestText& text) { shards.receive(text.bytes(), alice); }
  void send(std::string body = "hello") { send(text(std::move(body))); }

  /// The next final answer to alice.
  Sent answer() { return take(is_answer); }
  int status() { return answer().message->status(); }
  /// How many messages of a kind nobody has looked at: answers to alice, or MESSAGEs to a device.
  std::size_t answers() { return count(is_answer); }
  std::size_t messages_to(const sip::Flow& device) {
    return count([&](const Sent& sent) { return is_for(sent, device); });
  }
  /// The next MESSAGE to a device.
  Sent message_to(const sip::Flow& device) {
    return take([&](const Sent& sent) { return is_for(sent, device); });
  }
  void reply(const Sent& message, int status = 200) {
    shards.receive(tests::answer_to(*message.message, status), message.flow);
  }
  /// Looks at the next MESSAGE to a device and answers it; gives its text.
  std::string takes(const sip::Flow& device, int status = 200) {
    const Sent message = message_to(device);
    reply(message, status);
    return std::string(message.message->body());
  }

  void registers(const sip::Flow& device) { save(device, shards.clock.now() + std::chrono::hours(1)); }
  void unregisters(const sip::Flow& device) {
    commit(model::RemoveBinding{tests::aor("bob@example.com"), device.remote.port()});
  }
  void save(const sip::Flow& device, base::Instant expires) {
    model::Binding binding;
    binding.aor = tests::aor("bob@example.com");
    binding.id = device.remote.port();
    binding.instance = "urn:x:" + std::to_string(device.remote.port());
    binding.contact = "sip:bob@" + device.remote.to_string();
    binding.flow = device;
    binding.expires = expires;
    commit(model::SaveBinding{binding});
  }
  [[nodiscard]] std::size_t waiting() const { return messaging.waiting("bob@example.com"); }

  tests::Shards shards;
  JournalReaders readers;
  accounts::Directory directory;
  registrar::Registrar registrar;
  Messaging messaging;
  sip::Flow alice = tests::flow_of("udp:192.0.2.9:5060>192.0.2.1:5060");
  sip::Flow desk = tests::flow_of("udp:192.0.2.9:5060>192.0.2.2:5062");
  sip::Flow mobile = tests::flow_of("udp:192.0.2.9:5060>192.0.2.3:5063");

 private:
  void commit(model::Change change) {
    shards.shard().keeper().commit({std::move(change)}, [](const base::Result<>&) {});
    shards.settle();
  }
  // A 100 after a while is none (RFC 4320 §4.1).
  static bool is_answer(const Sent& sent) {
    return !sent.message->is_request() && sent.message->status() >= 200;
  }
  static bool is_for(const Sent& sent, const sip::Flow& device) {
    return sent.message->is_request() && sent.flow.remote == device.remote;
  }
  void collect() {
    for (Sent& sent : shards.wire().take())
      sent_.push_back(std::move(sent));
  }
  template <class Matches>
  std::size_t count(Matches matches) {
    collect();
    return static_cast<std::size_t>(std::count_if(sent_.begin(), sent_.end(), matches));
  }
  template <class Matches>
  Sent take(Matches matches) {
    collect();
    const auto found = std::find_if(sent_.begin(), sent_.end(), matches);
    REQUIRE(found != sent_.end());
    Sent sent = std::move(*found);
    sent_.erase(found);
    return sent;
  }

  std::vector<Sent> sent_;
  int number_ = 0;
};

}  // namespace rollcall::messaging::test
