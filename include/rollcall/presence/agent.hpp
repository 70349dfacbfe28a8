// SPDX-License-Identifier: Apache-2.0
// The presence agent (RFC 3856 §6) of the users that a shard owns.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/accounts/directory.hpp>
#include <rollcall/base/table.hpp>
#include <rollcall/base/text_pool.hpp>
#include <rollcall/bodies/dialog_info.hpp>
#include <rollcall/bodies/watcherinfo.hpp>
#include <rollcall/engine/keeper.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/model/presence.hpp>
#include <rollcall/presence/compose.hpp>
#include <rollcall/presence/documents.hpp>
#include <rollcall/presence/lists.hpp>
#include <rollcall/presence/packages.hpp>
#include <rollcall/presence/policy.hpp>
#include <rollcall/presence/service.hpp>
#include <rollcall/registrar/registrar.hpp>
#include <rollcall/rules/permissions.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

class Rulebook;
struct HardState;
struct Known;
struct ListKey;
struct ListNews;
struct MemberQuestion;
struct MemberState;
struct MemberWatcher;
struct SubscribeWish;

/// Publications and subscriptions of a shard's presentities, and the NOTIFYs that follow from them.
/// A watcher is told the newest state: while its NOTIFY is under way a change only marks it, and it
/// gets the newest document when the answer comes. Lives on one shard's thread.
class Agent final : public engine::Store {
 public:
  Agent(engine::Shard& shard, const accounts::Directory& directory, const registrar::Registrar& registrar,
        Policy policy);
  ~Agent() override;

  /// The agents of all shards in their order, this one among them. Once, before anything runs.
  void set_peers(std::vector<Agent*> peers) { peers_ = std::move(peers); }
  /// Who knows how many messages wait for a user of this shard. Once, before anything runs; without it
  /// none do.
  using MessagesWaiting = std::function<std::size_t(std::string_view aor)>;
  void set_messages_waiting(MessagesWaiting waiting) { messages_waiting_ = std::move(waiting); }

  /// Who is on the lists that somebody's rules name, by list as the rules write it: identities as
  /// rules::Identity::text() has them. Error: it cannot be known now. Called on the shard's thread, and
  /// `done` is to be called there too, once.
  using ListMembers = std::map<std::string, std::vector<std::string>, std::less<>>;
  using ReadLists = std::function<void(const sip::Aor& owner, std::vector<std::string> lists,
                                       base::MoveFunction<void(base::Result<ListMembers>)> done)>;
  /// Once, before anything runs; without it nobody is on any list.
  void set_lists(ReadLists read) { read_lists_ = std::move(read); }

  /// Where lists that are watched are read, and how users call their own. Once, before anything runs; without
  /// it there are only those that come along with a SUBSCRIBE.
  void set_watched_lists(ReadList read, OwnLists own) {
    read_list_ = std::move(read);
    own_lists_ = std::move(own);
  }

  /// The calls of a user of this shard that pass through the server (RFC 4235 §3.7): the dialogs, the ended
  /// ones among them for as long as somebody may have to be told; and what they say about his presence.
  struct Calls {
    std::function<std::vector<bodies::Dialog>(std::string_view aor)> dialogs;
    std::function<CallsInput(std::string_view aor)> summary;
  };
  /// Who knows them, and calls on_calls. Once, before anything runs; without it no calls pass.
  void set_calls(Calls calls) { calls_ = std::move(calls); }
  /// The calls of a user of this shard have changed.
  void on_calls(const std::string& aor);

  /// Where documents that are followed are read. Once, before anything runs; without it there are none.
  void set_documents(ReadDocuments read) { read_documents_ = std::move(read); }

  /// How one status is made of many. Once, before anything runs; without it nothing outlives its expiry.
  void set_composition(CompositionSettings settings) { composition_ = std::move(settings); }

  /// A PUBLISH of an authenticated user for itself (RFC 3903 §6).
  void on_publish(engine::Request request);

  /// A SUBSCRIBE of an authenticated user without To tag, to a user of this shard that exists.
  void on_subscribe(engine::Request request, const sip::Aor& presentity);
  /// A SUBSCRIBE of an authenticated user without To tag that brings a list along, or is to somebody who is
  /// no user: to a list, if there is one (RFC 4662 §4.4, RFC 5367).
  void on_subscribe_list(engine::Request request, const sip::Aor& target);
  /// A SUBSCRIBE with a To tag of this shard's making (RFC 6665 §4.2.1).
  void on_resubscribe(engine::Request request);

