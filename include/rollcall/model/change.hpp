// SPDX-License-Identifier: Apache-2.0
// The one language for what is to be kept: a feature decides changes, the journal commits them, and
// the feature's store applies the same values to memory. Loading at start is a stream of Save changes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <rollcall/model/account.hpp>
#include <rollcall/model/binding.hpp>
#include <rollcall/model/document.hpp>
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

struct SaveBinding {
  Binding binding;
};
/// All that most REGISTERs change. Without effect on a binding that is not there.
struct RefreshBinding {
  sip::Aor aor;
  std::uint64_t id = 0;
  std::uint32_t cseq = 0;
  base::Instant updated{};
  base::Instant expires{};

  static RefreshBinding of(const Binding& binding) {
    return {binding.aor, binding.id, binding.cseq, binding.updated, binding.expires};
  }
  void apply_to(Binding& binding) const {
    binding.cseq = cseq;
    binding.updated = updated;
    binding.expires = expires;
  }
};
struct RemoveBinding {
  sip::Aor aor;
  std::uint64_t id = 0;
  bool by_server = false;  // the device neither asked for it nor was late: for who watches registrations
};

struct SavePublication {
  Publication publication;
};
/// All that a PUBLISH without a body changes. Without effect on a publication that is not there.
struct RefreshPublication {
  sip::Aor aor;
  std::uint64_t id = 0;
  base::Text entity_tag;
  base::Instant expires{};

  void apply_to(Publication& publication) const {
    publication.entity_tag = entity_tag;
    publication.expires = expires;
  }
};
struct RemovePublication {
  sip::Aor aor;
  std::uint64_t id = 0;
};

struct SaveSubscription {
  Subscription subscription;
};
/// All that most SUBSCRIBEs in a dialog change. Without effect on a subscription that is not there.
struct RefreshSubscription {
  sip::Aor presentity;
  std::uint64_t id = 0;
  std::uint32_t local_cseq = 0;
  std::uint32_t remote_cseq = 0;
  std::uint64_t run = 0;
  base::Instant expires{};

  static RefreshSubscription of(const Subscription& subscription) {
    return {subscription.presentity,         subscription.id,  subscription.dialog.local_cseq,
            subscription.dialog.remote_cseq, subscription.run, subscription.expires};
  }
  void apply_to(Subscription& subscription) const {
    subscription.dialog.local_cseq = local_cseq;
    subscription.dialog.remote_cseq = remote_cseq;
    subscription.run = run;
    subscription.expires = expires;
  }
};
struct RemoveSubscription {
  sip::Aor presentity;
  std::uint64_t id = 0;
};

struct SaveWaiting {
  WaitingWatcher waiting;
};
struct RemoveWaiting {
  sip::Aor presentity;
  sip::Aor watcher;
  base::Text event;
};

struct SaveDocument {
  Document document;
};
struct RemoveDocument {
  sip::Aor owner;
  std::string path;
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
    std::variant<SaveDomain, RemoveDomain, SaveUser, RemoveUser, SaveBinding, RefreshBinding, RemoveBinding,
                 SavePublication, RefreshPublication, RemovePublication, SaveSubscription,
                 RefreshSubscription, RemoveSubscription, SaveWaiting, RemoveWaiting, SaveDocument,
                 RemoveDocument, SaveDevice, RemoveDevice, SaveMessage, RemoveDelivery, RemoveMessage>;
using Changes = std::vector<Change>;

/// What is to be written of a row that is `known` already: only what a Refresh carries, when nothing else is
/// new.
template <class Save, class Refresh, class Row>
Change refresh_or_save(Row row, const Row& known) {
  Refresh refresh = Refresh::of(row);
  Refresh::of(known).apply_to(row);
  if (row == known) return refresh;
  refresh.apply_to(row);
  return Save{std::move(row)};
}

/// Helper for std::visit: one lambda a kind.
template <class... F>
struct Visitor : F... {
  using F::operator()...;
};
template <class... F>
Visitor(F...) -> Visitor<F...>;

}  // namespace rollcall::model
