// SPDX-License-Identifier: Apache-2.0
// Changes put together so that one statement writes them.
#pragma once

#include "statements.hpp"
#include "submitted.hpp"
#include "table.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <rollcall/model/change.hpp>

namespace rollcall::storage {

/// What a table without refreshes has.
struct NoRefresh {};

/// Which row: the texts of its key columns in their order, or the first one and a number.
struct Key {
  std::string_view owner;
  std::string_view name = {};
  std::string_view kind = {};
  std::uint64_t id = 0;

  [[nodiscard]] auto order() const { return std::tie(owner, name, kind, id); }
};

/// What becomes of the rows of one table: of several changes of a row the last one counts. Refers to
/// the changes, which must outlive it.
template <class T, class Refresh = NoRefresh>
class Pile {
 public:
  /// `row` null: the row with this key goes.
  void add(const Key& key, const T* row) { items_.push_back({key, row, nullptr}); }
  void refresh(const Key& key, const Refresh& refresh) { items_.push_back({key, nullptr, &refresh}); }

  /// Sorts by key, so that two connections that write the same rows never wait for each other in a
  /// circle, and leaves one change of each row.
  void settle();

  [[nodiscard]] bool saves() const { return saved_ > 0; }
  [[nodiscard]] bool refreshes() const { return refreshed_ > 0; }
  [[nodiscard]] bool removes() const { return removed() > 0; }
  void write_saved(const Table<T>& table, Params& params) const;
  void write_refreshed(const Table<Refresh>& table, Params& params) const;
  void write_removed(const Table<T>& table, Params& params) const;

 private:
  struct Item {
    Key key;
    const T* row;
    const Refresh* refresh;

    [[nodiscard]] auto order() const { return key.order(); }
  };
  void follow(Item& earlier, const Item& later);
  [[nodiscard]] std::size_t removed() const { return items_.size() - saved_ - refreshed_; }

  std::vector<Item> items_;
  std::deque<T> refreshed_rows_;  // those that were saved and then refreshed
  std::size_t saved_ = 0, refreshed_ = 0;
};

/// A run of changes for one statement. What removes a whole user or a domain makes runs of its own,
/// since within a statement no part sees what another did.
class Run {
 public:
  enum class Kind : std::uint8_t { ordinary, users, domains };
  static Kind kind_of(const model::Change& change);

  explicit Run(Kind kind) : kind_(kind) {}
  void add(const model::Change& change);
  void settle();

  [[nodiscard]] Kind kind() const { return kind_; }
  /// After settle(): what the statement must be able to do.
  [[nodiscard]] Parts parts() const;
  /// Appends the parameters of a statement of these parts, which hold those of parts().
  void write(Parts parts, Params& params) const;
  /// For Kind::domains: the names.
  [[nodiscard]] Array removed() const;

 private:
  // What becomes of a stored message: saved, or some devices taken off, or gone.
  struct Fate {
    const model::StoredMessage* saved = nullptr;
    std::vector<std::string> had;
    bool removed = false;
  };
  void write_part(Part part, Params& params) const;
  void write_messages(Part part, Params& params) const;
  [[nodiscard]] static Part part_of(const Fate& fate);

  Kind kind_;
  Pile<model::Domain> domains_;
  Pile<model::User> users_;
  Pile<model::Binding, model::RefreshBinding> bindings_;
  Pile<model::Publication, model::RefreshPublication> publications_;
  Pile<model::Subscription, model::RefreshSubscription> subscriptions_;
  Pile<model::WaitingWatcher> waiting_;
  Pile<model::Document> documents_;
  Pile<model::Device> devices_;
  std::map<std::pair<std::string_view, std::string_view>, Fate> messages_;
  std::vector<std::string_view> removed_;  // users or domains
};

/// The changes of all entries in their order, in as few runs as that order allows; settled.
std::vector<Run> runs_of(std::span<const Submitted> entries);

}  // namespace rollcall::storage
