// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include <rollcall/accounts/directory.hpp>

namespace rollcall::accounts {

const model::User* Directory::find(std::string_view aor) const {
  return users_.find(aor);
}

const model::User* Directory::find_enabled(std::string_view aor) const {
  const model::User* user = find(aor);
  return user && user->enabled ? user : nullptr;
}

sip::Aor Directory::shared(const sip::Aor& aor) const {
  const model::User* user = find(aor.text());
  return user ? user->aor : aor;
}

bool Directory::serves(std::string_view host) const {
  if (domains_.contains(host)) return true;
  std::string lower(host);
  std::transform(lower.begin(), lower.end(), lower.begin(), [](unsigned char c) { return std::tolower(c); });
  return domains_.contains(lower);
}

std::string Directory::first_domain() const {
  const auto first = std::min_element(domains_.begin(), domains_.end());
  return first == domains_.end() ? "" : *first;
}

std::size_t Directory::users_in(std::string_view domain) const {
  return static_cast<std::size_t>(std::count_if(
      users_.begin(), users_.end(), [&](const auto& entry) { return entry->aor.domain() == domain; }));
}

void Directory::keep(const model::User& user) {
  if (model::User* known = users_.find(user.aor.text()))
    *known = user;
  else
    users_.insert(std::make_unique<model::User>(user));
}

void Directory::apply(const model::Change& change) {
  if (const auto* save = std::get_if<model::SaveUser>(&change))
    keep(save->user);
  else if (const auto* remove = std::get_if<model::RemoveUser>(&change))
    users_.erase(remove->aor.text());
  else if (const auto* domain = std::get_if<model::SaveDomain>(&change))
    domains_.insert(domain->domain.name);
  else if (const auto* gone = std::get_if<model::RemoveDomain>(&change))
    domains_.erase(gone->name);
  metrics_.set(base::Metric::users, static_cast<std::int64_t>(users_.size()));
}

}  // namespace rollcall::accounts
