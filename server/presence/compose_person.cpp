// SPDX-License-Identifier: Apache-2.0
#include "compose_person.hpp"

#include "compose_elements.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include <rollcall/xml/namespaces.hpp>

namespace rollcall::presence {

namespace {

/// From which source an element of the person is taken when several have it.
enum class Merge : std::uint8_t {
  newest,
  of_status,     // only from the one whose status is shown
  active_first,  // the newest that says active, else the newest (RFC 4480 §3.14)
};

struct Kind {
  std::string_view namespace_uri;
  std::string_view name;
  Merge merge;
};

// Whatever is not here is taken from the newest.
constexpr Kind kinds[] = {
    {xml::rpid_namespace, "activities", Merge::of_status},
    {xml::rpid_namespace, "user-input", Merge::active_first},
};

Merge merge_of(const xml::Fragment& element) {
  for (const Kind& kind : kinds)
    if (element.name == kind.name && element.namespace_uri == kind.namespace_uri) return kind.merge;
  return Merge::newest;
}

/// What hard state says of the person beside publications: how he is called and where he is to be found.
bool may_give(const Source& source, const xml::Fragment& element) {
  return !source.lasting_only || element.namespace_uri == xml::cipid_namespace;
}

bool is_active(const Source& source) {
  for (const xml::Person& person : source.document->persons)
    for (const xml::Fragment& element : person.elements)
      if (is_user_input(element) && says_active(element)) return true;
  return false;
}

void add_activities(Draft& draft, xml::Person& person) {
  if (draft.on_the_phone) {
    person.elements.push_back(activities_with("<rpid:on-the-phone/>"));
    draft.tell_origin(Origin::Part::person, "activities", Input::calls);
  }
  if (!draft.winner) return;
  for (const xml::Fragment* one : activities_of(*draft.winner->document, draft.input.now)) {
    adopt_ids(person.elements.emplace_back(*one), *draft.winner);
    draft.tell_origin(Origin::Part::person, "activities", *draft.winner);
  }
}

void add_elements(Draft& draft, xml::Person& person) {
  NewestOfEachKind newest;
  const bool somebody_active = std::any_of(draft.sources.begin(), draft.sources.end(), is_active);
  for (std::size_t rank = 0; rank < draft.sources.size(); ++rank) {
    const Source& source = draft.sources[rank];
    // What one publication says about the person may stand in several elements (RFC 4479 §3.5).
    for (const xml::Person& published : source.document->persons) {
      for (const xml::Fragment& element : published.elements) {
        const Merge merge = merge_of(element);
        if (merge == Merge::of_status || !may_give(source, element) || !holds(element, draft.input.now))
          continue;
        if (merge == Merge::active_first && somebody_active && !is_active(source)) continue;
        if (!newest.admits(element, rank)) continue;
        adopt_ids(person.elements.emplace_back(element), source);
        draft.tell_origin(Origin::Part::person, element.name, source);
      }
    }
  }
}

/// The source whose note is shown: the one of the status, else the newest that says nothing about one. The
/// note of a status that is not shown would contradict the one that is.
template <class Has>
const Source* source_of_note(const Draft& draft, Has has) {
  if (draft.winner && has(*draft.winner)) return draft.winner;
  if (draft.pinned) return nullptr;
  for (const Source& source : draft.sources)
    if (!source.reading.says && !source.lasting_only && has(source)) return &source;
  return nullptr;
}

void add_person_notes(Draft& draft, xml::Person& person) {
  const auto with_note = [](const Source& source) {
    const auto& persons = source.document->persons;
    return std::find_if(persons.begin(), persons.end(), [](const auto& one) { return !one.notes.empty(); });
  };
  const Source* source =
      source_of_note(draft, [&](const Source& one) { return with_note(one) != one.document->persons.end(); });
  if (!source) return;
  person.notes = with_note(*source)->notes;
  draft.tell_origin(Origin::Part::person, "note", *source);
}

/// That of the newest that says something of the person.
std::string timestamp_in(const Draft& draft) {
  for (const Source& source : draft.sources)
    if (!source.document->persons.empty()) return source.document->persons.front().timestamp;
  return {};
}

/// Adds what an older report says of a device and the newer ones do not.
void merge(xml::Device& device, const xml::Device& older, const Source& source, base::Instant now) {
  const std::size_t newer = device.elements.size();
  for (const xml::Fragment& element : older.elements) {
    const auto end = device.elements.begin() + static_cast<std::ptrdiff_t>(newer);
    const bool known = std::any_of(device.elements.begin(), end,
                                   [&](const xml::Fragment& one) { return same_kind(one, element); });
    if (!known && holds(element, now)) adopt_ids(device.elements.emplace_back(element), source);
  }
  if (device.notes.empty()) device.notes = older.notes;
  if (device.timestamp.empty()) device.timestamp = older.timestamp;
}

}  // namespace

xml::Fragment activities_with(std::string_view content) {
  xml::Fragment fragment;
  fragment.namespace_uri = xml::rpid_namespace;
  fragment.name = "activities";
  fragment.text.append("<rpid:activities>").append(content).append("</rpid:activities>");
  const auto known = xml::known_namespaces();
  for (std::size_t row = 0; row < known.size(); ++row)
    if (known[row].uri == xml::rpid_namespace) fragment.namespaces = 1U << row;
  return fragment;
}

void add_person(Draft& draft) {
  xml::Person person;
  add_activities(draft, person);
  add_elements(draft, person);
  add_person_notes(draft, person);
  if (person.elements.empty() && person.notes.empty()) return;
  person.id = "person";
  person.timestamp = timestamp_in(draft);
  draft.result.document.persons.push_back(std::move(person));
}

void add_devices(Draft& draft) {
  auto& devices = draft.result.document.devices;
  std::unordered_map<std::string_view, std::size_t> places;
  for (const Source& source : draft.sources) {
    if (source.lasting_only) continue;
    for (const auto& published : source.document->devices) {
      const auto [place, is_new] = places.try_emplace(published.device_id, devices.size());
      if (is_new) {
        xml::Device& device = devices.emplace_back();
        device.id = common_id("device", published.device_id);
        device.device_id = published.device_id;
        draft.tell_origin(Origin::Part::device, device.device_id, source);
      }
      merge(devices[place->second], published, source, draft.input.now);
    }
  }
}

void add_notes(Draft& draft) {
  const Source* source =
      source_of_note(draft, [](const Source& one) { return !one.document->notes.empty(); });
  if (!source) return;
  draft.result.document.notes = source->document->notes;
  draft.tell_origin(Origin::Part::note, "note", *source);
}

void add_extensions(Draft& draft) {
  NewestOfEachKind newest;
  for (std::size_t rank = 0; rank < draft.sources.size(); ++rank) {
    const Source& source = draft.sources[rank];
    for (const auto& element : source.document->extensions) {
      if (!may_give(source, element) || !newest.admits(element, rank)) continue;
      adopt_ids(draft.result.document.extensions.emplace_back(element), source);
      draft.tell_origin(Origin::Part::extension, element.name, source);
    }
  }
}

}  // namespace rollcall::presence