  /// After loading: every watcher is told the state again, at a bounded pace.
  void resume();

  [[nodiscard]] bool knows(const sip::Aor& aor) const { return directory_.find(aor.text()) != nullptr; }
  [[nodiscard]] PresenceView view(const sip::Aor& aor);

  /// What somebody may see of a presentity of this shard, and what that is now. The same for everybody who
  /// asks, with a dialog of his own or without; who may see the same shares one body.
  struct Sight {
    rules::Handling handling = rules::Handling::block;
    engine::SharedBody body;               // null for confirm and block
    std::optional<base::Instant> changes;  // when a validity may change the answer
  };
  [[nodiscard]] Sight look(const sip::Aor& presentity, const sip::Aor& watcher,
                           Topic topic = Topic::presence);

  /// Everybody who watches the presence of a user of this shard, or waits for a decision.
  [[nodiscard]] std::vector<WatcherView> watchers(const sip::Aor& presentity);
  /// What the rules say about one watcher now.
  [[nodiscard]] rules::Handling handling_of(const sip::Aor& presentity, const sip::Aor& watcher);
  /// A watcher without a subscription waits for no decision any more. `done` gets not_found when he did not.
  void forget_waiting(const sip::Aor& presentity, const sip::Aor& watcher, engine::Keeper::Done done);

  /// See Service.
  void set_status(const sip::Aor& aor, WantedStatus wanted, engine::Keeper::Done done);
  void clear_status(const sip::Aor& aor, engine::Keeper::Done done);

  void apply(const model::Change& change) override;

 private:
  struct Published;
  struct Watcher;
  struct Presentity;
  struct Resumption;
  struct More;
  struct View;
  struct Showing;
  struct Waiting;
  struct Happening;
  struct Circumstances;
  struct ListSide;
  struct Interest;
  struct ShownDialogs;
  struct Composed;
  struct Memory;
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

  [[nodiscard]] base::Duration hysteresis_of(const model::Publication& publication) const;

  // statuses that no device publishes
  void keep_hard_state(const model::SaveDocument& change);
  void drop_hard_state(const sip::Aor& owner, std::string_view path);
  void on_hard_state_event(const std::string& owner);
  [[nodiscard]] const Published* administrator_status(const sip::Aor& aor) const;
  void change_status(const sip::Aor& aor, base::MoveFunction<base::Result<model::Change>()> decide,
                     engine::Keeper::Done done);
  [[nodiscard]] Known known_of(const sip::Aor& aor) const;

  // subscriptions
  struct Decision;
  using Decide = base::MoveFunction<Decision(const engine::Request&)>;
  void take_turn(const std::string& key, engine::Request request, Decide decide);
  void decide_in_turn(engine::Request request, const sip::Aor& presentity);
  [[nodiscard]] Decision decide_initial(const engine::Request& request, const sip::Aor& presentity);
  [[nodiscard]] base::Result<model::Subscription> begin_subscription(const engine::Request& request,
                                                                     const sip::Aor& presentity,
                                                                     const SubscribeWish& wish) const;
  [[nodiscard]] Decision decide_new(const engine::Request& request, model::Subscription subscription,
                                    std::int64_t seconds);
  [[nodiscard]] Decision decide_again(const engine::Request& request, Watcher& watcher);
  [[nodiscard]] Decision decide_refresh(const engine::Request& request, Watcher& watcher);
  [[nodiscard]] static model::Change change_for(model::Subscription subscription, const Watcher& watcher);
  [[nodiscard]] std::vector<Watcher*> same_device(const model::Subscription& by) const;
  [[nodiscard]] bool is_full(const sip::Aor& presentity, std::size_t leaving) const;
  [[nodiscard]] Watcher* find_watcher(std::uint64_t id) const;
  [[nodiscard]] Watcher* find_dialog(const std::string& tag, const sip::Message& message) const;

  // who may see: rules
  void apply(const model::SaveDocument& change);
  void apply(const model::RemoveDocument& change);
  void on_documents_event(const std::string& owner);
  [[nodiscard]] Circumstances circumstances_of(const sip::Aor& presentity) const;
  [[nodiscard]] std::string sphere_of(const sip::Aor& presentity) const;
  [[nodiscard]] rules::Verdict ask_rules(const Circumstances& circumstances, const sip::Aor& watcher) const;
  enum class Judgement : std::uint8_t { same_state, other_state, refused };
  Judgement judge(Presentity& presentity, Watcher& watcher, const Circumstances& circumstances);
  void judge_new(Watcher& watcher);
  void judge_all(const std::string& aor);
  [[nodiscard]] model::Changes judge_waiting(Presentity& presentity, const Circumstances& circumstances);
  void judge_when_known(const sip::Aor& presentity);
  using WhenKnown = base::MoveFunction<void(bool known)>;
  void when_lists_are_known(const sip::Aor& presentity, WhenKnown then);
  void read_lists(const sip::Aor& presentity);
  void on_lists(const sip::Aor& presentity, std::uint64_t edition, base::Result<ListMembers> members);
  [[nodiscard]] std::uint32_t view_for(Presentity& presentity, const rules::Verdict& verdict);
  void on_time(const sip::Aor& presentity);
  void set_timer(Presentity& presentity);

