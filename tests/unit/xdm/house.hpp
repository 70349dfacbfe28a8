// SPDX-License-Identifier: Apache-2.0
// Documents on two real shards with threads, and tables in memory in place of a database.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <rollcall/accounts/authenticator.hpp>
#include <rollcall/accounts/directory.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/xdm/service.hpp>

#include <doctest/doctest.h>
#include <support/people.hpp>

namespace rollcall::xdm::test {

/// What PostgreSQL would keep, and its two sides. Any thread.
class Tables final : public engine::Readers, public engine::Queries {
 public:
  using Key = std::pair<std::string, std::string>;
  template <class T>
  using Paged = base::Result<engine::Page<T>>;

  std::atomic<bool> is_up{true};
  std::atomic<int> documents_read{0};

  void keep(const model::Change& change) {
    const std::lock_guard lock(mutex_);
    if (const auto* save = std::get_if<model::SaveDocument>(&change))
      rows_[{save->document.owner.text(), save->document.path}] = save->document;
    if (const auto* remove = std::get_if<model::RemoveDocument>(&change))
      rows_.erase({remove->owner.text(), remove->path});
    if (const auto* user = std::get_if<model::RemoveUser>(&change))
      std::erase_if(rows_, [&](const auto& row) { return row.second.owner == user->aor; });
  }
  [[nodiscard]] std::size_t size() {
    const std::lock_guard lock(mutex_);
    return rows_.size();
  }

  void post(base::MoveFunction<void(engine::Queries&)> job) override { job(*this); }
  base::Result<std::optional<model::Document>> document(const sip::Aor& owner,
                                                        const std::string& path) override {
    ++documents_read;
    if (!is_up) return away();
    const std::lock_guard lock(mutex_);
    const auto found = rows_.find({owner.text(), path});
    if (found == rows_.end()) return std::optional<model::Document>();
    return std::optional<model::Document>(found->second);
  }
  base::Result<std::vector<engine::DocumentRow>> documents(const sip::Aor& owner) override {
    std::vector<engine::DocumentRow> list;
    if (!is_up) return away();
    for_each([&](const model::Document& row) {
      if (row.owner == owner) list.push_back({row.path, row.etag, row.body.size(), row.updated});
    });
    return list;
  }
  base::Result<std::optional<model::Document>> service(const std::string& uri) override {
    std::optional<model::Document> found;
    if (!is_up) return away();
    for_each([&](const model::Document& row) {
      if (std::ranges::count(row.services, uri) > 0) found = row;
    });
    return found;
  }
  base::Result<std::vector<std::string>> taken_services(const std::vector<std::string>& uris,
                                                        const sip::Aor& owner,
                                                        const std::string& path) override {
    std::vector<std::string> taken;
    if (!is_up) return away();
    for_each([&](const model::Document& row) {
      if (row.owner == owner && row.path == path) return;
      std::ranges::copy_if(row.services, std::back_inserter(taken),
                           [&](const std::string& uri) { return std::ranges::count(uris, uri) > 0; });
    });
    return taken;
  }
  base::Result<std::vector<model::Document>> service_documents(std::int64_t) override {
    std::vector<model::Document> found;
    if (!is_up) return away();
    for_each([&](const model::Document& row) {
      if (!row.services.empty()) found.push_back(row);
    });
    return found;
  }
  Paged<model::Domain> domains(const engine::PageRequest&) override { return away(); }
  Paged<model::User> users(const std::string&, const engine::PageRequest&) override { return away(); }
  Paged<model::StoredMessage> messages(const sip::Aor&, const engine::PageRequest&) override {
    return away();
  }
  base::Result<std::optional<model::StoredMessage>> message(const sip::Aor&, const std::string&) override {
    return away();
  }
  base::Result<> ping() override { return away(); }

 private:
  static base::Error away() { return base::unavailable("the database cannot be reached"); }
  template <class F>
  void for_each(F work) {
    const std::lock_guard lock(mutex_);
    for (const auto& [key, row] : rows_)
      work(row);
  }

  std::mutex mutex_;  // guards rows_
  std::map<Key, model::Document> rows_;
};

/// Commits at once, and tells in the shard's next turn.
class TableJournal final : public engine::Journal {
 public:
  TableJournal(Tables& tables, engine::Mailbox& mailbox) : tables_(tables), mailbox_(mailbox) {}
  void set_listener(Listener listener) override { listener_ = std::move(listener); }
  [[nodiscard]] bool available() const override { return tables_.is_up; }
  void submit(engine::JournalEntry entry) override {
    for (const model::Change& change : entry.changes)
      tables_.keep(change);
    mailbox_.post([this, entry = std::move(entry)]() mutable {
      std::vector<engine::Verdict> verdicts;
      verdicts.push_back({entry.ticket, base::Done{}, std::move(entry.changes), false});
      listener_(std::move(verdicts));
    });
  }

