// SPDX-License-Identifier: Apache-2.0
// The one language for what is to be kept: a feature decides changes, the journal commits them, and
// the feature's store applies the same values to memory. Loading at start is a stream of Save changes.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include <rollcall/model/account.hpp>
#include <rollcall/model/binding.hpp>
#include <rollcall/model/message.hpp>
#include <rollcall/model/presence.hpp>

namespace rollcall::model {

struct SaveDomain {
  Domain domain;
};
/// The domain must have no users left; the row's removal fails with conflict otherwise.
struct RemoveDomain {
  std::string name;
};

struct SaveUser {
  User user;
};
/// Removes the user and every row that has the user as its key.
struct RemoveUser {
  sip::Aor aor;
};

struct SaveBuddy {
  Buddy buddy;
};
struct RemoveBuddy {
  sip::Aor owner;
  std::string uri;
};

struct SaveBinding {
  Binding binding;
};
struct RemoveBinding {
  sip::Aor aor;
  std::uint64_t id = 0;
};

struct SavePublication {
  Publication publication;
};
struct RemovePublication {
  sip::Aor aor;
  std::uint64_t id = 0;
};

struct SaveSubscription {
  Subscription subscription;
};
struct RemoveSubscription {
  sip::Aor presentity;
  std::uint64_t id = 0;
};

struct SaveDevice {
  Device device;
};
struct RemoveDevice {
  sip::Aor user;
  std::string device;
};

struct SaveMessage {
  StoredMessage message;
};
/// This device has had the message. The row of the message stays until RemoveMessage.
struct RemoveDelivery {
  sip::Aor receiver;
  std::string id;
  std::string device;
};
/// The message and what is left of its deliveries.
struct RemoveMessage {
  sip::Aor receiver;
  std::string id;
};

/// A Save of a row that exists replaces it; a Remove of one that does not is no error.
using Change =
    std::variant<SaveDomain, RemoveDomain, SaveUser, RemoveUser, SaveBuddy, RemoveBuddy, SaveBinding,
                 RemoveBinding, SavePublication, RemovePublication, SaveSubscription, RemoveSubscription,
                 SaveDevice, RemoveDevice, SaveMessage, RemoveDelivery, RemoveMessage>;
using Changes = std::vector<Change>;

/// Helper for std::visit: one lambda a kind.
template <class... F>
struct Visitor : F... {
  using F::operator()...;
};
template <class... F>
Visitor(F...) -> Visitor<F...>;

}  // namespace rollcall::model
