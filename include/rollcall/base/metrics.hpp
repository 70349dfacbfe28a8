// SPDX-License-Identifier: Apache-2.0
// Counters and gauges: a row of a table each, a cell a shard, summed when somebody asks.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <span>
#include <string>

namespace rollcall::base {

/// One row of metric_rows(): the order of the two is the same, which a test proves.
enum class Metric : std::uint8_t {
  requests_register,
  requests_publish,
  requests_subscribe,
  requests_message,
  requests_options,
  requests_other,
  responses_1xx,
  responses_2xx,
  responses_3xx,
  responses_4xx,
  responses_5xx,
  responses_6xx,
  malformed,
  auth_failures,
  xcap_get,
  xcap_put,
  xcap_delete,
  xcap_2xx,
  xcap_3xx,
  xcap_4xx,
  xcap_5xx,
  retransmissions,
  notifies_sent,
  notifies_failed,
  messages_relayed,
  messages_stored,
  messages_delivered,
  messages_expired,
  commits,
  commit_failures,
  changes_committed,
  bindings,
  publications,
  subscriptions,
  messages_waiting,
  connections,
  server_transactions,
  client_transactions,
  users,
  database_up,
  count_,
};

struct MetricRow {
  Metric metric;
  const char* name;    // e.g. "rollcall_sip_requests_total"
  const char* labels;  // e.g. "method=\"REGISTER\"", or ""
  bool gauge;          // else a counter
  const char* help;
};

std::span<const MetricRow> metric_rows();

/// The cells of one shard or thread. Written by that thread, read by any.
class MetricCells {
 public:
  void add(Metric metric, std::int64_t by = 1) {
    auto& cell = cells_[static_cast<std::size_t>(metric)];
    // One writer: a plain load and store is enough, and cheaper than a locked addition.
    cell.store(cell.load(std::memory_order_relaxed) + by, std::memory_order_relaxed);
  }
  void set(Metric metric, std::int64_t value) {
    cells_[static_cast<std::size_t>(metric)].store(value, std::memory_order_relaxed);
  }
  [[nodiscard]] std::int64_t read(Metric metric) const {
    return cells_[static_cast<std::size_t>(metric)].load(std::memory_order_relaxed);
  }

 private:
  alignas(64) std::array<std::atomic<std::int64_t>, static_cast<std::size_t>(Metric::count_)> cells_{};
};

/// All cells of the process.
class Metrics {
 public:
  /// New cells for one thread; they live as long as this object. Any thread.
  MetricCells& add_cells();

  /// Sum over all cells. Any thread.
  [[nodiscard]] std::int64_t total(Metric metric) const;

  /// The Prometheus text format, version 0.0.4. Any thread.
  [[nodiscard]] std::string exposition() const;

 private:
  mutable std::mutex mutex_;  // guards the list, not the cells
  std::deque<MetricCells> cells_;
};

}  // namespace rollcall::base
