// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

class RegisterCase : public Case {
 public:
  RegisterCase(const Options& options, World& world, Rounds rounds)
      : realm_(options.realm), world_(world), deal_(options.in_flight, world.users.size(), rounds) {}

  bool begin(Slot& slot) override {
    const auto dealt = deal_.next(slot.index);
    if (!dealt) return false;
    slot.subject = *dealt;
    auto& user = world_.users[slot.subject];
    slot.draft = {slot.subject,
                  "REGISTER",
                  "sip:" + realm_,
                  fmt::format("<{}>", user.aor),
                  fmt::format("r{}@{}", slot.subject, world_.run),
                  ++user.cseq,
                  fmt::format("Contact: <{}>\r\nExpires: 3600\r\n", user.contact),
                  {}};
    return true;
  }

  std::string on_answer(Slot& slot, int status, std::string_view response) override {
    if (status != 200) return refusal("REGISTER", response);
    const bool listed = response.find(world_.users[slot.subject].contact) != std::string_view::npos;
    return listed ? "" : "a 200 to REGISTER does not list the contact";
  }

  void on_request(Load&, std::uint32_t, std::string_view) override {}

 private:
  std::string realm_;
  World& world_;
  Deal deal_;
};

}  // namespace

std::unique_ptr<Case> make_register(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<RegisterCase>(options, world, rounds);
}

}  // namespace bench
