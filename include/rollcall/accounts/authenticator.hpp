// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <variant>
#include <vector>

#include <rollcall/accounts/directory.hpp>
#include <rollcall/base/limits.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/engine/request.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/engine/wheel.hpp>
#include <rollcall/sip/digest.hpp>
#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::accounts {

/// Who asks for credentials: a server at the end of the way (401), or a proxy on it (407)
/// (RFC 3261 §22.2, §22.3).
enum class Challenger : std::uint8_t { server, proxy };

/// Digest authentication (RFC 3261 §22, RFC 7616, RFC 8760) of the users that a shard owns. A nonce
/// needs no table; what is kept, for users who proved to be themselves, is which counts of a nonce
/// were used, until nothing can be made of these nonces any more. Lives on one shard's thread.
class Authenticator final : engine::Timer {
 public:
  Authenticator(engine::Shard& shard, const Directory& directory);

  /// Who a request says that it is from.
  struct Claim {
    std::optional<sip::DigestCredentials> digest;  // views into the message
    sip::Aor user;                                 // empty: nobody
  };
  /// The credentials for this realm, a domain in lower case, that the request carries. Any thread may
  /// ask, to know which shard has to check them.
  static Claim claim_of(const sip::Message& message, Challenger challenger, std::string_view realm);

  /// The authenticated user, as the directory keeps it; or the answer that asks for credentials, or refuses
  /// them. On the shard that owns the claimed user, on any one when there is none.
  using Verdict = std::variant<sip::Aor, sip::Reply>;
  Verdict check(const engine::Request& request, Challenger challenger, std::string_view realm,
                const Claim& claim);

  /// What credentials come to.
  enum class Standing : std::uint8_t {
    proven,
    stale,  // the password is right, and the nonce can serve no more
    wrong,
  };
  /// Who credentials are of, in whatever protocol they came; empty: nobody that there could be. Any thread.
  static sip::Aor user_of(const sip::DigestCredentials& digest);
  /// The same check for a request of another protocol, HTTP (RFC 7616 §3.4), with one count of nonces for
  /// both. `user` is who user_of() gave. Whoever asks has compared the digest's uri with what is asked for.
  /// On the shard that owns the user.
  struct Source {
    std::string_view method;
    sip::Endpoint from;  // this and the transport are for the log
    std::string_view transport;
  };
  Standing check(const sip::DigestCredentials& digest, const sip::Aor& user, const Source& source);

  /// How many nonces of one user are remembered at a time.
  static constexpr std::size_t nonces_per_user = 8;
  /// Of how many users any are remembered.
  [[nodiscard]] std::size_t remembered_users() const { return used_lately_.size() + used_before_.size(); }

 private:
  // Which nonce counts were used: the highest, and a bit for each of the 64 below it, so that
  // requests may overtake each other (RFC 7616 §3.4, nc).
  struct UsedNonce {
    std::uint64_t sequence = 0;
    base::Instant made{};
    std::uint32_t highest = 0;
    std::uint64_t seen = 0;
  };

  struct UsedNonces {
    std::vector<UsedNonce> nonces;  // oldest first
    base::Instant floor{};          // older ones were forgotten, so none of them is taken any more
  };

  sip::Reply ask(const engine::Request& request, Challenger challenger, std::string_view realm, bool stale);
  /// The user whose password the request proves; nullptr, and a line in the log: none.
  [[nodiscard]] const model::User* prove(const sip::DigestCredentials& digest, const sip::Aor& claimed,
                                         sip::DigestAlgorithm algorithm, const Source& source);
  void fire(base::Instant now) override;
  void forget_later();
  [[nodiscard]] base::Duration life_of_nonce() const;
  UsedNonces& used_by(const std::string& aor);
  bool is_fresh(const std::string& aor, const sip::DigestCredentials& digest);
  bool use_count(UsedNonces& used, const sip::Nonce& nonce, std::uint32_t count);

  engine::Shard& shard_;
  const Directory& directory_;
  std::uint64_t next_sequence_ = 1;

  // By AOR, of users who proved to be themselves: those who did lately, and those who did before. These are
  // forgotten one life of a nonce after they took the others' place, and then the others take theirs.
  using UsedByUser = std::unordered_map<std::string, UsedNonces>;
  UsedByUser used_lately_, used_before_;
};

}  // namespace rollcall::accounts
