// SPDX-License-Identifier: Apache-2.0
#include "characters.hpp"
#include "tree.hpp"
#include "tree_text.hpp"

#include <charconv>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include <rollcall/xml/guard.hpp>
#include <rollcall/xml/namespaces.hpp>
#include <rollcall/xml/pidf_diff.hpp>

#include <pugixml.hpp>

namespace rollcall::xml {

namespace {

Bounds bounds_of(const base::Limits& limits) {
  return {static_cast<std::size_t>(limits.body_bytes), static_cast<std::size_t>(limits.xml_depth)};
}

/// An xsd:unsignedInt (RFC 5262 §7).
std::optional<std::uint32_t> read_version(std::string_view text) {
  text = trim(text);
  std::uint32_t version = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), version);
  if (text.empty() || read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return version;
}

/// Does a name at `element` or below have `prefix`, whatever it means there?
bool uses(pugi::xml_node element, std::string_view prefix) {
  if (split(element.name()).prefix == prefix) return true;
  for (const auto attribute : element.attributes())
    if (split(attribute.name()).prefix == prefix) return true;
  for (const auto child : element.children())
    if (child.type() == pugi::node_element && uses(child, prefix)) return true;
  return false;
}

/// The prefix of the old root served for that alone. Left in place, a text that begins with "p:" would
/// look like a name.
void forget_prefix(pugi::xml_node root, const std::string& prefix) {
  if (!prefix.empty() && !uses(root, prefix)) root.remove_attribute(("xmlns:" + prefix).c_str());
}

/// Gives the root the name <presence> of PIDF, under whatever prefix it declares for that.
void make_presence(pugi::xml_node root) {
  for (const auto attribute : root.attributes()) {
    const auto name = split(attribute.name());
    if (!is_declaration(name) || attribute.value() != pidf_namespace) continue;
    const auto prefix = name.text == "xmlns" ? std::string() : std::string(name.local) + ":";
    root.set_name((prefix + "presence").c_str());
    return;
  }
  std::string prefix = "pidf";
  while (root.attribute(("xmlns:" + prefix).c_str()))
    prefix += "_";
  root.append_attribute(("xmlns:" + prefix).c_str()).set_value(std::string(pidf_namespace).c_str());
  root.set_name((prefix + ":presence").c_str());
}

/// The root of a diff without what is in it, for an error document.
std::string root_of(const PidfUpdate& diff) {
  std::string text = "<pidf-diff";
  append_attribute(text, "xmlns", pidf_diff_namespace);
  append_attribute(text, "entity", diff.entity);
  return text + "/>";
}

}  // namespace

base::Result<PidfUpdate> PidfUpdate::parse(std::string_view body, const base::Limits& limits) {
  if (auto sound = guard(body, bounds_of(limits)); !sound) return sound.error();
  pugi::xml_document tree;
  if (!tree.load_buffer(body.data(), body.size(), parse_whole, pugi::encoding_utf8))
    return base::malformed("XML: not readable");
  auto root = tree.document_element();
  const auto name = name_of(root);
  PidfUpdate update;
  const bool full = name.is(pidf_diff_namespace, "pidf-full");
  if (!full && !name.is(pidf_diff_namespace, "pidf-diff"))
    return base::malformed("PIDF: root is neither pidf-full nor pidf-diff");
  update.kind = full ? Kind::full : Kind::diff;
  update.entity = trim(root.attribute("entity").value());
  if (full && update.entity.empty()) return base::malformed("PIDF: pidf-full without an entity");
  if (const auto version = root.attribute("version")) {
    update.version = read_version(version.value());
    if (!update.version) return base::malformed("PIDF: version is no 32-bit number");
    root.remove_attribute("version");
  }
  if (!full) {
    update.text = body;
    return update;
  }
  const std::string prefix(split(root.name()).prefix);
  make_presence(root);
  forget_prefix(root, prefix);
  update.text = text_of(tree);
  return update;
}

Patched apply_pidf_diff(std::string_view known, const PidfUpdate& diff, const base::Limits& limits) {
  const PatchBounds bounds{bounds_of(limits)};
  if (!diff.entity.empty()) {
    pugi::xml_document tree;
    tree.load_buffer(known.data(), known.size(), parse_whole, pugi::encoding_utf8);
    if (trim(tree.document_element().attribute("entity").value()) != diff.entity)
      return PatchError{PatchFault::invalid_attribute_value, "the entity is another", root_of(diff)};
  }
  return apply_patch(known, diff.text, bounds);
}

/// RFC 5263 §4.5.
base::Result<> KnownPresence::take(std::string_view body, const base::Limits& limits) {
  auto update = PidfUpdate::parse(body, limits);
  if (!update) return update.error();
  if (!update->version) return base::malformed("PIDF: no version");
  if (version_ && *update->version <= *version_)
    return base::Error{base::ErrorCode::conflict, "version is not newer"};
  if (update->kind == PidfUpdate::Kind::diff) {
    if (text_.empty() || !version_ || *update->version != *version_ + 1)
      return base::Error{base::ErrorCode::precondition, "a version is missing"};
    auto patched = apply_pidf_diff(text_, *update, limits);
    if (const auto* error = std::get_if<PatchError>(&patched))
      return base::Error{base::ErrorCode::precondition, error->phrase};
    update->text = std::move(std::get<std::string>(patched));
  }
  if (auto sound = PidfDocument::parse(update->text, limits); !sound) return sound.error();
  text_ = std::move(update->text);
  version_ = update->version;
  return base::Done{};
}

}  // namespace rollcall::xml