  // lists: the side of the dialog
  void subscribe_list_of(const sip::Aor& owner, engine::Request request);
  [[nodiscard]] Decision decide_list(const engine::Request& request, const sip::Aor& owner);
  [[nodiscard]] bool has_too_many_lists(const model::Subscription& subscription) const;
  [[nodiscard]] ListWish list_wish_of(const model::Subscription& subscription) const;
  void read_list(Watcher& watcher);
  void on_list(std::uint64_t id, base::Result<WatchedList> read);
  [[nodiscard]] static bool is_like(const ListSide& list, const WatchedList& read);
  void ask_members(Watcher& watcher);
  static void drop_unsent(Watcher& watcher);
  void on_member_states(const ListKey& key, std::vector<MemberState> states, bool is_answer);
  [[nodiscard]] bool has_list_body(Watcher& watcher);
  void pack_list(Watcher& watcher);
  void tell_whole_list(Watcher& watcher);
  enum class Why : std::uint8_t { is_read_anew, has_ended };
  void leave_members(const Watcher& watcher, Why why);
  void on_document_of_lists(const std::string& owner);
  void reread_global_lists();
  void reread_lists(const std::vector<std::uint64_t>& ids);
  [[nodiscard]] Agent* peer_at(std::uint16_t shard);
  [[nodiscard]] std::uint16_t shards() const;

  // lists: the side of the members
  void watch_members(const MemberWatcher& watcher, const std::vector<MemberQuestion>& questions);
  [[nodiscard]] MemberState glance_at(const MemberWatcher& watcher, const MemberQuestion& question);
  [[nodiscard]] MemberState watch_member(const MemberWatcher& watcher, const MemberQuestion& question);
  void judge(Presentity& presentity, Interest& interest, const Circumstances& circumstances);
  [[nodiscard]] MemberState state_of(Presentity& presentity, Interest& interest, Composed& composed);
  [[nodiscard]] engine::SharedBody body_for(Presentity& presentity, Interest& interest, Composed& composed);
  void tell_lists(Presentity& presentity);
  [[nodiscard]] std::vector<ListNews> judge_interests(Presentity& presentity,
                                                      const Circumstances& circumstances);
  void tell_lists_of_user(const std::string& aor);
  void tell_news(std::vector<ListNews> news);
  void tell_list(const ListKey& key, std::vector<MemberState> states, bool is_answer);
  void leave_members(const ListKey& key, const std::vector<sip::Aor>& presentities, Why why);
  [[nodiscard]] static Happening happening_of(const Interest& interest, bodies::WatcherStatus status,
                                              bodies::WatcherEvent event);
  [[nodiscard]] static Happening happening_of(const Interest& interest);
  void judge_again_at(Presentity& presentity, std::optional<base::Instant> time);

  // dialogs
  enum class DialogSight : std::uint8_t { nothing, states, everything };
  [[nodiscard]] static DialogSight dialog_sight_of(const rules::Permissions& may);
  [[nodiscard]] static DialogSight dialog_sight_by(const rules::Verdict& verdict);
  [[nodiscard]] static DialogSight dialog_sight_in(const Presentity& presentity, std::uint32_t view);
  [[nodiscard]] bodies::DialogInfo dialogs_of(const sip::Aor& aor) const;
  void add_published_dialogs(const model::Publication& publication,
                             std::vector<bodies::Dialog>& dialogs) const;
  [[nodiscard]] CallsInput calls_input_of(const sip::Aor& aor) const;
  [[nodiscard]] ShownDialogs show_dialogs(const sip::Aor& aor, DialogSight sight) const;
  [[nodiscard]] const ShownDialogs& dialogs_in(Presentity& presentity, std::uint32_t view,
                                               Composed& composed);
  [[nodiscard]] std::string dialogs_text(Watcher& watcher);

