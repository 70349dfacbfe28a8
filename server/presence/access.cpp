// SPDX-License-Identifier: Apache-2.0
// Who may see whom: asking the rules of a presentity about its watchers (RFC 5025, RFC 4745), and asking
// again when something changes that the answer depends on.
#include "agent_records.hpp"

#include <rollcall/base/log.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::presence {

namespace {
constexpr base::Log logger{"presence"};

/// Between two times that validities change the answer, so that rules full of them cost no more.
constexpr base::Duration least_pause = std::chrono::seconds(1);
}  // namespace

using State = model::Subscription::State;
using rules::Handling;

void Agent::apply(const model::SaveDocument& change) {
  const sip::Aor& owner = change.document.owner;
  if (!rulebook_->apply(change)) return;
  if (Presentity* found = presentities_.find(owner.text())) found->rules_changed = true;
}

void Agent::apply(const model::RemoveDocument& change) {
  if (!rulebook_->apply(change)) return;
  if (Presentity* found = presentities_.find(change.owner.text())) found->rules_changed = true;
}

// Any document may hold a list that rules name; which ones do is known to who reads them.
void Agent::on_documents_event(const std::string& owner) {
  Rulebook::Book* book = rulebook_->find(owner);
  if (book && !book->lists().empty()) book->forget_members();
  Presentity* found = presentities_.find(owner);
  if (!found || (!found->rules_changed && (!book || book->lists().empty()))) return;
  found->rules_changed = false;
  judge_when_known(found->aor);
}

Agent::Circumstances Agent::circumstances_of(const sip::Aor& presentity) const {
  Circumstances circumstances{presentity, rulebook_->find(presentity.text()), {}, {}};
  circumstances.otherwise = policy_.of(presentity.domain());
  if (!circumstances.book) return circumstances;
  if (circumstances.book->has_unreadable() && circumstances.otherwise != rules::DomainDefault::block)
    circumstances.otherwise = rules::DomainDefault::confirm;
  if (circumstances.book->asks_for_sphere()) circumstances.sphere = sphere_of(presentity);
  return circumstances;
}

std::string Agent::sphere_of(const sip::Aor& presentity) const {
  std::vector<xml::PidfDocument> documents;
  if (Presentity* found = presentities_.find(presentity.text()))
    for (const auto& published : found->publications)
      if (published->publication.expires > shard_.now() &&
          sip::equal_ignoring_case(published->publication.event, "presence"))
        if (auto document = xml::PidfDocument::parse(published->publication.body, shard_.limits()))
          documents.push_back(std::move(*document));
  std::vector<const xml::PidfDocument*> pointers;
  pointers.reserve(documents.size());
  for (const xml::PidfDocument& document : documents)
    pointers.push_back(&document);
  return rules::sphere_of(pointers);
}

rules::Verdict Agent::ask_rules(const Circumstances& circumstances, const sip::Aor& watcher) const {
  const rules::Identity identity(watcher);
  rules::Request request{{&identity, 1}, shard_.now(), circumstances.sphere, {}};
  const Rulebook::Book* book = circumstances.book;
  // Somebody who is on a list that is not known yet must not be taken for somebody else.
  if (book && !book->can_be_asked() && read_lists_)
    return rules::decide({}, request, circumstances.presentity, rules::DomainDefault::confirm);
  if (book && !book->lists().empty())
    request.member_of = [book](std::string_view list, const rules::Identity& who) {
      return book->is_on(list, who);
    };
  const auto rulesets = book ? std::span<const rules::Ruleset* const>(book->rulesets())
                             : std::span<const rules::Ruleset* const>();
  return rules::decide(rulesets, request, circumstances.presentity, circumstances.otherwise);
}

rules::Handling Agent::handling_of(const sip::Aor& presentity, const sip::Aor& watcher) {
  return ask_rules(circumstances_of(presentity), watcher).handling;
}

// Watchers that may see everything have view 0, which costs nothing.
std::uint32_t Agent::view_for(Presentity& presentity, const rules::Verdict& verdict) {
  if (verdict.handling == Handling::confirm || verdict.handling == Handling::block) return 0;
  const bool allowed = verdict.handling == Handling::allow;
  if (allowed && verdict.grant->permissions.is_everything()) return 0;
  auto& views = presentity.more_of(*this).views;
  const auto place = std::find_if(views.begin(), views.end(), [&](const View& view) {
    return allowed ? view.grant && view.grant->key == verdict.grant->key : !view.grant;
  });
  const auto index = static_cast<std::uint32_t>(place - views.begin());
  if (place == views.end()) views.push_back({allowed ? verdict.grant : nullptr, {}});
  return index + 1;
}