 private:
  Tables& tables_;
  engine::Mailbox& mailbox_;
  Listener listener_;
};

/// One shard and the thread that runs it.
struct Room {
  Room(std::uint16_t index, std::vector<std::unique_ptr<engine::Mailbox>>& mailboxes, const engine::Run& run,
       const base::Limits& limits, Tables& tables)
      : mailbox(*mailboxes[index]),
        journal(tables, mailbox),
        shard(index, mailboxes, run, limits, wire, journal, metrics, base::now()),
        directory(metrics),
        authenticator((shard.keeper().add_store(directory), shard), directory) {
    mailbox.set_waker([this] {
      const std::lock_guard lock(mutex);
      is_woken = true;
      wake.notify_one();
    });
  }
  ~Room() {
    shard.post([this] { is_stopping = true; });
    thread.join();
  }
  void start() {
    thread = std::thread([this] {
      while (!is_stopping) {
        {
          std::unique_lock lock(mutex);
          wake.wait(lock, [this] { return is_woken; });
          is_woken = false;
        }
        shard.set_now(base::now());
        shard.run_mailbox();
      }
    });
  }

  engine::Mailbox& mailbox;
  tests::RecordingWire wire;
  base::MetricCells metrics;
  TableJournal journal;
  engine::Shard shard;
  accounts::Directory directory;
  accounts::Authenticator authenticator;
  bool is_stopping = false;
  std::mutex mutex;  // guards is_woken
  std::condition_variable wake;
  bool is_woken = false;
  std::thread thread;
};

/// Two shards; the users alice and bob of example.com, whose password is "secret".
struct House {
  House() {
    for (int i = 0; i < 2; ++i)
      mailboxes.push_back(std::make_unique<engine::Mailbox>());
    run.secret = "not so secret";
    for (std::uint16_t i = 0; i < 2; ++i)
      rooms.push_back(std::make_unique<Room>(i, mailboxes, run, limits, tables));
    std::vector<engine::Shard*> shards;
    std::vector<accounts::ShardAccounts> parts;
    for (const auto& room : rooms) {
      shards.push_back(&room->shard);
      parts.push_back({&room->shard, &room->directory});
    }
    for (const auto& room : rooms)
      room->shard.set_peers(shards);
    service = std::make_unique<Service>(parts, tables, limits, std::vector<std::string>());
    for (const auto& room : rooms) {
      room->start();
      for (const char* name : {"alice@example.com", "bob@example.com"})
        if (room->shard.owner_of(std::string_view(name)) == room->shard.index())
          commit(*room, model::SaveUser{tests::user_named(name)});
      commit(*room, model::SaveDomain{{"example.com", {}}});
    }
  }

  static void commit(Room& room, model::Change change) {
    model::Changes changes;
    changes.push_back(std::move(change));
    const auto kept = engine::ask<bool>(
        room.shard, std::chrono::seconds(5),
        [&room, changes = std::move(changes)](base::MoveFunction<void(bool)> answer) mutable {
          room.shard.keeper().commit(
              std::move(changes),
              [answer = std::move(answer)](const base::Result<>& done) mutable { answer(done.ok()); });
        });
    REQUIRE(kept == true);
  }
  Room& room_of(const sip::Aor& aor) { return *rooms[rooms.front()->shard.owner_of(aor)]; }

  base::Limits limits;
  Tables tables;
  engine::Run run;
  std::vector<std::unique_ptr<engine::Mailbox>> mailboxes;
  std::vector<std::unique_ptr<Room>> rooms;
  std::unique_ptr<Service> service;
  const sip::Aor alice = tests::aor("alice@example.com"), bob = tests::aor("bob@example.com");
};

/// A resource-lists document with that inside.
inline std::string lists(const std::string& content) {
  return "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">" + content + "</resource-lists>";
}

/// A rls-services document with services of these URIs.
inline std::string services(const std::vector<std::string>& uris) {
  std::string text = "<rls-services xmlns=\"urn:ietf:params:xml:ns:rls-services\">";
  for (const std::string& uri : uris)
    text += "<service uri=\"" + uri + "\"><list/><packages><package>presence</package></packages></service>";
  return text + "</rls-services>";
}

}  // namespace rollcall::xdm::test
