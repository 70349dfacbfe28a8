// SPDX-License-Identifier: Apache-2.0
#include "compose_elements.hpp"

#include <algorithm>
#include <iterator>
#include <optional>
#include <string_view>

#include <rollcall/rules/times.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/xml/element.hpp>
#include <rollcall/xml/namespaces.hpp>

namespace rollcall::presence {

namespace {

constexpr std::string_view own_schemes[] = {"sip", "sips", "im", "pres"};

std::optional<base::Instant> time_in(const xml::Element& element, std::string_view name) {
  const xml::Attribute* attribute = element.attribute(name);
  return attribute ? rules::parse_date_time(attribute->value) : std::nullopt;
}

/// Is there a point in reading the attributes?
bool has_times(const xml::Fragment& element) {
  const std::string_view tag = std::string_view(element.text).substr(0, element.text.find('>'));
  return tag.find(" from=") != std::string_view::npos || tag.find(" until=") != std::string_view::npos;
}

/// True for an address that belongs to another service than the presentity's SIP address: its
/// status must not be taken for that of the SIP address.
bool is_other_service(const std::optional<xml::Contact>& contact) {
  if (!contact) return false;
  const std::string_view scheme = std::string_view(contact->uri).substr(0, contact->uri.find(':'));
  return std::none_of(std::begin(own_schemes), std::end(own_schemes),
                      [&](std::string_view own) { return sip::equal_ignoring_case(scheme, own); });
}

/// Where the tag that begins at `begin` ends: its '>'.
std::size_t end_of_tag(std::string_view text, std::size_t begin) {
  char quote = 0;
  for (std::size_t i = begin; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0)
      quote = c == quote ? 0 : quote;
    else if (c == '"' || c == '\'')
      quote = c;
    else if (c == '>')
      return i;
  }
  return text.size();
}

std::string_view local_name(std::string_view tag) {
  tag = tag.substr(0, tag.find_first_of(" \t\r\n/>"));
  return tag.substr(tag.find(':') + 1);
}

}  // namespace

// A fragment has passed the parser and was written by us: there are tags and text, and nothing else.
void for_each_child(const xml::Fragment& fragment,
                    const std::function<void(std::string_view name, std::string_view text)>& on_child) {
  const std::string_view text = fragment.text;
  int depth = 0;
  for (std::size_t begin = text.find('<'); begin < text.size();) {
    const std::size_t end = end_of_tag(text, begin);
    const std::size_t next = std::min(text.find('<', end), text.size());
    const bool closes = text.substr(begin, 2) == "</";
    if (closes) --depth;
    const bool is_empty = text[end - 1] == '/';
    if (!closes && depth == 1 && end < text.size())
      on_child(local_name(text.substr(begin + 1)),
               is_empty ? std::string_view() : sip::trim(text.substr(end + 1, next - end - 1)));
    if (!closes && !is_empty) ++depth;
    begin = next;
  }
}

bool holds(const xml::Fragment& element, base::Instant now) {
  if (element.namespace_uri != xml::rpid_namespace || !has_times(element)) return true;
  const xml::Element tree = xml::element_of(element);
  const auto from = time_in(tree, "from");
  const auto until = time_in(tree, "until");
  return (!from || *from <= now) && (!until || now < *until);
}

bool is_timed_now(const xml::Fragment& element, base::Instant now) {
  if (element.name != "timed-status" || element.namespace_uri != xml::timed_status_namespace) return false;
  const xml::Element tree = xml::element_of(element);
  const auto from = time_in(tree, "from");
  const auto until = time_in(tree, "until");
  return (!from || *from <= now) && (!until || now < *until);
}

bool is_activities(const xml::Fragment& element) {
  return element.name == "activities" && element.namespace_uri == xml::rpid_namespace;
}

bool is_user_input(const xml::Fragment& element) {
  return element.name == "user-input" && element.namespace_uri == xml::rpid_namespace;
}

bool says_active(const xml::Fragment& element) {
  return element.text.find(">active<") != std::string::npos;
}

bool is_of_somebody_else(const xml::Tuple& tuple) {
  return std::any_of(tuple.extensions.begin(), tuple.extensions.end(), [](const xml::Fragment& extension) {
    return extension.name == "relationship" && extension.namespace_uri == xml::rpid_namespace &&
           extension.text.find("<rpid:self/>") == std::string::npos;
  });
}

bool speaks_for_presentity(const xml::Tuple& tuple) {
  return !is_of_somebody_else(tuple) && !is_other_service(tuple.contact);
}

}  // namespace rollcall::presence
