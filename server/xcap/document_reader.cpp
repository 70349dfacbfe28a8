// SPDX-License-Identifier: Apache-2.0
#include "document_reader.hpp"

#include <algorithm>
#include <utility>

namespace rollcall::xcap {

namespace {

constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Prefix and local part of a name as written.
std::pair<std::string_view, std::string_view> split(std::string_view name) {
  const auto colon = name.find(':');
  if (colon == std::string_view::npos) return {{}, name};
  return {name.substr(0, colon), name.substr(colon + 1)};
}

}  // namespace

DocumentReader::DocumentReader(std::string text) {
  document_.text_ = std::make_shared<const std::string>(std::move(text));
  text_ = *document_.text_;
}

Document DocumentReader::read() && {
  for (auto next = text_.find('<'); next != std::string_view::npos; next = text_.find('<', at_)) {
    at_ = next;
    markup();
  }
  return std::move(document_);
}

void DocumentReader::markup() {
  const auto rest = text_.substr(at_);
  if (rest.starts_with("<!--"))
    skip_past("-->", at_ + 4);
  else if (rest.starts_with("<![CDATA["))
    skip_past("]]>", at_ + 9);
  else if (rest.starts_with("<?"))
    skip_past("?>", at_ + 2);
  else if (rest.starts_with("</"))
    end_tag();
  else
    start_tag();
}

void DocumentReader::start_tag() {
  Document::Element element;
  element.begin = static_cast<std::uint32_t>(at_++);
  element.name = name();
  element.parent = open_.empty() ? Document::none : open_.back();
  element.attributes = static_cast<std::uint32_t>(document_.attributes_.size());
  element.declarations = static_cast<std::uint32_t>(document_.declarations_.size());
  element.tag_end = static_cast<std::uint32_t>(at_);
  for (skip_space(); text_[at_] != '>' && text_[at_] != '/'; skip_space())
    attribute(element);
  const bool is_empty = text_[at_] == '/';
  at_ += is_empty ? 2 : 1;
  element.open_end = static_cast<std::uint32_t>(at_);
  resolve(element);
  document_.elements_.push_back(element);
  const auto index = document_.size() - 1;
  link(index);
  open_.push_back(index);
  if (is_empty) close(element.open_end);
}

void DocumentReader::attribute(Document::Element& element) {
  Document::Attribute row;
  row.begin = element.tag_end;
  row.name = name();
  skip_space();
  ++at_;  // the equals sign
  skip_space();
  row.value = static_cast<std::uint32_t>(at_);
  skip_past(text_.substr(at_, 1), at_ + 1);
  row.end = static_cast<std::uint32_t>(at_);
  element.tag_end = row.end;
  const auto [prefix, local] = split(row.name);
  if (prefix != "xmlns" && row.name != "xmlns") {
    ++element.attribute_count;
    document_.attributes_.push_back(row);
    return;
  }
  const auto uri = text_.substr(row.value + 1, row.end - row.value - 2);
  ++element.declaration_count;
  document_.declarations_.push_back({prefix.empty() ? std::string_view() : local, uri});
  in_scope_.push_back(document_.declarations_.back());
}

/// Only when the whole tag is read, since a declaration counts for what stands before it too.
void DocumentReader::resolve(Document::Element& element) {
  const auto [prefix, local] = split(element.name);
  element.expanded = {find_namespace(prefix), local};
  for (auto i = element.attributes; i < element.attributes + element.attribute_count; ++i) {
    auto& row = document_.attributes_[i];
    const auto [own_prefix, own_local] = split(row.name);
    // An attribute without a prefix is in no namespace, whatever the default is.
    row.expanded = {own_prefix.empty() ? std::string_view() : find_namespace(own_prefix), own_local};
  }
}

void DocumentReader::end_tag() {
  const auto begin = static_cast<std::uint32_t>(at_);
  skip_past(">", at_);
  close(begin);
}

void DocumentReader::close(std::uint32_t begin) {
  auto& element = document_.elements_[open_.back()];
  open_.pop_back();
  element.close = begin;
  element.end = static_cast<std::uint32_t>(at_);
  in_scope_.resize(in_scope_.size() - element.declaration_count);
}

void DocumentReader::link(Document::Index index) {
  if (open_.empty()) return;
  auto& parent = document_.elements_[open_.back()];
  if (parent.first_child == Document::none)
    parent.first_child = index;
  else
    document_.elements_[parent.last_child].next = index;
  parent.last_child = index;
}

void DocumentReader::skip_space() {
  while (is_space(text_[at_]))
    ++at_;
}

std::string_view DocumentReader::name() {
  const auto end = text_.find_first_of(" \t\r\n=/>", at_);
  const auto found = text_.substr(at_, end - at_);
  at_ = end;
  return found;
}

void DocumentReader::skip_past(std::string_view token, std::size_t from) {
  at_ = text_.find(token, from) + token.size();
}

std::string_view DocumentReader::find_namespace(std::string_view prefix) const {
  if (prefix == "xml") return xml_namespace;
  const auto found = std::find_if(in_scope_.rbegin(), in_scope_.rend(),
                                  [prefix](const auto& row) { return row.prefix == prefix; });
  return found == in_scope_.rend() ? std::string_view() : found->uri;
}

}  // namespace rollcall::xcap
