// SPDX-License-Identifier: Apache-2.0
#include "report.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace bench {
namespace {

double per_thousand(double seconds, std::size_t operations) {
  return operations == 0 ? 0 : seconds * 1000.0 / static_cast<double>(operations);
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

std::string settings(const Options& options) {
  return fmt::format(
      "\"case\": \"{}\", \"transport\": \"{}\", \"in_flight\": {}, \"users\": {}, \"contacts\": {}, "
      "\"presentities\": {}, \"watchers\": {}, \"silent_watchers\": {}, \"rounds\": \"{}\", "
      "\"reuse_nonce\": {}",
      options.operation, options.transport == Transport::tcp ? "tcp" : "udp", options.in_flight,
      options.users, options.contacts, options.presentities, options.watchers, options.silent_watchers,
      options.rounds == Rounds::one ? "one" : "endless", options.reuse_nonce);
}

std::string counts(const Result& result) {
  return fmt::format(
      "\"lost\": {}, \"wrong\": {}, \"stale_watchers\": {}, \"refused\": {}, \"unstarted\": {}, "
      "\"retransmissions\": {}, \"challenges\": {}",
      result.lost, result.wrong, result.stale_watchers, result.refused, result.unstarted,
      result.retransmissions, result.challenges);
}

std::string costs(const Spent& spent, std::size_t operations) {
  const auto of = [&](const Costs& before, const Costs& after) {
    return per_thousand(after.cpu_seconds - before.cpu_seconds, operations);
  };
  return fmt::format(
      "\"server_cpu_s_per_1000\": {:.4f}, \"database_cpu_s_per_1000\": {:.4f}, "
      "\"generator_cpu_s_per_1000\": {:.4f}, \"server_pss_kib\": {}, \"database_pss_kib\": {}",
      of(spent.server_before, spent.server_after), of(spent.database_before, spent.database_after),
      per_thousand(spent.generator_cpu_seconds, operations), spent.server_after.pss_kib,
      spent.database_after.pss_kib);
}

std::string kinds_of(Result& result) {
  std::string list;
  for (auto& kind : result.kinds) {
    list += fmt::format("{}\"{}\": {{\"operations\": {}, \"p50_ms\": {:.3f}, \"p99_ms\": {:.3f}}}",
                        list.empty() ? "" : ", ", kind.name, kind.latencies.size(),
                        milliseconds_at(kind.latencies, 0.50), milliseconds_at(kind.latencies, 0.99));
  }
  return "{" + list + "}";
}

std::string list_of(const std::vector<Stretch>& timeline) {
  std::string list;
  for (const auto& stretch : timeline) {
    list += fmt::format(
        "{}{{\"second\": {}, \"seconds\": {:.3f}, \"begun\": {}, \"done\": {}, \"refused\": {}, "
        "\"rate\": {:.0f}, \"p50_ms\": {:.3f}, \"p99_ms\": {:.3f}, \"server_pss_kib\": {}, "
        "\"database_pss_kib\": {}}}",
        list.empty() ? "" : ", ", stretch.second, stretch.seconds, stretch.begun, stretch.done,
        stretch.refused, stretch.rate, stretch.p50_ms, stretch.p99_ms, stretch.server_pss_kib,
        stretch.database_pss_kib);
  }
  return "[" + list + "]";
}

}  // namespace

std::string to_json(const Options& options, Result& result, const Spent& spent,
                    const std::vector<Stretch>& timeline) {
  std::vector<std::uint32_t> all;
  for (const auto& kind : result.kinds)
    all.insert(all.end(), kind.latencies.begin(), kind.latencies.end());
  const double rate = result.seconds > 0 ? static_cast<double>(result.operations) / result.seconds : 0;
  auto json = fmt::format(
      "{{{}, \"operations\": {}, \"seconds\": {:.3f}, \"rate\": {:.0f}, \"p50_ms\": {:.3f}, "
      "\"p95_ms\": {:.3f}, \"p99_ms\": {:.3f}, \"max_ms\": {:.3f}, {}, {}",
      settings(options), result.operations, result.seconds, rate, milliseconds_at(all, 0.50),
      milliseconds_at(all, 0.95), milliseconds_at(all, 0.99), milliseconds_at(all, 1), counts(result),
      costs(spent, all.size()));
  if (result.kinds.size() > 1) json += ", \"kinds\": " + kinds_of(result);
  if (!timeline.empty()) json += ", \"timeline\": " + list_of(timeline);
  return json + ", \"complaints\": " + quoted(result.complaints) + "}";
}

}  // namespace bench
