// SPDX-License-Identifier: Apache-2.0
// A proxy on real shards, and peers that call each other through it.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/accounts/directory.hpp>
#include <rollcall/proxy/proxy.hpp>
#include <rollcall/registrar/registrar.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

#include <doctest/doctest.h>
#include <support/shards.hpp>
#include <support/sip_text.hpp>

namespace rollcall::proxy::test {

using sip::Header;
using tests::RequestText;
using tests::Sent;

/// One shard's features, and what routing does, as far as a proxy needs it.
class Part final : public engine::TransactionUser {
 public:
  explicit Part(engine::Shard& shard, std::vector<std::unique_ptr<Part>>& parts)
      : directory(shard.metrics()),
        registrar(shard, directory),
        proxy(shard, registrar),
        shard_(shard),
        parts_(parts) {
    shard.transactions().set_user(*this);
  }

  void on_request(engine::Request request) override {
    const auto routes = request.message->values(Header::route);
    if (!routes.empty()) return proxy.on_routed(std::move(request));
    const auto uri = sip::Uri::parse(request.message->request_uri());
    const auto target = sip::Aor::from(*uri);
    REQUIRE(target.ok());
    const auto home = shard_.owner_of(*target);
    shard_.run_on(home,
                  [part = parts_[home].get(), target = *target, request = std::move(request)]() mutable {
                    part->proxy.on_request(std::move(request), target);
                  });
  }
  void on_ack(engine::Request ack) override { proxy.on_routed(std::move(ack)); }
  void on_cancel(engine::TransactionId invite) override {
    for (const auto& part : parts_)
      shard_.run_on(part->shard_.index(), [part = part.get(), invite] { part->proxy.cancel(invite); });
  }

  accounts::Directory directory;
  registrar::Registrar registrar;
  Proxy proxy;

 private:
  engine::Shard& shard_;
  std::vector<std::unique_ptr<Part>>& parts_;
};

class House;

/// Somebody at the other end of a flow.
class Peer {
 public:
  Peer(House& house, sip::Flow flow, std::size_t shard = 0) : flow(flow), house_(house), shard_(shard) {}

  void send(const RequestText& text) const;
  void answer(const Sent& request, const sip::Reply& reply, std::string_view tag = "d1") const;
  void answer(const Sent& request, int status, std::string_view tag = "d1") const {
    answer(request, sip::Reply(status), tag);
  }
  /// The next message that came to this peer.
  Sent get() const;
  /// What came to it and was not looked at, in one line.
  std::string kinds() const;
  /// The same, and all of it is looked at.
  std::string take_kinds() const;

  sip::Flow flow;

 private:
  House& house_;
  std::size_t shard_;
};

class House {
 public:
  explicit House(std::size_t count = 1, const base::Limits& limits = {}) : shards(count, limits) {
    for (std::size_t i = 0; i < count; ++i)
      parts.push_back(std::make_unique<Part>(shards.shard(i), parts));
  }
  Proxy& proxy(std::size_t index = 0) { return parts[index]->proxy; }

  /// A device of bob is registered.
  Peer device(std::string contact, const sip::Flow& flow, std::uint16_t q = 1000,
              std::vector<std::string> path = {}) {
    model::Binding binding;
    binding.aor = *sip::Aor::parse("bob@example.com");
    binding.id = ++bindings_;
    binding.contact = std::move(contact);
    binding.q = q;
    binding.path = std::move(path);
    binding.flow = flow;
    // The newest comes first: in the order of the test is what the tests want.
    binding.updated = shards.clock.now() - std::chrono::seconds(bindings_);
    binding.expires = shards.clock.now() + std::chrono::hours(1);
    const auto home = shards.shard().owner_of(binding.aor);
    shards.shard(home).keeper().apply({model::SaveBinding{binding}});
    return {*this, flow};
  }

  /// Sorts what was sent to whom.
  std::deque<Sent>& inbox(const sip::Flow& flow) {
    for (std::size_t i = 0; i < parts.size(); ++i)
      for (Sent& sent : shards.wire(i).take())
        inboxes_[sent.flow.remote].push_back(std::move(sent));
    return inboxes_[flow.remote];
  }
  void pass(base::Duration duration) { shards.pass(duration); }
  [[nodiscard]] std::size_t contexts() const {
    std::size_t count = 0;
    for (const auto& part : parts)
      count += part->proxy.context_count();
    return count;
  }

  tests::Shards shards;
  std::vector<std::unique_ptr<Part>> parts;

 private:
  std::map<sip::Endpoint, std::deque<Sent>> inboxes_;
  std::uint64_t bindings_ = 0;
};

inline void Peer::send(const RequestText& text) const {
  house_.shards.receive(text.bytes(), flow, shard_);
}

inline void Peer::answer(const Sent& request, const sip::Reply& reply, std::string_view tag) const {
  house_.shards.receive(tests::answer_to(*request.message, reply, tag), flow, shard_);
}

inline std::string Peer::kinds() const {
  std::string text;
  for (const Sent& sent : house_.inbox(flow))
    text.append(text.empty() ? "" : ", ").append(sent.kind());
  return text;
}

inline std::string Peer::take_kinds() const {
  std::string text = kinds();
  house_.inbox(flow).clear();
  return text;
}

inline Sent Peer::get() const {
  auto& inbox = house_.inbox(flow);
  REQUIRE_FALSE(inbox.empty());
  Sent sent = std::move(inbox.front());
  inbox.pop_front();
  return sent;
}

/// What alice sends to bob, with a branch of its own.
inline RequestText to_bob(std::string method, int number = 1) {
  RequestText text;
  text.method = std::move(method);
  text.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKa" + std::to_string(number) + ";rport";
  text.cseq = number;
  text.lines = "Contact: <sip:alice@192.0.2.1:5060>\r\n";
  return text;
}

inline sip::Reply ok_from(std::string_view contact) {
  return sip::Reply(200).with(Header::contact, "<" + std::string(contact) + ">");
}

/// Alice by UDP, and two devices of bob: a desk phone by UDP and a mobile one by TCP.
struct Call : House {
  using House::House;
  Peer alice{*this, tests::flow_of("udp:192.0.2.9:5060>192.0.2.1:5060")};
  Peer desk{*this, tests::flow_of("udp:192.0.2.9:5060>192.0.2.2:5062")};
  Peer mobile{*this, tests::flow_of("tcp:192.0.2.9:5060>192.0.2.3:40000", 7)};

  void register_desk(std::uint16_t q = 1000) { device("sip:bob@192.0.2.2:5062", desk.flow, q); }
  void register_mobile(std::uint16_t q = 1000) {
    device("sip:bob@10.0.0.3:5060;transport=tcp", mobile.flow, q);
  }
};

}  // namespace rollcall::proxy::test
