// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include <rollcall/accounts/directory.hpp>
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
  Messaging(engine::Shard& shard, const accounts::Directory& directory, const registrar::Registrar& registrar,
            engine::Readers& readers);
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
  struct Relay;
  struct Delivery;

  engine::Shard& shard_;
  const accounts::Directory& directory_;
  const registrar::Registrar& registrar_;
  engine::Readers& readers_;
  std::unordered_map<std::string, std::unique_ptr<Waiting>, sip::AorHash, std::equal_to<>> by_aor_;
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
  std::vector<Part> parts_;
};

}  // namespace rollcall::messaging
