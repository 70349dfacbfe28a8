// SPDX-License-Identifier: Apache-2.0
// The presence rules of a shard's presentities, ready to be asked (RFC 5025 §9.7).
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/base/table.hpp>
#include <rollcall/model/change.hpp>
#include <rollcall/rules/evaluate.hpp>

namespace rollcall::presence {

/// Documents of the usages pres-rules and org.openmobilealliance.pres-rules, parsed once. All documents of a
/// user count together. One that cannot be read permits nothing, and as nobody can tell whom it was to keep
/// out, the default of the domain does not let anybody in either until it is replaced. Lives on one shard's
/// thread.
class Rulebook {
 public:
  /// What is known of one user's rules.
  class Book {
   public:
    explicit Book(sip::Aor owner) : owner_(std::move(owner)) {}

    [[nodiscard]] const sip::Aor& owner() const { return owner_; }
    [[nodiscard]] const std::vector<const rules::Ruleset*>& rulesets() const { return rulesets_; }
    [[nodiscard]] bool has_unreadable() const { return !unreadable_paths_.empty(); }
    [[nodiscard]] bool asks_for_sphere() const { return asks_for_sphere_; }
    /// The lists that rules name.
    [[nodiscard]] const std::vector<std::string>& lists() const { return lists_; }

    /// Their members are known, and the newest.
    [[nodiscard]] bool lists_are_known() const { return lists_known_ || lists_.empty(); }
    /// Members of all of them are known, the newest or those before: else nobody can be decided about.
    [[nodiscard]] bool can_be_asked() const { return can_be_asked_; }
    [[nodiscard]] bool is_on(std::string_view list, const rules::Identity& watcher) const;
    void set_members(const std::map<std::string, std::vector<std::string>, std::less<>>& members);
    void forget_members();
    /// Changes when members that were asked for before are no longer the newest.
    [[nodiscard]] std::uint64_t edition() const { return edition_; }

   private:
    friend class Rulebook;
    using Members = std::unordered_set<std::string, base::KeyedHash, std::equal_to<>>;
    void collect();
    void look_for_members();

    sip::Aor owner_;
    std::map<std::string, rules::Ruleset, std::less<>> by_path_;
    std::map<std::string, Members, std::less<>> members_;
    std::vector<const rules::Ruleset*> rulesets_;
    std::vector<std::string> lists_;
    std::unordered_set<std::string> unreadable_paths_;
    std::uint64_t edition_ = 0;
    bool asks_for_sphere_ = false;
    bool lists_known_ = false;
    bool can_be_asked_ = true;
  };

  /// nullptr: nobody has written any.
  [[nodiscard]] Book* find(std::string_view owner) const { return books_.find(owner); }

  /// Takes over what is about rules, and tells whether it was.
  bool apply(const model::SaveDocument& change);
  bool apply(const model::RemoveDocument& change);
  void apply(const model::RemoveUser& change) { books_.erase(change.aor.text()); }

 private:
  struct ByOwner {
    std::string_view operator()(const Book& book) const { return book.owner().text(); }
  };
  base::Table<std::unique_ptr<Book>, ByOwner> books_;
};

}  // namespace rollcall::presence
