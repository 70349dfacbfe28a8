// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"
#include "text.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

class MessageCase : public Case {
 public:
  MessageCase(const Options& options, World& world, Rounds rounds)
      : world_(world), deal_(options.in_flight, world.users.size(), rounds) {}

  bool begin(Slot& slot) override {
    const auto dealt = deal_.next(slot.index);
    if (!dealt) return false;
    const auto sender = *dealt;
    slot.subject = receiver_of(sender);
    slot.awaited = 1;
    const auto& receiver = world_.users[slot.subject];
    const auto name = fmt::format("m{}.{}", slot.index, ++sent_);
    slot.draft = {sender,
                  "MESSAGE",
                  receiver.aor,
                  fmt::format("<{}>", receiver.aor),
                  name + "@" + world_.run,
                  ++world_.users[sender].cseq,
                  "Content-Type: text/plain\r\n",
                  "hello, this is " + name};
    return true;
  }

  std::string on_answer(Slot& slot, int status, std::string_view response) override {
    if (status != 200) return refusal("MESSAGE", response);
    return slot.awaited == 0 ? "" : "MESSAGE was answered 200 and did not arrive";
  }

  void on_request(Load& load, std::uint32_t socket, std::string_view request) override {
    const auto call_id = header(request, "Call-ID", 'i');
    if (method_of(request) != "MESSAGE" || call_id.substr(0, 1) != "m") return;
    auto& slot = load.slot(leading_number(call_id.substr(1)));
    if (slot.draft.call_id != call_id || slot.awaited == 0) return;  // came before
    if (body_of(request) != slot.draft.body) return load.wrong("a MESSAGE arrived with another text");
    if (socket != world_.users[slot.subject].socket) return load.wrong("a MESSAGE arrived at another user");
    load.heard(slot);
  }

 private:
  [[nodiscard]] std::uint32_t receiver_of(std::uint32_t sender) const {
    const auto count = static_cast<std::uint32_t>(world_.users.size());
    return (sender + count / 2) % count;
  }

  World& world_;
  Deal deal_;
  std::uint64_t sent_ = 0;
};

}  // namespace

std::unique_ptr<Case> make_message(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<MessageCase>(options, world, rounds);
}

}  // namespace bench
