// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

namespace bench {
namespace {

/// Its things are bindings: number n is contact n / users of user n % users, so that neighbours in the
/// deal are of different users.
class RegisterCase : public Case {
 public:
  RegisterCase(const Options& options, World& world, Rounds rounds)
      : realm_(options.realm), world_(world), deal_(0, world.user_count() * options.contacts, rounds) {}

  bool begin(Slot& slot) override {
    const auto count = world_.user_count();
    const auto dealt = deal_.take([&](auto binding) { return !world_.users[binding % count].busy; });
    if (!dealt) return false;
    slot.subject = *dealt;
    auto& draft = slot.draft;
    draft.user = *dealt % count;
    auto& user = world_.users[draft.user];
    draft.method = "REGISTER";
    draft.cseq = ++user.cseq;
    set(draft.uri, "sip:", realm_);
    set(draft.to, '<', user.aor, '>');
    set(draft.call_id, 'r', *dealt, '@', world_.run);
    set(draft.headers, "Contact: <", world_.contact_uri(draft.user, *dealt / count),
        ">\r\nExpires: 3600\r\n");
    draft.body.clear();
    return true;
  }

  [[nodiscard]] bool used_up() const override { return deal_.used_up(); }

  std::string on_answer(Slot& slot, const Message& response) override {
    if (response.status != 200) return refusal("REGISTER", response);
    const auto contact = uri_of(slot.draft.headers);
    const bool listed = response.bytes.find(contact) != std::string_view::npos;
    return listed ? "" : "a 200 to REGISTER does not list the contact";
  }

  void on_end(Slot& slot) override { deal_.give_back(slot.subject); }

 private:
  std::string realm_;
  World& world_;
  Deal deal_;
};

}  // namespace

std::unique_ptr<Case> make_register(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<RegisterCase>(options, world, rounds);
}

std::unique_ptr<Case> make_register_first(const Options& options, World& world, Rounds) {
  return make_register(options, world, Rounds::one);
}

}  // namespace bench
