// SPDX-License-Identifier: Apache-2.0
// An authenticator on a real shard, and clients that answer its challenges.
#pragma once

#include <string>
#include <string_view>
#include <variant>

#include <rollcall/accounts/authenticator.hpp>

#include <fmt/format.h>
#include <support/people.hpp>

namespace rollcall::tests {

/// The hash of "a:b:c", in hexadecimal. The server's own one: it is tested with the RFCs' examples.
inline std::string hash(sip::DigestAlgorithm algorithm, std::string_view a, std::string_view b,
                        std::string_view c) {
  const auto both = sip::Ha1::of(a, b, c);
  std::string digits;
  const auto append = [&](const auto& bytes) {
    for (const auto byte : bytes)
      digits += fmt::format("{:02x}", byte);
  };
  if (algorithm == sip::DigestAlgorithm::md5)
    append(both.md5);
  else
    append(both.sha256);
  return digits;
}

/// What a client writes into its credentials. What differs from the usual is set by name.
struct Client {
  std::string nonce;
  std::string user = "alice";
  std::string password = "secret";
  std::string realm = "example.com";
  std::string method = "REGISTER";
  std::string uri = "sip:example.com";
  sip::DigestAlgorithm algorithm = sip::DigestAlgorithm::md5;
  std::string algorithm_name = "MD5";  // "" : the parameter is left out
  std::string qop = "auth";            // "" : the old form without it
  std::string nc = "00000001";
  std::string cnonce = "c";

  [[nodiscard]] std::string credentials() const {
    const auto colon = uri.find(':');
    const auto a1 = hash(algorithm, user, realm, password);
    const auto a2 = hash(algorithm, method, uri.substr(0, colon), uri.substr(colon + 1));
    const auto middle = qop.empty() ? nonce : fmt::format("{}:{}:{}:{}", nonce, nc, cnonce, qop);
    std::string value =
        fmt::format(R"(Digest username="{}", realm="{}", nonce="{}", uri="{}", response="{}")", user, realm,
                    nonce, uri, hash(algorithm, a1, middle, a2));
    if (!algorithm_name.empty()) value += ", algorithm=" + algorithm_name;
    if (!qop.empty()) value += fmt::format(R"(, qop={}, nc={}, cnonce="{}")", qop, nc, cnonce);
    return value;
  }
};

/// One shard with the users alice (password "secret") and mallory, who is disabled.
struct Office {
  Office() : directory(shards.metrics()), authenticator(with_store(), directory) {
    apply(model::SaveDomain{{"example.com", {}}});
    apply(model::SaveUser{user_named("alice@example.com")});
    auto disabled = user_named("mallory@example.com");
    disabled.enabled = false;
    apply(model::SaveUser{disabled});
  }

  void apply(model::Change change) {
    model::Changes changes;
    changes.push_back(std::move(change));
    shards.shard().keeper().apply(changes);
  }

  /// The answer to a REGISTER with these further lines.
  accounts::Authenticator::Verdict check(std::string lines, accounts::Challenger challenger = server,
                                         std::string uri = "sip:example.com") {
    RequestText text;
    text.method = "REGISTER";
    text.uri = std::move(uri);
    text.lines = std::move(lines);
    const auto request = request_of(text, flow_of("udp:192.0.2.9:5060>192.0.2.1:5060"));
    const auto claim = accounts::Authenticator::claim_of(*request.message, challenger, "example.com");
    return authenticator.check(request, challenger, "example.com", claim);
  }

  /// The same in a word: whom it let in, or the status, with " stale" when all challenges say so.
  std::string verdict(const Client& client) {
    return in_a_word(check("Authorization: " + client.credentials() + "\r\n"));
  }
  static std::string in_a_word(const accounts::Authenticator::Verdict& verdict) {
    if (const auto* user = std::get_if<sip::Aor>(&verdict)) return user->text();
    const auto& reply = std::get<sip::Reply>(verdict);
    const bool stale = header_of(reply, sip::Header::www_authenticate).ends_with(", stale=true");
    return std::to_string(reply.status) + (stale ? " stale" : "");
  }

  /// A client with a nonce that was just made for it.
  Client challenged() {
    const auto reply = std::get<sip::Reply>(check(""));
    const auto value = header_of(reply, sip::Header::www_authenticate);
    const auto begin = value.find("nonce=\"") + 7;
    Client client;
    client.nonce = value.substr(begin, value.find('"', begin) - begin);
    return client;
  }

  static constexpr auto server = accounts::Challenger::server;
  static constexpr auto proxy = accounts::Challenger::proxy;

  Shards shards;
  accounts::Directory directory;
  accounts::Authenticator authenticator;

 private:
  engine::Shard& with_store() {
    shards.shard().keeper().add_store(directory);
    return shards.shard();
  }
};

}  // namespace rollcall::tests