void Agent::judge_again_at(Presentity& presentity, std::optional<base::Instant> time) {
  if (!time) return;
  const base::Instant changes = std::max(*time, shard_.now() + least_pause);
  auto& at = presentity.more_of(*this).judge_at;
  at = std::min(at.value_or(changes), changes);
}

// Puts the watcher into the state that the rules give it.
Agent::Judgement Agent::judge(Presentity& presentity, Watcher& watcher, const Circumstances& circumstances) {
  const rules::Verdict verdict = ask_rules(circumstances, watcher.subscription.watcher);
  judge_again_at(presentity, verdict.changes);
  watcher.judged = true;
  if (verdict.handling == Handling::block) return Judgement::refused;
  watcher.view = view_for(presentity, verdict);
  const State before = watcher.subscription.state;
  const State now = verdict.handling == Handling::confirm ? State::pending : State::active;
  if (before == now) return Judgement::same_state;
  const bool active = now == State::active;
  watcher.subscription.state = now;
  watcher.told = 0;
  watcher.event = active ? bodies::WatcherEvent::approved : bodies::WatcherEvent::subscribe;
  note(presentity,
       happening_of(watcher, active ? bodies::WatcherStatus::active : bodies::WatcherStatus::pending,
                    watcher.event));
  return Judgement::other_state;
}

// The rules may have changed while its row was on its way to the disk.
void Agent::judge_new(Watcher& watcher) {
  if (watcher.judged || watcher.left || watcher.ending || !watcher.asks_rules()) return;
  Presentity* presentity = presentities_.find(watcher.subscription.presentity.text());
  if (!presentity) return;
  const Judgement judgement = judge(*presentity, watcher, circumstances_of(presentity->aor));
  set_timer(*presentity);
  if (judgement == Judgement::refused) end(watcher, "rejected");
}

// All are asked before anybody is told or ended: that may change who there is.
void Agent::judge_all(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (!found) return;
  const Circumstances circumstances = circumstances_of(found->aor);
  if (found->more) {
    found->more->views.clear();
    found->more->judge_at.reset();
  }
  std::vector<std::uint64_t> tell, refuse;
  for (const auto& watcher : found->watchers) {
    if (!watcher->asks_rules()) continue;
    if (watcher->ending) {  // it is asked about if it goes on all the same
      watcher->judged = false;
      continue;
    }
    const Judgement judgement = judge(*found, *watcher, circumstances);
    const bool active = watcher->subscription.state == State::active;
    if (judgement == Judgement::refused)
      refuse.push_back(watcher->subscription.id);
    else if (active || judgement == Judgement::other_state)
      tell.push_back(watcher->subscription.id);
  }
  model::Changes decided = judge_waiting(*found, circumstances);
  std::vector<ListNews> news = judge_interests(*found, circumstances);
  set_timer(*found);
  tell_what_is_new(aor, tell);
  for (const std::uint64_t id : refuse)
    if (Watcher* watcher = find_watcher(id)) end(*watcher, "rejected");
  tell_news(std::move(news));
  shard_.keeper().commit(std::move(decided), [](const base::Result<>&) {});
  tell_audience(aor);
}

// RFC 3857 §4.7.1: a decision ends the waiting.
model::Changes Agent::judge_waiting(Presentity& presentity, const Circumstances& circumstances) {
  model::Changes changes;
  if (!presentity.more) return changes;
  for (Waiting& waiting : presentity.more->waiting) {
    const model::WaitingWatcher& row = waiting.watcher;
    const Handling handling = ask_rules(circumstances, row.watcher).handling;
    if (handling == Handling::confirm) continue;
    waiting.end =
        handling == Handling::block ? bodies::WatcherEvent::rejected : bodies::WatcherEvent::approved;
    changes.emplace_back(model::RemoveWaiting{row.presentity, row.watcher, row.event});
  }
  return changes;
}

