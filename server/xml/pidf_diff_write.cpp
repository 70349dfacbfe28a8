// SPDX-License-Identifier: Apache-2.0
#include "tree_diff.hpp"
#include "tree_text.hpp"

#include <string>
#include <string_view>

#include <rollcall/xml/namespaces.hpp>
#include <rollcall/xml/pidf_diff.hpp>

#include <fmt/format.h>
#include <pugixml.hpp>

namespace rollcall::xml {

namespace {

constexpr std::string_view root_begin = "<presence";
constexpr std::string_view root_end = "</presence>";

/// What write() makes, cut into what a <pidf-full> keeps of it.
struct Cut {
  std::string_view entity;  // as escaped
  std::string_view content;
};

Cut cut(std::string_view document) {
  constexpr std::string_view entity_is = " entity=\"";
  const auto tag = document.find(root_begin);
  const auto end = document.find('>', tag);  // written as &gt; within values
  const auto entity = document.find(entity_is, tag);
  const auto last = document.rfind(root_end);
  if (tag == std::string_view::npos || end == std::string_view::npos || last == std::string_view::npos ||
      last < end)
    return {};
  Cut parts;
  parts.content = document.substr(end + 1, last - end - 1);
  if (entity < end) {
    parts.entity = document.substr(entity + entity_is.size());
    parts.entity = parts.entity.substr(0, parts.entity.find('"'));
  }
  return parts;
}

void append_row(std::string& out, const KnownNamespace& row) {
  if (row.prefix.empty())
    append_attribute(out, "xmlns", row.uri);
  else
    append_attribute(out, fmt::format("xmlns:{}", row.prefix), row.uri);
}

std::string open_root(std::string_view name, std::string_view content, bool all) {
  std::string out(xml_declaration);
  out.append("<p:").append(name);
  for (const auto& row : known_namespaces()) {
    const bool used = row.prefix.empty() || content.find(fmt::format("{}:", row.prefix)) != content.npos;
    if (all || used) append_row(out, row);
  }
  append_attribute(out, "xmlns:p", pidf_diff_namespace);
  return out;
}

std::string write_root(std::string_view name, std::string_view entity, std::string_view content, bool all,
                       std::uint32_t version) {
  auto out = open_root(name, content, all);
  return out + fmt::format(" entity=\"{}\" version=\"{}\">{}</p:{}>\n", entity, version, content, name);
}

}  // namespace

std::string write_pidf_full(std::string_view document, std::uint32_t version) {
  const auto parts = cut(document);
  return write_root("pidf-full", parts.entity, parts.content, true, version);
}

std::string write_pidf_full(const PidfDocument& document, std::uint32_t version) {
  return write_pidf_full(write(document), version);
}

PidfChange write_pidf_change(std::string_view before, std::string_view after, std::uint32_t version) {
  PidfChange change{PidfUpdate::Kind::full, write_pidf_full(after, version)};
  pugi::xml_document old;
  pugi::xml_document fresh;
  const auto parts = cut(after);
  if (parts.entity != cut(before).entity) return change;
  if (!old.load_buffer(before.data(), before.size(), parse_whole, pugi::encoding_utf8) ||
      !fresh.load_buffer(after.data(), after.size(), parse_whole, pugi::encoding_utf8))
    return change;
  // The root of what the watcher keeps is <pidf-full> or <presence>; "*" is both.
  const auto operations = diff_children(old.document_element(), fresh.document_element(), "*");
  if (!operations) return change;
  auto body = write_root("pidf-diff", parts.entity, *operations, false, version);
  if (body.size() < change.body.size()) change = {PidfUpdate::Kind::diff, std::move(body)};
  return change;
}

PidfChange write_pidf_change(const PidfDocument& before, const PidfDocument& after, std::uint32_t version) {
  return write_pidf_change(write(before), write(after), version);
}

}  // namespace rollcall::xml
