// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace bench {
namespace {

double milliseconds_at(const std::vector<std::uint32_t>& sorted, double part) {
  if (sorted.empty()) return 0;
  const auto index = static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1));
  return sorted[index] / 1000.0;
}

double per_thousand(const Costs& before, const Costs& after, std::uint64_t operations) {
  if (operations == 0) return 0;
  return (after.cpu_seconds - before.cpu_seconds) * 1000.0 / static_cast<double>(operations);
}

std::string quoted(const std::vector<std::string>& texts) {
  std::string list;
  for (const auto& text : texts) {
    auto escaped = text;
    std::replace(escaped.begin(), escaped.end(), '"', '\'');
    std::replace(escaped.begin(), escaped.end(), '\\', '/');
    list += fmt::format("{}\"{}\"", list.empty() ? "" : ", ", escaped);
  }
  return "[" + list + "]";
}

}  // namespace

std::string to_json(const Options& options, Result& result, const Spent& spent) {
  auto& times = result.latencies;
  std::sort(times.begin(), times.end());
  const double rate = result.seconds > 0 ? static_cast<double>(result.operations) / result.seconds : 0;
  return fmt::format(
      "{{\"case\": \"{}\", \"in_flight\": {}, \"users\": {}, \"watchers\": {}, \"reuse_nonce\": {}, "
      "\"operations\": {}, \"seconds\": {:.2f}, \"rate\": {:.0f}, "
      "\"p50_ms\": {:.3f}, \"p95_ms\": {:.3f}, \"p99_ms\": {:.3f}, "
      "\"lost\": {}, \"wrong\": {}, \"retransmissions\": {}, \"challenges\": {}, "
      "\"server_cpu_s_per_1000\": {:.4f}, \"database_cpu_s_per_1000\": {:.4f}, "
      "\"server_pss_kib\": {}, \"database_pss_kib\": {}, \"complaints\": {}}}",
      options.operation, options.in_flight, options.users, options.watchers, options.reuse_nonce,
      result.operations, result.seconds, rate, milliseconds_at(times, 0.50), milliseconds_at(times, 0.95),
      milliseconds_at(times, 0.99), result.lost, result.wrong, result.retransmissions, result.challenges,
      per_thousand(spent.server_before, spent.server_after, result.latencies.size()),
      per_thousand(spent.database_before, spent.database_after, result.latencies.size()),
      spent.server_after.pss_kib, spent.database_after.pss_kib, quoted(result.complaints));
}

}  // namespace bench
