// SPDX-License-Identifier: Apache-2.0
// Every limit of the server, in one table: what it bounds, its default, and what happens past it.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>

#include <fmt/format.h>

namespace rollcall::base {

/// One limit. Every thread reads it, while an administrator changes it.
class Limit {
 public:
  constexpr Limit(std::int64_t value) : value_(value) {}  // NOLINT: meant to convert
  Limit(const Limit& other) : value_(std::int64_t(other)) {}
  Limit& operator=(const Limit& other) {
    value_.store(other, std::memory_order_relaxed);
    return *this;
  }

  operator std::int64_t() const { return value_.load(std::memory_order_relaxed); }  // NOLINT: the same

 private:
  std::atomic<std::int64_t> value_;
};

/// The limits in force; assigning changes them one by one, while they are read. The defaults are the ones
/// that config/rollcall.toml lists under [limits].
struct Limits {
  // Messages
  Limit message_bytes = 65'536;
  Limit body_bytes = 32'768;
  Limit header_count = 128;
  Limit header_bytes = 8'192;
  Limit udp_request_bytes = 1'300;
  // Transports
  Limit connections = 20'000;
  Limit connections_per_address = 1'000;
  Limit connection_idle_seconds = 3'600;
  Limit connection_first_message_seconds = 30;
  Limit message_arrival_seconds = 30;
  Limit connection_send_bytes = 4'194'304;
  // Transactions
  Limit server_transactions = 20'000;
  Limit finished_transactions = 50'000;
  Limit client_transactions = 200'000;
  Limit busy_milliseconds = 200;
  Limit forks = 16;
  // Registrations
  Limit bindings_per_user = 16;
  Limit register_min_seconds = 60;
  Limit register_max_seconds = 7'200;
  Limit register_default_seconds = 3'600;
  // Presence
  Limit publications_per_user = 20;
  Limit publish_min_seconds = 60;
  Limit publish_max_seconds = 3'600;
  Limit publish_default_seconds = 600;
  Limit watchers_per_user = 5'000;
  Limit waiting_watchers_per_user = 200;
  Limit waiting_watcher_days = 7;
  Limit lists_per_user = 20;
  Limit list_members = 1'000;
  Limit list_pause_milliseconds = 2'000;
  Limit xcap_diffs_per_user = 20;
  Limit xcap_diff_entries = 100;
  Limit xcap_diff_pause_milliseconds = 1'000;
  Limit subscribe_min_seconds = 60;
  Limit subscribe_max_seconds = 7'200;
  Limit subscribe_default_seconds = 3'600;
  Limit xml_depth = 32;
  // Messages that wait
  Limit message_content_bytes = 16'384;
  Limit waiting_per_user = 1'000;
  Limit waiting_days = 30;
  Limit device_days = 30;
  // Accounts
  Limit buddies_per_user = 1'000;
  // Documents
  Limit document_bytes = 524'288;
  Limit documents_per_user = 64;
  Limit document_bytes_per_user = 4'194'304;
  Limit document_cache_bytes = 67'108'864;
  Limit nonce_seconds = 300;
  // The journal
  Limit journal_queue = 50'000;
  Limit queued_per_key = 64;
};

/// One row of the table: how configuration, documents and tests speak of a limit.
struct LimitRow {
  const char* name;              // the key under [limits]
  Limit Limits::*value;          // where it is kept
  std::int64_t lowest, highest;  // what a configuration may set
  const char* meaning;           // what it bounds, with its unit
  const char* answer;            // what happens past it
};

/// All limits, in the order of the struct.
std::span<const LimitRow> limit_rows();

}  // namespace rollcall::base

template <>
struct fmt::formatter<rollcall::base::Limit> : fmt::formatter<std::int64_t> {
  auto format(const rollcall::base::Limit& limit, fmt::format_context& context) const {
    return fmt::formatter<std::int64_t>::format(limit, context);
  }
};
