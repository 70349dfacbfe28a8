// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <iterator>
#include <unordered_set>

#include <rollcall/bodies/dialog_info.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::bodies {

namespace {

using xml::Element;

/// What is wrong, in words that may be sent; nullptr when nothing is.
using Fault = const char*;

std::string value_of(const Element& element, std::string_view name) {
  const auto* attribute = element.attribute(name);
  return attribute ? std::string(sip::trim(attribute->value)) : std::string();
}

bool is_ours(const Element& element, std::string_view name) {
  return element.is(dialog_info_namespace, name);
}

/// The value among `count` from 0 whose name is `text`, in any case.
template <class Enum>
std::optional<Enum> by_name(std::string_view text, Enum last) {
  for (std::size_t i = 0; i <= static_cast<std::size_t>(last); ++i) {
    const auto value = static_cast<Enum>(i);
    if (!text.empty() && sip::equal_ignoring_case(to_string(value), text)) return value;
  }
  return std::nullopt;
}

DialogName read_name(const Element& element) {
  return {element.text, value_of(element, "display")};
}

/// §4.1.6.
DialogParty read_party(const Element& element) {
  DialogParty party;
  for (const auto& child : element.children) {
    if (is_ours(child, "identity") && !party.identity) party.identity = read_name(child);
    if (is_ours(child, "target") && !party.target) {
      party.target = value_of(child, "uri");
      for (const auto& param : child.children)
        if (is_ours(param, "param"))
          party.target_params.emplace_back(value_of(param, "pname"), value_of(param, "pval"));
    }
    if (is_ours(child, "session-description")) {
      party.session_description = child.text;
      party.session_description_type = value_of(child, "type");
    }
  }
  return party;
}

/// §4.1.2.
Fault read_state(const Element& element, Dialog& dialog) {
  const auto state = by_name(element.text, DialogState::terminated);
  if (!state) return "dialog in an unknown state";
  dialog.state = *state;
  auto event = value_of(element, "event");
  if (event.empty()) event = value_of(element, "reason");
  dialog.event = by_name(event, DialogEvent::timeout).value_or(DialogEvent::none);
  const auto code = sip::parse_number(value_of(element, "code"));
  if (code && *code >= 100 && *code <= 699) dialog.code = code;
  return nullptr;
}

void read_child(const Element& child, Dialog& dialog) {
  if (is_ours(child, "duration")) dialog.duration = sip::parse_number(child.text);
  if (is_ours(child, "replaces"))
    dialog.replaces = {value_of(child, "call-id"), value_of(child, "local-tag"),
                       value_of(child, "remote-tag")};
  if (is_ours(child, "referred-by")) dialog.referred_by = read_name(child);
  if (is_ours(child, "local")) dialog.local = read_party(child);
  if (is_ours(child, "remote")) dialog.remote = read_party(child);
  if (child.namespace_uri != dialog_info_namespace && !child.namespace_uri.empty())
    dialog.extensions.push_back(child);
}

DialogDirection read_direction(std::string_view text) {
  if (sip::equal_ignoring_case(text, "receiver")) return DialogDirection::recipient;
  return by_name(text, DialogDirection::recipient).value_or(DialogDirection::unknown);
}

/// §4.1.1.
Fault read_dialog(const Element& element, Dialog& dialog) {
  dialog.id = value_of(element, "id");
  if (dialog.id.empty()) return "dialog without an id";
  dialog.call_id = value_of(element, "call-id");
  dialog.local_tag = value_of(element, "local-tag");
  dialog.remote_tag = value_of(element, "remote-tag");
  dialog.direction = read_direction(value_of(element, "direction"));
  bool has_state = false;
  for (const auto& child : element.children) {
    if (!is_ours(child, "state")) {
      read_child(child, dialog);
      continue;
    }
    if (has_state) return "second state in a dialog";
    if (auto fault = read_state(child, dialog)) return fault;
    has_state = true;
  }
  return has_state ? nullptr : "dialog without a state";
}

/// §4.1.
Fault read_root(const Element& root, DialogInfo& document) {
  if (!is_ours(root, "dialog-info")) return "root is not dialog-info";
  document.entity = value_of(root, "entity");
  if (document.entity.empty()) return "dialog-info without an entity";
  if (root.attribute("version")) {
    const auto version = sip::parse_number(value_of(root, "version"));
    if (!version) return "version is no 32-bit number";
    document.version = *version;
  }
  const auto coverage = value_of(root, "state");
  if (!coverage.empty() && coverage != "full" && coverage != "partial") return "state is not full or partial";
  if (coverage == "partial") document.coverage = Coverage::partial;
  return nullptr;
}

Fault read(const Element& root, DialogInfo& document) {
  if (auto fault = read_root(root, document)) return fault;
  std::unordered_set<std::string> ids;
  for (const auto& child : root.children) {
    if (!is_ours(child, "dialog")) continue;
    Dialog dialog;
    if (auto fault = read_dialog(child, dialog)) return fault;
    if (!ids.insert(dialog.id).second) return "two dialogs with the same id";
    document.dialogs.push_back(std::move(dialog));
  }
  return nullptr;
}

}  // namespace

base::Result<DialogInfo> DialogInfo::parse(std::string_view body, const base::Limits& limits) {
  const xml::Bounds bounds{static_cast<std::size_t>(limits.body_bytes),
                           static_cast<std::size_t>(limits.xml_depth)};
  const auto root = xml::read_document(body, bounds);
  if (!root) return root.error();
  DialogInfo document;
  if (const auto* fault = read(*root, document)) return base::malformed(std::string("dialog-info: ") + fault);
  return document;
}

}  // namespace rollcall::bodies
