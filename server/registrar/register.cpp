// SPDX-License-Identifier: Apache-2.0
#include "register.hpp"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include <rollcall/base/ids.hpp>
#include <rollcall/registrar/destination.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

namespace rollcall::registrar {

namespace {

using model::Binding;
using sip::Header;

// One Contact of the request and what is to become of it.
struct Wish {
  sip::NameAddr contact;
  std::string instance;
  std::uint32_t reg_id = 0;
  std::int64_t seconds = 0;          // 0: remove
  const Binding* existing = nullptr;
};

std::string text_of(const sip::Message& message, Header id) { return std::string(message.first(id).value_or("")); }

std::string joined(const sip::Message& message, Header id) {
  std::string all;
  for (const std::string_view value : message.values(id)) all.append(all.empty() ? "" : ", ").append(value);
  return all;
}

std::string instance_of(const sip::NameAddr& contact) {
  std::string text = sip::unquote(contact.params.get("+sip.instance").value_or(""));
  if (text.size() > 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
  return text;
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
std::int64_t requested_seconds(const sip::NameAddr& contact, const sip::Message& message, const base::Limits& limits) {
  constexpr std::int64_t malformed_means = 3600;
  if (const auto own = contact.params.get("expires")) return sip::parse_number(*own).value_or(malformed_means);
  if (const auto header = message.first(Header::expires))
    return sip::parse_number(*header).value_or(malformed_means);
  return limits.register_default_seconds;
}

bool is_same_device(const Binding& binding, const Wish& wish) {
  // RFC 5626 §6: instance and reg-id name the flow; without a reg-id a device has one contact.
  if (!wish.instance.empty() && binding.instance == wish.instance) return binding.reg_id == wish.reg_id;
  if (!wish.instance.empty() && !binding.instance.empty()) return false;
  const auto uri = sip::Uri::parse(binding.contact);
  return uri && sip::equivalent(*uri, wish.contact.uri);
}

// RFC 3261 §10.3 steps 6 and 7: an older request of the same client must not undo a newer one.
bool is_out_of_order(const Binding& binding, const std::string& call_id, std::uint32_t cseq) {
  return binding.call_id == call_id && cseq <= binding.cseq;
}

sip::Reply out_of_order() { return sip::Reply(400, "Bad Request: CSeq is not higher than the last one"); }

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
sip::Reply success(const std::vector<const Binding*>& bindings, const sip::Message& message, base::Instant now) {
  sip::Reply reply(200);
  for (const Binding* binding : bindings) reply.with(Header::contact, contact_value(*binding, now));
  for (const std::string_view path : message.values(Header::path)) reply.with(Header::path, std::string(path));
  reply.with(Header::date, base::to_sip_date(now));
  return reply;
}

// RFC 3261 §10.3 step 6: "*" stands alone, with an Expires of 0.
engine::Outcome remove_all(const engine::Request& request, const std::vector<const Binding*>& current,
                           std::size_t contacts, std::uint32_t cseq, base::Instant now) {
  const sip::Message& message = *request.message;
  if (contacts != 1 || sip::parse_number(message.first(Header::expires).value_or("")) != 0)
    return sip::Reply(400, "Bad Request: Contact * goes alone and with Expires: 0");
  engine::Outcome outcome;
  const std::string call_id = text_of(message, Header::call_id);
  for (const Binding* binding : current) {
    if (is_out_of_order(*binding, call_id, cseq)) return out_of_order();
    outcome.changes.emplace_back(model::RemoveBinding{binding->aor, binding->id});
  }
  outcome.reply = success({}, message, now);
  return outcome;
}

// Reads the contacts, or says why they cannot be.
base::Result<std::vector<Wish>> read_wishes(const sip::Message& message, const std::vector<const Binding*>& current,
                                            const base::Limits& limits) {
  std::vector<Wish> wishes;
  for (const std::string_view value : message.values(Header::contact)) {
    auto contact = sip::NameAddr::parse(value);
    if (!contact) return base::malformed("Contact: " + contact.error().detail);
    if (contact->uri.scheme != sip::Scheme::sip && contact->uri.scheme != sip::Scheme::sips)
      return base::malformed("Contact is no SIP URI");
    Wish wish{*contact, instance_of(*contact), 0, requested_seconds(*contact, message, limits), nullptr};
    wish.reg_id = sip::parse_number(contact->params.get("reg-id").value_or("0")).value_or(0);
    const auto match = std::find_if(current.begin(), current.end(),
                                    [&](const Binding* binding) { return is_same_device(*binding, wish); });
    if (match != current.end()) wish.existing = *match;
    wishes.push_back(std::move(wish));
  }
  return wishes;
}

Binding binding_of(const Wish& wish, const engine::Request& request, const sip::Aor& aor, std::uint32_t cseq,
                   const base::Limits& limits, base::Instant now) {
  const sip::Message& message = *request.message;
  Binding binding;
  binding.aor = aor;
  binding.id = wish.existing ? wish.existing->id : base::random_bits() >> 1;
  binding.contact = wish.contact.uri.text;
  binding.parameters = wish.contact.params.text();
  binding.instance = wish.instance;
  binding.reg_id = wish.reg_id;
  binding.call_id = text_of(message, Header::call_id);
  binding.cseq = cseq;
  binding.q = q_of(wish.contact);
  for (const std::string_view path : message.values(Header::path)) binding.path.emplace_back(path);
  binding.flow = request.flow;
  binding.behind_nat = is_behind_nat(message, request.flow);
  binding.user_agent = text_of(message, Header::user_agent);
  binding.allow = joined(message, Header::allow);
  binding.accept = joined(message, Header::accept);
  binding.updated = now;
  binding.expires = now + std::chrono::seconds(std::min<std::int64_t>(wish.seconds, limits.register_max_seconds));
  return binding;
}

}  // namespace

engine::Outcome decide_register(const engine::Request& request, const sip::Aor& aor,
                                const std::vector<const Binding*>& current, const base::Limits& limits,
                                base::Instant now) {
  const sip::Message& message = *request.message;
  const auto cseq = sip::CSeq::parse(message.first(Header::cseq).value_or(""));
  if (!cseq) return engine::refusal(cseq.error());
  const auto contacts = message.values(Header::contact);
  if (std::find(contacts.begin(), contacts.end(), "*") != contacts.end())
    return remove_all(request, current, contacts.size(), cseq->number, now);
  const auto wishes = read_wishes(message, current, limits);
  if (!wishes) return engine::refusal(wishes.error());

  engine::Outcome outcome;
  std::vector<const Binding*> left = current;
  std::vector<Binding> saved;
  saved.reserve(wishes->size());
  const std::string call_id = text_of(message, Header::call_id);
  for (const Wish& wish : *wishes) {
    if (wish.existing && is_out_of_order(*wish.existing, call_id, cseq->number)) return out_of_order();
    if (wish.seconds > 0 && wish.seconds < limits.register_min_seconds)
      return sip::Reply(423).with(Header::min_expires, std::to_string(limits.register_min_seconds));
    if (wish.existing) std::erase(left, wish.existing);
    if (wish.seconds > 0) {
      saved.push_back(binding_of(wish, request, aor, cseq->number, limits, now));
      left.push_back(&saved.back());
    } else if (wish.existing) {
      outcome.changes.emplace_back(model::RemoveBinding{aor, wish.existing->id});
    }
  }
  if (left.size() > static_cast<std::size_t>(limits.bindings_per_user))
    return sip::Reply(403, "Forbidden: too many contacts are registered");
  outcome.reply = success(left, message, now);
  for (Binding& binding : saved) outcome.changes.emplace_back(model::SaveBinding{std::move(binding)});
  return outcome;
}

}  // namespace rollcall::registrar
