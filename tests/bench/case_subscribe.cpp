// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"
#include "text.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

/// What first and refreshing SUBSCRIBEs have in common: an answer and a NOTIFY are to come.
class SubscribeCase : public Case {
 public:
  SubscribeCase(const Options& options, World& world, Rounds rounds)
      : world_(world), deal_(options.in_flight, world.watches.size(), rounds) {}

  std::string on_answer(Slot& slot, int status, std::string_view response) override {
    if (status != 200) return refusal("SUBSCRIBE", response);
    auto& watch = world_.watches[slot.subject];
    watch.to = header(response, "To", 't');
    watch.target = uri_of(header(response, "Contact", 'm'));
    watch.cseq = slot.draft.cseq;
    return watch.target.empty() ? "a 200 to SUBSCRIBE has no Contact" : "";
  }

  void on_request(Load& load, std::uint32_t, std::string_view request) override {
    auto* watch = watch_of(world_, request);
    if (!watch) return;
    auto& slot = load.slot(static_cast<std::uint32_t>(watch - world_.watches.data()) % slots());
    if (slot.busy && &world_.watches[slot.subject] == watch) load.heard(slot);
  }

 protected:
  Draft draft_of(const Watch& watch, std::string uri, std::string to, std::uint32_t cseq) const {
    return {
        watch.watcher,
        "SUBSCRIBE",
        std::move(uri),
        std::move(to),
        call_id_of(world_, watch),
        cseq,
        fmt::format("Contact: <{}>\r\nEvent: presence\r\nAccept: application/pidf+xml\r\nExpires: 3600\r\n",
                    world_.users[watch.watcher].contact),
        {}};
  }

  [[nodiscard]] std::uint32_t slots() const { return deal_.slots(); }

  World& world_;
  Deal deal_;
};

class FirstCase : public SubscribeCase {
 public:
  using SubscribeCase::SubscribeCase;

  bool begin(Slot& slot) override {
    const auto dealt = deal_.next(slot.index);
    if (!dealt) return false;
    slot.subject = *dealt;
    auto& watch = world_.watches[slot.subject];
    ++watch.generation;
    watch.notify_cseq = 0;
    slot.awaited = 1;
    const auto& presentity = world_.users[watch.presentity].aor;
    slot.draft =
        draft_of(watch, presentity, fmt::format("<{}>", presentity), ++world_.users[watch.watcher].cseq);
    return true;
  }
};

class RefreshCase : public SubscribeCase {
 public:
  using SubscribeCase::SubscribeCase;

  bool begin(Slot& slot) override {
    const auto dealt = deal_.next(slot.index);
    if (!dealt) return false;
    slot.subject = *dealt;
    auto& watch = world_.watches[slot.subject];
    slot.awaited = 1;
    slot.draft = draft_of(watch, watch.target, watch.to, ++watch.cseq);
    return true;
  }
};

}  // namespace

std::string call_id_of(const World& world, const Watch& watch) {
  return fmt::format("w{}.{}@{}", &watch - world.watches.data(), watch.generation, world.run);
}

Watch* watch_of(World& world, std::string_view notify) {
  const auto call_id = header(notify, "Call-ID", 'i');
  if (method_of(notify) != "NOTIFY" || call_id.substr(0, 1) != "w") return nullptr;
  const auto index = leading_number(call_id.substr(1));
  if (index >= world.watches.size() || call_id_of(world, world.watches[index]) != call_id) return nullptr;
  auto& watch = world.watches[index];
  const auto cseq = leading_number(header(notify, "CSeq"));
  if (cseq <= watch.notify_cseq) return nullptr;
  watch.notify_cseq = cseq;
  return &watch;
}

std::unique_ptr<Case> make_subscribe(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<FirstCase>(options, world, rounds);
}

std::unique_ptr<Case> make_refresh(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<RefreshCase>(options, world, rounds);
}

}  // namespace bench
