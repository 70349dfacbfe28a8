// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>

#include <rollcall/app/configuration.hpp>

namespace rollcall::app {

/// Runs the server until SIGTERM or SIGINT; SIGHUP calls `read_again` and takes over what it gives.
/// On the main thread, before any other is started. Returns the exit code.
int serve(const Configuration& configuration, const std::function<Loaded()>& read_again);

}  // namespace rollcall::app
