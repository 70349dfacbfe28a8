// SPDX-License-Identifier: Apache-2.0
#include "wishes.hpp"

#include <algorithm>

#include <rollcall/registrar/device.hpp>

namespace rollcall::registrar {

namespace {

using sip::Header;

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

// RFC 3261 §10.3 step 7: the contact's own expiry, else the header's, else ours, which is never too brief.
// §20.10, §20.19: what is no number counts as 3600.
std::int64_t requested_seconds(const sip::NameAddr& contact, const sip::Message& message,
                               const base::Limits& limits) {
  constexpr std::int64_t malformed_means = 3600;
  if (const auto own = contact.params.get("expires"))
    return sip::parse_number(*own).value_or(malformed_means);
  if (const auto header = message.first(Header::expires))
    return sip::parse_number(*header).value_or(malformed_means);
  return std::max<std::int64_t>(limits.register_default_seconds, limits.register_min_seconds);
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

bool supports_outbound(const sip::Message& message) {
  const auto tags = message.values(Header::supported);
  return std::any_of(tags.begin(), tags.end(),
                     [](std::string_view tag) { return sip::equal_ignoring_case(tag, "outbound"); });
}

bool names_flow(const Wish& wish) {
  return wish.contact.params.has("reg-id");
}

// RFC 3327 §4: what is to become a Route is written as one.
bool has_sound_path(const sip::Message& message) {
  const auto paths = message.values(Header::path);
  return std::all_of(paths.begin(), paths.end(), [](std::string_view path) {
    const auto parsed = sip::NameAddr::parse(path);
    return parsed && parsed->bracketed;
  });
}

}  // namespace

base::Result<std::vector<Wish>> read_wishes(const sip::Message& message, const base::Limits& limits) {
  if (!has_sound_path(message)) return base::malformed("Path is no list of URIs in angle brackets");
  const bool with_flows = keeps_flows(message);
  std::vector<Wish> wishes;
  for (const std::string_view value : message.values(Header::contact)) {
    auto contact = sip::NameAddr::parse(value);
    if (!contact) return base::malformed("Contact: " + contact.error().detail);
    if (contact->uri.scheme != sip::Scheme::sip && contact->uri.scheme != sip::Scheme::sips)
      return base::malformed("Contact is no SIP URI");
    Wish wish{*contact, instance_of(*contact), 0, requested_seconds(*contact, message, limits),
              q_of(*contact)};
    if (with_flows && !wish.instance.empty())
      wish.reg_id = sip::parse_number(contact->params.get("reg-id").value_or("0")).value_or(0);
    wishes.push_back(std::move(wish));
  }
  return wishes;
}

// RFC 3261 §10.3 step 7 for the time, RFC 5626 §6 for flows, of which one is registered at a time.
std::optional<sip::Reply> check_wishes(const std::vector<Wish>& wishes, const sip::Message& message,
                                       const base::Limits& limits) {
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
  if (std::any_of(wishes.begin(), wishes.end(), names_flow) && supports_outbound(message) &&
      !keeps_flows(message))
    return sip::Reply(439);
  return std::nullopt;
}

bool tells_outbound(const std::vector<Wish>& wishes, const sip::Message& message) {
  const auto is_flow = [](const Wish& wish) { return wish.reg_id != 0; };
  return std::any_of(wishes.begin(), wishes.end(), is_flow) && supports_outbound(message);
}

}  // namespace rollcall::registrar
