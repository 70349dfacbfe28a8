// SPDX-License-Identifier: Apache-2.0
#include "connection_count.hpp"

#include <cstring>

#include <rollcall/base/ids.hpp>

namespace rollcall::net {

namespace {

bool take_one(std::atomic<std::int64_t>& count, std::int64_t most) {
  if (count.fetch_add(1, std::memory_order_relaxed) < most) return true;
  count.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

}  // namespace

ConnectionCount::ConnectionCount(const base::Limits& limits)
    : limits_(limits),
      seed_(base::random_bits()),
      by_address_(std::make_unique<std::atomic<std::int64_t>[]>(cells)) {}

std::atomic<std::int64_t>& ConnectionCount::cell_of(const sip::Endpoint& remote) {
  std::uint64_t key = 0;
  std::memcpy(&key, remote.address().data() + (remote.is_v4() ? 8 : 0), sizeof(key));
  std::uint64_t mixed = (key ^ seed_) * 0x9e3779b97f4a7c15U;
  mixed = (mixed ^ mixed >> 32 ^ seed_) * 0xbf58476d1ce4e5b9U;
  return by_address_[mixed >> 48];
}

bool ConnectionCount::admit(const sip::Endpoint& remote) {
  if (!take_one(total_, limits_.connections)) return false;
  if (take_one(cell_of(remote), limits_.connections_per_address)) return true;
  total_.fetch_sub(1, std::memory_order_relaxed);
  return false;
}

void ConnectionCount::release(const sip::Endpoint& remote) {
  cell_of(remote).fetch_sub(1, std::memory_order_relaxed);
  total_.fetch_sub(1, std::memory_order_relaxed);
}

bool ConnectionCount::admit_outbound() {
  return take_one(total_, limits_.connections);
}

}  // namespace rollcall::net
