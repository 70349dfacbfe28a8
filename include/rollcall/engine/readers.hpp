// SPDX-License-Identifier: Apache-2.0
// Questions to the database that are not answered from memory: lists for administrators, and the
// texts of messages that wait.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rollcall/base/result.hpp>
#include <rollcall/base/task.hpp>
#include <rollcall/model/account.hpp>
#include <rollcall/model/message.hpp>

namespace rollcall::engine {

/// A page of a list: its rows, and where the next page begins ("" at the end).
template <class T>
struct Page {
  std::vector<T> rows;
  std::string next;
};

/// Which rows: those behind `after` (a cursor that Page::next gave), at most `limit` of them.
struct PageRequest {
  std::string after;
  std::int64_t limit = 100;
  std::string search;  // part of a user name or display name, "" for all
};

/// One connection's questions. Blocking; on the thread of a reader. Errors: unavailable without the
/// database, malformed for a broken cursor.
class Queries {
 public:
  virtual ~Queries() = default;
  virtual base::Result<Page<model::Domain>> domains(const PageRequest& page) = 0;
  /// Of one domain, or of all when it is ""; by AOR.
  virtual base::Result<Page<model::User>> users(const std::string& domain, const PageRequest& page) = 0;
  virtual base::Result<Page<model::Buddy>> buddies(const sip::Aor& owner, const PageRequest& page) = 0;
  virtual base::Result<std::optional<model::Buddy>> buddy(const sip::Aor& owner, const std::string& uri) = 0;
  virtual base::Result<std::int64_t> buddy_count(const sip::Aor& owner) = 0;
  /// With the devices that have not had them; oldest first.
  virtual base::Result<Page<model::StoredMessage>> messages(const sip::Aor& receiver,
                                                            const PageRequest& page) = 0;
  virtual base::Result<std::optional<model::StoredMessage>> message(const sip::Aor& receiver,
                                                                    const std::string& id) = 0;
  /// Answers when the database does: for readiness.
  virtual base::Result<> ping() = 0;
};

/// A small pool of connections with a thread each.
class Readers {
 public:
  virtual ~Readers() = default;
  /// Runs the job on a reader's thread. Any thread; never blocks. After stop() jobs are dropped.
  virtual void post(base::MoveFunction<void(Queries&)> job) = 0;
};

}  // namespace rollcall::engine
