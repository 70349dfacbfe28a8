// SPDX-License-Identifier: Apache-2.0
#include "compose_services.hpp"

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include <rollcall/xml/namespaces.hpp>

namespace rollcall::presence {

namespace {

using xml::Basic;

/// RFC 4480 §3.9: the tuple is about how somebody else is reached, an assistant say.
bool is_of_somebody_else(const xml::Tuple& tuple) {
  return std::any_of(tuple.extensions.begin(), tuple.extensions.end(), [](const xml::Fragment& extension) {
    return extension.name == "relationship" && extension.namespace_uri == xml::rpid_namespace &&
           extension.text.find("<rpid:self/>") == std::string::npos;
  });
}

/// True for an address that belongs to another service than the presentity's SIP address: its
/// status must not be taken for that of the SIP address.
bool is_other_service(const std::optional<xml::Contact>& contact) {
  if (!contact) return false;
  auto scheme = contact->uri.substr(0, contact->uri.find(':'));
  std::transform(scheme.begin(), scheme.end(), scheme.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return scheme != "sip" && scheme != "sips" && scheme != "im" && scheme != "pres";
}

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
  if (is_of_somebody_else(tuple) || is_other_service(tuple.contact)) return;
  if (!tuple.contact) tuple.contact.emplace();
  if (!is_gruu_of(tuple.contact->uri, *draft.input.presentity)) tuple.contact->uri = draft.address;
}

bool speaks_for_presentity(const xml::Tuple& tuple) {
  return !is_of_somebody_else(tuple) && !is_other_service(tuple.contact);
}

xml::Tuple adopt(const xml::Tuple& published, const PublicationInput& publication, const Draft& draft) {
  auto tuple = published;
  tuple.id = published_id(publication, published.id);
  adopt_ids(tuple.status, publication);
  adopt_ids(tuple.extensions, publication);
  correct_contact(tuple, draft);
  if (tuple.timestamp.empty()) tuple.timestamp = base::to_rfc3339(publication.published);
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
  for (const auto index : draft.live) {
    const auto& publication = draft.publication(index);
    for (const auto& published : publication.document->tuples) {
      auto tuple = adopt(published, publication, draft);
      if (!seen.insert(tuple.id).second) continue;
      draft.tell_origin(Origin::Part::service, tuple.id, index);
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
  draft.result.origins.push_back({Origin::Part::service, tuples.back().id, Origin::Input::registrations, 0});
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
