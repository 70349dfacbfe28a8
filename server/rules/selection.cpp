// SPDX-License-Identifier: Apache-2.0
#include "selection.hpp"

#include <algorithm>

#include <rollcall/rules/identity.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/xml/element.hpp>
#include <rollcall/xml/namespaces.hpp>

namespace rollcall::rules {

namespace {

/// RFC 4480 §3.3: a service, person or device has one class at most; each counts if it has more.
bool has_class(const Selection& selection, const std::vector<xml::Fragment>& elements) {
  if (selection.members.empty()) return false;
  return std::any_of(elements.begin(), elements.end(), [&](const xml::Fragment& element) {
    return element.name == "class" && element.namespace_uri == xml::rpid_namespace &&
           selection.has(SelectedBy::occurrence_class, xml::element_of(element).text);
  });
}

/// What equivalent URIs have in common, and is quick to compare.
bool may_be_equivalent(const sip::Uri& a, const sip::Uri& b) {
  const bool literal = a.host.starts_with('[') && b.host.starts_with('[');
  return a.scheme == b.scheme && (literal || sip::equal_ignoring_case(a.host, b.host));
}

}  // namespace

ServiceChoice::ServiceChoice(const Selection& selection) : selection_(selection) {
  for (const auto& [by, value] : selection.members) {
    if (by != SelectedBy::service_uri) continue;
    const auto uri = sip::Uri::parse(value);
    if (uri && uri->scheme != sip::Scheme::other)
      uris_.push_back(*uri);
    else
      texts_.push_back(canonical_uri(value));
  }
  std::sort(texts_.begin(), texts_.end());
}

bool ServiceChoice::includes(const xml::Tuple& tuple) const {
  return selection_.all || selection_.has(SelectedBy::occurrence_id, tuple.id) ||
         has_class(selection_, tuple.extensions) || (tuple.contact && includes_contact(tuple.contact->uri));
}

/// The scheme as it is written, the URI by the comparison of its scheme.
bool ServiceChoice::includes_contact(const std::string& contact) const {
  if (selection_.members.empty()) return false;
  if (selection_.has(SelectedBy::uri_scheme, contact.substr(0, contact.find(':')))) return true;
  const auto uri = sip::Uri::parse(contact);
  if (!uri || uri->scheme == sip::Scheme::other)
    return std::binary_search(texts_.begin(), texts_.end(), canonical_uri(contact));
  return std::any_of(uris_.begin(), uris_.end(), [&](const sip::Uri& one) {
    return may_be_equivalent(one, *uri) && sip::equivalent(one, *uri);
  });
}

bool includes(const Selection& selection, const xml::Person& person) {
  return selection.all || selection.has(SelectedBy::occurrence_id, person.id) ||
         has_class(selection, person.elements);
}

bool includes(const Selection& selection, const xml::Device& device) {
  return selection.all || selection.has(SelectedBy::occurrence_id, device.id) ||
         selection.has(SelectedBy::device_id, canonical_uri(device.device_id)) ||
         has_class(selection, device.elements);
}

}  // namespace rollcall::rules
