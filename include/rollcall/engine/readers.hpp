// SPDX-License-Identifier: Apache-2.0
// Questions to the database that are not answered from memory: lists for administrators, the texts of
// messages that wait, and documents.
#pragma once

#include <chrono>
#include <cstdint>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/base/task.hpp>
#include <rollcall/model/account.hpp>
#include <rollcall/model/document.hpp>
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

/// What a list of documents tells of one.
struct DocumentRow {
  std::string path;
  base::Text etag;
  std::size_t size = 0;  // of the body, bytes
  base::Instant updated{};

  friend bool operator==(const DocumentRow&, const DocumentRow&) = default;
};

/// One connection's questions. Blocking; on the thread of a reader. Errors: unavailable without the
/// database, malformed for a broken cursor.
class Queries {
 public:
  virtual ~Queries() = default;
  virtual base::Result<Page<model::Domain>> domains(const PageRequest& page) = 0;
  /// Of one domain, or of all when it is ""; by AOR.
  virtual base::Result<Page<model::User>> users(const std::string& domain, const PageRequest& page) = 0;
  virtual base::Result<std::optional<model::Document>> document(const sip::Aor& owner,
                                                                const std::string& path) = 0;
  /// All that an owner has, by path.
  virtual base::Result<std::vector<DocumentRow>> documents(const sip::Aor& owner) = 0;
  /// The document that defines a list service, by its URI as Document::services has it.
  virtual base::Result<std::optional<model::Document>> service(const std::string& uri) = 0;
  /// Those of the URIs that other documents than this one define as services.
  virtual base::Result<std::vector<std::string>> taken_services(const std::vector<std::string>& uris,
                                                                const sip::Aor& owner,
                                                                const std::string& path) = 0;
  /// The first `most` documents that define any, by owner.
  virtual base::Result<std::vector<model::Document>> service_documents(std::int64_t most) = 0;
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

/// Asks the database on a reader's thread and waits for the answer. Any thread that is no shard's. Error
/// unavailable: none came in time, or the server stops.
template <class T, class Question>
base::Result<T> read(Readers& readers, Question question, base::Duration patience = std::chrono::seconds(5)) {
  // Shared: the one who waits may give up before the one who answers.
  auto promise = std::make_shared<std::promise<base::Result<T>>>();
  auto answer = promise->get_future();
  readers.post([promise = std::move(promise), question = std::move(question)](Queries& queries) mutable {
    promise->set_value(question(queries));
  });
  if (answer.wait_for(patience) != std::future_status::ready)
    return base::unavailable("the database did not answer in time");
  try {
    return answer.get();
  } catch (const std::future_error&) {
    return base::unavailable("the server is stopping");  // the readers dropped the question
  }
}

}  // namespace rollcall::engine
