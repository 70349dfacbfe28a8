// SPDX-License-Identifier: Apache-2.0
#include "register.hpp"

#include <algorithm>
#include <iterator>

#include <rollcall/registrar/destination.hpp>
#include <rollcall/registrar/registrar.hpp>

namespace rollcall::registrar {

namespace {
// How long an expiry waits for the database to come back before it is tried again.
constexpr base::Duration retry_after = std::chrono::seconds(5);
}  // namespace

struct Registrar::Entry final : engine::Timer {
  Entry(Registrar& owner, model::Binding binding) : owner(owner), binding(std::move(binding)) {}
  void fire(base::Instant) override { owner.expire(binding.aor, binding.id); }

  Registrar& owner;
  model::Binding binding;
};

struct Registrar::User {
  explicit User(sip::Aor aor) : aor(std::move(aor)) {}

  sip::Aor aor;
  std::vector<std::unique_ptr<Entry>> entries;

  [[nodiscard]] Entry* find(std::uint64_t id) const {
    const auto entry =
        std::find_if(entries.begin(), entries.end(), [&](const auto& one) { return one->binding.id == id; });
    return entry == entries.end() ? nullptr : entry->get();
  }
};

std::string_view Registrar::ByAor::operator()(const User& user) const {
  return user.aor.text();
}

Registrar::Registrar(engine::Shard& shard, const accounts::Directory& directory)
    : shard_(shard), directory_(directory) {
  shard_.keeper().add_store(*this);
  // Who was disabled is reached no more, from now on.
  shard_.keeper().listen(engine::Topic::user, [this](const engine::Event& event) {
    if (!directory_.find_enabled(event.key)) remove(event.key, 0, [](const base::Result<>&) {});
  });
}

Registrar::~Registrar() = default;

void Registrar::on_register(engine::Request request) {
  const sip::Aor aor = request.sender;
  shard_.take_turn(aor.text(), std::move(request), [this, aor](const engine::Request& request) {
    // The one before in this turn may have removed the user.
    if (!directory_.find_enabled(aor.text())) return engine::Outcome(sip::Reply(404));
    auto current = bindings(aor.text());
    model::Changes dropped = drop_unreachable(current);
    auto outcome = decide_register(request, aor, current, shard_.limits(), shard_.now());
    if (outcome.reply.status == 200 && !dropped.empty()) {
      std::move(outcome.changes.begin(), outcome.changes.end(), std::back_inserter(dropped));
      outcome.changes = std::move(dropped);
    }
    return outcome;
  });
}

// A device that connects anew from another port each time leaves a binding behind each time. When these
// fill the limit, what leads nowhere any more makes room (RFC 5626 §7).
model::Changes Registrar::drop_unreachable(std::vector<const model::Binding*>& bindings) const {
  model::Changes changes;
  if (bindings.size() < static_cast<std::size_t>(shard_.limits().bindings_per_user)) return changes;
  std::erase_if(bindings, [&](const model::Binding* binding) {
    const bool reachable = shard_.wire().is_open(binding->flow) || destination_of(*binding).tcp;
    if (!reachable) changes.emplace_back(model::RemoveBinding{binding->aor, binding->id, true});
    return !reachable;
  });
  return changes;
}

bool Registrar::is_registered(std::string_view aor) const {
  User* found = by_aor_.find(aor);
  return found && std::any_of(found->entries.begin(), found->entries.end(),
                              [&](const auto& entry) { return entry->binding.expires > shard_.now(); });
}

bool Registrar::is_recent(const Entry& entry) const {
  return entry.binding.expires + hysteresis_ > shard_.now();
}

bool Registrar::is_registered_lately(std::string_view aor) const {
  const User* found = by_aor_.find(aor);
  return found && std::any_of(found->entries.begin(), found->entries.end(),
                              [&](const auto& entry) { return is_recent(*entry); });
}

std::vector<const model::Binding*> Registrar::recent_bindings(std::string_view aor) const {
  std::vector<const model::Binding*> recent;
  if (const User* found = by_aor_.find(aor))
    for (const auto& entry : found->entries)
      if (is_recent(*entry)) recent.push_back(&entry->binding);
  return recent;
}

std::vector<const model::Binding*> Registrar::bindings(std::string_view aor) const {
  std::vector<const model::Binding*> live;
  User* found = by_aor_.find(aor);
  if (!found) return live;
  for (const auto& entry : found->entries)
    if (entry->binding.expires > shard_.now()) live.push_back(&entry->binding);
  std::sort(live.begin(), live.end(), [](const model::Binding* a, const model::Binding* b) {
    return a->q != b->q ? a->q > b->q : a->updated > b->updated;
  });
  return live;
}

std::vector<const model::Binding*> Registrar::targets(std::string_view aor) const {
  std::vector<const model::Binding*> chosen;
  for (const model::Binding* binding : bindings(aor)) {
    const auto same = std::find_if(chosen.begin(), chosen.end(), [&](const model::Binding* one) {
      return !one->instance.empty() && one->instance == binding->instance;
    });
    if (same == chosen.end())
      chosen.push_back(binding);
    else if (!shard_.wire().is_open((*same)->flow) && shard_.wire().is_open(binding->flow))
      *same = binding;
  }
  return chosen;
}

void Registrar::remove(const std::string& aor, std::uint64_t id, engine::Keeper::Done done) {
  model::Changes changes;
  for (const model::Binding* binding : bindings(aor))
    if (id == 0 || binding->id == id)
      changes.emplace_back(model::RemoveBinding{binding->aor, binding->id, true});
  if (changes.empty() && id != 0) return done(base::not_found("no such registration"));
  shard_.keeper().commit(std::move(changes), std::move(done));
}

// Memory already treats the binding as gone; this takes it off the disk and tells who listens. In the
// user's turn, as a refresh that came in time may still be on its way to the disk.
void Registrar::expire(sip::Aor aor, std::uint64_t id) {  // NOLINT: the binding it is of goes away
  const bool entered = shard_.gate().enter(aor.text(), [this, aor, id] {
    const Entry* entry = find(aor.text(), id);
    if (!entry || entry->binding.expires > shard_.now()) return shard_.gate().leave(aor.text());
    shard_.keeper().commit({model::RemoveBinding{aor, id}}, [this, aor, id](const base::Result<>& kept) {
      if (!kept) expire_later(aor.text(), id);
      shard_.gate().leave(aor.text());
    });
  });
  if (!entered) expire_later(aor.text(), id);
}

void Registrar::expire_later(const std::string& aor, std::uint64_t id) {
  if (Entry* entry = find(aor, id)) shard_.wheel().set(*entry, shard_.now() + retry_after);
}

Registrar::Entry* Registrar::find(const std::string& aor, std::uint64_t id) {
  const User* found = by_aor_.find(aor);
  return found ? found->find(id) : nullptr;
}

Registrar::User& Registrar::user(const sip::Aor& aor) {
  if (User* known = by_aor_.find(aor.text())) return *known;
  return by_aor_.insert(std::make_unique<User>(directory_.shared(aor)));
}

// What many records hold alike is kept once.
Registrar::Entry& Registrar::keep(const model::Binding& binding) {
  User& owner = user(binding.aor);
  Entry* entry = owner.find(binding.id);
  if (entry) {
    entry->binding = binding;
  } else {
    entry = owner.entries.emplace_back(std::make_unique<Entry>(*this, binding)).get();
    shard_.metrics().add(base::Metric::bindings);
  }
  entry->binding.aor = owner.aor;
  texts_.share(entry->binding.user_agent);
  texts_.share(entry->binding.allow);
  texts_.share(entry->binding.accept);
  return *entry;
}

void Registrar::apply(const model::Change& change) {
  if (const auto* save = std::get_if<model::SaveBinding>(&change)) {
    shard_.wheel().set(keep(save->binding), save->binding.expires);
  } else if (const auto* refresh = std::get_if<model::RefreshBinding>(&change)) {
    Entry* entry = find(refresh->aor.text(), refresh->id);
    if (!entry) return;
    refresh->apply_to(entry->binding);
    shard_.wheel().set(*entry, refresh->expires);
  } else if (const auto* remove = std::get_if<model::RemoveBinding>(&change)) {
    on_removed(*remove);
  } else if (const auto* user = std::get_if<model::RemoveUser>(&change)) {
    drop(user->aor.text(), [](const model::Binding&) { return true; });
  }
}

// One that ran out stays in memory while it is recent, and is removed once more after that.
void Registrar::on_removed(const model::RemoveBinding& change) {
  Entry* entry = find(change.aor.text(), change.id);
  if (entry && entry->binding.expires <= shard_.now() && is_recent(*entry))
    return shard_.wheel().set(*entry, entry->binding.expires + hysteresis_);
  drop(change.aor.text(), [&](const model::Binding& binding) { return binding.id == change.id; });
}

void Registrar::drop(const std::string& aor, const std::function<bool(const model::Binding&)>& which) {
  User* found = by_aor_.find(aor);
  if (!found) return;
  const auto removed =
      std::erase_if(found->entries, [&](const auto& entry) { return which(entry->binding); });
  shard_.metrics().add(base::Metric::bindings, -static_cast<std::int64_t>(removed));
  if (found->entries.empty()) by_aor_.erase(aor);
}

}  // namespace rollcall::registrar