void Agent::judge_when_known(const sip::Aor& presentity) {
  when_lists_are_known(presentity, [this, presentity](bool known) {
    if (known) return judge_all(presentity.text());
    // Everybody stays as they are until it can be known.
    Presentity* found = presentities_.find(presentity.text());
    if (!found) return;
    found->more_of(*this).judge_at = shard_.now() + database_retry;
    set_timer(*found);
  });
}

void Agent::when_lists_are_known(const sip::Aor& presentity, WhenKnown then) {
  const Rulebook::Book* book = rulebook_->find(presentity.text());
  if (!book || book->lists_are_known() || !read_lists_) return then(true);
  auto& waiting = reading_lists_[presentity.text()];
  if (waiting.size() >= static_cast<std::size_t>(shard_.limits().queued_per_key)) return then(false);
  waiting.push_back(std::move(then));
  if (waiting.size() == 1) read_lists(presentity);
}

void Agent::read_lists(const sip::Aor& presentity) {
  Rulebook::Book* book = rulebook_->find(presentity.text());
  if (!book) return on_lists(presentity, 0, ListMembers());
  read_lists_(presentity, book->lists(),
              [this, presentity, edition = book->edition()](base::Result<ListMembers> members) {
                on_lists(presentity, edition, std::move(members));
              });
}

// What has changed while it was read is read again.
void Agent::on_lists(const sip::Aor& presentity, std::uint64_t edition, base::Result<ListMembers> members) {
  Rulebook::Book* book = rulebook_->find(presentity.text());
  if (book && members && book->edition() != edition) return read_lists(presentity);
  if (book && members) book->set_members(std::move(*members));
  if (!members)
    logger.warning("lists_unknown", base::kv("aor", presentity.text()),
                   base::kv("why", members.error().detail));
  auto waiting = reading_lists_.extract(presentity.text());
  if (waiting.empty()) return;
  for (WhenKnown& then : waiting.mapped())
    then(members.ok());
}

// The earliest of what changes without anybody doing something: a validity, and who has waited too long.
void Agent::set_timer(Presentity& presentity) {
  More* more = presentity.more.get();
  if (!more) return;
  std::optional<base::Instant> next = more->judge_at;
  for (const Waiting& waiting : more->waiting)
    next = std::min(next.value_or(waiting.watcher.expires), waiting.watcher.expires);
  if (next)
    shard_.wheel().set(*more, *next);
  else
    more->cancel();
}

void Agent::on_time(const sip::Aor& aor) {
  Presentity* found = presentities_.find(aor.text());
  if (!found || !found->more) return;
  More& more = *found->more;
  model::Changes changes;
  for (const Waiting& waiting : more.waiting)
    if (waiting.watcher.expires <= shard_.now())
      changes.emplace_back(model::RemoveWaiting{aor, waiting.watcher.watcher, waiting.watcher.event});
  const bool judge_now = more.judge_at && *more.judge_at <= shard_.now();
  if (judge_now) more.judge_at.reset();
  set_timer(*found);
  // For the rows that cannot be removed now.
  const base::Instant later = shard_.now() + database_retry;
  if (!changes.empty()) shard_.wheel().set(more, std::min(more.judge_at.value_or(later), later));
  shard_.keeper().commit(std::move(changes), [](const base::Result<>&) {});
  if (judge_now) judge_when_known(aor);
}

Agent::Sight Agent::look(const sip::Aor& presentity, const sip::Aor& watcher, Topic topic) {
  const rules::Verdict verdict = ask_rules(circumstances_of(presentity), watcher);
  Sight sight{verdict.handling, nullptr, verdict.changes};
  if (verdict.handling == Handling::confirm || verdict.handling == Handling::block) return sight;
  if (topic == Topic::dialogs) {
    const ShownDialogs shown = show_dialogs(presentity, dialog_sight_by(verdict));
    sight.body = std::make_shared<const std::string>(bodies::write(shown.info));
    return sight;
  }
  Composed composed;
  if (Presentity* found = presentities_.find(presentity.text())) {
    sight.body = body_in(*found, view_for(*found, verdict), composed);
    return sight;
  }
  const bool allowed = verdict.handling == Handling::allow;
  sight.body = std::make_shared<const std::string>(
      xml::write(allowed ? rules::transform(compose_now(presentity), verdict.grant->permissions)
                         : rules::unavailable_document(presentity)));
  return sight;
}

}  // namespace rollcall::presence
