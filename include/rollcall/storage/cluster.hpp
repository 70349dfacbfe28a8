// SPDX-License-Identifier: Apache-2.0
// A private PostgreSQL in a folder of ours: no TCP, one Unix socket, stopped with the server.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include <rollcall/base/result.hpp>

namespace rollcall::storage {

/// A running cluster. start() and stop() on one thread; a thread of its own forks the database
/// process, lives as long as it, and starts it again when it dies. When our process dies, by
/// whatever cause, the kernel tells the database to shut down.
class Cluster {
 public:
  struct Settings {
    std::filesystem::path folder;           // made when it is missing; holds cluster/, run/ and postgres.log
    std::filesystem::path postgres_folder;  // of initdb and postgres; "": look for it
    std::chrono::milliseconds start_within{60'000};
    int connections = 40;
  };

  /// Makes the cluster at the first time, starts it and waits until it takes connections. Errors:
  /// conflict (another server uses the folder; made by another major version of PostgreSQL),
  /// unavailable (no PostgreSQL found, it does not start; the text says why and what to do).
  static base::Result<std::unique_ptr<Cluster>> start(const Settings& settings);

  virtual ~Cluster() = default;

  /// For libpqxx and psql: a URL with the socket's folder as host.
  [[nodiscard]] virtual const std::string& url() const = 0;
  /// The process now running, 0 while it is being started again. Any thread.
  [[nodiscard]] virtual int process() const = 0;
  /// Fast shutdown, immediate shutdown if that takes too long. A second call does nothing.
  virtual void stop() = 0;
};

}  // namespace rollcall::storage
