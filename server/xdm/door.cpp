// SPDX-License-Identifier: Apache-2.0
#include "door.hpp"

#include "clients.hpp"

#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <utility>

#include <rollcall/http/problem.hpp>
#include <rollcall/sip/digest.hpp>
#include <rollcall/sip/headers/params.hpp>

#include <fmt/format.h>

namespace rollcall::xdm {

namespace {

using accounts::Authenticator;

constexpr base::Duration patience = std::chrono::seconds(5);
// The shard's number in a nonce's sequence says who made it; this is no shard's.
constexpr std::uint64_t made_here = 0xFFFFULL << 48;

bool begins_with(std::string_view field, std::string_view scheme) {
  return field.size() > scheme.size() && field[scheme.size()] == ' ' &&
         sip::equal_ignoring_case(field.substr(0, scheme.size()), scheme);
}

// Path and query of a target, whatever form it has (RFC 9112 §3.2).
std::string_view path_and_query(std::string_view target) {
  const auto scheme = target.find("://");
  if (target.starts_with('/') || scheme == std::string_view::npos) return target;
  return target.substr(std::min(target.find('/', scheme + 3), target.size()));
}

http::Response late() {
  return http::problem(base::unavailable("the server did not answer in time"));
}

// The credentials travel to the shard as they came, since who waits for the answer may give up before.
std::optional<Authenticator::Standing> consult(const ShardUsers& part, const http::Request& request,
                                               const std::string& field) {
  using Standing = Authenticator::Standing;
  const auto from = sip::Endpoint::parse(request.peer, 0);
  return engine::ask<Standing>(
      *part.shard, patience,
      [authenticator = part.authenticator, field, method = request.method,
       from = from ? *from : sip::Endpoint()](base::MoveFunction<void(Standing)> reply) {
        const auto digest = sip::DigestCredentials::parse(field);
        const auto user = Authenticator::user_of(*digest);
        reply(authenticator->check(*digest, user, {http::to_string(method), from, "http"}));
      });
}

}  // namespace

Front::Door::Verdict Front::Door::check(const http::Request& request, std::string_view wanted,
                                        base::Instant now) {
  const std::string_view field = request.header("authorization").value_or("");
  if (begins_with(field, "Bearer")) {
    if (auto refusal = bearer_.check(request, now)) return std::move(*refusal);
    return std::string();
  }
  if (begins_with(field, "Digest")) return check_digest(request, field, wanted, now);
  return ask(request, wanted, false, now);
}

// RFC 7616 §3.4.6: the request must be the one that was signed.
Front::Door::Verdict Front::Door::check_digest(const http::Request& request, std::string_view field,
                                               std::string_view wanted, base::Instant now) {
  const std::string address = request.peer;
  if (addresses_.is_out(address, now)) return http::Lockout::refusal();
  const auto digest = sip::DigestCredentials::parse(field);
  if (!digest) return http::problem(http::Problem{400, "the digest credentials are not well formed", {}});
  if (path_and_query(digest->uri) != path_and_query(request.target))
    return http::problem(http::Problem{400, "the digest is for another address", {}});
  const auto user = Authenticator::user_of(*digest);
  const std::string who = fmt::format("{} {}", address, user.text());
  if (users_.is_out(who, now)) return http::Lockout::refusal();
  const auto& part = shards_[shards_.front().shard->owner_of(user.text())];
  const auto standing = consult(part, request, std::string(field));
  if (!standing) return late();
  if (*standing == Authenticator::Standing::proven) return user.text();
  if (*standing == Authenticator::Standing::wrong) {
    users_.remember(who, now);
    addresses_.remember(address, now);
  }
  return ask(request, wanted, *standing == Authenticator::Standing::stale, now);
}

// The strongest algorithm comes first: a client takes the first that it knows (RFC 7616 §3.7).
http::Response Front::Door::ask(const http::Request& request, std::string_view wanted, bool stale,
                                base::Instant now) {
  const engine::Run& run = shards_.front().shard->run();
  const sip::Nonce nonce{now, run.number, made_here | next_sequence_++};
  const std::string text = nonce.to_string(run.secret), realm = realm_for(request, wanted);
  auto response = http::problem(http::Problem{401, "credentials are needed", {}});
  for (const auto algorithm : {sip::DigestAlgorithm::sha256, sip::DigestAlgorithm::md5}) {
    if (algorithm != sip::DigestAlgorithm::md5 && takes_only_md5(request)) continue;
    response.headers.push_back({"WWW-Authenticate", sip::challenge(realm, text, algorithm, stale)});
  }
  return response;
}

// The domain of the user whose tree it is, else the one of the host that is spoken to or one above it, else
// any.
std::string Front::Door::realm_for(const http::Request& request, std::string_view wanted) const {
  constexpr std::size_t longest_host = 255;  // that a name in the DNS can have
  std::string host(request.header("host").value_or("").substr(0, longest_host));
  host = host.substr(0, host.rfind(':'));
  const auto realm = engine::ask<std::string>(
      *shards_.front().shard, patience,
      [directory = shards_.front().directory, host, wanted = std::string(wanted)](auto reply) {
        if (directory->serves(wanted)) return reply(wanted);
        for (std::string name = host; !name.empty();) {
          if (directory->serves(name)) return reply(name);
          name = name.substr(std::min(name.find('.'), name.size() - 1) + 1);
        }
        reply(directory->first_domain());
      });
  return realm.value_or("");
}

}  // namespace rollcall::xdm
