// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

namespace bench {
namespace {

class MessageCase : public Case {
 public:
  MessageCase(World& world, Rounds rounds) : world_(world), deal_(0, world.user_count(), rounds) {}

  bool begin(Slot& slot) override {
    const auto dealt = deal_.take([this](auto user) { return !world_.users[user].busy; });
    if (!dealt) return false;
    slot.subject = *dealt;
    slot.awaited = 1;
    const auto& receiver = world_.users[receiver_of(*dealt)];
    auto& draft = slot.draft;
    draft.user = *dealt;
    draft.method = "MESSAGE";
    draft.cseq = ++world_.users[*dealt].cseq;
    draft.uri = receiver.aor;
    set(draft.to, '<', receiver.aor, '>');
    set(draft.call_id, 'm', slot.index, '.', ++sent_, '@', world_.run);
    set(draft.headers, "Content-Type: text/plain\r\n");
    set(draft.body, "hello, this is m", slot.index, '.', sent_);
    return true;
  }

  [[nodiscard]] bool used_up() const override { return deal_.used_up(); }

  std::string on_answer(Slot& slot, const Message& response) override {
    if (response.status != 200) return refusal("MESSAGE", response);
    return slot.awaited == 0 ? "" : "MESSAGE was answered 200 and did not arrive";
  }

  void on_request(Load& load, std::uint32_t socket, const Message& request) override {
    if (request.method != "MESSAGE" || request.call_id.substr(0, 1) != "m") return;
    auto& slot = load.slot(leading_number(request.call_id.substr(1)));
    if (slot.draft.call_id != request.call_id || slot.awaited == 0) return;  // came before
    if (request.body != slot.draft.body) return load.wrong("a MESSAGE arrived with another text");
    if (socket != world_.users[receiver_of(slot.subject)].socket) {
      return load.wrong("a MESSAGE arrived at another user");
    }
    load.heard(slot);
  }

  void on_end(Slot& slot) override { deal_.give_back(slot.subject); }

 private:
  [[nodiscard]] std::uint32_t receiver_of(std::uint32_t sender) const {
    return (sender + world_.user_count() / 2) % world_.user_count();
  }

  World& world_;
  Deal deal_;
  std::uint64_t sent_ = 0;
};

}  // namespace

std::unique_ptr<Case> make_message(const Options&, World& world, Rounds rounds) {
  return std::make_unique<MessageCase>(world, rounds);
}

}  // namespace bench
