// SPDX-License-Identifier: Apache-2.0
// From a request to the handler of its method.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/accounts/authenticator.hpp>
#include <rollcall/accounts/directory.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/messaging/messaging.hpp>
#include <rollcall/presence/agent.hpp>
#include <rollcall/proxy/proxy.hpp>
#include <rollcall/registrar/registrar.hpp>

namespace rollcall::routing {

/// What a shard's router hands requests to.
struct Features {
  accounts::Directory& directory;
  accounts::Authenticator& authenticator;
  registrar::Registrar& registrar;
  presence::Agent& presence;
  messaging::Messaging& messaging;
  proxy::Proxy& proxy;
};

/// A request arrives at some shard; it is checked there, authenticated on the shard that owns its
/// sender, and handled on the shard that owns its target: at most two hand-overs. Lives on one
/// shard's thread.
class Router final : public engine::TransactionUser {
 public:
  Router(engine::Shard& shard, const Features& features);

  /// The routers of all shards in their order, this one among them. Once, before anything runs.
  void set_peers(std::vector<Router*> peers) { peers_ = std::move(peers); }

  [[nodiscard]] bool is_stateless(const sip::Message& request) const override;
  void on_request(engine::Request request) override;
  void on_ack(engine::Request ack) override;
  void on_cancel(engine::TransactionId invite) override;

 private:
  enum class Way : std::uint8_t { here, routed, foreign };
  void undo_strict_routing(engine::Request& request) const;
  [[nodiscard]] Way way_of(const engine::Request& request) const;
  [[nodiscard]] bool is_our_address(const sip::Uri& uri, const sip::Flow& flow) const;

  void route(engine::Request request);
  void authenticate(engine::Request request);
  void on_authenticated(engine::Request request);
  [[nodiscard]] std::optional<sip::Reply> check_registration(const sip::Message& message,
                                                             const sip::Aor& target,
                                                             const sip::Aor& sender) const;
  void dispatch(engine::Request request, const sip::Aor& target);
  void answer_options(const engine::Request& request);

  engine::Shard& shard_;
  Features features_;
  std::vector<Router*> peers_;
};

}  // namespace rollcall::routing
