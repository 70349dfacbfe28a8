// SPDX-License-Identifier: Apache-2.0
#include "transplant.hpp"

#include "tree.hpp"

#include <algorithm>
#include <utility>

namespace rollcall::xml {

namespace {

std::string prefix_of_declaration(const QName& name) {
  return std::string(name.text == "xmlns" ? std::string_view() : name.local);
}

std::string join(std::string_view prefix, std::string_view local) {
  return prefix.empty() ? std::string(local) : std::string(prefix).append(":").append(local);
}

}  // namespace

Transplant::Transplant(pugi::xml_node context, pugi::xml_node operation, std::size_t depth, Work& work)
    : context_(context), operation_(operation), most_depth_(depth), work_(work) {
  for (auto node = context; node.type() == pugi::node_element; node = node.parent()) {
    ++context_depth_;
    for (const auto attribute : node.attributes()) {
      const auto name = split(attribute.name());
      if (!work.spend() || !is_declaration(name)) continue;
      auto prefix = prefix_of_declaration(name);
      const bool hidden = std::any_of(in_scope_.begin(), in_scope_.end(),
                                      [&](const Declaration& row) { return row.prefix == prefix; });
      if (!hidden) in_scope_.push_back({std::move(prefix), attribute.value()});
    }
  }
  std::sort(in_scope_.begin(), in_scope_.end(),
            [](const Declaration& a, const Declaration& b) { return a.prefix < b.prefix; });
}

std::optional<PatchFault> Transplant::copy(pugi::xml_node from, pugi::xml_node to) {
  if (from.type() == pugi::node_element) return copy_element(from, to, context_depth_ + 1);
  to.set_name(from.name());
  to.set_value(from.value());
  return std::nullopt;
}

std::optional<PatchFault> Transplant::copy_element(pugi::xml_node from, pugi::xml_node to,
                                                   std::size_t depth) {
  too_deep_ = too_deep_ || depth > most_depth_;
  if (too_deep_ || !work_.spend()) return std::nullopt;
  const auto outside = local_.size();
  copy_declarations(from, to);
  if (auto fault = name_element(from, to)) return fault;
  if (auto fault = copy_attributes(from, to)) return fault;
  for (const auto child : from.children()) {
    auto copied = to.append_child(child.type());
    if (child.type() == pugi::node_element) {
      if (auto fault = copy_element(child, copied, depth + 1)) return fault;
    } else {
      copied.set_name(child.name());
      copied.set_value(child.value());
    }
  }
  local_.resize(outside);
  return std::nullopt;
}

/// What the content declares itself is copied unaltered (§4.2.3).
void Transplant::copy_declarations(pugi::xml_node from, pugi::xml_node to) {
  for (const auto attribute : from.attributes()) {
    const auto name = split(attribute.name());
    if (!is_declaration(name)) continue;
    to.append_attribute(attribute.name()).set_value(attribute.value());
    local_.push_back({prefix_of_declaration(name), attribute.value()});
  }
}

std::optional<PatchFault> Transplant::name_element(pugi::xml_node from, pugi::xml_node to) {
  const auto name = split(from.name());
  if (is_local(name.prefix) || name.prefix == "xml") {
    to.set_name(from.name());
    return std::nullopt;
  }
  const auto uri = find_namespace(operation_, name.prefix, work_).value_or(std::string_view());
  if (uri.empty()) {
    to.set_name(from.name());
    const bool has_default =
        !in_scope_.empty() && in_scope_.front().prefix.empty() && !in_scope_.front().uri.empty();
    if (!has_default) return std::nullopt;
    to.append_attribute("xmlns").set_value("");
    local_.push_back({});
    return std::nullopt;
  }
  const auto prefix = choose(uri, name.prefix, true);
  if (!prefix) return PatchFault::invalid_namespace_uri;
  work_.spend(prefix->size());  // a long one, used often, would make the target grow
  to.set_name(join(*prefix, name.local).c_str());
  return std::nullopt;
}

std::optional<PatchFault> Transplant::copy_attributes(pugi::xml_node from, pugi::xml_node to) {
  for (const auto attribute : from.attributes()) {
    const auto name = split(attribute.name());
    if (!work_.spend() || is_declaration(name)) continue;
    std::string copied(name.text);
    if (!name.prefix.empty() && name.prefix != "xml" && !is_local(name.prefix)) {
      const auto uri = find_namespace(operation_, name.prefix, work_).value_or(std::string_view());
      const auto prefix = attribute_prefix(uri, name.prefix);
      if (!prefix) return PatchFault::invalid_namespace_uri;
      work_.spend(prefix->size());
      copied = join(*prefix, name.local);
    }
    to.append_attribute(copied.c_str()).set_value(attribute.value());
  }
  return std::nullopt;
}

std::optional<std::string> Transplant::attribute_prefix(std::string_view uri, std::string_view wanted) const {
  if (uri == xml_namespace) return "xml";
  return choose(uri, wanted, false);
}

bool Transplant::is_local(std::string_view prefix) const {
  return std::any_of(local_.begin(), local_.end(),
                     [prefix](const Declaration& row) { return row.prefix == prefix; });
}

/// The three rules of §4.2.3. A prefix that the content declares itself would mean something else.
std::optional<std::string> Transplant::choose(std::string_view uri, std::string_view wanted,
                                              bool default_too) const {
  std::optional<std::string> chosen;
  const auto own = split(context_.name()).prefix;
  bool own_fits = false;
  for (const auto& row : in_scope_) {
    if (!work_.spend()) break;
    if (row.uri == uri) work_.spend(local_.size());
    if (row.uri != uri || is_local(row.prefix) || (row.prefix.empty() && !default_too)) continue;
    if (row.prefix == wanted) return row.prefix;
    own_fits = own_fits || row.prefix == own;
    if (!chosen || row.prefix < wanted) chosen = row.prefix;
  }
  if (own_fits) return std::string(own);
  return chosen;
}

}  // namespace rollcall::xml
