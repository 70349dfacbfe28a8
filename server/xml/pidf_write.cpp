// SPDX-License-Identifier: Apache-2.0
#include "escape.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xml/namespaces.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::xml {

namespace {

constexpr std::uint32_t data_model_bit = 1U << 1;

void append_fragments(std::string& out, const std::vector<Fragment>& fragments) {
  for (const auto& fragment : fragments)
    out += fragment.text;
}

void append_attribute(std::string& out, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  out.append(" ").append(name).append("=\"");
  append_attribute_value(out, value);
  out += '"';
}

void append_element(std::string& out, std::string_view name, std::string_view text) {
  if (text.empty()) return;
  out.append("<").append(name).append(">");
  append_text(out, text);
  out.append("</").append(name).append(">");
}

void append_notes(std::string& out, std::string_view name, const std::vector<Note>& notes) {
  for (const auto& note : notes) {
    out.append("<").append(name);
    append_attribute(out, "xml:lang", note.language);
    out += '>';
    append_text(out, note.text);
    out.append("</").append(name).append(">");
  }
}

void append_contact(std::string& out, const Contact& contact) {
  out += "<contact";
  append_attribute(out, "priority", contact.priority);
  out += '>';
  append_text(out, contact.uri);
  out += "</contact>";
}

/// RFC 3863 §4.1.2: status, extensions, contact, notes, timestamp.
void append_tuple(std::string& out, const Tuple& tuple) {
  out += "<tuple";
  append_attribute(out, "id", tuple.id);
  out += "><status>";
  if (tuple.basic) append_element(out, "basic", *tuple.basic == Basic::open ? "open" : "closed");
  append_fragments(out, tuple.status);
  out += "</status>";
  append_fragments(out, tuple.extensions);
  if (tuple.contact) append_contact(out, *tuple.contact);
  append_notes(out, "note", tuple.notes);
  append_element(out, "timestamp", tuple.timestamp);
  out += "</tuple>";
}

/// RFC 4479 §5.1.2: elements, notes, timestamp.
void append_person(std::string& out, const Person& person) {
  out += "<dm:person";
  append_attribute(out, "id", person.id);
  out += '>';
  append_fragments(out, person.elements);
  append_notes(out, "dm:note", person.notes);
  append_element(out, "dm:timestamp", person.timestamp);
  out += "</dm:person>";
}

/// RFC 4479 §5.1.2: elements, deviceID, notes, timestamp.
void append_device(std::string& out, const Device& device) {
  out += "<dm:device";
  append_attribute(out, "id", device.id);
  out += '>';
  append_fragments(out, device.elements);
  append_element(out, "dm:deviceID", device.device_id);
  append_notes(out, "dm:note", device.notes);
  append_element(out, "dm:timestamp", device.timestamp);
  out += "</dm:device>";
}

std::uint32_t namespaces_of(const std::vector<Fragment>& fragments) {
  std::uint32_t used = 0;
  for (const auto& fragment : fragments)
    used |= fragment.namespaces;
  return used;
}

std::uint32_t namespaces_of(const PidfDocument& document) {
  auto used = namespaces_of(document.extensions);
  for (const auto& tuple : document.tuples)
    used |= namespaces_of(tuple.status) | namespaces_of(tuple.extensions);
  for (const auto& person : document.persons)
    used |= namespaces_of(person.elements) | data_model_bit;
  for (const auto& device : document.devices)
    used |= namespaces_of(device.elements) | data_model_bit;
  return used;
}

void append_declarations(std::string& out, std::uint32_t used) {
  append_attribute(out, "xmlns", pidf_namespace);
  const auto rows = known_namespaces();
  for (std::size_t row = 1; row < rows.size(); ++row) {
    if ((used >> row & 1U) == 0) continue;
    out.append(" xmlns:").append(rows[row].prefix).append("=\"").append(rows[row].uri).append("\"");
  }
}

}  // namespace

/// RFC 3863 §4.1.1: tuples, notes, then elements of other namespaces.
std::string write(const PidfDocument& document) {
  std::string out;
  out.reserve(2'048);
  out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence";
  append_declarations(out, namespaces_of(document));
  append_attribute(out, "entity", document.entity);
  out += '>';
  for (const auto& tuple : document.tuples)
    append_tuple(out, tuple);
  append_notes(out, "note", document.notes);
  for (const auto& person : document.persons)
    append_person(out, person);
  for (const auto& device : document.devices)
    append_device(out, device);
  append_fragments(out, document.extensions);
  out += "</presence>\n";
  out.shrink_to_fit();  // it is kept for as long as somebody watches
  return out;
}

}  // namespace rollcall::xml
