// SPDX-License-Identifier: Apache-2.0
// Decide, commit, emit: the middle step.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/base/task.hpp>
#include <rollcall/engine/journal.hpp>
#include <rollcall/model/change.hpp>

namespace rollcall::engine {

/// What a committed change was about. An event says what changed and does not carry the state.
enum class Topic : std::uint8_t {
  domain,
  user,
  bindings,
  publications,
  subscription,
  waiting,    // watchers that wait for a decision without a subscription; the key is the presentity
  documents,  // the key is the owner, "" for the global tree
  messages,
  count_
};

struct Event {
  Topic topic;
  std::string key;       // the AOR (for domain its name)
  std::uint64_t id = 0;  // the row, where one is meant (a binding, a publication, a subscription)

  friend bool operator==(const Event&, const Event&) = default;
};

/// Memory that follows committed changes. Features implement it for their own kinds and ignore the
/// rest. Called on the shard's thread, and at start while rows are loaded.
class Store {
 public:
  virtual ~Store() = default;
  virtual void apply(const model::Change& change) = 0;
};

/// Commits changes and then, and only then, applies them to memory, calls whoever asked for them,
/// and announces them. Lives on one shard's thread.
class Keeper {
 public:
  Keeper(Journal& journal, const base::Limits& limits);

  void add_store(Store& store) { stores_.push_back(&store); }
  using Listener = std::function<void(const Event&)>;
  void listen(Topic topic, Listener listener);

  /// Called with success after the changes are on disk and in memory, before they are announced; or
  /// with unavailable, overloaded or internal, when nothing was kept.
  using Done = base::MoveFunction<void(const base::Result<>&)>;

  /// Without changes `done` is called before this returns.
  void commit(model::Changes changes, Done done);

  /// Applies changes that are on disk already: rows that are loaded at start.
  void apply(const model::Changes& changes);

  /// False while the database is away: what must be kept will be refused.
  [[nodiscard]] bool can_commit() const;
  [[nodiscard]] std::size_t pending() const { return pending_.size(); }

 private:
  void on_verdicts(const std::vector<Verdict>& verdicts);
  void announce(const model::Changes& changes);

  Journal& journal_;
  const base::Limits& limits_;
  std::vector<Store*> stores_;
  std::array<std::vector<Listener>, static_cast<std::size_t>(Topic::count_)> listeners_;
  std::unordered_map<std::uint64_t, Done> pending_;
  std::uint64_t next_ticket_ = 1;
};

/// The event that a change is announced with.
Event event_of(const model::Change& change);

}  // namespace rollcall::engine
