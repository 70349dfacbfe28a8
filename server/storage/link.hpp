// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "params.hpp"
#include "watchdog.hpp"

#include <exception>
#include <memory>
#include <string>

#include <rollcall/base/result.hpp>

#include <pqxx/connection>
#include <pqxx/nontransaction>
#include <pqxx/result>

namespace rollcall::storage {

/// What went wrong with a statement, by what can be done about it.
struct Trouble {
  enum class Kind : std::uint8_t {
    lost,     // the connection is gone; whether the statement took effect is unknown
    away,     // the database answers that it cannot work now (disk full, shutting down, read only)
    again,    // a serialization failure or deadlock: try again
    fenced,   // the mark in table journal is not ours any more
    refused,  // it is the statement's own data
  };
  Kind kind = Kind::lost;
  base::Error error;
};

/// Sorts what libpqxx threw. Call it inside a catch block.
Trouble trouble_in_flight();

/// One connection, set up the way all of ours are: UTF-8, UTC, synchronous commit. Used by one thread
/// at a time. Everything throws what libpqxx throws. It never reconnects by itself: when it is lost,
/// make a new one.
class Link {
 public:
  enum class Purpose : std::uint8_t {
    journal,  // upserts; plans are made once
    reader,
    setup,  // migrations and loading: no limit of time
  };

  Link(const std::string& url, Purpose purpose, Watchdog& watchdog);

  pqxx::result exec(const std::string& sql);
  void prepare(const std::string& name, const std::string& sql) { connection_.prepare(name, sql); }
  pqxx::result run(const std::string& name, const Params& params);
  /// With text parameters; encode them.
  pqxx::result ask(const std::string& sql, const std::vector<std::string>& params);

  /// Takes what the server sent without being asked. False: the connection is gone.
  bool alive();
  [[nodiscard]] bool is_open() const { return connection_.is_open(); }
  [[nodiscard]] int socket() const { return connection_.sock(); }
  /// For COPY.
  pqxx::nontransaction& work() { return work_; }

 private:
  void set_up(Purpose purpose);
  // Libpqxx would reconnect silently, without what set_up() has set.
  void expect_open() const;

  Watchdog& watchdog_;
  const bool hurried_;
  pqxx::connection connection_;
  pqxx::nontransaction work_;
};

/// The URL with what we need added, unless it is there: limits for connecting and for dead peers.
std::string completed_url(const std::string& url);

/// The URL without its password.
std::string shown(const std::string& url);

}  // namespace rollcall::storage
