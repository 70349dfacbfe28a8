// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "costs.hpp"
#include "options.hpp"

#include <chrono>
#include <cstdint>
#include <future>
#include <vector>

namespace bench {

/// What came to pass in one stretch of a run.
struct Stretch {
  std::uint32_t second = 0;  // where it begins
  std::uint64_t begun = 0, done = 0, refused = 0;
  double seconds = 0;             // how long it is; the last one may be shorter than the others
  double rate = 0;                // done a second
  double p50_ms = 0, p99_ms = 0;  // of what began in it, whenever it ended
  std::uint64_t server_pss_kib = 0, database_pss_kib = 0;  // at its end
};

/// Counts what begins and ends, stretch by stretch. Memory is looked up on a thread of its own, as that
/// takes long enough to be seen in the latencies.
class Timeline {
 public:
  /// No options.sample: second by second in an open loop, and without the database; else nothing at all.
  explicit Timeline(const Options& options);

  void begun() { ++now_.begun; }
  void refused() { ++now_.refused; }
  /// What began `since_start` is done, and took so long.
  void done(std::chrono::duration<double> since_start, std::uint32_t microseconds);

  /// Closes the stretches that have ended by then.
  void advance(std::chrono::duration<double> since_start);
  /// The run is over: closes the last one too, if anything came to pass in it.
  void finish(std::chrono::duration<double> since_start);
  std::vector<Stretch> take();

 private:
  void close(double seconds);

  std::chrono::seconds every_;
  int server_pid_, database_pid_;
  bool with_database_;
  Stretch now_;
  std::vector<std::vector<std::uint32_t>> latencies_;  // by the stretch in which they began
  std::vector<Stretch> closed_;
  std::vector<std::future<Stretch>> memory_;  // one for each that is closed; only its two sizes count
};

/// The value below which that part of the numbers lies, from microseconds to milliseconds. Sorts them
/// partly.
double milliseconds_at(std::vector<std::uint32_t>& microseconds, double part);

}  // namespace bench
