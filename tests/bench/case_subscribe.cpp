// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

namespace bench {
namespace {

/// What first and refreshing SUBSCRIBEs have in common: an answer and mostly a NOTIFY are to come.
class SubscribeCase : public Case {
 public:
  SubscribeCase(World& world, Deal deal) : world_(world), deal_(std::move(deal)) {}

  [[nodiscard]] bool used_up() const override { return deal_.used_up(); }

  std::string on_answer(Slot& slot, const Message& response) override {
    if (response.status != 200) return refusal("SUBSCRIBE", response);
    auto& watch = world_.watches[slot.subject];
    watch.to = response.to;
    watch.target = uri_of(response.contact);
    watch.cseq = slot.draft.cseq;
    return watch.target.empty() ? "a 200 to SUBSCRIBE has no Contact" : "";
  }

  void on_request(Load& load, std::uint32_t, const Message& request) override {
    const auto* watch = newly_told(world_, request);
    if (watch && watch->slot != no_slot) load.heard(load.slot(watch->slot));
  }

  void on_end(Slot& slot) override {
    world_.watches[slot.subject].slot = no_slot;
    deal_.give_back(slot.subject);
  }

 protected:
  Watch* take(Slot& slot) {
    const auto dealt =
        deal_.take([this](auto watch) { return !world_.users[world_.watches[watch].watcher].busy; });
    if (!dealt) return nullptr;
    slot.subject = *dealt;
    return &world_.watches[*dealt];
  }

  /// All but URI, To and CSeq.
  void write(Draft& draft, const Watch& watch) const {
    draft.user = watch.watcher;
    draft.method = "SUBSCRIBE";
    set(draft.call_id, 'w', static_cast<std::uint32_t>(&watch - world_.watches.data()), '.', watch.generation,
        '@', world_.run);
    set(draft.headers, "Contact: <", world_.users[watch.watcher].contact,
        ">\r\nEvent: presence\r\nAccept: application/pidf+xml\r\nExpires: 3600\r\n");
    draft.body.clear();
  }

  World& world_;

 private:
  Deal deal_;
};

class FirstCase : public SubscribeCase {
 public:
  using SubscribeCase::SubscribeCase;

  bool begin(Slot& slot) override {
    auto* watch = take(slot);
    if (!watch) return false;
    ++watch->generation;
    watch->notify_cseq = 0;
    watch->slot = slot.index;
    slot.awaited = 1;
    write(slot.draft, *watch);
    slot.draft.cseq = ++world_.users[watch->watcher].cseq;
    slot.draft.uri = world_.users[watch->presentity].aor;
    set(slot.draft.to, '<', slot.draft.uri, '>');
    return true;
  }
};

class RefreshCase : public SubscribeCase {
 public:
  RefreshCase(World& world, Deal deal, bool hear) : SubscribeCase(world, std::move(deal)), hear_(hear) {}

  bool begin(Slot& slot) override {
    auto* watch = take(slot);
    if (!watch) return false;
    watch->refreshed = true;
    slot.awaited = hear_ ? 1 : 0;
    if (hear_) watch->slot = slot.index;
    write(slot.draft, *watch);
    slot.draft.cseq = ++watch->cseq;
    slot.draft.uri = watch->target;
    slot.draft.to = watch->to;
    return true;
  }

 private:
  bool hear_;
};

}  // namespace

Watch* watch_of(World& world, const Message& notify) {
  if (notify.method != "NOTIFY" || notify.call_id.substr(0, 1) != "w") return nullptr;
  auto rest = notify.call_id.substr(1);
  const auto index = leading_number(rest);
  if (index >= world.watches.size()) return nullptr;
  auto& watch = world.watches[index];
  rest = rest.substr(std::min(rest.find('.'), rest.size()));
  const auto at = rest.find('@');
  const bool same = at != std::string_view::npos && rest.substr(at + 1) == world.run &&
                    leading_number(rest.substr(1)) == watch.generation;
  return same ? &watch : nullptr;
}

Watch* newly_told(World& world, const Message& notify) {
  auto* watch = watch_of(world, notify);
  const auto cseq = leading_number(notify.cseq);
  if (!watch || cseq <= watch->notify_cseq) return nullptr;
  watch->notify_cseq = cseq;
  return watch;
}

std::unique_ptr<Case> make_subscribe(const Options&, World& world, Rounds rounds) {
  return std::make_unique<FirstCase>(world, Deal(0, world.watch_count(), rounds));
}

std::unique_ptr<Case> make_refresh(const Options&, World& world, Rounds rounds) {
  return make_refresh_of(world, 0, world.watch_count(), true, rounds);
}

std::unique_ptr<Case> make_refresh_of(World& world, std::uint32_t first, std::uint32_t count, bool hear,
                                      Rounds rounds) {
  return std::make_unique<RefreshCase>(world, Deal(first, count, rounds), hear);
}

}  // namespace bench
