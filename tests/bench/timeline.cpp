// SPDX-License-Identifier: Apache-2.0
#include "timeline.hpp"

#include <algorithm>

namespace bench {

using namespace std::chrono_literals;

Timeline::Timeline(const Options& options)
    : every_(options.sample.count() == 0 && !options.phases.empty() ? 1s : options.sample),
      server_pid_(options.server_pid),
      database_pid_(options.database_pid),
      with_database_(options.sample.count() > 0) {}

void Timeline::done(std::chrono::duration<double> since_start, std::uint32_t microseconds) {
  ++now_.done;
  if (every_.count() == 0) return;
  const auto stretch = static_cast<std::size_t>(since_start / every_);
  if (latencies_.size() <= stretch) latencies_.resize(stretch + 1);
  latencies_[stretch].push_back(microseconds);
}

void Timeline::advance(std::chrono::duration<double> since_start) {
  while (every_.count() > 0 && since_start >= std::chrono::seconds(now_.second) + every_) {
    close(static_cast<double>(every_.count()));
  }
}

void Timeline::finish(std::chrono::duration<double> since_start) {
  advance(since_start);
  const bool empty = now_.begun + now_.done + now_.refused == 0;
  if (every_.count() > 0 && !empty) close((since_start - std::chrono::seconds(now_.second)).count());
}

void Timeline::close(double seconds) {
  now_.seconds = std::max(seconds, 0.001);
  now_.rate = static_cast<double>(now_.done) / now_.seconds;
  closed_.push_back(now_);
  memory_.push_back(std::async(
      std::launch::async, [server = server_pid_, database = database_pid_, with_database = with_database_] {
        Stretch sizes;
        sizes.server_pss_kib = costs_of(server, database).pss_kib;
        if (with_database) sizes.database_pss_kib = costs_of(database).pss_kib;
        return sizes;
      }));
  now_ = {};
  now_.second = closed_.back().second + static_cast<std::uint32_t>(every_.count());
}

std::vector<Stretch> Timeline::take() {
  for (std::size_t i = 0; i < closed_.size(); ++i) {
    const auto sizes = memory_[i].get();
    closed_[i].server_pss_kib = sizes.server_pss_kib;
    closed_[i].database_pss_kib = sizes.database_pss_kib;
    if (i >= latencies_.size()) continue;
    closed_[i].p50_ms = milliseconds_at(latencies_[i], 0.50);
    closed_[i].p99_ms = milliseconds_at(latencies_[i], 0.99);
  }
  return std::move(closed_);
}

double milliseconds_at(std::vector<std::uint32_t>& microseconds, double part) {
  if (microseconds.empty()) return 0;
  const auto index = static_cast<std::ptrdiff_t>(part * static_cast<double>(microseconds.size() - 1));
  std::nth_element(microseconds.begin(), microseconds.begin() + index, microseconds.end());
  return microseconds[static_cast<std::size_t>(index)] / 1000.0;
}

}  // namespace bench
