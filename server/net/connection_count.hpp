// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include <rollcall/base/limits.hpp>
#include <rollcall/sip/endpoint.hpp>

namespace rollcall::net {

/// How many connections there are, in all and from each address, over all shards. Any thread;
/// without locks: addresses are counted in a table of fixed size by a hash with a secret seed, so
/// that two addresses share a cell rarely and never on purpose. Of an IPv6 address the first 64 bits
/// count, because one host has all of the others to itself.
class ConnectionCount {
 public:
  explicit ConnectionCount(const base::Limits& limits);

  /// Counts a connection that came in from this address; false when a limit forbids it.
  bool admit(const sip::Endpoint& remote);
  void release(const sip::Endpoint& remote);

  /// The same for a connection that we open, which no address is to blame for.
  bool admit_outbound();
  void release_outbound() { total_.fetch_sub(1, std::memory_order_relaxed); }

 private:
  static constexpr std::size_t cells = 65'536;
  std::atomic<std::int64_t>& cell_of(const sip::Endpoint& remote);

  const base::Limits& limits_;
  std::uint64_t seed_;
  std::atomic<std::int64_t> total_{0};
  std::unique_ptr<std::atomic<std::int64_t>[]> by_address_;
};

}  // namespace rollcall::net
