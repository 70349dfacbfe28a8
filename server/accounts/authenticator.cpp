// SPDX-License-Identifier: Apache-2.0
#include "quirks.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

#include <rollcall/accounts/authenticator.hpp>
#include <rollcall/base/log.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

namespace rollcall::accounts {

namespace {

constexpr base::Log logger{"accounts"};

sip::Header credentials_header(Challenger challenger) {
  return challenger == Challenger::server ? sip::Header::authorization : sip::Header::proxy_authorization;
}

// The credentials for a realm; a request may carry several for different ones (RFC 3261 §22.3).
std::optional<sip::DigestCredentials> find_credentials(const sip::Message& message, Challenger challenger,
                                                       std::string_view realm) {
  for (const sip::Message::Field& field : message.fields()) {
    if (field.id != credentials_header(challenger)) continue;
    auto credentials = sip::DigestCredentials::parse(field.value);
    if (credentials && sip::equal_ignoring_case(credentials->realm, realm)) return *credentials;
  }
  return std::nullopt;
}

// RFC 7616 §3.4.6: what was signed must be what is asked for. Parameters and ports are left out of
// the comparison, as proxies on the way add and drop them; and some clients (SIPp) sign the address
// of the server that they speak to.
bool names_request_uri(const sip::DigestCredentials& digest, const engine::Request& request) {
  if (digest.uri == request.message->request_uri()) return true;
  const auto signed_uri = sip::Uri::parse(digest.uri);
  const auto& request_uri = request.message->target();
  if (!signed_uri || !request_uri) return false;
  const auto address = sip::Endpoint::parse(signed_uri->host, 0);
  if (address && address->same_address(request.flow.local)) return true;
  return signed_uri->user == request_uri->user &&
         sip::equal_ignoring_case(signed_uri->host, request_uri->host);
}

std::optional<std::uint32_t> read_count(const sip::DigestCredentials& digest) {
  if (digest.qop.empty()) return 1;  // the older form has no count: its nonce serves once
  std::uint32_t count = 0;
  const auto [end, error] = std::from_chars(digest.nc.data(), digest.nc.data() + digest.nc.size(), count, 16);
  if (error != std::errc() || end != digest.nc.data() + digest.nc.size() || digest.nc.size() != 8)
    return std::nullopt;
  return count;
}

}  // namespace

// The name is the user part of the AOR, as only for that name the hashes are kept.
sip::Aor Authenticator::user_of(const sip::DigestCredentials& digest) {
  auto aor = sip::Aor::parse(std::string(digest.username) + "@" + std::string(digest.realm));
  return aor ? *aor : sip::Aor();
}

Authenticator::Authenticator(engine::Shard& shard, const Directory& directory)
    : shard_(shard), directory_(directory) {
  shard_.keeper().listen(engine::Topic::user, [this](const engine::Event& event) {
    if (directory_.find(event.key)) return;
    used_lately_.erase(event.key);
    used_before_.erase(event.key);
  });
}

void Authenticator::forget_later() {
  constexpr base::Duration margin = std::chrono::seconds(1);  // a nonce serves to the end of its life
  if (!is_set()) shard_.wheel().set(*this, shard_.now() + life_of_nonce() + margin);
}

base::Duration Authenticator::life_of_nonce() const {
  return std::chrono::seconds(shard_.limits().nonce_seconds);
}

// A part at a time, so that nobody waits for it.
void Authenticator::fire(base::Instant now) {
  constexpr std::size_t most = 1'000;
  constexpr base::Duration pause = std::chrono::milliseconds(50);
  for (std::size_t i = 0; i < most && !used_before_.empty(); ++i)
    used_before_.erase(used_before_.begin());
  if (!used_before_.empty()) return shard_.wheel().set(*this, now + pause);
  used_before_ = std::exchange(used_lately_, {});
  if (!used_before_.empty()) forget_later();
}

Authenticator::UsedNonces& Authenticator::used_by(const std::string& aor) {
  forget_later();
  if (auto before = used_before_.extract(aor)) return used_lately_.insert(std::move(before)).position->second;
  return used_lately_[aor];
}

Authenticator::Claim Authenticator::claim_of(const sip::Message& message, Challenger challenger,
                                             std::string_view realm) {
  Claim claim{find_credentials(message, challenger, realm), {}};
  if (claim.digest) claim.user = user_of(*claim.digest);
  return claim;
}

Authenticator::Verdict Authenticator::check(const engine::Request& request, Challenger challenger,
                                            std::string_view realm, const Claim& claim) {
  const auto algorithm = claim.digest ? sip::digest_algorithm_of(claim.digest->algorithm) : std::nullopt;
  if (!algorithm) return ask(request, challenger, realm, false);
  if (!names_request_uri(*claim.digest, request))
    return sip::Reply(400, "Bad Request: the digest is for another Request-URI");
  const Source source{request.message->method_name(), request.flow.remote,
                      sip::to_string(request.flow.transport)};
  const model::User* user = prove(*claim.digest, claim.user, *algorithm, source);
  if (!user) return ask(request, challenger, realm, false);
  if (!is_fresh(user->aor.text(), *claim.digest)) return ask(request, challenger, realm, true);
  return user->aor;
}

Authenticator::Standing Authenticator::check(const sip::DigestCredentials& digest, const sip::Aor& user,
                                             const Source& source) {
  const auto algorithm = sip::digest_algorithm_of(digest.algorithm);
  if (!algorithm || !prove(digest, user, *algorithm, source)) return Standing::wrong;
  return is_fresh(user.text(), digest) ? Standing::proven : Standing::stale;
}

const model::User* Authenticator::prove(const sip::DigestCredentials& digest, const sip::Aor& claimed,
                                        sip::DigestAlgorithm algorithm, const Source& source) {
  const model::User* user = directory_.find_enabled(claimed.text());
  // Somebody who does not exist costs as much time, and is answered, as a wrong password is.
  static const sip::Ha1 nobody{};
  if (response_matches(digest, algorithm, user ? user->ha1 : nobody, source.method) && user) return user;
  shard_.metrics().add(base::Metric::auth_failures);
  logger.warning("auth_failure", base::kv("ip", source.from.bare_host()),
                 base::kv("transport", source.transport), base::kv("user", claimed.text()),
                 base::kv("method", source.method));
  return nullptr;
}

// A nonce of this run, not too old, with a count that was not used (RFC 7616 §3.3, §5.12).
bool Authenticator::is_fresh(const std::string& aor, const sip::DigestCredentials& digest) {
  const auto nonce = sip::Nonce::parse(digest.nonce, shard_.run().secret);
  const auto count = read_count(digest);
  if (!nonce || !count || *count == 0 || nonce->run != shard_.run().number) return false;
  const base::Duration life = life_of_nonce();
  if (nonce->made + life < shard_.now()) return false;
  UsedNonces& used = used_by(aor);
  std::erase_if(used.nonces, [&](const UsedNonce& old) { return old.made + life < shard_.now(); });
  return use_count(used, *nonce, *count);
}

bool Authenticator::use_count(UsedNonces& used, const sip::Nonce& nonce, std::uint32_t count) {
  auto known = std::find_if(used.nonces.begin(), used.nonces.end(),
                            [&](const UsedNonce& one) { return one.sequence == nonce.sequence; });
  if (known == used.nonces.end()) {
    if (nonce.made <= used.floor) return false;
    if (used.nonces.size() == nonces_per_user) {
      used.floor = std::max(used.floor, used.nonces.front().made);
      used.nonces.erase(used.nonces.begin());
    }
    used.nonces.push_back({nonce.sequence, nonce.made, count, 1});
    std::sort(used.nonces.begin(), used.nonces.end(),
              [](const UsedNonce& a, const UsedNonce& b) { return a.made < b.made; });
    return true;
  }
  if (count > known->highest) {
    const std::uint32_t ahead = count - known->highest;
    known->seen = (ahead < 64 ? known->seen << ahead : 0) | 1;
    known->highest = count;
    return true;
  }
  const std::uint32_t behind = known->highest - count;
  if (behind >= 64 || known->seen >> behind & 1) return false;
  known->seen |= 1ULL << behind;
  return true;
}

// SHA-256 before MD5: the client takes the first that it knows (RFC 8760 §2.4).
sip::Reply Authenticator::ask(const engine::Request& request, Challenger challenger, std::string_view realm,
                              bool stale) {
  const bool server = challenger == Challenger::server;
  const auto header = server ? sip::Header::www_authenticate : sip::Header::proxy_authenticate;
  const sip::Nonce nonce{shard_.now(), shard_.run().number,
                         static_cast<std::uint64_t>(shard_.index()) << 48 | next_sequence_++};
  const std::string text = nonce.to_string(shard_.run().secret);
  sip::Reply reply(server ? 401 : 407);
  if (!takes_only_md5(*request.message))
    reply.with(header, sip::challenge(realm, text, sip::DigestAlgorithm::sha256, stale));
  return reply.with(header, sip::challenge(realm, text, sip::DigestAlgorithm::md5, stale));
}

}  // namespace rollcall::accounts
