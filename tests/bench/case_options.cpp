// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

class OptionsCase : public Case {
 public:
  OptionsCase(const Options& options, World& world, Rounds rounds)
      : realm_(options.realm), world_(world), deal_(0, world.user_count(), rounds) {}

  bool begin(Slot& slot) override {
    const auto dealt = deal_.take([this](auto user) { return !world_.users[user].busy; });
    if (!dealt) return false;
    slot.subject = *dealt;
    auto& draft = slot.draft;
    draft.user = *dealt;
    draft.method = "OPTIONS";
    draft.cseq = ++world_.users[*dealt].cseq;
    set(draft.uri, "sip:", realm_);
    set(draft.to, "<sip:", realm_, '>');
    set(draft.call_id, 'o', *dealt, '.', draft.cseq, '@', world_.run);
    draft.headers.clear();
    draft.body.clear();
    return true;
  }

  [[nodiscard]] bool used_up() const override { return deal_.used_up(); }

  std::string on_answer(Slot&, const Message& response) override {
    return response.status == 200 ? "" : refusal("OPTIONS", response);
  }

  void on_end(Slot& slot) override { deal_.give_back(slot.subject); }

 private:
  std::string realm_;
  World& world_;
  Deal deal_;
};

}  // namespace

std::string refusal(std::string_view method, const Message& response) {
  constexpr std::string_view version = "SIP/2.0 ";
  const auto line = response.bytes.substr(0, response.bytes.find("\r\n"));
  return fmt::format("{} was answered {}", method, line.substr(std::min(version.size(), line.size())));
}

std::unique_ptr<Case> make_options(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<OptionsCase>(options, world, rounds);
}

}  // namespace bench
