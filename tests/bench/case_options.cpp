// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

class OptionsCase : public Case {
 public:
  OptionsCase(const Options& options, World& world)
      : realm_(options.realm), world_(world), deal_(options.in_flight, world.users.size()) {}

  bool begin(Slot& slot) override {
    const auto index = deal_.next(slot.index);
    auto& user = world_.users[index];
    slot.draft = {index,
                  "OPTIONS",
                  "sip:" + realm_,
                  fmt::format("<sip:{}>", realm_),
                  fmt::format("o{}.{}@{}", slot.index, slot.generation, world_.run),
                  ++user.cseq,
                  {},
                  {}};
    return true;
  }

  std::string on_answer(Slot&, int status, std::string_view) override {
    return status == 200 ? "" : fmt::format("OPTIONS was answered {}", status);
  }

  void on_request(Load&, std::uint32_t, std::string_view) override {}

 private:
  std::string realm_;
  World& world_;
  Deal deal_;
};

}  // namespace

std::unique_ptr<Case> make_options(const Options& options, World& world) {
  return std::make_unique<OptionsCase>(options, world);
}

}  // namespace bench
