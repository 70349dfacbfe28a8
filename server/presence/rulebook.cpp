// SPDX-License-Identifier: Apache-2.0
#include "rulebook.hpp"

#include <algorithm>
#include <iterator>

#include <rollcall/base/log.hpp>

namespace rollcall::presence {

namespace {

constexpr base::Log logger{"presence"};
constexpr std::string_view usages[] = {"pres-rules", "org.openmobilealliance.pres-rules"};

bool is_rules(std::string_view path) {
  return std::find(std::begin(usages), std::end(usages), model::usage_of(path)) != std::end(usages);
}

}  // namespace

bool Rulebook::Book::is_on(std::string_view list, const rules::Identity& watcher) const {
  const auto found = members_.find(list);
  return found != members_.end() && found->second.contains(watcher.text());
}

void Rulebook::Book::set_members(
    const std::map<std::string, std::vector<std::string>, std::less<>>& members) {
  members_.clear();
  for (const auto& [list, identities] : members)
    members_[list] = Members(identities.begin(), identities.end());
  lists_known_ = true;
  look_for_members();
}

void Rulebook::Book::look_for_members() {
  can_be_asked_ = std::all_of(lists_.begin(), lists_.end(),
                              [&](const std::string& list) { return members_.contains(list); });
}

// Those that were known count until the new ones are.
void Rulebook::Book::forget_members() {
  lists_known_ = false;
  ++edition_;
}

// What follows from all documents together.
void Rulebook::Book::collect() {
  rulesets_.clear();
  lists_.clear();
  asks_for_sphere_ = false;
  for (const auto& [path, ruleset] : by_path_) {
    rulesets_.push_back(&ruleset);
    asks_for_sphere_ = asks_for_sphere_ || ruleset.asks_for_sphere();
    for (std::string& list : ruleset.lists())
      if (std::find(lists_.begin(), lists_.end(), list) == lists_.end()) lists_.push_back(std::move(list));
  }
  forget_members();
  if (lists_.empty()) members_.clear();
  look_for_members();
}

bool Rulebook::apply(const model::SaveDocument& change) {
  const model::Document& document = change.document;
  if (!is_rules(document.path)) return false;
  Book* book = find(document.owner.text());
  if (!book) book = &books_.insert(std::make_unique<Book>(document.owner));
  auto rules = rules::Ruleset::parse(document.body.view());
  if (rules) {
    book->by_path_[document.path] = std::move(*rules);
    book->unreadable_paths_.erase(document.path);
  } else {
    logger.error("unreadable_rules", base::kv("aor", document.owner.text()), base::kv("path", document.path),
                 base::kv("why", rules.error().detail));
    book->by_path_.erase(document.path);
    book->unreadable_paths_.insert(document.path);
  }
  book->collect();
  return true;
}

bool Rulebook::apply(const model::RemoveDocument& change) {
  Book* book = is_rules(change.path) ? find(change.owner.text()) : nullptr;
  if (!book) return false;
  book->by_path_.erase(change.path);
  book->unreadable_paths_.erase(change.path);
  if (book->by_path_.empty() && book->unreadable_paths_.empty())
    books_.erase(change.owner.text());
  else
    book->collect();
  return true;
}

}  // namespace rollcall::presence
