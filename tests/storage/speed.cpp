// SPDX-License-Identifier: Apache-2.0
// How many REGISTERs a second one journal commits, by how many are in flight.
#include "fixture.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/times.h>
#include <unistd.h>

namespace rollcall::test {

using Clock = std::chrono::steady_clock;

namespace {

double cpu_of_us() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

// Of the one busy backend: a journal's.
double cpu_of_backend(const EmptyDatabase& database) {
  const auto pid = database.sql(
      "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND "
      "pid <> pg_backend_pid() AND query LIKE '%mark%' LIMIT 1");
  if (pid.empty()) return 0;
  std::FILE* file = std::fopen(fmt::format("/proc/{}/stat", pid[0][0].c_str()).c_str(), "r");
  if (!file) return 0;
  unsigned long user = 0, system = 0;
  const int read =
      std::fscanf(file, "%*d %*s %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %lu %lu", &user, &system);
  std::fclose(file);
  return read == 2 ? static_cast<double>(user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK)) : 0;
}

model::Changes registration(std::uint64_t user) {
  const std::string name = fmt::format("user{}@example.org", user);
  model::Binding binding = make_binding(name, 1);
  binding.call_id = "3848276298220188511@atlanta.example.com";
  binding.path = {};
  binding.user_agent = "Linphone/5.2.0 (belle-sip/5.3.0)";
  model::Changes changes;
  changes.emplace_back(model::SaveBinding{binding});
  if (std::getenv("WITH_DEVICE"))
    changes.emplace_back(model::SaveDevice{{binding.aor, binding.instance, binding.updated}});
  return changes;
}

void measure(std::size_t in_flight, double seconds) {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  std::uint64_t user = 0;
  std::size_t done = 0, submitted = 0;
  const double backend_before = cpu_of_backend(empty), us_before = cpu_of_us();
  const auto start = Clock::now();
  while (std::chrono::duration<double>(Clock::now() - start).count() < seconds) {
    for (; submitted - done < in_flight; ++submitted)
      shard.submit(registration(user++ % 10'000));
    shard.wait_for(1);
    done += shard.verdicts.size();
    shard.verdicts.clear();
  }
  const double time = std::chrono::duration<double>(Clock::now() - start).count();
  const double us = cpu_of_us() - us_before, backend = cpu_of_backend(empty) - backend_before;
  fmt::print("{:6} in flight: {:8.0f} registers/s, {:6.0f} commits/s, cpu us {:4.1f}%, backend {:4.1f}%\n",
             in_flight, static_cast<double>(done) / time,
             static_cast<double>(shard.cells.read(base::Metric::commits)) / time, 100 * us / time,
             100 * backend / time);
}

}  // namespace

TEST_CASE("speed: how many registrations a second a journal commits") {
  for (const std::size_t in_flight : {1, 10, 100, 1000})
    measure(in_flight, 3);
  CHECK(true);
}

TEST_CASE("speed: how long a million bindings take to load") {
  EmptyDatabase empty;
  auto database = open(empty.settings());
  TestShard shard(*database);
  CHECK(shard.commit(registration(0)).result.ok());
  empty.sql(
      "INSERT INTO bindings SELECT 'u' || n || '@example.net', 1, contact, parameters, instance, reg_id, "
      "call_id, "
      "cseq, q, path, flow, behind_nat, user_agent, allow, accept, updated, expires "
      "FROM bindings, generate_series(1, 1000000) AS n");
  const auto start = Clock::now();
  const double us_before = cpu_of_us();
  std::size_t bytes = 0;
  const auto loaded = database->load({}, [&](model::Change&& change) {
    bytes += std::get<model::SaveBinding>(change).binding.contact.size();
  });
  REQUIRE(loaded.ok());
  fmt::print("{} bindings loaded in {:.1f} s, cpu us {:.1f} s\n", loaded->bindings,
             std::chrono::duration<double>(Clock::now() - start).count(), cpu_of_us() - us_before);
  CHECK(bytes > 0);
}

}  // namespace rollcall::test
