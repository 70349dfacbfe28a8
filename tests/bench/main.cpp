// SPDX-License-Identifier: Apache-2.0
// sip_load: loads a SIP server on this machine with one kind of operation and prints one line of JSON.
// Ends with 0 when nothing was lost or wrong, with 1 when something was, with 2 when it could not run.
#include "cases.hpp"
#include "report.hpp"

#include <cstdio>
#include <exception>
#include <functional>
#include <map>
#include <stdexcept>

#include <fmt/format.h>

namespace bench {
namespace {

using Make = std::unique_ptr<Case> (*)(const Options&, World&, Rounds);

/// What has to be there before a case can be measured.
enum class Ready { nothing, registered, watches_of_each_other, dialogs_of_each_other, publishers_watched };

struct CaseRow {
  Make make;
  Ready ready;
};

const std::map<std::string, CaseRow>& cases() {
  static const std::map<std::string, CaseRow> table = {
      {"options", {make_options, Ready::nothing}},
      {"register", {make_register, Ready::registered}},
      {"message", {make_message, Ready::registered}},
      {"subscribe", {make_subscribe, Ready::watches_of_each_other}},
      {"refresh", {make_refresh, Ready::dialogs_of_each_other}},
      {"publish", {make_publish, Ready::publishers_watched}},
  };
  return table;
}

/// Runs a case once over all that it deals with, before the clock starts.
void run_once(const Options& options, Load& load, World& world, Make make) {
  const auto operation = make(options, world, Rounds::one);
  const auto result = load.run(*operation, std::chrono::minutes(10), options.most_operations);
  if (result.lost + result.wrong == 0) return;
  throw std::runtime_error(fmt::format("preparation failed: {} lost, {} wrong; {}", result.lost, result.wrong,
                                       result.complaints.empty() ? "" : result.complaints.front()));
}

void watch_each_other(World& world) {
  const auto count = static_cast<std::uint32_t>(world.users.size());
  world.watches.resize(count);
  for (std::uint32_t i = 0; i < count; ++i)
    world.watches[i] = {i, (i + 1) % count, 0, {}, {}, 0, 0};
}

/// The watches of one presentity stand together; the watchers come behind the presentities.
void watch_publishers(const Options& options, World& world) {
  world.publications.resize(options.presentities);
  for (std::uint32_t i = 0; i < options.presentities * options.watchers; ++i) {
    const auto presentity = i / options.watchers;
    const auto watcher = (options.presentities + i) % options.users;
    world.watches.push_back({watcher, presentity, 0, {}, {}, 0, 0});
  }
}

void prepare(const Options& options, Load& load, World& world, Ready ready) {
  if (ready == Ready::registered) run_once(options, load, world, make_register);
  if (ready == Ready::watches_of_each_other || ready == Ready::dialogs_of_each_other) watch_each_other(world);
  if (ready == Ready::publishers_watched) watch_publishers(options, world);
  if (ready == Ready::dialogs_of_each_other || ready == Ready::publishers_watched) {
    run_once(options, load, world, make_subscribe);
  }
}

int run(const Options& options) {
  const auto row = cases().find(options.operation);
  if (row == cases().end()) throw std::invalid_argument("unknown case " + options.operation);
  Sockets sockets(options.target_host, options.target_port, options.sockets, options.first_port);
  World world(options, sockets);
  Load load(options, sockets, world);
  prepare(options, load, world, row->second.ready);

  const auto operation = row->second.make(options, world, Rounds::endless);
  Spent spent;
  spent.server_before = costs_of(options.server_pid, options.database_pid);
  spent.database_before = costs_of(options.database_pid);
  auto result = load.run(*operation, options.duration, options.most_operations);
  spent.server_after = costs_of(options.server_pid, options.database_pid);
  spent.database_after = costs_of(options.database_pid);
  fmt::print("{}\n", to_json(options, result, spent));
  return result.lost + result.wrong == 0 && !result.latencies.empty() ? 0 : 1;
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
