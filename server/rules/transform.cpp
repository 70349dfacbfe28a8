// SPDX-License-Identifier: Apache-2.0
#include "attributes.hpp"
#include "selection.hpp"

#include <rollcall/rules/transform.hpp>

namespace rollcall::rules {

namespace {

xml::Tuple shown(const xml::Tuple& tuple, const Permissions& permissions) {
  xml::Tuple result;
  result.id = tuple.id;
  result.basic = tuple.basic;
  result.contact = tuple.contact;
  result.timestamp = tuple.timestamp;
  result.status = shown(tuple.status, permissions);
  result.extensions = shown(tuple.extensions, permissions, Component::service);
  if (permissions.provides(Attribute::note)) result.notes = tuple.notes;
  return result;
}

xml::Person shown(const xml::Person& person, const Permissions& permissions) {
  xml::Person result;
  result.id = person.id;
  result.timestamp = person.timestamp;
  result.elements = shown(person.elements, permissions);
  if (permissions.provides(Attribute::note)) result.notes = person.notes;
  return result;
}

xml::Device shown(const xml::Device& device, const Permissions& permissions) {
  xml::Device result;
  result.id = device.id;
  result.device_id = device.device_id;
  result.timestamp = device.timestamp;
  result.elements = shown(device.elements, permissions);
  if (permissions.provides(Attribute::note)) result.notes = device.notes;
  return result;
}

}  // namespace

xml::PidfDocument transform(const xml::PidfDocument& document, const Permissions& permissions) {
  if (permissions.is_everything()) return document;
  xml::PidfDocument result;
  result.entity = document.entity;
  const ServiceChoice services(permissions.services);
  for (const auto& tuple : document.tuples)
    if (services.includes(tuple)) result.tuples.push_back(shown(tuple, permissions));
  for (const auto& person : document.persons)
    if (includes(permissions.persons, person)) result.persons.push_back(shown(person, permissions));
  for (const auto& device : document.devices)
    if (includes(permissions.devices, device)) result.devices.push_back(shown(device, permissions));
  if (permissions.persons.all && permissions.provides(Attribute::note)) result.notes = document.notes;
  return result;
}

xml::PidfDocument unavailable_document(const sip::Aor& presentity) {
  xml::PidfDocument document;
  document.entity = presentity.uri();
  xml::Tuple tuple;
  tuple.id = "address";
  tuple.basic = xml::Basic::closed;
  tuple.contact = xml::Contact{document.entity, {}};
  document.tuples.push_back(std::move(tuple));
  return document;
}

}  // namespace rollcall::rules
