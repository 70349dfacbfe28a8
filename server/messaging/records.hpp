// SPDX-License-Identifier: Apache-2.0
// What Messaging keeps of each receiver, relay and delivery.
#pragma once

#include "message.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include <rollcall/messaging/messaging.hpp>

namespace rollcall::messaging {

/// The messages of one device, sent one after the other.
struct Messaging::Delivery {
  std::set<std::string> skipped;  // refused by the device in this round
  bool again = false;             // the device has registered again since the last one was sent
};

/// What waits for one user, and the devices that it was seen with. The texts are in the database.
struct Messaging::Waiting final : engine::Timer {
  Waiting(Messaging& owner, sip::Aor aor) : owner(owner), aor(std::move(aor)) {}
  void fire(base::Instant) override { owner.expire(*this); }

  struct Item {
    std::string id;
    std::string fingerprint;
    base::Instant expires;
    std::vector<std::string> devices;

    [[nodiscard]] bool names(const std::string& device) const {
      return std::find(devices.begin(), devices.end(), device) != devices.end();
    }
    /// Is it for this device, or for anybody?
    [[nodiscard]] bool is_for(const std::string& device) const { return names(device) || names(anybody); }
  };
  [[nodiscard]] const Item* find(const std::string& id) const {
    const auto found =
        std::find_if(items.begin(), items.end(), [&](const Item& item) { return item.id == id; });
    return found == items.end() ? nullptr : &*found;
  }
  [[nodiscard]] bool holds(const std::string& fingerprint) const {
    return std::any_of(items.begin(), items.end(),
                       [&](const Item& item) { return item.fingerprint == fingerprint; });
  }

  /// In place of a device: any one. A message that nobody has had waits for the first that comes, beside
  /// those that it names.
  static inline const std::string anybody;

  struct Device {
    base::Text name;  // see Binding::device()
    base::Instant seen{};
  };
  /// The record of a device; one that was not known was never seen.
  Device& device(const base::Text& name) {
    const auto known = std::find_if(devices.begin(), devices.end(),
                                    [&](const Device& device) { return device.name == name; });
    return known != devices.end() ? *known : devices.emplace_back(Device{name});
  }

  Messaging& owner;
  sip::Aor aor;
  std::vector<Device> devices;
  std::vector<Item> items;                     // oldest first
  std::map<std::string, Delivery> deliveries;  // by device, under way
};

inline std::string_view Messaging::ByAor::operator()(const Waiting& waiting) const {
  return waiting.aor.text();
}

/// One MESSAGE on its way to the devices that are registered, and to the store for the others. Shared
/// by the answers that it waits for; lives on the shard's thread.
struct Messaging::Relay final : engine::Timer, std::enable_shared_from_this<Relay> {
  Relay(Messaging& owner, engine::Request request, sip::Aor receiver, std::string key)
      : owner(owner),
        request(std::move(request)),
        receiver(std::move(receiver)),
        key(std::move(key)),
        body(std::make_shared<const std::string>(this->request.message->body())) {}
  void fire(base::Instant) override;

  /// One device. It may have registered several flows, which are tried one after the other
  /// (RFC 5626 §7).
  struct Branch {
    base::Text device;
    std::vector<Hop> flows;
    std::size_t flow = 0;
    int status = 0;        // the final answer; 0: none yet
    std::string response;  // it, ready to be sent back
    std::string kept_as;   // the row that keeps the message for this device; "": none
  };
  [[nodiscard]] const Branch* taken() const;
  [[nodiscard]] bool all_done() const;

  Messaging& owner;
  engine::Request request;
  sip::Aor receiver;
  std::string key;          // in under_way_
  engine::SharedBody body;  // shared by the branches
  std::vector<Branch> branches;
  std::vector<std::string> absent;  // devices that are known and not registered
  bool stored = false;              // for somebody at least
  bool storable = true;
  bool patience_over = false;
  bool committing = false;
  std::optional<sip::Reply> not_kept;  // why it could not be stored
  bool answered = false;
};

/// May trying again help after this answer? (No answer, not there, busy, broken.)
constexpr bool may_succeed_later(int status) {
  return status == 408 || status == 430 || status == 480 || status == 481 || status == 486 ||
         (status >= 500 && status < 600 && status != 501 && status != 505 && status != 513);
}

}  // namespace rollcall::messaging
