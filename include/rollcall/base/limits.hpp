// SPDX-License-Identifier: Apache-2.0
// Every limit of the server, in one table: what it bounds, its default, and what happens past it.
#pragma once

#include <cstdint>
#include <span>

namespace rollcall::base {

/// The limits in force. The defaults are the ones that config/rollcall.toml lists under [limits].
struct Limits {
  // Messages
  std::int64_t message_bytes = 65'536;
  std::int64_t body_bytes = 32'768;
  std::int64_t header_count = 128;
  std::int64_t header_bytes = 8'192;
  std::int64_t udp_request_bytes = 1'300;
  // Transports
  std::int64_t connections = 20'000;
  std::int64_t connections_per_address = 1'000;
  std::int64_t connection_idle_seconds = 3'600;
  std::int64_t connection_first_message_seconds = 30;
  std::int64_t message_arrival_seconds = 30;
  std::int64_t connection_send_bytes = 4'194'304;
  // Transactions
  std::int64_t server_transactions = 100'000;
  std::int64_t client_transactions = 200'000;
  std::int64_t forks = 16;
  // Registrations
  std::int64_t bindings_per_user = 16;
  std::int64_t register_min_seconds = 60;
  std::int64_t register_max_seconds = 7'200;
  std::int64_t register_default_seconds = 3'600;
  // Presence
  std::int64_t publications_per_user = 20;
  std::int64_t publish_min_seconds = 60;
  std::int64_t publish_max_seconds = 3'600;
  std::int64_t publish_default_seconds = 600;
  std::int64_t watchers_per_user = 5'000;
  std::int64_t subscribe_min_seconds = 60;
  std::int64_t subscribe_max_seconds = 7'200;
  std::int64_t subscribe_default_seconds = 3'600;
  std::int64_t xml_depth = 32;
  // Messages that wait
  std::int64_t message_content_bytes = 16'384;
  std::int64_t waiting_per_user = 1'000;
  std::int64_t waiting_days = 30;
  std::int64_t device_days = 30;
  // Accounts
  std::int64_t buddies_per_user = 1'000;
  std::int64_t nonce_seconds = 300;
  // The journal
  std::int64_t journal_queue = 50'000;
  std::int64_t queued_per_key = 64;
};

/// One row of the table: how configuration, documents and tests speak of a limit.
struct LimitRow {
  const char* name;                // the key under [limits]
  std::int64_t Limits::*value;     // where it is kept
  std::int64_t lowest, highest;    // what a configuration may set
  const char* meaning;             // what it bounds, with its unit
  const char* answer;              // what happens past it
};

/// All limits, in the order of the struct.
std::span<const LimitRow> limit_rows();

}  // namespace rollcall::base
