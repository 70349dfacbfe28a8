// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

class OptionsCase : public Case {
 public:
  OptionsCase(const Options& options, World& world, Rounds rounds)
      : realm_(options.realm), world_(world), deal_(options.in_flight, world.users.size(), rounds) {}

  bool begin(Slot& slot) override {
    const auto index = deal_.next(slot.index);
    if (!index) return false;
    auto& user = world_.users[*index];
    slot.draft = {*index,
                  "OPTIONS",
                  "sip:" + realm_,
                  fmt::format("<sip:{}>", realm_),
                  fmt::format("o{}.{}@{}", slot.index, slot.generation, world_.run),
                  ++user.cseq,
                  {},
                  {}};
    return true;
  }

  std::string on_answer(Slot&, int status, std::string_view response) override {
    return status == 200 ? "" : refusal("OPTIONS", response);
  }

  void on_request(Load&, std::uint32_t, std::string_view) override {}

 private:
  std::string realm_;
  World& world_;
  Deal deal_;
};

}  // namespace

std::string refusal(std::string_view method, std::string_view response) {
  constexpr std::string_view version = "SIP/2.0 ";
  const auto line = response.substr(0, response.find("\r\n"));
  return fmt::format("{} was answered {}", method, line.substr(std::min(version.size(), line.size())));
}

std::unique_ptr<Case> make_options(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<OptionsCase>(options, world, rounds);
}

}  // namespace bench
