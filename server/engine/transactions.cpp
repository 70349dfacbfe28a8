// SPDX-License-Identifier: Apache-2.0
#include "transaction_records.hpp"

namespace rollcall::engine {

Transactions::Transactions(std::uint16_t shard, const base::Limits& limits, Wheel& wheel, Wire& wire,
                           base::MetricCells& metrics)
    : shard_(shard), limits_(limits), wheel_(wheel), wire_(wire), metrics_(metrics) {}

Transactions::~Transactions() = default;

}  // namespace rollcall::engine
