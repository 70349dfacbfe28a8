// SPDX-License-Identifier: Apache-2.0
#include "run.hpp"

#include "text.hpp"

#include <algorithm>
#include <type_traits>

namespace rollcall::storage {

template <class T, class Refresh>
void Pile<T, Refresh>::settle() {
  std::ranges::stable_sort(items_, {}, &Item::order);
  auto last = items_.begin();
  for (auto item = items_.begin(); item != items_.end(); ++item) {
    if (item == last) continue;
    if (item->order() == last->order())
      follow(*last, *item);
    else
      *++last = *item;
  }
  if (last != items_.end()) items_.erase(last + 1, items_.end());
  saved_ = static_cast<std::size_t>(std::ranges::count_if(items_, [](const Item& item) { return item.row; }));
  refreshed_ =
      static_cast<std::size_t>(std::ranges::count_if(items_, [](const Item& item) { return item.refresh; }));
}

// The later change of a row in place of the earlier one. A statement's parts do not see each other's rows, so
// a row that is saved and refreshed is saved as refreshed; one that is gone has nothing to refresh.
template <class T, class Refresh>
void Pile<T, Refresh>::follow(Item& earlier, const Item& later) {
  if (!later.refresh || earlier.refresh) {
    earlier = later;
    return;
  }
  if constexpr (!std::is_same_v<Refresh, NoRefresh>) {
    if (!earlier.row) return;
    T& row = refreshed_rows_.emplace_back(*earlier.row);
    later.refresh->apply_to(row);
    earlier.row = &row;
  }
}

template <class T, class Refresh>
void Pile<T, Refresh>::write_saved(const Table<T>& table, Params& params) const {
  for (const Column<T>& column : table.columns) {
    Array array(column.type, saved_);
    for (const Item& item : items_)
      if (item.row) column.write(array, *item.row);
    params.add(array);
  }
}

template <class T, class Refresh>
void Pile<T, Refresh>::write_refreshed(const Table<Refresh>& table, Params& params) const {
  for (const Column<Refresh>& column : table.columns) {
    Array array(column.type, refreshed_);
    for (const Item& item : items_)
      if (item.refresh) column.write(array, *item.refresh);
    params.add(array);
  }
}

template <class T, class Refresh>
void Pile<T, Refresh>::write_removed(const Table<T>& table, Params& params) const {
  static constexpr std::string_view Key::*texts[] = {&Key::owner, &Key::name, &Key::kind};
  for (std::size_t i = 0; i < table.keys; ++i) {
    Array array(table.columns[i].type, removed());
    for (const Item& item : items_) {
      if (item.row || item.refresh) continue;
      if (table.columns[i].type == SqlType::bigint) {
        array.add_bigint(item.key.id);
      } else {
        array.add_text(item.key.*texts[i]);
      }
    }
    params.add(array);
  }
}

static Key numbered(const sip::Aor& owner, std::uint64_t id) {
  return {owner.text(), {}, {}, id};
}

Run::Kind Run::kind_of(const model::Change& change) {
  if (std::holds_alternative<model::RemoveUser>(change)) return Kind::users;
  if (std::holds_alternative<model::RemoveDomain>(change)) return Kind::domains;
  return Kind::ordinary;
}

void Run::add(const model::Change& change) {
  using namespace model;
  std::visit(
      Visitor{
          [&](const SaveDomain& c) { domains_.add({c.domain.name}, &c.domain); },
          [&](const RemoveDomain& c) { removed_.push_back(c.name); },
          [&](const SaveUser& c) { users_.add({c.user.aor.text()}, &c.user); },
          [&](const RemoveUser& c) { removed_.push_back(c.aor.text()); },
          [&](const SaveBinding& c) { bindings_.add(numbered(c.binding.aor, c.binding.id), &c.binding); },
          [&](const RefreshBinding& c) { bindings_.refresh(numbered(c.aor, c.id), c); },
          [&](const RemoveBinding& c) { bindings_.add(numbered(c.aor, c.id), nullptr); },
          [&](const SavePublication& c) {
            publications_.add(numbered(c.publication.aor, c.publication.id), &c.publication);
          },
          [&](const RefreshPublication& c) { publications_.refresh(numbered(c.aor, c.id), c); },
          [&](const RemovePublication& c) { publications_.add(numbered(c.aor, c.id), nullptr); },
          [&](const SaveSubscription& c) {
            subscriptions_.add(numbered(c.subscription.presentity, c.subscription.id), &c.subscription);
          },
          [&](const RefreshSubscription& c) { subscriptions_.refresh(numbered(c.presentity, c.id), c); },
          [&](const RemoveSubscription& c) { subscriptions_.add(numbered(c.presentity, c.id), nullptr); },
          [&](const SaveWaiting& c) {
            const WaitingWatcher& row = c.waiting;
            waiting_.add({row.presentity.text(), row.watcher.text(), row.event}, &row);
          },
          [&](const RemoveWaiting& c) {
            waiting_.add({c.presentity.text(), c.watcher.text(), c.event}, nullptr);
          },
          [&](const SaveDocument& c) {
            documents_.add({c.document.owner.text(), c.document.path}, &c.document);
          },
          [&](const RemoveDocument& c) {
            documents_.add({c.owner.text(), c.path}, nullptr);
          },
          [&](const SaveDevice& c) {
            devices_.add({c.device.user.text(), c.device.device}, &c.device);
          },
          [&](const RemoveDevice& c) {
            devices_.add({c.user.text(), c.device}, nullptr);
          },
          [&](const SaveMessage& c) {
            messages_[{c.message.receiver.text(), c.message.id}] = {&c.message, {}, false};
          },
          [&](const RemoveDelivery& c) {
            messages_[{c.receiver.text(), c.id}].had.push_back(c.device);
          },
          [&](const RemoveMessage& c) {
            messages_[{c.receiver.text(), c.id}] = {nullptr, {}, true};
          },
      },
      change);
}

void Run::settle() {
  domains_.settle();
  users_.settle();
  bindings_.settle();
  publications_.settle();
  subscriptions_.settle();
  waiting_.settle();
  documents_.settle();
  devices_.settle();
  std::ranges::sort(removed_);
}

Part Run::part_of(const Fate& fate) {
  if (fate.removed) return Part::remove_message;
  return fate.saved ? Part::save_message : Part::trim_message;
}

Parts Run::parts() const {
  if (kind_ == Kind::users) return bit(Part::remove_user);
  if (kind_ == Kind::domains) return bit(Part::remove_domain);
  Parts parts = 0;
  const auto note = [&](bool there, Part part) { parts |= there ? bit(part) : 0; };
  note(domains_.saves(), Part::save_domain);
  note(users_.saves(), Part::save_user);
  note(bindings_.saves(), Part::save_binding);
  note(bindings_.refreshes(), Part::refresh_binding);
  note(bindings_.removes(), Part::remove_binding);
  note(publications_.saves(), Part::save_publication);
  note(publications_.refreshes(), Part::refresh_publication);
  note(publications_.removes(), Part::remove_publication);
  note(subscriptions_.saves(), Part::save_subscription);
  note(subscriptions_.refreshes(), Part::refresh_subscription);
  note(subscriptions_.removes(), Part::remove_subscription);
  note(waiting_.saves(), Part::save_waiting);
  note(waiting_.removes(), Part::remove_waiting);
  note(documents_.saves(), Part::save_document);
  note(documents_.removes(), Part::remove_document);
  note(devices_.saves(), Part::save_device);
  note(devices_.removes(), Part::remove_device);
  for (const auto& [key, fate] : messages_)
    parts |= bit(part_of(fate));
  return parts;
}

void Run::write(Parts parts, Params& params) const {
  for (unsigned part = 0; part < static_cast<unsigned>(Part::count_); ++part)
    if ((parts & bit(static_cast<Part>(part))) != 0) write_part(static_cast<Part>(part), params);
}

void Run::write_part(Part part, Params& params) const {
  switch (part) {
    case Part::save_domain:
      return domains_.write_saved(domains_table, params);
    case Part::save_user:
      return users_.write_saved(users_table, params);
    case Part::save_binding:
      return bindings_.write_saved(bindings_table, params);
    case Part::refresh_binding:
      return bindings_.write_refreshed(bindings_refresh, params);
    case Part::remove_binding:
      return bindings_.write_removed(bindings_table, params);
    case Part::save_publication:
      return publications_.write_saved(publications_table, params);
    case Part::refresh_publication:
      return publications_.write_refreshed(publications_refresh, params);
    case Part::remove_publication:
      return publications_.write_removed(publications_table, params);
    case Part::save_subscription:
      return subscriptions_.write_saved(subscriptions_table, params);
    case Part::refresh_subscription:
      return subscriptions_.write_refreshed(subscriptions_refresh, params);
    case Part::remove_subscription:
      return subscriptions_.write_removed(subscriptions_table, params);
    case Part::save_waiting:
      return waiting_.write_saved(waiting_watchers_table, params);
    case Part::remove_waiting:
      return waiting_.write_removed(waiting_watchers_table, params);
    case Part::save_document:
      return documents_.write_saved(documents_table, params);
    case Part::remove_document:
      return documents_.write_removed(documents_table, params);
    case Part::save_device:
      return devices_.write_saved(devices_table, params);
    case Part::remove_device:
      return devices_.write_removed(devices_table, params);
    case Part::save_message:
    case Part::trim_message:
    case Part::remove_message:
      return write_messages(part, params);
    case Part::remove_user:
    case Part::remove_domain:
      return params.add(removed());
    case Part::count_:
      return;
  }
}

// The message as it is to be kept: without the devices that have had it since it was decided on.
static model::StoredMessage trimmed(const model::StoredMessage& message,
                                    const std::vector<std::string>& had) {
  model::StoredMessage kept = message;
  std::erase_if(kept.devices, [&](const std::string& device) { return std::ranges::count(had, device) > 0; });
  return kept;
}

void Run::write_messages(Part part, Params& params) const {
  if (part == Part::save_message) {
    std::vector<model::StoredMessage> copies;
    copies.reserve(messages_.size());
    Pile<model::StoredMessage> pile;
    for (const auto& [key, fate] : messages_) {
      if (part_of(fate) != part) continue;
      const model::StoredMessage* message = fate.saved;
      if (!fate.had.empty()) message = &copies.emplace_back(trimmed(*message, fate.had));
      pile.add({key.first, key.second}, message);
    }
    pile.settle();
    return pile.write_saved(messages_table, params);
  }
  const auto rows = static_cast<std::size_t>(
      std::ranges::count_if(messages_, [&](const auto& message) { return part_of(message.second) == part; }));
  Array receivers(SqlType::text, rows), ids(SqlType::text, rows), had(SqlType::text_list, rows);
  for (const auto& [key, fate] : messages_) {
    if (part_of(fate) != part) continue;
    receivers.add_text(key.first);
    ids.add_text(key.second);
    had.add_bytes(to_array_literal(fate.had));
  }
  params.add(receivers);
  params.add(ids);
  if (part == Part::trim_message) params.add(had);
}

Array Run::removed() const {
  Array names(SqlType::text, removed_.size());
  for (const std::string_view name : removed_)
    names.add_text(name);
  return names;
}

std::vector<Run> runs_of(std::span<const Submitted> entries) {
  std::vector<Run> runs;
  for (const Submitted& submitted : entries) {
    for (const model::Change& change : submitted.entry.changes) {
      const Run::Kind kind = Run::kind_of(change);
      if (runs.empty() || runs.back().kind() != kind) runs.emplace_back(kind);
      runs.back().add(change);
    }
  }
  for (Run& run : runs)
    run.settle();
  return runs;
}

}  // namespace rollcall::storage
