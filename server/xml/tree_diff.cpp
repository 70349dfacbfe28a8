// SPDX-License-Identifier: Apache-2.0
#include "tree_diff.hpp"

#include "child_match.hpp"
#include "escape.hpp"
#include "tree.hpp"
#include "tree_text.hpp"

#include <algorithm>
#include <vector>

#include <rollcall/xml/namespaces.hpp>

#include <fmt/format.h>

namespace rollcall::xml {

namespace {

using Children = std::vector<Child>;

bool is_element(pugi::xml_node node) {
  return node.type() == pugi::node_element;
}

bool declares_any(pugi::xml_node element) {
  const auto attributes = element.attributes();
  return std::any_of(attributes.begin(), attributes.end(), [](const pugi::xml_attribute& attribute) {
    return is_declaration(split(attribute.name()));
  });
}

bool is_known_prefix(std::string_view prefix) {
  const auto rows = known_namespaces();
  return std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.prefix == prefix; });
}

/// Can a selector name it, with the declarations that the root of a patch has? An element that declares
/// something may have changed the default namespace.
bool is_nameable(pugi::xml_node element) {
  return is_known_prefix(split(element.name()).prefix) && !element.attribute("xmlns");
}

bool holds_elements(pugi::xml_node element) {
  return std::any_of(element.begin(), element.end(), is_element);
}

bool holds_text(pugi::xml_node element) {
  return !std::all_of(element.begin(), element.end(), is_element);
}

/// Can the change be told by what is inside? Below an element that declares a namespace the same prefix
/// may mean something else; and characters among elements are not told apart.
bool can_go_into(pugi::xml_node before, pugi::xml_node after) {
  return is_nameable(before) && !declares_any(before) && !declares_any(after) &&
         !(holds_text(before) && holds_elements(before)) && !(holds_text(after) && holds_elements(after)) &&
         !(holds_text(before) && holds_elements(after)) && !(holds_elements(before) && holds_text(after));
}

/// How the child at `place` of a list as it is now is called.
std::string selector_of(const Children& list, std::size_t place) {
  const auto& child = list[place];
  const bool nameable = is_nameable(child.node);
  std::size_t position = 0, same_name = 0, same_id = 0;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (nameable && (list[i].name != child.name || !is_nameable(list[i].node))) continue;
    ++same_name;
    if (i <= place) ++position;
    if (list[i].id == child.id) ++same_id;
  }
  if (!nameable) return fmt::format("*[{}]", position);
  const bool quotable = !child.id.empty() && child.id.find('\'') == std::string_view::npos;
  if (quotable && same_id == 1) return fmt::format("{}[@id='{}']", child.name, child.id);
  return same_name == 1 ? std::string(child.name) : fmt::format("{}[{}]", child.name, position);
}

std::string selects(std::string_view selector) {
  std::string text = " sel=\"";
  append_attribute_value(text, selector);
  return text + "\"";
}

std::string add(std::string_view selector, std::string_view directive, std::string_view content) {
  return fmt::format("<p:add{}{}>{}</p:add>", selects(selector), directive, content);
}

std::string replace(std::string_view selector, std::string_view content) {
  if (content.empty()) return fmt::format("<p:replace{}/>", selects(selector));
  return fmt::format("<p:replace{}>{}</p:replace>", selects(selector), content);
}

std::string remove(std::string_view selector) {
  return fmt::format("<p:remove{}/>", selects(selector));
}

std::string escaped(std::string_view text) {
  std::string out;
  append_text(out, text);
  return out;
}

/// Only of elements that declare nothing, so a prefix is xml: or a known one.
std::optional<std::string> diff_attributes(pugi::xml_node before, pugi::xml_node after,
                                           const std::string& selector) {
  std::string operations;
  for (const auto old : before.attributes()) {
    if (!after.attribute(old.name())) operations += remove(fmt::format("{}/@{}", selector, old.name()));
  }
  for (const auto fresh : after.attributes()) {
    const auto old = before.attribute(fresh.name());
    const std::string_view value = fresh.value();
    if (old && value == old.value()) continue;
    if (old) {
      operations += replace(fmt::format("{}/@{}", selector, fresh.name()), escaped(value));
      continue;
    }
    if (value.empty()) return std::nullopt;  // an <add> must hold a text (RFC 5261 §4.3)
    operations += add(selector, fmt::format(" type=\"@{}\"", fresh.name()), escaped(value));
  }
  return operations;
}