  // who waits for a decision
  void apply(const model::SaveWaiting& change);
  void apply(const model::RemoveWaiting& change);
  void on_waiting_event(const std::string& aor);
  struct Asking;
  void go_on_waiting(const model::Subscription& subscription, model::Changes& changes) const;
  void go_on_waiting(const Asking& asking, model::Changes& changes) const;
  void wait_no_more(const Asking& asking, model::Changes& changes) const;
  [[nodiscard]] static bool asks_otherwise(const Presentity& presentity, const Asking& asking);

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
  void tell_what_is_new(const std::string& aor, const std::vector<std::uint64_t>& ids);
  [[nodiscard]] std::uint64_t hash_of_shown(Presentity& presentity, Topic topic, std::uint32_t view,
                                            Composed& composed);
  void tell_audience(const std::string& aor);
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
  void resume_later(std::uint64_t id);
  void judge_and_tell(Watcher& watcher);
  [[nodiscard]] engine::SharedBody body_for(Watcher& watcher);
  [[nodiscard]] engine::SharedBody body_in(Presentity& presentity, std::uint32_t view, Composed& composed);
  [[nodiscard]] static Showing& showing_in(Presentity& presentity, std::uint32_t view);
  void look_at_registration(Presentity& presentity);

  // watcher information
  [[nodiscard]] static Happening happening_of(const Watcher& watcher, bodies::WatcherStatus status,
                                              bodies::WatcherEvent event);
  [[nodiscard]] static Happening happening_of(const Waiting& waiting, bodies::WatcherStatus status,
                                              bodies::WatcherEvent event);
  void note(Presentity& presentity, Happening happening);
  void note_begin(Presentity& presentity, const Watcher& watcher);
  void note_end(Presentity& presentity, const Watcher& watcher);
  [[nodiscard]] bodies::Watcher entry_of(const Happening& happening) const;
  [[nodiscard]] std::vector<Happening> all_watchers(const sip::Aor& aor, Topic topic) const;
  [[nodiscard]] bodies::Coverage gather(Presentity& presentity, Watcher& watcher,
                                        std::vector<Happening>& told);
  [[nodiscard]] std::string watchers_text(Watcher& watcher);
  void tell_all_next_time(const Watcher& watcher);
  [[nodiscard]] std::string messages_text(const sip::Aor& aor) const;

  // registrations, as their user is told of them
  void apply(const model::RemoveBinding& change);
  bool look_at_contacts(Watcher& watcher);
  void tell_registrations(const std::string& aor);
  [[nodiscard]] std::string registrations_text(Watcher& watcher);

  // documents that are followed
  [[nodiscard]] std::optional<sip::Reply> take_documents(const sip::Message& message,
                                                         model::Subscription& subscription) const;
  [[nodiscard]] bool follows_too_much(const model::Subscription& subscription) const;
  void tell_followers(const std::string& owner);
  void tell_followers_of_global();
  void read_again(const std::vector<std::uint64_t>& ids);
  [[nodiscard]] bool has_document_changes(Watcher& watcher);
  [[nodiscard]] bool make_document_changes(Watcher& watcher);
  void read_documents(Watcher& watcher);
  void on_documents(std::uint64_t id, std::uint32_t edition, base::Result<FollowedDocuments> read);

  [[nodiscard]] xml::PidfDocument compose_now(const sip::Aor& aor) const;
  Presentity& presentity(const sip::Aor& aor);
  void tidy(const std::string& aor);

  engine::Shard& shard_;
  const accounts::Directory& directory_;
  const registrar::Registrar& registrar_;
  Policy policy_;
  std::vector<Agent*> peers_;
  MessagesWaiting messages_waiting_;
  Calls calls_;
  CompositionSettings composition_;
  std::unordered_map<std::string, std::unique_ptr<HardState>> hard_states_;  // of those who keep one
  base::Table<std::unique_ptr<Presentity>, ByAor> presentities_;
  base::Table<Watcher*, ByTag> by_tag_;
  base::Table<Watcher*, ById> by_id_;
  base::TextPool texts_;                                                 // what many records hold alike
  std::unordered_map<std::uint64_t, std::unique_ptr<Watcher>> leaving_;  // off the disk, a last NOTIFY is due
  std::unique_ptr<Resumption> resumption_;
  std::unique_ptr<Rulebook> rulebook_;
  ReadLists read_lists_;
  ReadList read_list_;
  OwnLists own_lists_;
  ReadDocuments read_documents_;
  std::unordered_map<std::string, std::vector<WhenKnown>>
      reading_lists_;  // who waits for them, by presentity
};

}  // namespace rollcall::presence
