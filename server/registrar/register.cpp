// SPDX-License-Identifier: Apache-2.0
#include "register.hpp"

#include "wishes.hpp"

#include <algorithm>
#include <optional>

#include <rollcall/base/ids.hpp>
#include <rollcall/registrar/destination.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

#include <fmt/format.h>

namespace rollcall::registrar {

namespace {

using model::Binding;
using sip::Header;

// A client is known by its Call-ID, and its requests by their CSeq.
struct Source {
  std::string call_id;
  std::uint32_t cseq = 0;
};

std::string text_of(const sip::Message& message, Header id) {
  return std::string(message.first(id).value_or(""));
}

// RFC 3261 §10.3 step 7: the URIs are compared. Two devices behind NATs of their own may use the same
// one, and a device may use it on two flows: then instance and reg-id tell them apart (RFC 5626 §6).
bool is_same_contact(const Binding& binding, const Wish& wish) {
  const bool both_have_instances = !binding.instance.empty() && !wish.instance.empty();
  if (both_have_instances && binding.instance != wish.instance) return false;
  if (binding.reg_id != 0 && wish.reg_id != 0 && binding.reg_id != wish.reg_id) return false;
  const auto uri = sip::Uri::parse(binding.contact);
  return uri && sip::equivalent(*uri, wish.contact.uri);
}

// RFC 5626 §6: instance and reg-id name the flow, whatever its contact is. A device that gives no reg-id
// is reached at one address: when it adds another one, the one before leads nowhere.
bool is_same_device(const Binding& binding, const Wish& wish) {
  return !wish.instance.empty() && binding.instance == wish.instance && binding.reg_id == wish.reg_id &&
         (wish.reg_id != 0 || wish.seconds > 0);
}

// RFC 3261 §10.3 steps 6 and 7: an older request of the same client must not undo a newer one.
bool is_out_of_order(const Binding& binding, const Source& source) {
  return binding.call_id == source.call_id && source.cseq <= binding.cseq;
}

// RFC 3261 §10.3 step 7: when one update fails, the request fails with 500.
sip::Reply out_of_order() {
  return sip::Reply(500, "Server Internal Error: CSeq is not higher than the last one");
}

std::string contact_value(const Binding& binding, base::Instant now) {
  const auto left = std::chrono::ceil<std::chrono::seconds>(binding.expires - now).count();
  std::string value;
  value.reserve(binding.contact.size() + binding.parameters.size() + 32);
  value.append("<").append(binding.contact).append(">");
  auto cursor = sip::Params::parse(binding.parameters);
  if (cursor) {
    auto params = cursor->cursor();
    while (params.next()) {
      if (sip::equal_ignoring_case(params.name, "expires")) continue;
      value.append(";").append(params.name);
      if (!params.value.empty()) value.append("=").append(params.value);
    }
  }
  return value.append(";expires=").append(std::to_string(left));
}

// RFC 3261 §10.3 step 8: every binding that there is now, and a Date; RFC 3327 §5.3: the Path back.
sip::Reply success(const std::vector<const Binding*>& bindings, const std::vector<Binding>& saved,
                   const sip::Message& message, base::Instant now) {
  sip::Reply reply(200);
  for (const Binding* binding : bindings)
    reply.with(Header::contact, contact_value(*binding, now));
  for (const Binding& binding : saved)
    reply.with(Header::contact, contact_value(binding, now));
  for (const std::string_view path : message.values(Header::path))
    reply.with(Header::path, std::string(path));
  reply.with(Header::date, base::to_sip_date(now));
  return reply;
}

// RFC 3261 §10.3 step 6: "*" stands alone, with an Expires of 0.
engine::Outcome remove_all(const engine::Request& request, const std::vector<const Binding*>& current,
                           std::size_t contacts, const Source& source, base::Instant now) {
  const sip::Message& message = *request.message;
  if (contacts != 1 || sip::parse_number(message.first(Header::expires).value_or("")) != 0)
    return sip::Reply(400, "Bad Request: Contact * goes alone and with Expires: 0");
  engine::Outcome outcome;
  for (const Binding* binding : current) {
    if (is_out_of_order(*binding, source)) return out_of_order();
    outcome.changes.emplace_back(model::RemoveBinding{binding->aor, binding->id});
  }
  outcome.reply = success({}, {}, message, now);
  return outcome;
}

Binding binding_of(const Wish& wish, std::uint64_t id, const engine::Request& request, const sip::Aor& aor,
                   const Source& source, const base::Limits& limits, base::Instant now) {
  const sip::Message& message = *request.message;
  Binding binding;
  binding.aor = aor;
  binding.id = id;
  binding.contact = wish.contact.uri.text;
  binding.parameters = wish.contact.params.text();
  binding.instance = wish.instance;
  binding.reg_id = wish.reg_id;
  binding.call_id = source.call_id;
  binding.cseq = source.cseq;
  binding.q = wish.q;
  for (const std::string_view path : message.values(Header::path))
    binding.path.emplace_back(path);
  binding.flow = request.flow;
  binding.behind_nat = is_behind_nat(message, request.flow);
  binding.user_agent = text_of(message, Header::user_agent);
  binding.allow = message.joined(Header::allow);
  binding.accept = message.joined(Header::accept);
  binding.updated = now;
  binding.expires =
      now + std::chrono::seconds(std::min<std::int64_t>(wish.seconds, limits.register_max_seconds));
  return binding;
}

// The bindings as they would be: what stays, what is written, what goes.
struct Tentative {
  std::vector<const Binding*> kept;
  std::vector<Binding> saved;
  std::vector<std::uint64_t> removed;
};

// A flow is known by its names first, any other contact by its URI.
auto find_kept(const std::vector<const Binding*>& kept, const Wish& wish) {
  const auto find = [&](bool (*same)(const Binding&, const Wish&)) {
    return std::find_if(kept.begin(), kept.end(),
                        [&](const Binding* binding) { return same(*binding, wish); });
  };
  const auto found = find(wish.reg_id != 0 ? is_same_device : is_same_contact);
  return found != kept.end() ? found : find(wish.reg_id != 0 ? is_same_contact : is_same_device);
}

// Takes the binding of a wish out, so that it can be put in anew; its id, 0 when there is none. nullopt:
// the request is older than the binding. Of two contacts of one request that are the same the later counts.
std::optional<std::uint64_t> take_out(Tentative& bindings, const Wish& wish, const Source& source) {
  // By URI only: a device that moves may name its old contact in the same request, to remove it.
  const auto again = std::find_if(bindings.saved.begin(), bindings.saved.end(),
                                  [&](const Binding& binding) { return is_same_contact(binding, wish); });
  if (again != bindings.saved.end()) {
    const std::uint64_t id = again->id;
    bindings.saved.erase(again);
    return id;
  }
  const auto known = find_kept(bindings.kept, wish);
  if (known == bindings.kept.end()) return 0;
  if (is_out_of_order(**known, source)) return std::nullopt;
  const std::uint64_t id = (*known)->id;
  bindings.kept.erase(known);
  return id;
}

model::Change change_for(Binding binding, const std::vector<const Binding*>& current) {
  const auto known =
      std::find_if(current.begin(), current.end(), [&](const Binding* one) { return one->id == binding.id; });
  if (known == current.end()) return model::SaveBinding{std::move(binding)};
  return model::refresh_or_save<model::SaveBinding, model::RefreshBinding>(std::move(binding), **known);
}

sip::Reply too_many() {
  return sip::Reply(403, "Forbidden: too many contacts are registered");
}

}  // namespace

engine::Outcome decide_register(const engine::Request& request, const sip::Aor& aor,
                                const std::vector<const Binding*>& current, const base::Limits& limits,
                                base::Instant now) {
  const sip::Message& message = *request.message;
  const auto& cseq = message.cseq();
  if (!cseq) return sip::Reply(400);
  const Source source{text_of(message, Header::call_id), cseq->number};
  const auto contacts = message.values(Header::contact);
  if (std::find(contacts.begin(), contacts.end(), "*") != contacts.end())
    return remove_all(request, current, contacts.size(), source, now);
  const auto wishes = read_wishes(message, limits);
  if (!wishes) return engine::refusal(wishes.error());
  if (auto refusal = check_wishes(*wishes, message, limits)) return *refusal;

  const auto most = std::max(current.size(), static_cast<std::size_t>(limits.bindings_per_user));
  Tentative bindings{current, {}, {}};
  for (const Wish& wish : *wishes) {
    const auto id = take_out(bindings, wish, source);
    if (!id) return out_of_order();
    if (wish.seconds > 0) {
      const std::uint64_t new_id = *id != 0 ? *id : base::random_bits() >> 1;
      bindings.saved.push_back(binding_of(wish, new_id, request, aor, source, limits, now));
    } else if (*id != 0) {
      bindings.removed.push_back(*id);
    }
    // At once, so that a request with thousands of contacts does not cost the square of their number.
    if (bindings.saved.size() > most) return too_many();
  }
  if (bindings.kept.size() + bindings.saved.size() > most) return too_many();

  engine::Outcome outcome(success(bindings.kept, bindings.saved, message, now));
  if (tells_outbound(*wishes, message)) outcome.reply.with(Header::require, "outbound");
  for (const std::uint64_t id : bindings.removed)
    outcome.changes.emplace_back(model::RemoveBinding{aor, id});
  for (Binding& binding : bindings.saved)
    outcome.changes.push_back(change_for(std::move(binding), current));
  return outcome;
}

}  // namespace rollcall::registrar
