// SPDX-License-Identifier: Apache-2.0
#include <rollcall/presence/agent.hpp>
#include <rollcall/presence/service.hpp>
#include <rollcall/rules/edit.hpp>

namespace rollcall::presence {

namespace {

constexpr base::Duration patience = std::chrono::seconds(5);

base::Error no_such_user(const sip::Aor& aor) {
  return base::not_found("the user " + aor.text() + " does not exist");
}

/// Runs `question` on the shard, and waits for what it answers.
template <class T, class Question>
base::Result<T> ask(const Service::Part& part, Question question) {
  using Reply = base::MoveFunction<void(base::Result<T>)>;
  auto answer = engine::ask<base::Result<T>>(
      *part.shard, patience, [agent = part.agent, question = std::move(question)](Reply reply) mutable {
        question(*agent, std::move(reply));
      });
  if (!answer) return base::unavailable("the server did not answer in time");
  return std::move(*answer);
}

}  // namespace

Service::Part& Service::owner(const sip::Aor& aor) {
  return parts_[parts_.front().shard->owner_of(aor)];
}

base::Result<PresenceView> Service::view(const sip::Aor& aor) {
  return ask<PresenceView>(owner(aor), [aor](Agent& agent, auto reply) {
    if (!agent.knows(aor)) return reply(no_such_user(aor));
    reply(agent.view(aor));
  });
}

base::Result<std::vector<WatcherView>> Service::watchers(const sip::Aor& presentity) {
  return ask<std::vector<WatcherView>>(owner(presentity), [presentity](Agent& agent, auto reply) {
    if (!agent.knows(presentity)) return reply(no_such_user(presentity));
    reply(agent.watchers(presentity));
  });
}

base::Result<rules::Handling> Service::handling_of(const sip::Aor& presentity, const sip::Aor& watcher) {
  return ask<rules::Handling>(owner(presentity), [presentity, watcher](Agent& agent, auto reply) {
    if (!agent.knows(presentity)) return reply(no_such_user(presentity));
    reply(agent.handling_of(presentity, watcher));
  });
}

base::Result<bool> Service::change_rules(const sip::Aor& presentity, const ChangeRules& change) {
  bool nothing_new = false;
  const auto kept = edit_(presentity, [&](std::string_view document) -> base::Result<std::string> {
    auto changed = change(document);
    if (!changed) return base::Error{base::ErrorCode::conflict, "the rules: " + changed.error().detail};
    nothing_new = *changed == document;
    if (nothing_new) return base::Error{base::ErrorCode::conflict, "the rules say so already"};
    return changed;
  });
  if (nothing_new) return false;
  return kept ? base::Result<bool>(true) : base::Result<bool>(kept.error());
}

base::Result<rules::Handling> Service::decide(const sip::Aor& presentity, const sip::Aor& watcher,
                                              rules::Handling handling) {
  if (const auto known = handling_of(presentity, watcher); !known) return known;
  const auto changed = change_rules(presentity, [&](std::string_view document) {
    return rules::with_decision(document, watcher, handling);
  });
  if (!changed) return changed.error();
  return handling_of(presentity, watcher);
}

base::Result<> Service::forget(const sip::Aor& presentity, const sip::Aor& watcher) {
  if (const auto known = handling_of(presentity, watcher); !known) return known.error();
  const auto changed = change_rules(
      presentity, [&](std::string_view document) { return rules::without_decision(document, watcher); });
  if (!changed) return changed.error();
  auto forgotten = ask<base::Done>(owner(presentity), [presentity, watcher](Agent& agent, auto reply) {
    agent.forget_waiting(presentity, watcher,
                         [reply = std::move(reply)](const base::Result<>& done) mutable { reply(done); });
  });
  const bool did_not_wait = !forgotten && forgotten.error().code == base::ErrorCode::not_found;
  return *changed && did_not_wait ? base::Result<>(base::Done{}) : forgotten;
}

base::Result<> Service::set_status(const sip::Aor& aor, const WantedStatus& wanted) {
  return ask<base::Done>(owner(aor), [aor, wanted](Agent& agent, auto reply) {
    if (!agent.knows(aor)) return reply(no_such_user(aor));
    agent.set_status(aor, wanted, std::move(reply));
  });
}

base::Result<> Service::clear_status(const sip::Aor& aor) {
  return ask<base::Done>(owner(aor), [aor](Agent& agent, auto reply) {
    if (!agent.knows(aor)) return reply(no_such_user(aor));
    agent.clear_status(aor, std::move(reply));
  });
}

}  // namespace rollcall::presence
