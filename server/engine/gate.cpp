// SPDX-License-Identifier: Apache-2.0
#include <rollcall/engine/gate.hpp>

namespace rollcall::engine {

bool Gate::enter(const std::string& key, base::Task enter) {
  const auto [entry, first] = waiting_.try_emplace(key);
  if (first) {
    enter();
    return true;
  }
  if (entry->second.size() >= most_waiting_) return false;
  entry->second.push_back(std::move(enter));
  return true;
}

bool Gate::is_full(const std::string& key) const {
  const auto entry = waiting_.find(key);
  return entry != waiting_.end() && entry->second.size() >= most_waiting_;
}

void Gate::leave(const std::string& key) {
  const auto entry = waiting_.find(key);
  if (entry == waiting_.end()) return;
  if (entry->second.empty()) {
    waiting_.erase(entry);
    return;
  }
  base::Task next = std::move(entry->second.front());
  entry->second.pop_front();
  next();
}

}  // namespace rollcall::engine
