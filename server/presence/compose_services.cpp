// SPDX-License-Identifier: Apache-2.0
#include "compose_services.hpp"

#include "compose_elements.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

namespace rollcall::presence {

namespace {

using xml::Basic;

/// A GRUU of the presentity (RFC 5627 §3.1): its AOR with the gr parameter.
bool is_gruu_of(const std::string& contact, const sip::Aor& presentity) {
  const auto uri = sip::Uri::parse(contact);
  if (!uri || !uri->param("gr")) return false;
  if (uri->scheme != sip::Scheme::sip && uri->scheme != sip::Scheme::sips) return false;
  const auto aor = sip::Aor::from(*uri);
  return aor && *aor == presentity;
}

/// Clients that write the address of their own network card here, or that of the watcher, make
/// other clients take the tuple for somebody else's.
void correct_contact(xml::Tuple& tuple, const Draft& draft) {
  if (!speaks_for_presentity(tuple)) return;
  if (!tuple.contact) tuple.contact.emplace();
  if (!is_gruu_of(tuple.contact->uri, *draft.input.presentity)) tuple.contact->uri = draft.address;
}

/// Some clients give the one tuple that they publish another id each time (Linphone does). RFC 4479 §3.3
/// has a better name for a service: where it is reached.
std::string service_id(const xml::Tuple& tuple, const Source& source) {
  if (source.document->tuples.size() > 1) return published_id(source, tuple.id);
  return published_id(source, "service", tuple.contact ? tuple.contact->uri : "");
}

/// What clients put here and belongs to the person (RFC 4480 §3.1 table 1), where it is taken to; and what
/// speaks of now beside what already does.
void drop_misplaced(std::vector<xml::Fragment>& elements, base::Instant now) {
  std::erase_if(elements, [&](const xml::Fragment& element) {
    return is_activities(element) || is_timed_now(element, now) || !holds(element, now);
  });
}

xml::Tuple adopt(const xml::Tuple& published, const Source& source, const Draft& draft) {
  auto tuple = published;
  if (speaks_for_presentity(tuple)) {
    drop_misplaced(tuple.status, draft.input.now);
    drop_misplaced(tuple.extensions, draft.input.now);
  }
  adopt_ids(tuple.status, source);
  adopt_ids(tuple.extensions, source);
  correct_contact(tuple, draft);
  tuple.id = service_id(tuple, source);
  if (tuple.timestamp.empty()) tuple.timestamp = base::to_rfc3339(source.since);
  return tuple;
}

}  // namespace

xml::Tuple address_tuple(const std::string& address, Basic basic) {
  xml::Tuple tuple;
  tuple.id = "address";
  tuple.basic = basic;
  tuple.contact = xml::Contact{address, {}};
  return tuple;
}

void add_published_services(Draft& draft) {
  std::unordered_set<std::string> seen;
  for (const Source& source : draft.sources) {
    if (source.input == Input::administrator) continue;  // it has no device
    for (const auto& published : source.document->tuples) {
      if (source.lasting_only && speaks_for_presentity(published)) continue;
      auto tuple = adopt(published, source, draft);
      if (!seen.insert(tuple.id).second) continue;
      draft.tell_origin(Origin::Part::service, tuple.id, source);
      draft.result.document.tuples.push_back(std::move(tuple));
    }
  }
}

void complete_services(Draft& draft) {
  auto& tuples = draft.result.document.tuples;
  const auto said = std::find_if(tuples.begin(), tuples.end(), [](const xml::Tuple& tuple) {
    return tuple.basic && speaks_for_presentity(tuple);
  });
  const auto basic = said != tuples.end() ? *said->basic : draft.registered ? Basic::open : Basic::closed;
  for (auto& tuple : tuples)
    if (!tuple.basic) tuple.basic = basic;
}

void add_registered_service(Draft& draft) {
  auto& tuples = draft.result.document.tuples;
  if (std::any_of(tuples.begin(), tuples.end(), speaks_for_presentity)) return;
  tuples.push_back(address_tuple(draft.address, draft.registered ? Basic::open : Basic::closed));
  draft.tell_origin(Origin::Part::service, tuples.back().id, Input::registrations);
}

void open_for_administrator(Draft& draft) {
  if (!draft.pinned || draft.result.status == Status::offline) return;
  auto& tuples = draft.result.document.tuples;
  if (std::any_of(tuples.begin(), tuples.end(), [](const xml::Tuple& tuple) {
        return tuple.basic == Basic::open && speaks_for_presentity(tuple);
      }))
    return;
  std::erase_if(tuples, [](const xml::Tuple& tuple) { return tuple.id == "address"; });
  tuples.push_back(address_tuple(draft.address, Basic::open));
  draft.tell_origin(Origin::Part::service, tuples.back().id, Input::administrator);
}

void order_services(Draft& draft) {
  auto& tuples = draft.result.document.tuples;
  const auto rank = [](const xml::Tuple& tuple) {
    return std::pair(!speaks_for_presentity(tuple), tuple.basic != Basic::open);
  };
  std::stable_sort(tuples.begin(), tuples.end(),
                   [&](const xml::Tuple& a, const xml::Tuple& b) { return rank(a) < rank(b); });
}

}  // namespace rollcall::presence
