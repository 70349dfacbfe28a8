// SPDX-License-Identifier: Apache-2.0
#include "quirks.hpp"

#include "office.hpp"

using namespace rollcall;
using namespace rollcall::tests;

namespace {

bool md5_only(const std::string& user_agent) {
  RequestText text;
  if (!user_agent.empty()) text.lines = "User-Agent: " + user_agent + "\r\n";
  return accounts::takes_only_md5(*parsed(text.bytes()));
}

}  // namespace

TEST_CASE("quirks: who fails on a challenge with SHA-256 is known by the beginning of its name") {
  for (const char* name :
       {"baresip v1.0.0 (x86_64/linux)", "baresip v0.6.5", "SIPp", "SIPp/Linux", "sipsak 0.9.8"})
    CHECK(md5_only(name));
  for (const char* name : {"", "baresip v2.0.0", "baresip v3.16.0", "Linphone/5.2", "not SIPp", "Baresip"})
    CHECK_FALSE(md5_only(name));
}

TEST_CASE("quirks: such a client is offered MD5 alone, and everybody else both [RFC 8760 §2.3]") {
  Office office;
  const auto offers = [&](const std::string& lines) {
    return count_of(std::get<sip::Reply>(office.check(lines)), sip::Header::www_authenticate);
  };
  CHECK(offers("User-Agent: sipsak 0.9.8\r\n") == 1);
  CHECK(offers("User-Agent: Linphone/5.2\r\n") == 2);
  CHECK(offers("") == 2);
}

TEST_CASE("quirks: only the offer is narrower: what such a client answers is checked as any answer is") {
  Office office;
  auto client = office.challenged();
  client.algorithm = sip::DigestAlgorithm::sha256;
  client.algorithm_name = "SHA-256";
  const auto lines = "User-Agent: sipsak 0.9.8\r\nAuthorization: " + client.credentials() + "\r\n";
  CHECK(Office::in_a_word(office.check(lines)) == "alice@example.com");
}
