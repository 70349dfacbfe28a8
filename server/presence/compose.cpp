// SPDX-License-Identifier: Apache-2.0
#include "compose_draft.hpp"
#include "compose_services.hpp"

#include <unordered_set>
#include <utility>

#include <rollcall/presence/compose.hpp>

namespace rollcall::presence {

namespace {

/// What one publication says about the person may stand in several elements (RFC 4479 §3.5).
struct PersonSource {
  std::size_t publication;
  const xml::Person* person;
};

std::vector<PersonSource> persons_newest_first(const Draft& draft) {
  std::vector<PersonSource> sources;
  for (const auto index : draft.live) {
    for (const auto& person : draft.publication(index).document->persons)
      sources.push_back({index, &person});
  }
  return sources;
}

/// RFC 4479 §3.2: there is one human behind a presentity, whatever reports about him.
void add_person(Draft& draft) {
  const auto sources = persons_newest_first(draft);
  if (sources.empty()) return;
  xml::Person composed;
  NewestOfEachKind kinds;
  for (std::size_t rank = 0; rank < sources.size(); ++rank) {
    const auto& [index, person] = sources[rank];
    for (const auto& element : person->elements) {
      if (!kinds.admits(element, rank)) continue;
      adopt_ids(composed.elements.emplace_back(element), draft.publication(index));
      draft.tell_origin(Origin::Part::person, element.name, index);
    }
    if (composed.notes.empty() && !person->notes.empty()) {
      composed.notes = person->notes;
      draft.tell_origin(Origin::Part::person, "note", index);
    }
  }
  if (composed.elements.empty() && composed.notes.empty()) return;
  composed.id = "person";
  composed.timestamp = sources.front().person->timestamp;
  draft.result.document.persons.push_back(std::move(composed));
}

/// RFC 4479 §3.4: the deviceID says which device it is, whoever reports about it.
void add_devices(Draft& draft) {
  std::unordered_set<std::string_view> seen;
  for (const auto index : draft.live) {
    const auto& publication = draft.publication(index);
    for (const auto& published : publication.document->devices) {
      if (!seen.insert(published.device_id).second) continue;
      auto device = published;
      device.id = published_id(publication, published.id);
      adopt_ids(device.elements, publication);
      draft.tell_origin(Origin::Part::device, device.device_id, index);
      draft.result.document.devices.push_back(std::move(device));
    }
  }
}

void add_notes(Draft& draft) {
  for (const auto index : draft.live) {
    const auto& notes = draft.publication(index).document->notes;
    if (notes.empty()) continue;
    draft.result.document.notes = notes;
    draft.tell_origin(Origin::Part::note, "note", index);
    return;
  }
}

void add_extensions(Draft& draft) {
  NewestOfEachKind kinds;
  for (const auto index : draft.live) {
    const auto& publication = draft.publication(index);
    for (const auto& element : publication.document->extensions) {
      if (!kinds.admits(element, index)) continue;
      adopt_ids(draft.result.document.extensions.emplace_back(element), publication);
      draft.tell_origin(Origin::Part::extension, element.name, index);
    }
  }
}

/// The policy of composition, in the order in which it works.
using Step = void (*)(Draft&);
constexpr Step steps[] = {
    add_published_services,
    complete_services,
    add_registered_service,
    order_services,
    add_person,
    add_devices,
    add_notes,
    add_extensions,
};

}  // namespace

Composition compose(const CompositionInput& input) {
  Draft draft(input);
  draft.result.document.entity = draft.address;
  for (const auto step : steps)
    step(draft);
  make_ids_unique(draft.result.document);
  return std::move(draft.result);
}

xml::PidfDocument closed_document(const sip::Aor& presentity) {
  xml::PidfDocument document;
  document.entity = presentity.uri();
  document.tuples.push_back(address_tuple(document.entity, xml::Basic::closed));
  return document;
}

}  // namespace rollcall::presence
