// SPDX-License-Identifier: Apache-2.0
#include "known_contacts.hpp"

#include <algorithm>
#include <utility>

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/uri.hpp>

#include <fmt/format.h>

namespace rollcall::presence {

using bodies::ContactEvent;
using bodies::RegistrationState;

namespace {

/// One address-of-record in a subscription needs no other name than this.
constexpr std::string_view registration_id = "r";

bool is_equivalent(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto first = sip::Uri::parse(a);
  const auto second = sip::Uri::parse(b);
  return first && second && sip::equivalent(*first, *second);
}

// RFC 3261 §25.1: qvalue.
std::string q_text(std::uint16_t thousandths) {
  std::string text = fmt::format("{}.{:03}", thousandths / 1000, thousandths % 1000);
  while (text.ends_with('0'))
    text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::uint64_t not_negative(std::chrono::seconds seconds) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(0, seconds.count()));
}

// RFC 3680 §5.1: what RFC 3261 §20.10 does not have; the value as it was written (RFC 5628 §8).
void add_parameters(bodies::ContactInfo& info, std::string_view parameters, std::uint16_t q) {
  const auto parsed = sip::Params::parse(parameters);
  if (!parsed) return;
  auto cursor = parsed->cursor();
  while (cursor.next()) {
    if (sip::equal_ignoring_case(cursor.name, "q"))
      info.q = q_text(q);
    else if (!sip::equal_ignoring_case(cursor.name, "expires"))
      info.unknown_params.emplace_back(cursor.name, cursor.value);
  }
}

}  // namespace

void KnownContacts::on_removal(std::uint64_t binding) {
  for (Contact& contact : contacts_)
    if (contact.binding == binding && !contact.ended) contact.by_server = true;
}

// What came and went without being told has not been there.
bool KnownContacts::update(const std::vector<const model::Binding*>& live, bool enabled, base::Instant now) {
  for (Contact& contact : contacts_) {
    if (contact.ended) continue;
    const auto found = std::find_if(live.begin(), live.end(),
                                    [&](const model::Binding* binding) { return is(contact, *binding); });
    if (found != live.end())
      refresh(contact, **found);
    else
      end(contact, enabled, now);
  }
  std::erase_if(contacts_, [](const Contact& contact) { return contact.ended && !contact.told; });
  for (const model::Binding* binding : live) {
    const bool known = std::any_of(contacts_.begin(), contacts_.end(), [&](const Contact& contact) {
      return !contact.ended && is(contact, *binding);
    });
    if (!known) add(*binding);
  }
  looked_ = true;
  return has_news();
}

bool KnownContacts::has_news() const {
  return all_ || std::any_of(contacts_.begin(), contacts_.end(),
                             [](const Contact& contact) { return contact.changed; });
}

// A device that moves keeps its binding, and has another contact.
bool KnownContacts::is(const Contact& contact, const model::Binding& binding) {
  return contact.binding == binding.id && is_equivalent(contact.uri, binding.contact);
}

// RFC 3680 §4.7.1: a REGISTER refreshes; what has less time left without one was shortened.
void KnownContacts::refresh(Contact& contact, const model::Binding& binding) {
  const bool same_request = contact.cseq == binding.cseq && contact.call_id == binding.call_id;
  if (same_request && contact.expires == binding.expires) return;
  const bool shortened = same_request && binding.expires < contact.expires;
  if (contact.told) contact.event = shortened ? ContactEvent::shortened : ContactEvent::refreshed;
  contact.changed = true;
  copy(contact, binding);
}

// Rejected: to register again will not help; deactivated: it is wanted (RFC 3680 §4.7.1).
void KnownContacts::end(Contact& contact, bool enabled, base::Instant now) {
  contact.ended = true;
  contact.changed = true;
  contact.event = contact.by_server ? ContactEvent::deactivated : ContactEvent::unregistered;
  if (!enabled) contact.event = ContactEvent::rejected;
  if (contact.expires <= now) contact.event = ContactEvent::expired;
}

void KnownContacts::copy(Contact& contact, const model::Binding& binding) {
  contact.uri = binding.contact;
  contact.parameters = binding.parameters;
  contact.call_id = binding.call_id;
  contact.cseq = binding.cseq;
  contact.q = binding.q;
  contact.expires = binding.expires;
}

// One that no REGISTER has made was created. One that comes back before its end was told takes its place.
void KnownContacts::add(const model::Binding& binding) {
  Contact contact;
  contact.binding = binding.id;
  contact.id = id_of(binding);
  copy(contact, binding);
  if (looked_) contact.since = binding.updated;
  if (binding.call_id.empty()) contact.event = ContactEvent::created;
  std::erase_if(contacts_, [&](const Contact& one) { return one.ended && one.id == contact.id; });
  contacts_.push_back(std::move(contact));
}

// RFC 3680 §5.1: the same for the same URI. Devices behind NATs of their own may use the same one, so what
// tells them apart counts too.
std::string KnownContacts::id_of(const model::Binding& binding) const {
  std::string name = binding.contact.str();
  name.append("\n").append(binding.instance.view()).append("\n").append(std::to_string(binding.reg_id));
  return fmt::format("c{:x}", base::keyed_hash(base::HashKey{key_, 0}, name));
}

bodies::ContactInfo KnownContacts::info_of(const Contact& contact, base::Instant now) {
  bodies::ContactInfo info;
  info.id = contact.id;
  info.uri = contact.uri.str();
  info.event = contact.event;
  if (contact.since)
    info.duration_registered = not_negative(std::chrono::floor<std::chrono::seconds>(now - *contact.since));
  if (!contact.ended)
    info.expires = not_negative(std::chrono::ceil<std::chrono::seconds>(contact.expires - now));
  if (!contact.call_id.empty()) {
    info.call_id = contact.call_id.str();
    info.cseq = contact.cseq;
  }
  add_parameters(info, contact.parameters, contact.q);
  return info;
}

// RFC 3680 §4.7.1: that a registration has gone from terminated to init is told to nobody.
KnownContacts::News KnownContacts::take(base::Instant now) {
  const bool all = std::exchange(all_, false) || !has_news();
  News news{all ? bodies::Coverage::full : bodies::Coverage::partial, {}};
  news.registration.id = std::string(registration_id);
  for (Contact& contact : contacts_) {
    if (all || contact.changed) news.registration.contacts.push_back(info_of(contact, now));
    contact.changed = false;
    contact.told = true;
  }
  std::erase_if(contacts_, [](const Contact& contact) { return contact.ended; });
  was_active_ = was_active_ || !news.registration.contacts.empty();
  if (!contacts_.empty())
    news.registration.state = RegistrationState::active;
  else
    news.registration.state = was_active_ ? RegistrationState::terminated : RegistrationState::init;
  return news;
}

}  // namespace rollcall::presence
