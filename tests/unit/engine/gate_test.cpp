// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/engine/gate.hpp>

#include <doctest/doctest.h>

using rollcall::engine::Gate;

TEST_CASE("gate: one at a time under a key, in the order they came, others pass beside") {
  Gate gate(10);
  std::string log;
  CHECK(gate.enter("alice", [&] { log += 'a'; }));
  CHECK(gate.enter("alice", [&] { log += 'b'; }));
  CHECK(gate.enter("bob", [&] { log += 'x'; }));
  CHECK(gate.enter("alice", [&] { log += 'c'; }));
  CHECK(log == "ax");
  gate.leave("alice");
  CHECK(log == "axb");
  gate.leave("alice");
  CHECK(log == "axbc");
  gate.leave("alice");
  gate.leave("bob");
  CHECK(gate.keys() == 0);
}

TEST_CASE("gate: who finds the queue full is told and does not enter later") {
  Gate gate(1);
  int entered = 0;
  const auto enter = [&] { ++entered; };
  CHECK(gate.enter("k", enter));
  CHECK(gate.enter("k", enter));
  CHECK_FALSE(gate.enter("k", enter));
  gate.leave("k");
  gate.leave("k");
  CHECK(entered == 2);
  CHECK(gate.keys() == 0);
}
