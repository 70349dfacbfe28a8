// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <list>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/engine/keeper.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/model/document.hpp>

namespace rollcall::xdm {

/// The documents of the owners that were asked for last, as they are on disk: it hears of every committed
/// change before the change is answered. Bounded by Limits::document_cache_bytes; what was not used for the
/// longest time goes. Any thread; apply() is called on the shards' threads, and waits for nothing but other
/// short calls.
class Cache final : public engine::Store {
 public:
  explicit Cache(const base::Limits& limits) : limits_(limits) {}

  /// Asked for before a question to the database, and given back with its answer: what changed meanwhile is
  /// not overwritten by what was read before.
  [[nodiscard]] std::uint64_t ticket(const sip::Aor& owner);

  /// nullopt: the cache does not know. Inside: the document, or that there is none.
  std::optional<std::optional<model::Document>> find(const sip::Aor& owner, const std::string& path);
  /// All that an owner has; nullopt: the cache does not know.
  std::optional<std::vector<engine::DocumentRow>> rows(const sip::Aor& owner);

  void keep(const model::Document& document, std::uint64_t ticket);
  void keep(const sip::Aor& owner, const std::vector<engine::DocumentRow>& rows, std::uint64_t ticket);

  void apply(const model::Change& change) override;

 private:
  struct Entry {
    engine::DocumentRow row;
    std::vector<std::string> services;
    std::optional<base::Text> body;  // nullopt: not read yet
  };
  struct Home {
    std::string owner;
    bool is_complete = false;  // what is not in entries does not exist
    std::map<std::string, Entry, std::less<>> entries;
    std::size_t bytes = 0;
  };
  struct Stripe {
    std::mutex mutex;  // guards what follows
    std::uint64_t changes = 0;
    std::list<Home> homes;  // the one that was used last comes first
    std::unordered_map<std::string_view, std::list<Home>::iterator> by_owner;
    std::size_t bytes = 0;

    Home* find(std::string_view owner);
    Home& home_of(std::string_view owner);
    void drop(std::string_view owner);
    void put(Home& home, const model::Document& document);
    void count(Home& home, std::size_t before, std::size_t after);
    void shrink(std::size_t most);
  };

  Stripe& stripe_of(std::string_view owner) {
    return stripes_[std::hash<std::string_view>{}(owner) % stripes_.size()];
  }
  [[nodiscard]] std::size_t most_bytes() const;

  const base::Limits& limits_;
  std::array<Stripe, 16> stripes_;
};

}  // namespace rollcall::xdm
