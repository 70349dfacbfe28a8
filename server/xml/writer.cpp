// SPDX-License-Identifier: Apache-2.0
#include "characters.hpp"
#include "escape.hpp"
#include "scope.hpp"
#include "tree_text.hpp"

#include <algorithm>
#include <cstddef>

#include <rollcall/xml/writer.hpp>

#include <fmt/format.h>

namespace rollcall::xml {

namespace {

bool is_sound(std::string_view text) {
  return std::all_of(text.begin(), text.end(), is_plain);
}

/// Attributes with a namespace get prefixes of their own, since the default one does not count for them.
void append_attributes(std::string& out, const Element& element) {
  std::size_t number = 0;
  for (const auto& attribute : element.attributes) {
    if (attribute.namespace_uri.empty()) {
      append_attribute(out, attribute.name, attribute.value);
    } else if (attribute.namespace_uri == xml_namespace) {
      append_attribute(out, "xml:" + attribute.name, attribute.value);
    } else {
      append_attribute(out, fmt::format("xmlns:a{}", ++number), attribute.namespace_uri);
      append_attribute(out, fmt::format("a{}:{}", number, attribute.name), attribute.value);
    }
  }
}

void append_element(std::string& out, const Element& element, std::string_view default_uri) {
  out.append("<").append(element.name);
  const std::string_view uri = element.namespace_uri;
  if (uri != default_uri) append_attribute(out, "xmlns", uri);
  append_attributes(out, element);
  out += '>';
  append_text(out, element.text);
  for (const auto& child : element.children)
    append_element(out, child, uri);
  out.append("</").append(element.name).append(">");
}

}  // namespace

std::string sound_text(std::string_view text) {
  constexpr std::string_view replacement = "\xEF\xBF\xBD";
  std::string out;
  while (!text.empty()) {
    const auto character = decode(text);
    const bool sound = character.size > 0 && is_char(character.code);
    out += sound ? text.substr(0, character.size) : replacement;
    text.remove_prefix(character.size > 0 ? character.size : 1);
  }
  return out;
}

Writer::Writer(std::string_view root, std::string_view namespace_uri)
    : out_(xml_declaration), namespace_uri_(namespace_uri) {
  open(root).attribute("xmlns", namespace_uri);
}

Writer& Writer::open(std::string_view name) {
  end_tag();
  out_.append("<").append(name);
  open_.push_back(name);
  in_tag_ = true;
  return *this;
}

Writer& Writer::attribute(std::string_view name, std::string_view value) {
  append_attribute(out_, name, is_sound(value) ? std::string(value) : sound_text(value));
  return *this;
}

Writer& Writer::attribute(std::string_view name, std::optional<std::uint64_t> value) {
  if (value) append_attribute(out_, name, fmt::format("{}", *value));
  return *this;
}

Writer& Writer::attribute_if_any(std::string_view name, std::string_view value) {
  return value.empty() ? *this : attribute(name, value);
}

Writer& Writer::text(std::string_view text) {
  if (text.empty()) return *this;
  end_tag();
  append_text(out_, is_sound(text) ? std::string(text) : sound_text(text));
  return *this;
}

Writer& Writer::close() {
  if (in_tag_) {
    out_ += "/>";
    in_tag_ = false;
  } else {
    out_.append("</").append(open_.back()).append(">");
  }
  open_.pop_back();
  return *this;
}

Writer& Writer::element(std::string_view name, std::string_view content) {
  return open(name).text(content).close();
}

Writer& Writer::element_if_any(std::string_view name, std::string_view content) {
  return content.empty() ? *this : element(name, content);
}

Writer& Writer::element(const Element& element) {
  end_tag();
  append_element(out_, element, namespace_uri_);
  return *this;
}

Writer& Writer::raw(std::string_view xml) {
  end_tag();
  out_ += xml;
  return *this;
}

std::string Writer::take() {
  while (!open_.empty())
    close();
  out_ += '\n';
  return std::move(out_);
}

void Writer::end_tag() {
  if (in_tag_) out_ += '>';
  in_tag_ = false;
}

}  // namespace rollcall::xml
