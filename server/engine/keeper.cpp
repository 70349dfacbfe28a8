// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rollcall/base/log.hpp>
#include <rollcall/engine/keeper.hpp>

namespace rollcall::engine {

namespace {
constexpr base::Log logger{"engine"};
}

Event event_of(const model::Change& change) {
  using namespace model;
  return std::visit(
      Visitor{
          [](const SaveDomain& c) {
            return Event{Topic::domain, c.domain.name};
          },
          [](const RemoveDomain& c) {
            return Event{Topic::domain, c.name};
          },
          [](const SaveUser& c) {
            return Event{Topic::user, c.user.aor.text()};
          },
          [](const RemoveUser& c) {
            return Event{Topic::user, c.aor.text()};
          },
          [](const SaveBinding& c) {
            return Event{Topic::bindings, c.binding.aor.text(), c.binding.id};
          },
          [](const RefreshBinding& c) {
            return Event{Topic::bindings, c.aor.text(), c.id};
          },
          [](const RemoveBinding& c) {
            return Event{Topic::bindings, c.aor.text(), c.id};
          },
          [](const SavePublication& c) {
            return Event{Topic::publications, c.publication.aor.text()};
          },
          [](const RefreshPublication& c) {
            return Event{Topic::publications, c.aor.text()};
          },
          [](const RemovePublication& c) {
            return Event{Topic::publications, c.aor.text()};
          },
          [](const SaveSubscription& c) {
            return Event{Topic::subscription, c.subscription.presentity.text(), c.subscription.id};
          },
          [](const RefreshSubscription& c) {
            return Event{Topic::subscription, c.presentity.text(), c.id};
          },
          [](const RemoveSubscription& c) {
            return Event{Topic::subscription, c.presentity.text(), c.id};
          },
          [](const SaveWaiting& c) {
            return Event{Topic::waiting, c.waiting.presentity.text()};
          },
          [](const RemoveWaiting& c) {
            return Event{Topic::waiting, c.presentity.text()};
          },
          [](const SaveDocument& c) {
            return Event{Topic::documents, c.document.owner.text()};
          },
          [](const RemoveDocument& c) {
            return Event{Topic::documents, c.owner.text()};
          },
          [](const SaveDevice& c) {
            return Event{Topic::messages, c.device.user.text()};
          },
          [](const RemoveDevice& c) {
            return Event{Topic::messages, c.user.text()};
          },
          [](const SaveMessage& c) {
            return Event{Topic::messages, c.message.receiver.text()};
          },
          [](const RemoveDelivery& c) {
            return Event{Topic::messages, c.receiver.text()};
          },
          [](const RemoveMessage& c) {
            return Event{Topic::messages, c.receiver.text()};
          },
      },
      change);
}

Keeper::Keeper(Journal& journal, const base::Limits& limits) : journal_(journal), limits_(limits) {
  journal_.set_listener([this](const std::vector<Verdict>& verdicts) { on_verdicts(verdicts); });
}

void Keeper::listen(Topic topic, Listener listener) {
  listeners_[static_cast<std::size_t>(topic)].push_back(std::move(listener));
}

bool Keeper::can_commit() const {
  return journal_.available();
}

void Keeper::commit(model::Changes changes, Done done) {
  if (changes.empty()) return done(base::Done{});
  if (!journal_.available()) return done(base::unavailable("the database cannot be reached"));
  if (pending_.size() >= static_cast<std::size_t>(limits_.journal_queue))
    return done(base::Error{base::ErrorCode::overloaded, "too much waits for the database"});
  const std::uint64_t ticket = next_ticket_++;
  pending_.emplace(ticket, std::move(done));
  journal_.submit({ticket, std::move(changes)});
}

void Keeper::apply(const model::Changes& changes) {
  for (const model::Change& change : changes)
    for (Store* store : stores_)
      store->apply(change);
}

void Keeper::on_verdicts(const std::vector<Verdict>& verdicts) {
  for (const Verdict& verdict : verdicts) {
    // A late verdict finds nobody waiting: whoever asked was refused when the database went away.
    Done done;
    if (const auto waiting = pending_.find(verdict.ticket); waiting != pending_.end()) {
      done = std::move(waiting->second);
      pending_.erase(waiting);
    }
    if (verdict.result) apply(verdict.changes);
    if (!verdict.result) logger.warning("commit_failed", base::kv("error", verdict.result.error().detail));
    if (done) done(verdict.result);
    if (verdict.result) announce(verdict.changes);
  }
}

// Each event once, however many changes of one outcome make it.
void Keeper::announce(const model::Changes& changes) {
  std::vector<Event> events;
  for (const model::Change& change : changes) {
    Event event = event_of(change);
    if (std::find(events.begin(), events.end(), event) == events.end()) events.push_back(std::move(event));
  }
  for (const Event& event : events)
    for (const Listener& listener : listeners_[static_cast<std::size_t>(event.topic)])
      listener(event);
}

}  // namespace rollcall::engine
