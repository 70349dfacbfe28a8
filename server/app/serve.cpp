// SPDX-License-Identifier: Apache-2.0
#include "serve.hpp"

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include <rollcall/app/server.hpp>
#include <rollcall/base/log.hpp>

#include <fmt/format.h>

namespace rollcall::app {

namespace {

using namespace std::chrono_literals;

constexpr base::Log logger{"app"};

// Blocked before any thread starts, so that all inherit it and signals come to wait_for_signal() alone.
sigset_t block_signals() {
  sigset_t signals;
  sigemptyset(&signals);
  for (const int number : {SIGTERM, SIGINT, SIGHUP})
    sigaddset(&signals, number);
  pthread_sigmask(SIG_BLOCK, &signals, nullptr);
  signal(SIGPIPE, SIG_IGN);
  return signals;
}

int wait_for_signal(const sigset_t& signals) {
  int number = 0;
  while (sigwait(&signals, &number) != 0)
    continue;
  return number;
}

// While the server starts, nobody was promised anything: a signal ends the process at once, instead of
// waiting for, say, a database that does not answer.
class StartGuard {
 public:
  explicit StartGuard(const sigset_t& signals) : thread_([this, signals] { watch(signals); }) {}
  ~StartGuard() {
    is_over_ = true;
    pthread_kill(thread_.native_handle(), SIGHUP);
    thread_.join();
  }
  StartGuard(const StartGuard&) = delete;
  StartGuard& operator=(const StartGuard&) = delete;

 private:
  void watch(const sigset_t& signals) {
    while (!is_over_) {
      if (wait_for_signal(signals) == SIGHUP) continue;
      logger.info("stopped_while_starting");
      std::_Exit(1);
    }
  }

  std::atomic<bool> is_over_{false};
  std::thread thread_;
};

base::Result<std::unique_ptr<Server>> start_guarded(const Configuration& configuration,
                                                    const sigset_t& signals) {
  const StartGuard guard(signals);
  return Server::start(configuration);
}

void reload(Server& server, const std::function<Loaded()>& read_again) {
  const Loaded loaded = read_again();
  for (const std::string& problem : loaded.problems)
    logger.error("configuration_refused", base::kv("why", problem));
  if (loaded.problems.empty()) server.reload(loaded.configuration);
}

// What hangs is not waited for: whatever was not committed by now was not promised to anybody either.
void end_within(std::chrono::milliseconds patience) {
  std::thread([patience] {
    std::this_thread::sleep_for(patience);
    logger.error("stop_took_too_long");
    std::_Exit(1);
  }).detach();
}

void greet(const Server& server) {
  fmt::print("{}rollcall ready\n", server.greeting());
  std::fflush(stdout);
}

}  // namespace

int serve(const Configuration& configuration, const std::function<Loaded()>& read_again) {
  const sigset_t signals = block_signals();
  base::start_log(configuration.log_level, configuration.log_format);
  auto server = start_guarded(configuration, signals);
  if (!server) {
    fmt::print(stderr, "rollcall: {}\n", server.error().detail);
    return 1;
  }
  greet(**server);
  int number = wait_for_signal(signals);
  for (; number == SIGHUP; number = wait_for_signal(signals))
    reload(**server, read_again);
  logger.info("stopping", base::kv("signal", number == SIGTERM ? "TERM" : "INT"));
  end_within(4'800ms);
  (*server)->stop();
  logger.info("stopped");
  return 0;
}

}  // namespace rollcall::app
