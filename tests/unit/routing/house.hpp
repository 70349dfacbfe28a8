// SPDX-License-Identifier: Apache-2.0
// Routers on real shards with all features, and a stranger who tries what it likes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/routing/router.hpp>
#include <rollcall/sip/digest.hpp>

#include <doctest/doctest.h>
#include <support/people.hpp>
#include <support/shards.hpp>
#include <support/sip_text.hpp>

namespace rollcall::routing::test {

using sip::Header;
using tests::RequestText;
using tests::Sent;

/// Without a database there is nothing to read.
class NoReaders final : public engine::Readers {
 public:
  void post(base::MoveFunction<void(engine::Queries&)>) override {}
};

/// One shard's features, as the server builds them.
struct Part {
  Part(engine::Shard& shard, engine::Readers& readers)
      : directory(shard.metrics()),
        authenticator(with_store(shard, directory), directory),
        registrar(shard, directory),
        presence(shard, directory, registrar, presence::Policy{}),
        messaging(shard, registrar, readers),
        proxy(shard, registrar),
        router(shard, {directory, authenticator, registrar, presence, messaging, proxy}) {}
  static engine::Shard& with_store(engine::Shard& shard, engine::Store& store) {
    shard.keeper().add_store(store);
    return shard;
  }

  accounts::Directory directory;
  accounts::Authenticator authenticator;
  registrar::Registrar registrar;
  presence::Agent presence;
  messaging::Messaging messaging;
  proxy::Proxy proxy;
  Router router;
};

/// The domain example.com with alice and bob, and a device of bob at 192.0.2.2.
class House {
 public:
  explicit House(std::size_t count = 1, std::string advertised_host = "") : shards(count) {
    shards.run.advertised_host = std::move(advertised_host);
    std::vector<Router*> routers;
    std::vector<presence::Agent*> agents;
    for (std::size_t i = 0; i < count; ++i) {
      parts.push_back(std::make_unique<Part>(shards.shard(i), readers_));
      routers.push_back(&parts.back()->router);
      agents.push_back(&parts.back()->presence);
    }
    for (const auto& part : parts) {
      part->router.set_peers(routers);
      part->presence.set_peers(agents);
    }
    for (std::size_t i = 0; i < count; ++i)
      shards.shard(i).keeper().apply({model::SaveDomain{{"example.com", {}}}});
    for (const char* name : {"alice@example.com", "bob@example.com"})
      owner(name).keeper().apply({model::SaveUser{tests::user_named(name)}});
  }
  engine::Shard& owner(std::string_view aor) { return shards.shard(shards.shard().owner_of(aor)); }

  void register_bob() {
    model::Binding binding;
    binding.aor = tests::aor("bob@example.com");
    binding.id = 1;
    binding.contact = "sip:bob@192.0.2.2:5062";
    binding.flow = device;
    binding.expires = shards.clock.now() + std::chrono::hours(1);
    owner("bob@example.com").keeper().apply({model::SaveBinding{binding}});
  }

  /// What leaves when this has come from alice's address: "407 INVITE", "403 BYE", ...
  std::string answer_to(const RequestText& text, std::size_t shard = 0) {
    receive(text, shard);
    std::string kinds;
    for (const Sent& sent : take())
      kinds.append(kinds.empty() ? "" : ", ").append(sent.kind());
    return kinds;
  }
  void receive(const RequestText& text, std::size_t shard = 0) { shards.receive(text.bytes(), flow, shard); }
  std::vector<Sent> take() {
    std::vector<Sent> all;
    for (std::size_t i = 0; i < parts.size(); ++i)
      for (Sent& sent : shards.wire(i).take())
        all.push_back(std::move(sent));
    return all;
  }

  /// The same request with alice's credentials.
  RequestText by_alice(RequestText text, std::string_view header = "Proxy-Authorization") const {
    text.lines += std::string(header) + ": " + credentials(text) + "\r\n";
    return text;
  }

  tests::Shards shards;
  std::vector<std::unique_ptr<Part>> parts;
  sip::Flow flow = tests::flow_of("udp:192.0.2.9:5060>192.0.2.1:5060");
  sip::Flow device = tests::flow_of("udp:192.0.2.9:5060>192.0.2.2:5062");

 private:
  /// RFC 7616 §3.4.1 with MD5: Ha1::of() is the hash of three texts with colons between them.
  [[nodiscard]] std::string credentials(const RequestText& text) const {
    static std::uint64_t sequence = 1;
    const std::string nonce =
        sip::Nonce{shards.clock.now(), shards.run.number, sequence++}.to_string(shards.run.secret);
    const auto colon = text.uri.find(':');
    const std::string ha2 = md5(text.method, text.uri.substr(0, colon), text.uri.substr(colon + 1));
    const std::string response = md5(md5("alice", "example.com", "secret"), nonce + ":00000001:c:auth", ha2);
    return "Digest username=\"alice\", realm=\"example.com\", nonce=\"" + nonce + "\", uri=\"" + text.uri +
           "\", response=\"" + response + "\", algorithm=MD5, qop=auth, nc=00000001, cnonce=\"c\"";
  }
  static std::string md5(std::string_view a, std::string_view b, std::string_view c) {
    std::string hexadecimal;
    for (const std::uint8_t byte : sip::Ha1::of(a, b, c).md5)
      hexadecimal += fmt::format("{:02x}", byte);
    return hexadecimal;
  }

  NoReaders readers_;
};

/// A request with a branch of its own, so that each is a new one.
inline RequestText fresh(std::string method, std::string uri = "sip:bob@example.com") {
  static int number = 0;
  RequestText text;
  text.method = std::move(method);
  text.uri = std::move(uri);
  text.via = "SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKr" + std::to_string(++number) + ";rport";
  text.lines = "Contact: <sip:alice@192.0.2.1:5060>\r\n";
  return text;
}

}  // namespace rollcall::routing::test
