// SPDX-License-Identifier: Apache-2.0
// Who is let in.
#include "office.hpp"

#include <vector>

using namespace rollcall;
using namespace rollcall::tests;
using namespace std::chrono_literals;
using sip::DigestAlgorithm;
using sip::Header;

namespace {

std::vector<std::string> values_of(const sip::Reply& reply, Header id) {
  std::vector<std::string> values;
  for (const auto& [name, value] : reply.headers)
    if (name == id) values.push_back(value);
  return values;
}

std::string line(const Client& client) {
  return "Authorization: " + client.credentials() + "\r\n";
}

}  // namespace

TEST_CASE(
    "authenticator: without credentials a server asks by 401, a proxy by 407, SHA-256 first [RFC 3261 §22.2, "
    "§22.3, RFC 8760 §2.3]") {
  Office office;
  const auto ask = [&](accounts::Challenger challenger) {
    return std::get<sip::Reply>(office.check("", challenger));
  };
  const auto by_server = ask(Office::server);
  CHECK(by_server.status == 401);
  CHECK(values_of(by_server, Header::proxy_authenticate).empty());
  const auto by_proxy = ask(Office::proxy);
  CHECK(by_proxy.status == 407);
  CHECK(values_of(by_proxy, Header::www_authenticate).empty());
  const auto challenges = values_of(by_proxy, Header::proxy_authenticate);
  REQUIRE(challenges.size() == 2);
  CHECK(challenges[0].find("algorithm=SHA-256") != std::string::npos);
  CHECK(challenges[1].find("algorithm=MD5") != std::string::npos);
  for (const std::string& challenge : challenges) {
    CHECK(challenge.starts_with(R"(Digest realm="example.com", nonce=")"));
    CHECK(challenge.find(R"(qop="auth")") != std::string::npos);
    CHECK(challenge.find("stale") == std::string::npos);
  }
}

TEST_CASE("authenticator: each challenge has a nonce of its own [RFC 7616 §3.3]") {
  Office office;
  CHECK(office.challenged().nonce != office.challenged().nonce);
}

TEST_CASE("authenticator: the right password lets in, by SHA-256, by MD5, and by no name for it [RFC 8760]") {
  Office office;
  auto client = office.challenged();
  CHECK(office.verdict(client) == "alice@example.com");
  client = office.challenged();
  client.algorithm = DigestAlgorithm::sha256;
  client.algorithm_name = "SHA-256";
  CHECK(office.verdict(client) == "alice@example.com");
  client = office.challenged();
  client.algorithm_name = "";
  CHECK(office.verdict(client) == "alice@example.com");
  client = office.challenged();
  client.algorithm_name = "\"md5\"";
  CHECK(office.verdict(client) == "alice@example.com");
}

TEST_CASE(
    "authenticator: a server looks into Authorization only, a proxy into Proxy-Authorization [RFC 3261 "
    "§22.3]") {
  Office office;
  const auto client = office.challenged();
  const auto to_proxy = "Proxy-Authorization: " + client.credentials() + "\r\n";
  CHECK(Office::in_a_word(office.check(to_proxy)) == "401");
  CHECK(Office::in_a_word(office.check(line(client), Office::proxy)) == "407");
  CHECK(Office::in_a_word(office.check(to_proxy, Office::proxy)) == "alice@example.com");
}

TEST_CASE("authenticator: a wrong password, an unknown and a disabled user are answered alike, and counted") {
  Office office;
  const auto with = [&](std::string user, std::string password) {
    auto client = office.challenged();
    client.user = std::move(user);
    client.password = std::move(password);
    return office.verdict(client);
  };
  CHECK(with("alice", "wrong") == "401");
  CHECK(with("nobody", "secret") == "401");
  CHECK(with("nobody", "") == "401");
  CHECK(with("mallory", "secret") == "401");
  CHECK(with("ALICE", "secret") == "401");
  CHECK(office.shards.metrics().read(base::Metric::auth_failures) == 5);
}

TEST_CASE("authenticator: a user who is unknown is not let in by the digest over no password at all") {
  Office office;
  auto client = office.challenged();
  // What a server would compare with that keeps zeros for people it does not know.
  const std::string zeros(32, '0');
  const auto a2 = hash(DigestAlgorithm::md5, "REGISTER", "sip", "example.com");
  const auto response =
      hash(DigestAlgorithm::md5, zeros, fmt::format("{}:00000001:c:auth", client.nonce), a2);
  const auto value = fmt::format(
      R"(Digest username="nobody", realm="example.com", nonce="{}", uri="sip:example.com", response="{}", qop=auth, nc=00000001, cnonce="c")",
      client.nonce, response);
  CHECK(Office::in_a_word(office.check("Authorization: " + value + "\r\n")) == "401");
}

TEST_CASE("authenticator: a digest by another algorithm than the named one does not match [RFC 8760 §2.2]") {
  Office office;
  auto client = office.challenged();
  client.algorithm_name = "SHA-256";
  CHECK(office.verdict(client) == "401");
  client.algorithm = DigestAlgorithm::sha256;
  client.algorithm_name = "MD5";
  CHECK(office.verdict(client) == "401");
  for (const char* unknown : {"MD5-sess", "SHA-256-sess", "SHA-512-256", "AKAv1-MD5"}) {
    client.algorithm_name = unknown;
    CHECK(office.verdict(client) == "401");
  }
}

TEST_CASE(
    "authenticator: a nonce that we did not make is stale for who knows the password, and wrong for others "
    "[RFC 7616 §3.3]") {
  Office office;
  auto client = office.challenged();
  for (const std::string& forged :
       {std::string("0123456789abcdef"), "A" + client.nonce.substr(1, client.nonce.size() - 2) + "A",
        sip::Nonce{office.shards.clock.now(), 1, 99}.to_string("another secret")}) {
    client.nonce = forged;
    client.password = "secret";
    CHECK(office.verdict(client) == "401 stale");
    client.password = "wrong";
    CHECK(office.verdict(client) == "401");
  }
}

TEST_CASE("authenticator: a nonce of an earlier run of the server is stale") {
  Office office;
  auto client = office.challenged();
  client.nonce = sip::Nonce{office.shards.clock.now(), office.shards.run.number + 1, 1}.to_string(
      office.shards.run.secret);
  CHECK(office.verdict(client) == "401 stale");
}

TEST_CASE("authenticator: a nonce serves until its time is over, and is stale then [RFC 7616 §3.3]") {
  Office office;
  auto client = office.challenged();
  office.shards.pass(300s);
  CHECK(office.verdict(client) == "alice@example.com");
  office.shards.pass(1s);
  client.nc = "00000002";
  CHECK(office.verdict(client) == "401 stale");
  client.password = "wrong";
  CHECK(office.verdict(client) == "401");
}

TEST_CASE("authenticator: a count serves once, whatever is asked for with it [RFC 7616 §3.4, §5.12]") {
  Office office;
  auto client = office.challenged();
  CHECK(office.verdict(client) == "alice@example.com");
  CHECK(office.verdict(client) == "401 stale");
  client.cnonce = "another";
  CHECK(office.verdict(client) == "401 stale");
  client.nc = "00000002";
  CHECK(office.verdict(client) == "alice@example.com");
}

TEST_CASE("authenticator: what was used is remembered as long as it could serve again, and then forgotten") {
  Office office;
  const auto first = office.challenged();
  CHECK(office.verdict(first) == "alice@example.com");
  office.shards.pass(200s);
  const auto second = office.challenged();
  CHECK(office.verdict(second) == "alice@example.com");
  office.shards.pass(300s);
  CHECK(office.verdict(second) == "401 stale");
  CHECK(office.authenticator.remembered_users() == 1);
  office.shards.pass(700s);
  CHECK(office.authenticator.remembered_users() == 0);
  CHECK(office.verdict(office.challenged()) == "alice@example.com");
}

TEST_CASE("authenticator: requests may overtake each other by sixty-three counts [RFC 7616 §3.4]") {
  Office office;
  auto client = office.challenged();
  const auto with = [&](unsigned count) {
    client.nc = fmt::format("{:08x}", count);
    return office.verdict(client);
  };
  CHECK(with(70) == "alice@example.com");
  CHECK(with(69) == "alice@example.com");
  CHECK(with(7) == "alice@example.com");
  CHECK(with(6) == "401 stale");
  CHECK(with(69) == "401 stale");
  CHECK(with(133) == "alice@example.com");
  CHECK(with(70) == "401 stale");
  CHECK(with(71) == "alice@example.com");
  CHECK(with(0xffffffff) == "alice@example.com");
  CHECK(with(133) == "401 stale");
  CHECK(with(0xffffffff) == "401 stale");
}

TEST_CASE("authenticator: a count of zero or that is no eight digits is not taken [RFC 7616 §3.4]") {
  Office office;
  auto client = office.challenged();
  for (const char* count : {"00000000", "1", "0000000g", "000000001", "\"\"", "+0000001", "0x000001"}) {
    client.nc = count;
    CHECK(office.verdict(client).starts_with("401"));
  }
}

TEST_CASE("authenticator: the old form without qop serves once for each nonce [RFC 3261 §22.4 item 8]") {
  Office office;
  auto client = office.challenged();
  client.qop = "";
  CHECK(office.verdict(client) == "alice@example.com");
  CHECK(office.verdict(client) == "401 stale");
  SUBCASE("nor is what was used in the new form taken in the old one") {
    client = office.challenged();
    CHECK(office.verdict(client) == "alice@example.com");
    client.qop = "";
    CHECK(office.verdict(client) == "401 stale");
  }
}

TEST_CASE("authenticator: a qop that was not offered, or without cnonce, is asked for anew [RFC 7616 §3.4]") {
  Office office;
  auto client = office.challenged();
  client.qop = "auth-int";
  CHECK(office.verdict(client) == "401");
  client.qop = "auth";
  client.cnonce = "";
  CHECK(office.verdict(client) == "401");
  client.cnonce = "c";
  client.qop = "\"auth\"";  // quoted, as some do, but hashed without the quotes
  const auto quoted = client.credentials();
  client.qop = "auth";
  auto value = client.credentials();
  value.replace(value.find("qop=auth"), 8, "qop=\"auth\"");
  CHECK(Office::in_a_word(office.check("Authorization: " + value + "\r\n")) == "alice@example.com");
  CHECK(Office::in_a_word(office.check("Authorization: " + quoted + "\r\n")) == "401");
}

TEST_CASE("authenticator: credentials are found by their realm, among others [RFC 3261 §22.3]") {
  Office office;
  auto client = office.challenged();
  auto elsewhere = client;
  elsewhere.realm = "elsewhere.example.org";
  CHECK(office.verdict(elsewhere) == "401");
  CHECK(Office::in_a_word(office.check(line(elsewhere) + "Authorization: Basic YTpi\r\n" +
                                       "Authorization: Digest broken\r\n" + line(client))) ==
        "alice@example.com");
}

TEST_CASE("authenticator: who is claimed to be there can be told before it is proved, for our realm only") {
  const auto claimed = [](const std::string& lines) {
    RequestText text;
    text.lines = lines;
    return accounts::Authenticator::claim_of(*parsed(text.bytes()), Office::server, "example.com")
        .user.text();
  };
  Client client;
  CHECK(claimed(line(client)) == "alice@example.com");
  CHECK(claimed("") == "");
  client.realm = "EXAMPLE.com";
  CHECK(claimed(line(client)) == "alice@example.com");
  client.realm = "example.org";
  CHECK(claimed(line(client)) == "");
}

TEST_CASE("authenticator: a user name is the part before the @, as only for that the hashes are kept") {
  Office office;
  auto client = office.challenged();
  for (const char* name : {"alice@example.com", "sip:alice@example.com", ""}) {
    client.user = name;
    CHECK(office.verdict(client) == "401");
  }
}

TEST_CASE(
    "authenticator: what was signed must be what is asked for, else it is answered 400 [RFC 7616 §3.4.6]") {
  Office office;
  const auto signs = [&](std::string uri, const std::string& request_uri) {
    auto client = office.challenged();
    client.uri = std::move(uri);
    return Office::in_a_word(office.check(line(client), Office::server, request_uri));
  };
  CHECK(signs("sip:example.com", "sip:example.com") == "alice@example.com");
  CHECK(signs("sip:EXAMPLE.com:5060;transport=tcp", "sip:example.com") == "alice@example.com");
  CHECK(signs("sip:192.0.2.9", "sip:example.com") == "alice@example.com");  // SIPp: the server's address
  CHECK(signs("sip:bob@example.com", "sip:alice@example.com") == "400");
  CHECK(signs("sip:elsewhere.example.org", "sip:example.com") == "400");
  CHECK(signs("x:nonsense", "sip:example.com") == "400");
}

TEST_CASE(
    "authenticator: of many nonces of one user the oldest are forgotten, and are stale, not open again") {
  Office office;
  std::vector<Client> clients;
  for (std::size_t i = 0; i < accounts::Authenticator::nonces_per_user + 2; ++i) {
    office.shards.pass(1s);
    clients.push_back(office.challenged());
  }
  for (const Client& client : clients)
    CHECK(office.verdict(client) == "alice@example.com");
  for (Client& client : clients)
    CHECK(office.verdict(client) == "401 stale");
  clients.front().nc = "00000002";
  CHECK(office.verdict(clients.front()) == "401 stale");
  clients.back().nc = "00000002";
  CHECK(office.verdict(clients.back()) == "alice@example.com");
}

TEST_CASE("authenticator: a new password counts at once, and the old one no more") {
  Office office;
  auto client = office.challenged();
  CHECK(office.verdict(client) == "alice@example.com");
  office.apply(model::SaveUser{user_named("alice@example.com", "new secret")});
  client.nc = "00000002";
  CHECK(office.verdict(client) == "401");
  client.password = "new secret";
  CHECK(office.verdict(client) == "alice@example.com");
}
