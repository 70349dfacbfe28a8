// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include <rollcall/accounts/directory.hpp>

namespace rollcall::accounts {

const model::User* Directory::find(std::string_view aor) const {
  const auto found = users_.find(aor);
  return found == users_.end() ? nullptr : &found->second;
}

const model::User* Directory::find_enabled(std::string_view aor) const {
  const model::User* user = find(aor);
  return user && user->enabled ? user : nullptr;
}

bool Directory::serves(std::string_view host) const {
  if (domains_.contains(host)) return true;
  std::string lower(host);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return domains_.contains(lower);
}

std::size_t Directory::users_in(std::string_view domain) const {
  return static_cast<std::size_t>(std::count_if(
      users_.begin(), users_.end(), [&](const auto& entry) { return entry.second.aor.domain() == domain; }));
}

void Directory::apply(const model::Change& change) {
  if (const auto* save = std::get_if<model::SaveUser>(&change))
    users_.insert_or_assign(save->user.aor.text(), save->user);
  else if (const auto* remove = std::get_if<model::RemoveUser>(&change))
    users_.erase(remove->aor.text());
  else if (const auto* domain = std::get_if<model::SaveDomain>(&change))
    domains_.insert(domain->domain.name);
  else if (const auto* gone = std::get_if<model::RemoveDomain>(&change))
    domains_.erase(gone->name);
  metrics_.set(base::Metric::users, static_cast<std::int64_t>(users_.size()));
}

}  // namespace rollcall::accounts
