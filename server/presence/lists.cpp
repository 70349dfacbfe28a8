// SPDX-License-Identifier: Apache-2.0
// Subscriptions to lists: the side of the dialog (RFC 4662 §4).
#include "agent_records.hpp"

#include <algorithm>
#include <utility>

#include <rollcall/base/log.hpp>
#include <rollcall/bodies/recipient_list.hpp>
#include <rollcall/sip/headers/params.hpp>

#include <fmt/format.h>

namespace rollcall::presence {

namespace {

constexpr base::Log logger{"presence"};

/// What the head of a NOTIFY takes of a datagram.
constexpr std::size_t head_bytes = 700;
/// And what a connection carries at a time: enough for hundreds of members, little for a phone's memory.
constexpr std::size_t connection_bytes = 32'768;
/// A fetch has one NOTIFY.
constexpr std::size_t whole_bytes = 16'777'216;

// RFC 3261 §18.1.1: what is longer does not go by UDP.
std::size_t most_bytes(const model::Subscription& subscription, const base::Limits& limits) {
  if (subscription.flow.transport != sip::Transport::udp) return connection_bytes;
  const auto most = static_cast<std::size_t>(limits.udp_request_bytes);
  return most > head_bytes ? most - head_bytes : 0;
}

base::Result<WatchedList> list_in(const model::Subscription& subscription, const base::Limits& limits) {
  const bodies::BodyView body{bodies::resource_lists_media_type, "", subscription.resources};
  auto found = bodies::read_recipient_list(body, limits, static_cast<std::size_t>(limits.list_members));
  if (!found) return found.error();
  WatchedList list;
  list.owner = subscription.presentity;
  for (bodies::Recipient& recipient : *found)
    list.members.push_back({std::move(recipient.uri), std::move(recipient.display_name)});
  return list;
}

sip::Aor person_of(const std::string& text) {
  const auto uri = sip::Uri::parse(text);
  const auto aor = uri ? sip::Aor::from(*uri) : base::Result<sip::Aor>(uri.error());
  return aor ? *aor : sip::Aor();
}

}  // namespace

// The document was changed in another place.
bool Agent::is_like(const ListSide& list, const WatchedList& read) {
  return list.display_name == read.display_name &&
         std::equal(list.members.begin(), list.members.end(), read.members.begin(), read.members.end(),
                    [](const ListSide::Member& a, const WatchedList::Member& b) {
                      return a.uri == b.uri && a.display_name == b.display_name;
                    });
}

Agent* Agent::peer_at(std::uint16_t shard) {
  return peers_.empty() ? this : peers_[shard];
}

std::uint16_t Agent::shards() const {
  return static_cast<std::uint16_t>(shard_.shard_count());
}

ListWish Agent::list_wish_of(const model::Subscription& subscription) const {
  ListWish wish;
  wish.owner = subscription.presentity;
  wish.uri = subscription.list.str();
  wish.event = subscription.event.str();
  const sip::Aor list = person_of(wish.uri);
  const auto owner = own_lists_.owner_of(list, subscription.watcher);
  wish.own = owner && *owner == wish.owner;
  return wish;
}

void Agent::read_list(Watcher& watcher) {
  ListSide& list = *watcher.list;
  if (list.reading) return;
  list.unread = false;
  list.reading = true;
  const std::uint64_t id = watcher.subscription.id;
  const auto take = [this, id](base::Result<WatchedList> read) { on_list(id, std::move(read)); };
  if (!watcher.subscription.resources.empty()) return take(list_in(watcher.subscription, shard_.limits()));
  if (!read_list_) return take(base::unavailable("no lists are kept"));
  read_list_(list_wish_of(watcher.subscription), take);
}

// Without the database the list stays as it is known, and is read when that is back.
void Agent::on_list(std::uint64_t id, base::Result<WatchedList> read) {
  Watcher* watcher = find_watcher(id);
  if (!watcher || !watcher->list) return;
  ListSide& list = *watcher->list;
  list.reading = false;
  if (read && list.unread) return read_list(*watcher);  // it has changed meanwhile
  if (!read) {
    logger.info("list_unread", base::kv("watcher", watcher->subscription.watcher.text()),
                base::kv("list", watcher->subscription.list.view()), base::kv("why", read.error().detail));
    if (read.error().code != base::ErrorCode::unavailable) return end(*watcher, "noresource");
    list.unread = true;
    return try_at(*watcher, shard_.now() + database_retry);
  }
  list.sources = std::move(read->sources);
  if (!list.whole && is_like(list, *read)) return;
  leave_members(*watcher, Why::is_read_anew);
  list.display_name = std::move(read->display_name);
  list.members.clear();
  for (const WatchedList::Member& member : read->members) {
    ListSide::Member& made = list.members.emplace_back();
    made.uri = member.uri;
    made.display_name = member.display_name;
    const sip::Aor person = person_of(member.uri);
    if (!person.empty() && directory_.serves(person.domain())) made.presentity = person;
  }
  list.whole = true;
  ask_members(*watcher);
}

// Everybody is asked anew: bodies that were told are not kept.
void Agent::ask_members(Watcher& watcher) {
  ListSide& list = *watcher.list;
  ++list.edition;
  drop_unsent(watcher);
  std::vector<std::vector<MemberQuestion>> by_shard(shard_.shard_count());
  for (std::uint32_t place = 0; place < list.members.size(); ++place) {
    ListSide::Member& member = list.members[place];
    member.changed = false;
    if (!member.presentity.empty())
      by_shard[shard_.owner_of(member.presentity)].push_back({place, member.presentity});
  }
  list.unanswered = static_cast<std::uint16_t>(std::count_if(
      by_shard.begin(), by_shard.end(), [](const auto& questions) { return !questions.empty(); }));
  if (list.unanswered == 0) return notify(watcher);
  const MemberWatcher who{{shard_.index(), watcher.subscription.id, list.edition},
                          watcher.package().topic,
                          watcher.subscription.watcher,
                          watcher.cseq,
                          watcher.subscription.expires,
                          list.fetched};
  for (std::uint16_t shard = 0; shard < shards(); ++shard)
    if (!by_shard[shard].empty())
      shard_.run_on(shard, [peer = peer_at(shard), who, questions = std::move(by_shard[shard])] {
        peer->watch_members(who, questions);
      });
}

// What was packed and not sent is old; the versions go on where the watcher is (RFC 4662 §5.2).
void Agent::drop_unsent(Watcher& watcher) {
  ListSide& list = *watcher.list;
  const std::size_t sent = watcher.in_flight ? 1 : 0;
  if (list.bodies.size() <= sent) return;
  list.version = list.bodies[sent].version;
  list.bodies.resize(sent);
}

void Agent::on_member_states(const ListKey& key, std::vector<MemberState> states, bool is_answer) {
  Watcher* watcher = find_watcher(key.id);
  if (!watcher || !watcher->list || watcher->list->edition != key.edition) return;
  ListSide& list = *watcher->list;
  for (MemberState& state : states) {
    ListSide::Member& member = list.members[state.place];
    member.state = state.state;
    member.reason = state.reason;
    member.body = std::move(state.body);
    member.changed = true;
  }
  if (is_answer && list.unanswered > 0) --list.unanswered;
  if (list.unanswered == 0) notify(*watcher);
}

// The next NOTIFY of a list needs a body. False: there is none yet, and it goes on when there is.
bool Agent::has_list_body(Watcher& watcher) {
  ListSide& list = *watcher.list;
  if (!list.bodies.empty()) return true;
  if (list.unread) read_list(watcher);
  if (list.reading || list.unread || list.unanswered > 0) return false;
  const bool changed = std::any_of(list.members.begin(), list.members.end(),
                                   [](const ListSide::Member& member) { return member.changed; });
  if (!list.whole && !changed) {
    watcher.owed = false;
    return false;
  }
  if (!list.whole && list.not_before > shard_.now()) {
    try_at(watcher, list.not_before);
    return false;
  }
  pack_list(watcher);
  return true;
}

void Agent::pack_list(Watcher& watcher) {
  ListSide& list = *watcher.list;
  std::vector<bodies::ListedResource> resources;
  std::vector<engine::SharedBody> held;  // the resources only view them
  for (ListSide::Member& member : list.members) {
    if (!list.whole && !member.changed) continue;
    bodies::ListedResource& resource = resources.emplace_back();
    resource.uri = member.uri.str();
    if (!member.display_name.empty()) resource.names.push_back({member.display_name.str(), ""});
    if (member.presentity.empty()) continue;
    const engine::SharedBody& body = held.emplace_back(std::move(member.body));
    bodies::Instance& instance = resource.instances.emplace_back();
    instance.id = "1";
    instance.state = member.state;
    instance.reason = member.reason;
    if (body) instance.content_type = watcher.package().media_type;
    if (body) instance.body = *body;
    member.changed = false;
  }
  // Above what a run before this one told, as the CSeq is.
  if (list.version == 0) list.version = watcher.cseq;
  bodies::ListHead head;
  head.uri = watcher.subscription.list.str();
  head.version = list.version;
  head.full_state = list.whole;
  if (!list.display_name.empty()) head.names.push_back({list.display_name, ""});
  head.cid_tail = fmt::format("{:x}.{}@{}", list.version, watcher.subscription.dialog.local_tag.view(),
                              watcher.subscription.presentity.domain());
  for (bodies::ListBody& body : bodies::pack_list(
           head, resources, list.fetched ? whole_bytes : most_bytes(watcher.subscription, shard_.limits())))
    list.bodies.push_back({body.version, std::move(body.content.content_type),
                           std::make_shared<const std::string>(std::move(body.content.body))});
  list.version = list.bodies.back().version + 1;
  list.whole = false;
  list.not_before = shard_.now() + std::chrono::milliseconds(shard_.limits().list_pause_milliseconds);
}

// RFC 4662 §4.5: a SUBSCRIBE is answered with the full state.
void Agent::tell_whole_list(Watcher& watcher) {
  ListSide& list = *watcher.list;
  list.whole = true;
  watcher.owed = true;
  if (list.unread)
    read_list(watcher);
  else if (!list.reading)
    ask_members(watcher);
}

void Agent::leave_members(const Watcher& watcher, Why why) {
  const ListSide& list = *watcher.list;
  std::vector<std::vector<sip::Aor>> by_shard(shard_.shard_count());
  for (const ListSide::Member& member : list.members)
    if (!member.presentity.empty()) by_shard[shard_.owner_of(member.presentity)].push_back(member.presentity);
  const ListKey key{shard_.index(), watcher.subscription.id, list.edition};
  for (std::uint16_t shard = 0; shard < shards(); ++shard) {
    if (by_shard[shard].empty()) continue;
    auto task = [peer = peer_at(shard), key, presentities = std::move(by_shard[shard]), why] {
      peer->leave_members(key, presentities, why);
    };
    if (why == Why::has_ended && shard == shard_.index())
      shard_.post(std::move(task));
    else
      shard_.run_on(shard, std::move(task));
  }
}

// A document has changed: what lists were made of it may be others now. Those of the global tree are part of
// lists everywhere.
void Agent::on_document_of_lists(const std::string& owner) {
  if (Presentity* found = presentities_.find(owner)) {
    std::vector<std::uint64_t> ids;
    for (const auto& watcher : found->watchers)
      ids.push_back(watcher->subscription.id);
    return reread_lists(ids);
  }
  if (!owner.empty()) return;
  for (std::uint16_t shard = 0; shard < shards(); ++shard)
    shard_.run_on(shard, [peer = peer_at(shard)] { peer->reread_global_lists(); });
}

void Agent::reread_global_lists() {
  std::vector<std::uint64_t> ids;
  for (const Watcher* watcher : by_id_) {
    if (!watcher->list) continue;
    const auto& sources = watcher->list->sources;
    if (std::find(sources.begin(), sources.end(), sip::Aor()) != sources.end())
      ids.push_back(watcher->subscription.id);
  }
  reread_lists(ids);
}

void Agent::reread_lists(const std::vector<std::uint64_t>& ids) {
  for (const std::uint64_t id : ids) {
    Watcher* watcher = find_watcher(id);
    if (!watcher || !watcher->list || watcher->left || !watcher->subscription.resources.empty()) continue;
    watcher->list->unread = true;
    read_list(*watcher);
  }
}

}  // namespace rollcall::presence
