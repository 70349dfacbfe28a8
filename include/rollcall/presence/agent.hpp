// SPDX-License-Identifier: Apache-2.0
// The presence agent (RFC 3856 §6) of the users that a shard owns.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/accounts/directory.hpp>
#include <rollcall/base/table.hpp>
#include <rollcall/base/text_pool.hpp>
#include <rollcall/engine/keeper.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/model/presence.hpp>
#include <rollcall/presence/packages.hpp>
#include <rollcall/presence/policy.hpp>
#include <rollcall/presence/service.hpp>
#include <rollcall/registrar/registrar.hpp>

namespace rollcall::presence {

/// Publications and subscriptions of a shard's presentities, and the NOTIFYs that follow from them.
/// A watcher is told the newest state: while its NOTIFY is under way a change only marks it, and it
/// gets the newest document when the answer comes. Lives on one shard's thread.
class Agent final : public engine::Store {
 public:
  Agent(engine::Shard& shard, const accounts::Directory& directory, const registrar::Registrar& registrar,
        DefaultPolicy policy);
  ~Agent() override;

  /// The agents of all shards in their order, this one among them. Once, before anything runs.
  void set_peers(std::vector<Agent*> peers) { peers_ = std::move(peers); }
  /// Who knows how many messages wait for a user of this shard. Once, before anything runs; without it
  /// none do.
  using MessagesWaiting = std::function<std::size_t(std::string_view aor)>;
  void set_messages_waiting(MessagesWaiting waiting) { messages_waiting_ = std::move(waiting); }

  /// A PUBLISH of an authenticated user for itself (RFC 3903 §6).
  void on_publish(engine::Request request);

  /// A SUBSCRIBE of an authenticated user without To tag, to a user of this shard that exists.
  void on_subscribe(engine::Request request, const sip::Aor& presentity);
  /// A SUBSCRIBE with a To tag of this shard's making (RFC 6665 §4.2.1).
  void on_resubscribe(engine::Request request);

  /// After loading: every watcher is told the state again, at a bounded pace.
  void resume();

  [[nodiscard]] bool knows(const sip::Aor& aor) const { return directory_.find(aor.text()) != nullptr; }
  [[nodiscard]] PresenceView view(const sip::Aor& aor);

  void apply(const model::Change& change) override;

 private:
  struct Published;
  struct Watcher;
  struct Presentity;
  struct Resumption;
  struct ByAor {
    std::string_view operator()(const Presentity& presentity) const;
  };
  struct ByTag {  // ours, of the dialog
    std::string_view operator()(const Watcher& watcher) const;
  };
  struct ById {
    std::uint64_t operator()(const Watcher& watcher) const;
  };

  // publications
  [[nodiscard]] Published* find_publication(const sip::Aor& aor, std::uint64_t id);
  void expire_publication(const sip::Aor& aor, std::uint64_t id);
  void expire_publication_later(const sip::Aor& aor, std::uint64_t id);
  void apply(const model::SavePublication& change);
  void apply(const model::RefreshPublication& change);
  void apply(const model::RemovePublication& change);

  // subscriptions
  struct Decision;
  using Decide = base::MoveFunction<Decision(const engine::Request&)>;
  void take_turn(const std::string& key, engine::Request request, Decide decide);
  [[nodiscard]] Decision decide_initial(const engine::Request& request, const sip::Aor& presentity);
  [[nodiscard]] Decision decide_again(const engine::Request& request, Watcher& watcher);
  [[nodiscard]] Decision decide_refresh(const engine::Request& request, Watcher& watcher);
  [[nodiscard]] static model::Change change_for(model::Subscription subscription, const Watcher& watcher);
  [[nodiscard]] std::vector<Watcher*> same_device(const model::Subscription& by) const;
  [[nodiscard]] bool is_full(const sip::Aor& presentity, std::size_t leaving) const;
  [[nodiscard]] Watcher* find_watcher(std::uint64_t id) const;
  [[nodiscard]] Watcher* find_dialog(const std::string& tag, const sip::Message& message) const;

  // watchers
  void apply(const model::SaveSubscription& change);
  void apply(const model::RefreshSubscription& change);
  void on_kept(Watcher& watcher);
  void apply(const model::RemoveSubscription& change);
  void apply(const model::RemoveUser& change);
  void leave(Presentity& presentity, std::uint64_t id);
  void end(Watcher& watcher, std::string_view reason);
  void commit_end(const Watcher& watcher);
  void revive(std::uint64_t id);
  void expire(const Watcher& watcher);
  void on_user_event(const std::string& aor);
  void end_subscriptions_to(const sip::Aor& presentity);
  void end_subscriptions_of(const sip::Aor& watcher);

  // notifications
  void on_subscription_event(const engine::Event& event);
  void on_publications_event(const std::string& aor);
  void on_bindings_event(const std::string& aor);
  void end_publications_of_gone_devices(const std::string& aor);
  void tell_watchers(const std::string& aor);
  void tell_about(Topic topic, const std::string& aor);
  void notify_once(model::Subscription subscription);
  void notify(Watcher& watcher);
  bool reserve_cseq(Watcher& watcher);
  void save_again(const std::string& key, std::uint64_t id);
  void send_notify(Watcher& watcher, const std::string& subscription_state, engine::SharedBody body);
  void on_not_sent(Watcher& watcher);
  void on_notify_answer(std::uint64_t id, const engine::Answer& answer);
  void on_refused(Watcher& watcher, const engine::Answer& answer);
  void on_unreachable(Watcher& watcher);
  void look_for_flow(const Watcher& watcher);
  void adopt_flow(std::uint64_t id, const sip::Flow& flow, bool behind_nat);
  void on_watcher_timer(Watcher& watcher);
  void set_timer(Watcher& watcher);
  void try_at(Watcher& watcher, base::Instant time);
  void resume(Watcher& watcher);
  [[nodiscard]] engine::SharedBody body_for(const Watcher& watcher);
  [[nodiscard]] engine::SharedBody body_of(const sip::Aor& aor);
  [[nodiscard]] std::string watchers_text(const sip::Aor& aor, std::uint32_t version) const;
  [[nodiscard]] std::string messages_text(const sip::Aor& aor) const;

  [[nodiscard]] std::string compose_text(const sip::Aor& aor) const;
  Presentity& presentity(const sip::Aor& aor);
  void tidy(const std::string& aor);

  engine::Shard& shard_;
  const accounts::Directory& directory_;
  const registrar::Registrar& registrar_;
  DefaultPolicy policy_;
  std::vector<Agent*> peers_;
  MessagesWaiting messages_waiting_;
  base::Table<std::unique_ptr<Presentity>, ByAor> presentities_;
  base::Table<Watcher*, ByTag> by_tag_;
  base::Table<Watcher*, ById> by_id_;
  base::TextPool texts_;                                                 // what many records hold alike
  std::unordered_map<std::uint64_t, std::unique_ptr<Watcher>> leaving_;  // off the disk, a last NOTIFY is due
  std::unique_ptr<Resumption> resumption_;
};

}  // namespace rollcall::presence
