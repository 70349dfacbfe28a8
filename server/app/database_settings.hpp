// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <rollcall/app/configuration.hpp>
#include <rollcall/storage/database.hpp>

namespace rollcall::app {

/// How the configured database is opened.
inline storage::Settings database_settings(const Configuration& configuration) {
  storage::Settings settings;
  settings.url = configuration.database_url;
  settings.data_folder = configuration.data_dir;
  settings.postgres_folder = configuration.database_binaries;
  return settings;
}

}  // namespace rollcall::app
