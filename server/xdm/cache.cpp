// SPDX-License-Identifier: Apache-2.0
#include "cache.hpp"

#include <utility>

namespace rollcall::xdm {

namespace {

// What a home and an entry take besides their texts.
constexpr std::size_t home_bytes = 256;
constexpr std::size_t entry_bytes = 256;

}  // namespace

Cache::Home* Cache::Stripe::find(std::string_view owner) {
  const auto known = by_owner.find(owner);
  if (known == by_owner.end()) return nullptr;
  homes.splice(homes.begin(), homes, known->second);
  return &homes.front();
}

Cache::Home& Cache::Stripe::home_of(std::string_view owner) {
  if (Home* known = find(owner)) return *known;
  Home& home = homes.emplace_front();
  home.owner = owner;
  by_owner.emplace(home.owner, homes.begin());
  count(home, 0, home_bytes);
  return home;
}

void Cache::Stripe::drop(std::string_view owner) {
  const auto known = by_owner.find(owner);
  if (known == by_owner.end()) return;
  const auto home = known->second;
  bytes -= home->bytes;
  by_owner.erase(known);
  homes.erase(home);
}

void Cache::Stripe::count(Home& home, std::size_t before, std::size_t after) {
  home.bytes += after - before;
  bytes += after - before;
}

void Cache::Stripe::put(Home& home, const model::Document& document) {
  const auto [place, is_new] = home.entries.try_emplace(document.path);
  Entry& entry = place->second;
  count(home, entry.body ? entry.body->size() : 0, document.body.size() + (is_new ? entry_bytes : 0));
  entry = {{document.path, document.etag, document.body.size(), document.updated},
           document.services,
           document.body};
}

void Cache::Stripe::shrink(std::size_t most) {
  while (bytes > most && !homes.empty())
    drop(homes.back().owner);
}

std::size_t Cache::most_bytes() const {
  return static_cast<std::size_t>(limits_.document_cache_bytes) / stripes_.size();
}

std::uint64_t Cache::ticket(const sip::Aor& owner) {
  Stripe& stripe = stripe_of(owner.text());
  const std::lock_guard lock(stripe.mutex);
  return stripe.changes;
}

std::optional<std::optional<model::Document>> Cache::find(const sip::Aor& owner, const std::string& path) {
  Stripe& stripe = stripe_of(owner.text());
  const std::lock_guard lock(stripe.mutex);
  const Home* home = stripe.find(owner.text());
  if (!home) return std::nullopt;
  const auto found = home->entries.find(path);
  if (found == home->entries.end()) {
    if (home->is_complete) return std::optional<model::Document>();
    return std::nullopt;
  }
  const auto& [row, services, body] = found->second;
  if (!body) return std::nullopt;
  return model::Document{owner, path, row.etag, *body, row.updated, services};
}

std::optional<std::vector<engine::DocumentRow>> Cache::rows(const sip::Aor& owner) {
  Stripe& stripe = stripe_of(owner.text());
  const std::lock_guard lock(stripe.mutex);
  const Home* home = stripe.find(owner.text());
  if (!home || !home->is_complete) return std::nullopt;
  std::vector<engine::DocumentRow> rows;
  rows.reserve(home->entries.size());
  for (const auto& [path, entry] : home->entries)
    rows.push_back(entry.row);
  return rows;
}

void Cache::keep(const model::Document& document, std::uint64_t ticket) {
  Stripe& stripe = stripe_of(document.owner.text());
  const std::lock_guard lock(stripe.mutex);
  if (stripe.changes != ticket) return;
  stripe.put(stripe.home_of(document.owner.text()), document);
  stripe.shrink(most_bytes());
}

void Cache::keep(const sip::Aor& owner, const std::vector<engine::DocumentRow>& rows, std::uint64_t ticket) {
  Stripe& stripe = stripe_of(owner.text());
  const std::lock_guard lock(stripe.mutex);
  if (stripe.changes != ticket) return;
  Home& home = stripe.home_of(owner.text());
  for (const engine::DocumentRow& row : rows) {
    const auto [place, is_new] = home.entries.try_emplace(row.path);
    if (!is_new) continue;  // the same row, with its body
    place->second.row = row;
    stripe.count(home, 0, entry_bytes);
  }
  home.is_complete = true;
  stripe.shrink(most_bytes());
}

// Who is not in the cache is not brought in: at start every document of presence comes by.
void Cache::apply(const model::Change& change) {
  const auto change_of = [this](const sip::Aor& owner, auto work) {
    Stripe& stripe = stripe_of(owner.text());
    const std::lock_guard lock(stripe.mutex);
    ++stripe.changes;
    work(stripe);
    stripe.shrink(most_bytes());
  };
  if (const auto* save = std::get_if<model::SaveDocument>(&change)) {
    const model::Document& document = save->document;
    change_of(document.owner, [&](Stripe& stripe) {
      if (Home* home = stripe.find(document.owner.text())) stripe.put(*home, document);
    });
  } else if (const auto* remove = std::get_if<model::RemoveDocument>(&change)) {
    change_of(remove->owner, [&](Stripe& stripe) {
      Home* home = stripe.find(remove->owner.text());
      const auto entry = home ? home->entries.find(remove->path) : decltype(home->entries.end()){};
      if (!home || entry == home->entries.end()) return;
      stripe.count(*home, entry_bytes + (entry->second.body ? entry->second.body->size() : 0), 0);
      home->entries.erase(entry);
    });
  } else if (const auto* gone = std::get_if<model::RemoveUser>(&change)) {
    change_of(gone->aor, [&](Stripe& stripe) { stripe.drop(gone->aor.text()); });
  }
}

}  // namespace rollcall::xdm