std::string diff_text(pugi::xml_node before, pugi::xml_node after, const std::string& selector) {
  const auto old = text_of(before);
  const auto fresh = text_of(after);
  if (old == fresh) return {};
  if (old.empty()) return add(selector, {}, escaped(fresh));
  if (fresh.empty()) return remove(selector + "/text()");
  return replace(selector + "/text()", escaped(fresh));
}

/// Told by what changed inside, or by the whole element: whichever is shorter.
std::string diff_element(const Child& before, const Child& after, const std::string& selector) {
  auto whole = replace(selector, after.text);
  if (!can_go_into(before.node, after.node)) return whole;
  auto operations = diff_attributes(before.node, after.node, selector);
  if (!operations) return whole;
  if (holds_elements(before.node) || holds_elements(after.node)) {
    const auto inside = diff_children(before.node, after.node, selector);
    if (!inside) return whole;
    *operations += *inside;
  } else {
    *operations += diff_text(before.node, after.node, selector);
  }
  return operations->size() < whole.size() ? *operations : whole;
}

/// Each operation is told against the list that the ones before it left (RFC 5261 §4).
class ListDiff {
 public:
  ListDiff(Children before, std::string_view parent) : list_(std::move(before)), parent_(parent) {}

  void remove_all_but(const std::vector<std::optional<std::size_t>>& kept) {
    std::vector<bool> stays(list_.size());
    for (const auto& place : kept)
      if (place) stays[*place] = true;
    for (auto place = list_.size(); place-- > 0;) {
      if (stays[place]) continue;
      operations_ += remove(path_to(place));
      list_.erase(list_.begin() + static_cast<std::ptrdiff_t>(place));
    }
  }

  void keep(const Child& as) {
    if (list_[at_].text != as.text) operations_ += diff_element(list_[at_], as, path_to(at_));
    list_[at_++] = as;
  }

  /// Inserts children here.
  void insert(const Child* begin, const Child* end) {
    std::string content;
    for (const auto* child = begin; child != end; ++child)
      content += child->text;
    if (at_ == list_.size())
      operations_ += add(parent_, {}, content);
    else if (at_ == 0)
      operations_ += add(parent_, " pos=\"prepend\"", content);
    else
      operations_ += add(path_to(at_), " pos=\"before\"", content);
    list_.insert(list_.begin() + static_cast<std::ptrdiff_t>(at_), begin, end);
    at_ += static_cast<std::size_t>(end - begin);
  }

  std::string take() { return std::move(operations_); }

 private:
  [[nodiscard]] std::string path_to(std::size_t place) const {
    return parent_ + "/" + selector_of(list_, place);
  }

  Children list_;
  std::string parent_;
  std::string operations_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::string> diff_children(pugi::xml_node before, pugi::xml_node after,
                                         std::string_view selector) {
  if (holds_text(before) || holds_text(after)) return std::nullopt;
  const auto old = children_of(before);
  const auto fresh = children_of(after);
  if (old.size() > most_compared || fresh.size() > most_compared) return std::nullopt;
  const auto kept = match(old, fresh);
  ListDiff diff(old, selector);
  diff.remove_all_but(kept);
  for (std::size_t place = 0; place < fresh.size();) {
    if (kept[place]) {
      diff.keep(fresh[place++]);
      continue;
    }
    auto end = place;
    while (end < fresh.size() && !kept[end])
      ++end;
    diff.insert(fresh.data() + place, fresh.data() + end);
    place = end;
  }
  return diff.take();
}

}  // namespace rollcall::xml
