// SPDX-License-Identifier: Apache-2.0
#include "register.hpp"

#include <algorithm>
#include <optional>

#include <rollcall/base/ids.hpp>
#include <rollcall/registrar/destination.hpp>
#include <rollcall/registrar/device.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

#include <fmt/format.h>

namespace rollcall::registrar {

namespace {

using model::Binding;
using sip::Header;

// One Contact of the request and what is to become of it.
struct Wish {
  sip::NameAddr contact;
  std::string instance;
  std::uint32_t reg_id = 0;
  std::int64_t seconds = 0;  // 0: remove
};

// A client is known by its Call-ID, and its requests by their CSeq.
struct Source {
  std::string call_id;
  std::uint32_t cseq = 0;
};

std::string text_of(const sip::Message& message, Header id) {
  return std::string(message.first(id).value_or(""));
}

std::string joined(const sip::Message& message, Header id) {
  std::string all;
  for (const std::string_view value : message.values(id))
    all.append(all.empty() ? "" : ", ").append(value);
  return all;
}

// RFC 3261 §20.10: a q value, 0 to 1 with three digits, in thousandths.
std::uint16_t q_of(const sip::NameAddr& contact) {
  const auto q = contact.params.get("q");
  if (!q || q->empty()) return 1000;
  int thousandths = q->front() == '0' ? 0 : 1000;
  int weight = 100;
  for (std::size_t i = 2; i < q->size() && weight > 0 && thousandths < 1000; ++i, weight /= 10)
    if ((*q)[i] >= '0' && (*q)[i] <= '9') thousandths += ((*q)[i] - '0') * weight;
  return static_cast<std::uint16_t>(thousandths);
}

// RFC 3261 §10.3 step 7: the contact's own expiry, else the header's, else ours. §20.10: what is no
// number counts as 3600.
std::int64_t requested_seconds(const sip::NameAddr& contact, const sip::Message& message,
                               const base::Limits& limits) {
  constexpr std::int64_t malformed_means = 3600;
  if (const auto own = contact.params.get("expires"))
    return sip::parse_number(*own).value_or(malformed_means);
  if (const auto header = message.first(Header::expires))
    return sip::parse_number(*header).value_or(malformed_means);
  return limits.register_default_seconds;
}

// RFC 5626 §6: instance and reg-id name the flow. An instance that gives no reg-id has one contact: when
// it comes back from another address the old one leads nowhere.
bool is_same_device(const Binding& binding, const Wish& wish) {
  if (!wish.instance.empty() && binding.instance == wish.instance) return binding.reg_id == wish.reg_id;
  if (!wish.instance.empty() && !binding.instance.empty()) return false;
  const auto uri = sip::Uri::parse(binding.contact);
  return uri && sip::equivalent(*uri, wish.contact.uri);
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
  std::string value = fmt::format("<{}>", binding.contact);
  auto cursor = sip::Params::parse(binding.parameters);
  if (cursor) {
    auto params = cursor->cursor();
    while (params.next()) {
      if (sip::equal_ignoring_case(params.name, "expires")) continue;
      value.append(";").append(params.name);
      if (!params.value.empty()) value.append("=").append(params.value);
    }
  }
  return value + fmt::format(";expires={}", left);
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

// RFC 5626 §6: a reg-id counts with an instance, and when whoever is the first hop, we or the edge proxy
// in Path, keeps the flow.
bool keeps_flows(const sip::Message& message) {
  if (message.values(Header::via).size() == 1) return true;
  const auto paths = message.values(Header::path);
  const auto first =
      paths.empty() ? base::Result<sip::NameAddr>(base::malformed("")) : sip::NameAddr::parse(paths.front());
  return first && first->uri.param("ob");
}

// Reads the contacts, or says why they cannot be.
base::Result<std::vector<Wish>> read_wishes(const sip::Message& message, const base::Limits& limits) {
  const bool with_flows = keeps_flows(message);
  std::vector<Wish> wishes;
  for (const std::string_view value : message.values(Header::contact)) {
    auto contact = sip::NameAddr::parse(value);
    if (!contact) return base::malformed("Contact: " + contact.error().detail);
    if (contact->uri.scheme != sip::Scheme::sip && contact->uri.scheme != sip::Scheme::sips)
      return base::malformed("Contact is no SIP URI");
    Wish wish{*contact, instance_of(*contact), 0, requested_seconds(*contact, message, limits)};
    if (with_flows && !wish.instance.empty())
      wish.reg_id = sip::parse_number(contact->params.get("reg-id").value_or("0")).value_or(0);
    wishes.push_back(std::move(wish));
  }
  return wishes;
}

// RFC 3261 §10.3 step 7 for the time, RFC 5626 §6 for flows, of which one is registered at a time.
std::optional<sip::Reply> check_wishes(const std::vector<Wish>& wishes, const base::Limits& limits) {
  const auto adds = [](const Wish& wish) { return wish.seconds > 0; };
  const auto is_brief = [&](const Wish& wish) {
    return adds(wish) && wish.seconds < limits.register_min_seconds;
  };
  if (std::any_of(wishes.begin(), wishes.end(), is_brief))
    return sip::Reply(423).with(Header::min_expires, std::to_string(limits.register_min_seconds));
  const bool has_flow = std::any_of(wishes.begin(), wishes.end(),
                                    [&](const Wish& wish) { return adds(wish) && wish.reg_id != 0; });
  if (has_flow && std::count_if(wishes.begin(), wishes.end(), adds) > 1)
    return sip::Reply(400, "Bad Request: a Contact with reg-id goes alone");
  return std::nullopt;
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
  binding.q = q_of(wish.contact);
  for (const std::string_view path : message.values(Header::path))
    binding.path.emplace_back(path);
  binding.flow = request.flow;
  binding.behind_nat = is_behind_nat(message, request.flow);
  binding.user_agent = text_of(message, Header::user_agent);
  binding.allow = joined(message, Header::allow);
  binding.accept = joined(message, Header::accept);
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

// Takes the binding of a wish out, so that it can be put in anew; its id, 0 when there is none. nullopt:
// the request is older than the binding. Of two contacts of one request that are the same the later counts.
std::optional<std::uint64_t> take_out(Tentative& bindings, const Wish& wish, const Source& source) {
  const auto again = std::find_if(bindings.saved.begin(), bindings.saved.end(),
                                  [&](const Binding& binding) { return is_same_device(binding, wish); });
  if (again != bindings.saved.end()) {
    const std::uint64_t id = again->id;
    bindings.saved.erase(again);
    return id;
  }
  const auto known = std::find_if(bindings.kept.begin(), bindings.kept.end(),
                                  [&](const Binding* binding) { return is_same_device(*binding, wish); });
  if (known == bindings.kept.end()) return 0;
  if (is_out_of_order(**known, source)) return std::nullopt;
  const std::uint64_t id = (*known)->id;
  bindings.kept.erase(known);
  return id;
}

}  // namespace

engine::Outcome decide_register(const engine::Request& request, const sip::Aor& aor,
                                const std::vector<const Binding*>& current, const base::Limits& limits,
                                base::Instant now) {
  const sip::Message& message = *request.message;
  const auto cseq = sip::CSeq::parse(message.first(Header::cseq).value_or(""));
  if (!cseq) return engine::refusal(cseq.error());
  const Source source{text_of(message, Header::call_id), cseq->number};
  const auto contacts = message.values(Header::contact);
  if (std::find(contacts.begin(), contacts.end(), "*") != contacts.end())
    return remove_all(request, current, contacts.size(), source, now);
  const auto wishes = read_wishes(message, limits);
  if (!wishes) return engine::refusal(wishes.error());
  if (auto refusal = check_wishes(*wishes, limits)) return *refusal;

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
  }
  const std::size_t count = bindings.kept.size() + bindings.saved.size();
  if (count > current.size() && count > static_cast<std::size_t>(limits.bindings_per_user))
    return sip::Reply(403, "Forbidden: too many contacts are registered");

  engine::Outcome outcome(success(bindings.kept, bindings.saved, message, now));
  for (const std::uint64_t id : bindings.removed)
    outcome.changes.emplace_back(model::RemoveBinding{aor, id});
  for (Binding& binding : bindings.saved)
    outcome.changes.emplace_back(model::SaveBinding{std::move(binding)});
  return outcome;
}

}  // namespace rollcall::registrar
