// SPDX-License-Identifier: Apache-2.0
#include "characters.hpp"
#include "fragment_reader.hpp"
#include "tree.hpp"
#include "values.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <utility>
#include <vector>

#include <rollcall/xml/guard.hpp>
#include <rollcall/xml/namespaces.hpp>
#include <rollcall/xml/pidf.hpp>

#include <pugixml.hpp>

namespace rollcall::xml {

namespace {

/// What is wrong, in words that may be sent; nullptr when nothing is.
using Fault = const char*;

// A fragment repeats declarations that its document made once. What that may add is bounded.
constexpr std::size_t expansion = 4;
constexpr std::size_t expansion_floor = 4'096;

class PidfReader {
 public:
  explicit PidfReader(std::size_t body_bytes) : allowance_(body_bytes * expansion + expansion_floor) {}

  Fault presence(pugi::xml_node root);
  PidfDocument take() { return std::move(document_); }
  [[nodiscard]] bool expanded_too_far() const { return spent_ > allowance_; }

 private:
  Fault tuple(pugi::xml_node element);
  Fault tuple_child(pugi::xml_node child, const ElementName& name, Tuple& tuple);
  Fault status(pugi::xml_node element, Tuple& tuple);
  Fault device(pugi::xml_node element);
  void person(pugi::xml_node element);
  template <class Part>
  void data_child(pugi::xml_node child, const ElementName& name, Part& part);
  void extension(pugi::xml_node element, const ElementName& name, std::vector<Fragment>& into);

