// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <rollcall/app/configuration.hpp>
#include <rollcall/base/result.hpp>

namespace rollcall::app {

/// The whole server: builds every part in the order in which they depend on each other, and takes
/// them down in the opposite one. Lives on the thread that starts it, which must be the main one (the
/// embedded database ends with the thread that started it).
class Server {
 public:
  /// Returns when requests are served. Errors say which part could not start, and why.
  static base::Result<std::unique_ptr<Server>> start(const Configuration& configuration);

  virtual ~Server() = default;

  /// What to tell whoever started it: addresses, domains, the one-time password.
  [[nodiscard]] virtual std::string greeting() const = 0;

  /// Takes over log level, limits and new domains; names in the log what it does not take over.
  virtual void reload(const Configuration& configuration) = 0;

  /// No new work; what is under way is committed and answered, within five seconds.
  virtual void stop() = 0;
};

}  // namespace rollcall::app
