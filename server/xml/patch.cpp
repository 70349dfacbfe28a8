// SPDX-License-Identifier: Apache-2.0
#include "guard_faults.hpp"
#include "patch_operation.hpp"
#include "patcher.hpp"
#include "tree.hpp"
#include "tree_text.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <rollcall/xml/patch.hpp>

#include <pugixml.hpp>

namespace rollcall::xml {

namespace {

PatchError past_bounds(std::string phrase) {
  return {std::nullopt, std::move(phrase), {}};
}

PatchError unsound_diff(const base::Error& error) {
  if (error.code == base::ErrorCode::too_large) return past_bounds(error.detail);
  auto fault = PatchFault::invalid_diff_format;
  if (error.detail.find(encoding_fault) != std::string::npos) fault = PatchFault::invalid_character_set;
  if (error.detail.find(entity_fault) != std::string::npos) fault = PatchFault::invalid_entity_declaration;
  return {fault, error.detail, {}};
}

bool load(pugi::xml_document& tree, std::string_view text) {
  return static_cast<bool>(tree.load_buffer(text.data(), text.size(), parse_whole, pugi::encoding_utf8));
}

pugi::xml_node last_operation(pugi::xml_node root) {
  auto node = root.last_child();
  while (node && node.type() != pugi::node_element)
    node = node.previous_sibling();
  return node;
}

std::optional<PatchError> apply_all(pugi::xml_node root, Patcher& patcher) {
  const auto uri = name_of(root).uri;
  for (const auto child : root.children()) {
    if (child.type() == pugi::node_comment || child.type() == pugi::node_pi) continue;
    if (is_text(child) && is_blank(child)) continue;
    if (child.type() != pugi::node_element || name_of(child).uri != uri)
      return PatchError{PatchFault::invalid_diff_format, "what is no operation stands among operations", {}};
    const auto fault = patcher.apply(child);
    if (patcher.is_past_bounds()) return past_bounds("patch takes too many steps or nests too deep");
    if (fault) return PatchError{fault, std::string(phrase_of(*fault)), text_of_operation(child)};
  }
  return std::nullopt;
}

}  // namespace

Patched apply_patch(std::string_view target, std::string_view diff, const PatchBounds& bounds) {
  if (auto sound = guard(diff, bounds.document); !sound) return unsound_diff(sound.error());
  if (auto sound = guard(target, bounds.document); !sound) return past_bounds(sound.error().detail);
  pugi::xml_document patch;
  pugi::xml_document tree;
  if (!load(patch, diff) || !load(tree, target)) return past_bounds("XML: not readable");
  Patcher patcher(tree, bounds);
  if (auto error = apply_all(patch.document_element(), patcher)) return *error;
  auto text = text_of(tree);
  if (auto sound = guard(text, bounds.document); !sound) {
    if (sound.error().code == base::ErrorCode::too_large) return past_bounds(sound.error().detail);
    // Which of them it was cannot be told; the schema wants one to be shown.
    return PatchError{PatchFault::invalid_patch_directive, sound.error().detail,
                      text_of_operation(last_operation(patch.document_element()))};
  }
  return text;
}

}  // namespace rollcall::xml
