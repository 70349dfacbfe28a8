// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include <rollcall/base/table.hpp>
#include <rollcall/engine/keeper.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/model/message.hpp>
#include <rollcall/registrar/registrar.hpp>

namespace rollcall::messaging {

/// Page-mode messages (RFC 3428): relayed to the devices of the receiver, kept for those that do not
/// have them. Lives on the shard that owns the receiver.
class Messaging final : public engine::Store {
 public:
  Messaging(engine::Shard& shard, const registrar::Registrar& registrar, engine::Readers& readers);
  ~Messaging() override;

  /// A MESSAGE from an authenticated user to a user of this shard.
  void on_message(engine::Request request, const sip::Aor& receiver);

  /// How many messages wait for a user.
  [[nodiscard]] std::size_t waiting(std::string_view aor) const;

  /// Drops one waiting message, or all of a user (id ""). `done` gets not_found, unavailable or success.
  void drop(const std::string& aor, const std::string& id, engine::Keeper::Done done);

  void apply(const model::Change& change) override;

 private:
  struct Waiting;
  struct ByAor {
    std::string_view operator()(const Waiting& waiting) const;
  };
  struct Relay;
  struct Delivery;
  using RelayRef = std::shared_ptr<Relay>;  // held by every answer that may come; one thread

  // relay
  void find_devices(Relay& relay);
  void send_branch(const RelayRef& relay, std::size_t branch);
  void on_branch_answer(const RelayRef& relay, std::size_t branch, const engine::Answer& answer);
  void review(const RelayRef& relay);
  void answer_taken(const RelayRef& relay);
  void store_missing(const RelayRef& relay);
  void save(const RelayRef& relay, std::vector<std::string> devices);
  void on_saved(Relay& relay, const std::string& id, const std::vector<std::string>& devices);
  void release_taken(const RelayRef& relay);
  void answer_without_taker(const RelayRef& relay);
  void answer(const RelayRef& relay, const sip::Reply& reply);

  // devices
  void on_bindings_event(const std::string& aor);
  void remember_devices(const std::vector<const model::Binding*>& bindings);
  void forget_devices(const Waiting& waiting, const std::vector<const model::Binding*>& bindings,
                      model::Changes& changes) const;

  // delivery
  void deliver_to(const std::string& aor, const std::string& device);
  void deliver_next(const std::string& aor, const std::string& device);
  [[nodiscard]] Delivery* find_delivery(const std::string& aor, const std::string& device);
  void end_delivery(const std::string& aor, const std::string& device);
  void on_unreadable(const std::string& aor, const std::string& device, const std::string& id, bool gone);
  void send_stored(const std::string& aor, const std::string& device, const model::StoredMessage& message);
  void on_delivered(const std::string& aor, const std::string& device, const std::string& id,
                    const engine::Answer& answer);
  void take_note(const std::string& aor, const std::string& device, const std::string& id);
  [[nodiscard]] model::Changes had_it(const Waiting& waiting, const std::string& id,
                                      const std::string& device) const;
  void drop_if_had(const std::string& aor, const std::string& id);

  // memory
  Waiting& waiting_of(const sip::Aor& aor);
  [[nodiscard]] Waiting* find(std::string_view aor) const;
  void add(const model::StoredMessage& message);
  void remove(const sip::Aor& aor, const std::string& id);
  void remove_device(const model::RemoveDelivery& change);
  void forget_device(const model::RemoveDevice& change);
  void forget(const sip::Aor& aor);
  void expire(Waiting& waiting);
  void set_timer(Waiting& waiting);

  engine::Shard& shard_;
  const registrar::Registrar& registrar_;
  engine::Readers& readers_;
  base::Table<std::unique_ptr<Waiting>, ByAor> by_aor_;
  std::unordered_set<std::string> under_way_;  // receivers and fingerprints of what is being relayed
};

/// Any thread that is not a shard's; waits five seconds at most. The texts themselves are read
/// through engine::Queries.
class Service {
 public:
  struct Part {
    engine::Shard* shard = nullptr;
    Messaging* messaging = nullptr;
  };
  explicit Service(std::vector<Part> parts) : parts_(std::move(parts)) {}

  base::Result<std::size_t> count(const sip::Aor& aor);
  base::Result<> drop(const sip::Aor& aor, const std::string& id);
  base::Result<> drop_all(const sip::Aor& aor);

 private:
  Part& owner(const sip::Aor& aor);

  std::vector<Part> parts_;
};

}  // namespace rollcall::messaging
