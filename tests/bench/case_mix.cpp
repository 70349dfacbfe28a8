// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <algorithm>
#include <array>

namespace bench {
namespace {

enum Part : std::uint32_t { message, registration, publish, refresh, own_refresh };

constexpr std::uint64_t own_refresh_passes = 4;  // in so many, one refresh is of a publisher's watch

/// 12, 3, 3 and 2 of 20, spread as evenly as that goes.
constexpr std::array pattern = {message, message,      registration, message, publish, message, refresh,
                                message, message,      registration, message, message, publish, message,
                                message, registration, message,      publish, message, refresh};

/// A NOTIFY of a publisher's watch may come of a PUBLISH or of a refresh. So most refreshes are of
/// watches whose presentity never publishes; a few meet a PUBLISH, and await their answer only.
class MixCase : public Case {
 public:
  MixCase(const Options& options, World& world, Rounds rounds)
      : world_(world), rounds_(rounds), open_(!options.phases.empty()) {
    const auto own = world.publisher_watches;
    parts_ = {make_message(options, world, rounds), make_register(options, world, rounds),
              make_publish(options, world, rounds),
              make_refresh_of(world, own, world.watch_count() - own, true, rounds),
              make_refresh_of(world, 0, own, false, rounds)};
  }

  [[nodiscard]] std::vector<std::string> kinds() const override {
    return {"message", "register", "publish", "subscribe"};
  }

  bool begin(Slot& slot) override {
    for (std::size_t tries = 0; tries < pattern.size(); ++tries) {
      const auto part = next_part();
      const bool begun = parts_[part]->begin(slot);
      const bool run_dry = !begun && parts_[part]->used_up();
      // A closed loop waits until there is something free of that kind; an open one goes on with the next.
      if (begun || run_dry || open_) ++turn_;
      if (run_dry) continue;
      slot.part = part;
      slot.kind = std::min<std::uint32_t>(part, refresh);
      return begun;
    }
    return false;
  }

  [[nodiscard]] bool used_up() const override {
    return std::all_of(parts_.begin(), parts_.begin() + own_refresh,
                       [](const auto& part) { return part->used_up(); });
  }

  std::string on_answer(Slot& slot, const Message& response) override {
    return parts_[slot.part]->on_answer(slot, response);
  }

  void on_request(Load& load, std::uint32_t socket, const Message& request) override {
    if (request.method == "MESSAGE") return parts_[message]->on_request(load, socket, request);
    const auto* watch = watch_of(world_, request);
    if (!watch) return;
    const bool published = watch->presentity < world_.publications.size();
    parts_[published ? publish : refresh]->on_request(load, socket, request);
  }

  [[nodiscard]] bool answers(const Message& request) const override {
    return parts_[publish]->answers(request);
  }

  void on_end(Slot& slot) override { parts_[slot.part]->on_end(slot); }

 private:
  [[nodiscard]] Part next_part() const {
    const auto place = turn_ % pattern.size(), pass = turn_ / pattern.size();
    const bool own = place == pattern.size() - 1 && pass % own_refresh_passes == 0 &&
                     world_.publisher_watches > 0 && rounds_ == Rounds::endless;
    return own ? own_refresh : pattern[place];
  }

  World& world_;
  Rounds rounds_;
  bool open_;
  std::array<std::unique_ptr<Case>, 5> parts_;
  std::uint64_t turn_ = 0;
};

}  // namespace

std::unique_ptr<Case> make_mix(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<MixCase>(options, world, rounds);
}

}  // namespace bench
