// SPDX-License-Identifier: Apache-2.0
// The contacts of an address-of-record as somebody who watches registrations knows them, without I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/base/text.hpp>
#include <rollcall/bodies/reginfo.hpp>
#include <rollcall/model/binding.hpp>

namespace rollcall::presence {

/// Follows the state machines of one registration and of its contacts (RFC 3680 §4.7.1) for one watcher: what
/// it has been told, and what it has still to be.
class KnownContacts {
 public:
  /// The ids of contacts are made with the key, so that they stay the same over a restart.
  explicit KnownContacts(std::uint64_t key) : key_(key) {}

  /// The server is removing this binding, and not because its time is up or its device wants it.
  void on_removal(std::uint64_t binding);

  /// What is registered now; `enabled`: the user may register again. True: there is something to tell.
  bool update(const std::vector<const model::Binding*>& live, bool enabled, base::Instant now);

  /// The next document tells everything.
  void tell_all() { all_ = true; }

  /// What is to be told; from now on it is known. Without anything new it is everything. The
  /// address-of-record is for the caller to name.
  struct News {
    bodies::Coverage coverage = bodies::Coverage::full;
    bodies::RegistrationInfo registration;
  };
  News take(base::Instant now);

 private:
  struct Contact {
    std::uint64_t binding = 0;
    std::string id;
    base::Text uri, parameters, call_id;
    std::uint32_t cseq = 0;
    std::uint16_t q = 1000;
    base::Instant expires{};
    std::optional<base::Instant> since;  // when it was registered, if that was seen
    bodies::ContactEvent event = bodies::ContactEvent::registered;
    bool by_server = false;  // will be or was removed by the server
    bool ended = false;
    bool changed = true;  // since it was told
    bool told = false;
  };

  [[nodiscard]] static bool is(const Contact& contact, const model::Binding& binding);
  static void refresh(Contact& contact, const model::Binding& binding);
  static void end(Contact& contact, bool enabled, base::Instant now);
  static void copy(Contact& contact, const model::Binding& binding);
  void add(const model::Binding& binding);
  [[nodiscard]] std::string id_of(const model::Binding& binding) const;
  [[nodiscard]] static bodies::ContactInfo info_of(const Contact& contact, base::Instant now);
  [[nodiscard]] bool has_news() const;

  std::uint64_t key_;
  std::vector<Contact> contacts_;
  bool all_ = true;          // the next document tells everything
  bool looked_ = false;      // what is registered has been seen once
  bool was_active_ = false;  // and the watcher knows it
};

}  // namespace rollcall::presence
