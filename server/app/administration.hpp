// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "users.hpp"

#include <memory>

#include <rollcall/app/configuration.hpp>
#include <rollcall/base/result.hpp>

namespace rollcall::app {

/// The running server that holds the data folder, or else the database in it. Waits for a server
/// that is starting.
base::Result<std::unique_ptr<Administration>> open_administration(const Configuration& configuration);

}  // namespace rollcall::app
