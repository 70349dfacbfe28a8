// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "out_queue.hpp"
#include "poller.hpp"

#include <cstdint>
#include <span>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/engine/wheel.hpp>
#include <rollcall/net/listen.hpp>
#include <rollcall/net/receiver.hpp>

namespace rollcall::net {

/// What the parts of one reactor share. Lives on its thread.
struct Loop {
  Loop(std::uint16_t shard, const base::Limits& limits, const std::vector<Listen>& listens,
       base::MetricCells& metrics)
      : shard(shard), limits(limits), listens(listens), metrics(metrics) {}

  std::uint16_t shard;
  const base::Limits& limits;
  const std::vector<Listen>& listens;  // of the whole network
  base::MetricCells& metrics;
  base::Instant now = base::now();  // of this turn
  Poller poller;
  engine::Wheel wheel{now};
  Receiver* receiver = nullptr;

  // Sends that failed: told at the end of the turn, and not from inside the send.
  std::vector<Token> failures;

  void fail(Token token) {
    if (token.number != 0) failures.push_back(token);
  }
};

}  // namespace rollcall::net
