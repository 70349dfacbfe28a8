// SPDX-License-Identifier: Apache-2.0
#include "checks.hpp"
#include "methods.hpp"

#include <algorithm>
#include <cctype>

#include <rollcall/presence/packages.hpp>
#include <rollcall/routing/router.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

namespace rollcall::routing {

namespace {

using sip::Header;

sip::Aor aor_of(const std::optional<sip::NameAddr>& name) {
  if (!name) return {};
  auto aor = sip::Aor::from(name->uri);
  return aor ? *aor : sip::Aor();
}

sip::Aor target_of(const sip::Message& message) {
  if (!message.target()) return {};
  auto aor = sip::Aor::from(*message.target());
  return aor ? *aor : sip::Aor();
}

// In whose name credentials are asked for: REGISTER is about To, everything else about From. In lower
// case, as the hashes of the passwords are made.
std::string realm_of(const sip::Message& message, const accounts::Directory& directory) {
  const auto& to = message.to();
  const auto& from = message.from();
  const auto& uri = message.target();
  std::string realm;
  const auto try_host = [&](std::string_view host) {
    if (realm.empty() && !host.empty() && directory.serves(host)) realm = host;
  };
  if (message.method() == sip::Method::register_ && to) try_host(to->uri.host);
  if (from) try_host(from->uri.host);
  if (uri) try_host(uri->host);
  if (to) try_host(to->uri.host);
  std::transform(realm.begin(), realm.end(), realm.begin(), [](unsigned char c) { return std::tolower(c); });
  return realm;
}

}  // namespace

Router::Router(engine::Shard& shard, const Features& features) : shard_(shard), features_(features) {
  shard_.transactions().set_user(*this);
}

// Without credentials it is only asked for them, or refused; OPTIONS is told what there is. What a Route of
// ours leads into a dialog is passed on without credentials.
bool Router::is_stateless(const sip::Message& request) const {
  const sip::Method method = request.method();
  if (method == sip::Method::ack || method == sip::Method::cancel || request.has(Header::route)) return false;
  return method == sip::Method::options || !request.has_credentials();
}

void Router::on_request(engine::Request request) {
  undo_strict_routing(request);
  const Way way = way_of(request);
  if (way == Way::routed) return features_.proxy.on_routed(std::move(request));
  if (auto refusal = check_scheme(*request.message)) return shard_.reply(request, *refusal);
  if (way == Way::foreign)
    return shard_.reply(request, sip::Reply(403, "Forbidden: no relay for other domains"));
  route(std::move(request));
}

void Router::on_ack(engine::Request ack) {
  undo_strict_routing(ack);
  if (way_of(ack) == Way::routed) features_.proxy.on_routed(std::move(ack));
}

// Only the proxy that holds the INVITE's context knows it, and that may be on any shard.
void Router::on_cancel(engine::TransactionId invite) {
  for (Router* peer : peers_)
    shard_.run_on(peer->shard_.index(), [peer, invite] { peer->features_.proxy.cancel(invite); });
}

bool Router::is_our_address(const sip::Uri& uri, const sip::Flow& flow) const {
  if (features_.directory.serves(uri.host)) return true;
  const std::uint16_t port = uri.effective_port();
  const std::string& advertised = shard_.run().advertised_host;
  if (!advertised.empty() && sip::equal_ignoring_case(uri.host, advertised)) return port == flow.local.port();
  const auto address = sip::Endpoint::parse(uri.host, port);
  // Without a user it can only be meant for us: some clients get the port of a bare address wrong.
  return address && (uri.has_user ? *address == flow.local : address->same_address(flow.local));
}

// RFC 3261 §16.4: who routes as RFC 2543 did has put the Record-Route that we wrote into the Request-URI,
// and what belongs there behind the Routes.
void Router::undo_strict_routing(engine::Request& request) const {
  const sip::Message& message = *request.message;
  if (!message.has(Header::route)) return;
  const std::string route = "<" + std::string(message.request_uri()) + ">";
  if (!features_.proxy.is_our_route(route, message.first(Header::call_id).value_or(""))) return;
  auto restored = sip::Message::parse(sip::write_restored(message), shard_.limits());
  if (restored && !sip::check_request(**restored)) request.message = std::move(*restored);
}

// RFC 3261 §16.4, §16.12: a Route of ours comes off. One with our signature belongs to a dialog that
// went through here; one without is only the way that the client was told to take.
Router::Way Router::way_of(const engine::Request& request) const {
  const sip::Message& message = *request.message;
  const auto routes = message.values(Header::route);
  if (!routes.empty()) {
    if (features_.proxy.is_our_route(routes.front(), message.first(Header::call_id).value_or("")))
      return Way::routed;
    const auto top = sip::NameAddr::parse(routes.front());
    if (!top || !is_our_address(top->uri, request.flow)) return Way::foreign;
    if (routes.size() > 1) {
      const auto next = sip::NameAddr::parse(routes[1]);
      if (routes.size() > 2 || !next || !is_our_address(next->uri, request.flow)) return Way::foreign;
    }
  }
  const auto& uri = message.target();
  return uri && is_our_address(*uri, request.flow) ? Way::here : Way::foreign;
}

void Router::route(engine::Request request) {
  const sip::Message& message = *request.message;
  const MethodRow& row = row_of(message.method());
  if (auto refusal = check_method(message)) return shard_.reply(request, *refusal);
  if (auto refusal = check_extensions(message, row.handling)) return shard_.reply(request, *refusal);
  if (row.handling == Handling::relay)
    if (auto refusal = check_max_forwards(message)) return shard_.reply(request, *refusal);
  if (message.method() == sip::Method::options) return answer_options(request);
  authenticate(std::move(request));
}

// RFC 3261 §11.2.
void Router::answer_options(const engine::Request& request) {
  if (request.message->target()->has_user)
    if (auto refusal = check_max_forwards(*request.message)) return shard_.reply(request, *refusal);
  std::string accept = "text/plain";
  for (const presence::Package& package : presence::packages())
    accept.append(", ").append(package.media_type);
  shard_.reply(request, sip::Reply(200)
                            .with(Header::allow, allowed_methods())
                            .with(Header::accept, accept)
                            .with(Header::accept_encoding, "identity")
                            .with(Header::accept_language, "en")
                            .with(Header::supported, supported_extensions())
                            .with(Header::allow_events, presence::allow_events()));
}

void Router::authenticate(engine::Request request) {
  const accounts::Challenger challenger = row_of(request.message->method()).challenger;
  std::string realm = realm_of(*request.message, features_.directory);
  if (realm.empty())
    return shard_.reply(request, sip::Reply(404, "Not Found: the domain is not served here"));
  auto claim = accounts::Authenticator::claim_of(*request.message, challenger, realm);
  const std::uint16_t home = claim.user.empty() ? shard_.index() : shard_.owner_of(claim.user);
  shard_.run_on(home, [peer = peers_[home], challenger, realm = std::move(realm), claim = std::move(claim),
                       request = std::move(request)]() mutable {
    auto verdict = peer->features_.authenticator.check(request, challenger, realm, claim);
    if (const auto* refusal = std::get_if<sip::Reply>(&verdict)) return peer->shard_.reply(request, *refusal);
    request.sender = std::get<sip::Aor>(std::move(verdict));
    peer->on_authenticated(std::move(request));
  });
}

// Nobody speaks in another's name; then on to the shard that owns the target.
void Router::on_authenticated(engine::Request request) {
  const sip::Message& message = *request.message;
  if (aor_of(message.from()) != request.sender)
    return shard_.reply(request, sip::Reply(403, "Forbidden: From is not the user who authenticated"));
  const auto& to = message.to();
  if (message.method() == sip::Method::subscribe && message.has_to_tag()) {
    const auto home = engine::Shard::shard_of_tag(to->tag());
    if (!home || *home >= peers_.size()) return shard_.reply(request, sip::Reply(481));
    return shard_.run_on(*home, [peer = peers_[*home], request = std::move(request)]() mutable {
      peer->features_.presence.on_resubscribe(std::move(request));
    });
  }
  const bool registers = message.method() == sip::Method::register_;
  const sip::Aor target = registers ? aor_of(to) : target_of(message);
  if (target.empty()) return shard_.reply(request, sip::Reply(404));
  if (registers)
    if (auto refusal = check_registration(message, target, request.sender))
      return shard_.reply(request, *refusal);
  const std::uint16_t home = shard_.owner_of(target);
  shard_.run_on(home, [peer = peers_[home], target, request = std::move(request)]() mutable {
    peer->dispatch(std::move(request), target);
  });
}

// RFC 3261 §10.3 steps 4 and 5. A Request-URI that names our address and no domain is for all of them.
std::optional<sip::Reply> Router::check_registration(const sip::Message& message, const sip::Aor& target,
                                                     const sip::Aor& sender) const {
  if (target != sender) return sip::Reply(403, "Forbidden: this is not your address");
  const auto& uri = message.target();
  if (features_.directory.serves(uri->host) && !sip::equal_ignoring_case(uri->host, target.domain()))
    return sip::Reply(404, "Not Found: the address is of another domain");
  return std::nullopt;
}

void Router::dispatch(engine::Request request, const sip::Aor& target) {
  const sip::Method method = request.message->method();
  if (method == sip::Method::register_) return features_.registrar.on_register(std::move(request));
  const model::User* user = features_.directory.find_enabled(target.text());
  if (method == sip::Method::subscribe && (!user || presence::brings_list(*request.message)))
    return features_.presence.on_subscribe_list(std::move(request), target);
  if (!user) return shard_.reply(request, sip::Reply(404));
  switch (method) {
    case sip::Method::publish:
      if (target != request.sender)
        return shard_.reply(request, sip::Reply(403, "Forbidden: this is not your address"));
      return features_.presence.on_publish(std::move(request));
    case sip::Method::subscribe:
      return features_.presence.on_subscribe(std::move(request), user->aor);
    case sip::Method::message:
      return features_.messaging.on_message(std::move(request), user->aor);
    default:
      return features_.proxy.on_request(std::move(request), target);
  }
}

}  // namespace rollcall::routing