  PidfDocument document_;
  std::unordered_set<std::string> tuple_ids_;
  std::size_t allowance_;
  std::size_t spent_ = 0;
};

bool is_element(pugi::xml_node node) {
  return node.type() == pugi::node_element;
}

std::string value_of(pugi::xml_node element) {
  const auto text = text_of(element);
  return std::string(trim(text));
}

std::string attribute_of(pugi::xml_node element, const char* name) {
  return std::string(trim(element.attribute(name).value()));
}

Note read_note(pugi::xml_node element) {
  const auto language = language_of(element);
  return {text_of(element), is_language(language) ? std::string(language) : std::string()};
}

/// An unusable one is left out: it only says when, and the status itself is sound.
std::string read_timestamp(pugi::xml_node element) {
  auto text = value_of(element);
  return is_date_time(text) ? text : std::string();
}

/// RFC 3863 §4.1.5: a priority out of range counts as none.
Contact read_contact(pugi::xml_node element) {
  Contact contact{value_of(element), attribute_of(element, "priority")};
  if (!is_priority(contact.priority)) contact.priority.clear();
  return contact;
}

/// RFC 3863 §4.1.4. Some clients begin with a word of their own, as baresip does with "unknown". Like a
/// status without <basic>, which is allowed, it does not say whether the service is there; the rest of the
/// publication stands.
Fault read_basic(pugi::xml_node element, Tuple& tuple) {
  if (tuple.basic) return "second basic in a status";
  auto value = value_of(element);
  std::transform(value.begin(), value.end(), value.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  if (value == "open") tuple.basic = Basic::open;
  if (value == "closed") tuple.basic = Basic::closed;
  return nullptr;
}

/// RFC 3863 §4.1.1.
Fault PidfReader::presence(pugi::xml_node root) {
  if (!name_of(root).is(pidf_namespace, "presence"))
    return "root is not presence of urn:ietf:params:xml:ns:pidf";
  document_.entity = attribute_of(root, "entity");
  if (document_.entity.empty()) return "presence without an entity";
  for (const auto child : root.children()) {
    if (!is_element(child)) continue;
    const auto name = name_of(child);
    Fault fault = nullptr;
    if (name.is(pidf_namespace, "tuple"))
      fault = tuple(child);
    else if (name.is(pidf_namespace, "note"))
      document_.notes.push_back(read_note(child));
    else if (name.is(data_model_namespace, "person"))
      person(child);
    else if (name.is(data_model_namespace, "device"))
      fault = device(child);
    else
      extension(child, name, document_.extensions);
    if (fault) return fault;
    if (expanded_too_far()) return "namespace declarations too long for what they are used for";
  }
  return nullptr;
}

/// RFC 3863 §4.1.2.
Fault PidfReader::tuple(pugi::xml_node element) {
  Tuple tuple;
  tuple.id = attribute_of(element, "id");
  if (tuple.id.empty()) return "tuple without an id";
  if (!tuple_ids_.insert(tuple.id).second) return "two tuples with the same id";
  bool has_status = false;
  for (const auto child : element.children()) {
    if (!is_element(child)) continue;
    const auto name = name_of(child);
    Fault fault = nullptr;
    if (name.is(pidf_namespace, "status")) {
      fault = std::exchange(has_status, true) ? "second status in a tuple" : status(child, tuple);
    } else {
      fault = tuple_child(child, name, tuple);
    }
    if (fault) return fault;
  }
  if (!has_status) return "tuple without a status";
  document_.tuples.push_back(std::move(tuple));
  return nullptr;
}

Fault PidfReader::tuple_child(pugi::xml_node child, const ElementName& name, Tuple& tuple) {
  if (name.is(pidf_namespace, "contact")) {
    if (tuple.contact) return "second contact in a tuple";
    auto contact = read_contact(child);
    if (is_uri(contact.uri)) tuple.contact = std::move(contact);
  } else if (name.is(pidf_namespace, "note")) {
    tuple.notes.push_back(read_note(child));
  } else if (name.is(pidf_namespace, "timestamp")) {
    if (!tuple.timestamp.empty()) return "second timestamp in a tuple";
    tuple.timestamp = read_timestamp(child);
  } else {
    extension(child, name, tuple.extensions);
  }
  return nullptr;
}

/// RFC 3863 §4.1.3.
Fault PidfReader::status(pugi::xml_node element, Tuple& tuple) {
  for (const auto child : element.children()) {
    if (!is_element(child)) continue;
    const auto name = name_of(child);
    if (!name.is(pidf_namespace, "basic")) {
      extension(child, name, tuple.status);
    } else if (auto fault = read_basic(child, tuple)) {
      return fault;
    }
  }
  return nullptr;
}

/// RFC 4479 §3.2.
void PidfReader::person(pugi::xml_node element) {
  Person person;
  person.id = attribute_of(element, "id");
  for (const auto child : element.children())
    if (is_element(child)) data_child(child, name_of(child), person);
  document_.persons.push_back(std::move(person));
}

/// RFC 4479 §3.4.
Fault PidfReader::device(pugi::xml_node element) {
  Device device;
  device.id = attribute_of(element, "id");
  for (const auto child : element.children()) {
    if (!is_element(child)) continue;
    const auto name = name_of(child);
    if (name.is(data_model_namespace, "deviceID"))
      device.device_id = value_of(child);
    else
      data_child(child, name, device);
  }
  if (!is_uri(device.device_id)) return "device without a URI as deviceID";
  document_.devices.push_back(std::move(device));
  return nullptr;
}

/// What person and device have in common. Their schema has no place for other elements of its own.
template <class Part>
void PidfReader::data_child(pugi::xml_node child, const ElementName& name, Part& part) {
  if (name.is(data_model_namespace, "note"))
    part.notes.push_back(read_note(child));
  else if (name.is(data_model_namespace, "timestamp"))
    part.timestamp = read_timestamp(child);
  else if (name.uri != data_model_namespace)
    extension(child, name, part.elements);
}

/// RFC 3863 §4.2.3: names that PIDF does not define are ignored in its own namespace; what others
/// define is not ours to judge.
void PidfReader::extension(pugi::xml_node element, const ElementName& name, std::vector<Fragment>& into) {
  if (name.uri.empty() || name.uri == pidf_namespace || expanded_too_far()) return;
  into.push_back(read_fragment(element));
  spent_ += into.back().text.size();
}

}  // namespace

base::Result<PidfDocument> PidfDocument::parse(std::string_view body, const base::Limits& limits) {
  const Bounds bounds{static_cast<std::size_t>(limits.body_bytes),
                      static_cast<std::size_t>(limits.xml_depth)};
  if (auto sound = guard(body, bounds); !sound) return sound.error();
  pugi::xml_document tree;
  const auto parsed = tree.load_buffer(
      body.data(), body.size(), pugi::parse_default | pugi::parse_ws_pcdata_single, pugi::encoding_utf8);
  if (!parsed) return base::malformed("XML: not readable");
  PidfReader reader(body.size());
  if (const auto* fault = reader.presence(tree.document_element()))
    return base::malformed(std::string("PIDF: ") + fault);
  auto document = reader.take();
  make_ids_unique(document);
  return document;
}

}  // namespace rollcall::xml
