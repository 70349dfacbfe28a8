// SPDX-License-Identifier: Apache-2.0
#include "recent_sends.hpp"

#include <doctest/doctest.h>

using rollcall::base::Instant;
using rollcall::net::RecentSends;
using rollcall::net::Token;
using rollcall::sip::Endpoint;

TEST_CASE("recent sends: an unreachable address gives the tokens of what was just sent there, once") {
  const Endpoint here = *Endpoint::parse("192.0.2.1", 5060);
  const Endpoint there = *Endpoint::parse("192.0.2.1", 5061);
  const Instant now{std::chrono::seconds(1'000)};
  RecentSends recent;
  recent.add(here, {1, 0}, now - std::chrono::seconds(5));
  recent.add(here, {2, 0}, now);
  recent.add(there, {3, 0}, now);
  recent.add(here, {4, 0}, now);
  CHECK(recent.take(here, now) == std::vector<Token>{{2, 0}, {4, 0}});
  CHECK(recent.take(here, now).empty());
  CHECK(recent.take(there, now) == std::vector<Token>{{3, 0}});
}

TEST_CASE("recent sends: only the last ones are remembered") {
  const Endpoint there = *Endpoint::parse("192.0.2.1", 5061);
  const Instant now{std::chrono::seconds(1'000)};
  RecentSends recent;
  for (std::uint64_t number = 1; number <= 5'000; ++number)
    recent.add(there, {number, 0}, now);
  const auto tokens = recent.take(there, now);
  CHECK(tokens.size() == 1'024);
}
