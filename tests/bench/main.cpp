// SPDX-License-Identifier: Apache-2.0
// sip_load: loads a SIP server on this machine with one kind of operation, or a mix, and prints one line
// of JSON. Ends with 0 when nothing was lost or wrong, with 1 when something was, with 2 when it could
// not run.
#include "cases.hpp"
#include "report.hpp"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <stdexcept>

#include <fmt/format.h>
#include <sys/resource.h>

namespace bench {
namespace {

using Make = std::unique_ptr<Case> (*)(const Options&, World&, Rounds);

/// What has to be there before a case can be measured.
enum class Ready {
  nothing,
  registered,
  watches_of_each_other,
  dialogs_of_each_other,
  publishers_watched,
  all
};

struct CaseRow {
  Make make;
  Ready ready;
};

constexpr std::uint32_t most_in_preparation = 100;  // operations at the same time
constexpr auto longest = std::chrono::hours(1);
constexpr std::uint32_t other_watches_of_a_presentity = 5;  // in the case "mix"

const std::map<std::string, CaseRow>& cases() {
  static const std::map<std::string, CaseRow> table = {
      {"options", {make_options, Ready::nothing}},
      {"register", {make_register, Ready::registered}},
      {"register-first", {make_register_first, Ready::nothing}},
      {"message", {make_message, Ready::registered}},
      {"subscribe", {make_subscribe, Ready::watches_of_each_other}},
      {"refresh", {make_refresh, Ready::dialogs_of_each_other}},
      {"publish", {make_publish, Ready::publishers_watched}},
      {"mix", {make_mix, Ready::all}},
  };
  return table;
}

/// Runs a case once over all that it deals with, before the clock starts.
void run_once(const Options& options, Load& load, World& world, Make make) {
  const auto operation = make(options, world, Rounds::one);
  const Plan plan{std::min(options.in_flight, most_in_preparation), longest, {}, UINT64_MAX};
  Timeline none{Options{}};
  const auto result = load.run(*operation, plan, none);
  if (result.lost + result.wrong + result.refused == 0) return;
  throw std::runtime_error(fmt::format("preparation failed: {} lost, {} wrong, {} refused; {}", result.lost,
                                       result.wrong, result.refused,
                                       result.complaints.empty() ? "" : result.complaints.front()));
}

void prepare(const Options& options, Load& load, World& world, Ready ready) {
  if (ready == Ready::registered || ready == Ready::all) run_once(options, load, world, make_register);
  if (ready == Ready::watches_of_each_other || ready == Ready::dialogs_of_each_other)
    world.watch_each_other();
  if (ready == Ready::publishers_watched || ready == Ready::all) world.watch_publishers(options);
  if (ready == Ready::all) {
    world.watch_others(
        std::min(options.users - options.presentities, other_watches_of_a_presentity * options.presentities));
  }
  if (ready == Ready::dialogs_of_each_other || ready == Ready::publishers_watched || ready == Ready::all) {
    run_once(options, load, world, make_subscribe);
  }
}

Plan plan_of(const Options& options) {
  const auto most = options.most_operations == 0 ? UINT64_MAX : options.most_operations;
  const auto time = options.rounds == Rounds::one ? Clock::duration(longest) : options.duration;
  return {options.in_flight, time, options.phases, most};
}

double own_cpu_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

/// What watchers know at the end is part of what a publishing case promises.
void count_stale_watchers(Load& load, const World& world, Result& result) {
  if (world.publications.empty()) return;
  load.settle();
  result.stale_watchers = stale_watchers(world);
  result.wrong += result.stale_watchers;
  if (result.stale_watchers > 0)
    result.complaints.push_back(fmt::format("{} watchers do not know the last state", result.stale_watchers));
}

int run(const Options& options) {
  const auto row = cases().find(options.operation);
  if (row == cases().end()) throw std::invalid_argument("unknown case " + options.operation);
  const auto sockets = open_sockets(options);
  World world(options, *sockets);
  Load load(options, *sockets, world);
  prepare(options, load, world, row->second.ready);

  const auto operation = row->second.make(options, world, options.rounds);
  const auto plan = plan_of(options);
  Timeline timeline(options);
  Spent spent;
  spent.server_before = costs_of(options.server_pid, options.database_pid);
  spent.database_before = costs_of(options.database_pid);
  const auto before = own_cpu_seconds();
  auto result = load.run(*operation, plan, timeline);
  spent.generator_cpu_seconds = own_cpu_seconds() - before;
  count_stale_watchers(load, world, result);
  spent.server_after = costs_of(options.server_pid, options.database_pid);
  spent.database_after = costs_of(options.database_pid);
  fmt::print("{}\n", to_json(options, result, spent, timeline.take()));
  const bool any = std::any_of(result.kinds.begin(), result.kinds.end(),
                               [](const auto& kind) { return !kind.latencies.empty(); });
  return result.lost + result.wrong == 0 && (any || result.refused > 0) ? 0 : 1;
}

}  // namespace
}  // namespace bench

int main(int count, char** words) {
  try {
    return bench::run(bench::read_options(count, words));
  } catch (const std::exception& error) {
    fmt::print(stderr, "sip_load: {}\n", error.what());
    return 2;
  }
}
