// SPDX-License-Identifier: Apache-2.0
#include "fragment_reader.hpp"

#include "characters.hpp"
#include "escape.hpp"
#include "ids.hpp"
#include "scope.hpp"
#include "tree.hpp"

#include <algorithm>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xml/namespaces.hpp>

#include <fmt/format.h>

namespace rollcall::xml {

namespace {

/// An attribute never takes the default namespace, so PIDF's need a prefix of their own.
constexpr std::string_view pidf_attribute_prefix = "pidf";

class FragmentReader {
 public:
  Fragment read(pugi::xml_node top);

 private:
  struct Declaration {
    std::string_view prefix;
    std::string_view uri;
  };

  void write_element(pugi::xml_node element, bool pidf_is_default);
  void write_attributes(pugi::xml_node element, std::string_view element_uri);
  void write_content(pugi::xml_node element, bool pidf_is_default);
  void write_name(std::string_view prefix, std::string_view local);
  void keep_prefix_in(pugi::xml_node scope, std::string_view value);
  std::string_view prefix_for(std::string_view uri, std::string_view wanted, bool attribute);
  std::string_view declare(std::string_view wanted, std::string_view uri);
  [[nodiscard]] bool is_taken(std::string_view prefix) const;
  void insert_declarations();

  Fragment fragment_;
  std::size_t declarations_at_ = 0;  // behind the name of the top element
  std::vector<Declaration> declarations_;
  std::deque<std::string> made_prefixes_;  // owns those that are no part of the document; never moved
};

bool is_known_prefix(std::string_view prefix) {
  const auto rows = known_namespaces();
  return prefix == "xml" || prefix == pidf_attribute_prefix ||
         std::any_of(rows.begin(), rows.end(), [&](const auto& row) { return row.prefix == prefix; });
}

Fragment FragmentReader::read(pugi::xml_node top) {
  const auto name = name_of(top);
  fragment_.namespace_uri = name.uri;
  fragment_.name = name.local;
  write_element(top, true);
  insert_declarations();
  return std::move(fragment_);
}

void FragmentReader::write_element(pugi::xml_node element, bool pidf_is_default) {
  const auto name = split(element.name());
  const auto uri = name_of(element).uri;
  const bool wants_pidf = uri == pidf_namespace;
  const bool in_no_namespace = uri.empty();
  const auto prefix = in_no_namespace ? std::string_view() : prefix_for(uri, name.prefix, false);
  auto& text = fragment_.text;
  text += '<';
  write_name(prefix, name.local);
  if (declarations_at_ == 0) declarations_at_ = text.size();
  if (in_no_namespace && pidf_is_default) text += " xmlns=\"\"";
  if (wants_pidf && !pidf_is_default) text.append(" xmlns=\"").append(pidf_namespace).append("\"");
  write_attributes(element, uri);
  const auto before_content = text.size();
  text += '>';
  write_content(element, wants_pidf || (pidf_is_default && !in_no_namespace));
  if (text.size() == before_content + 1) {
    text.replace(before_content, 1, "/>");
    return;
  }
  text += "</";
  write_name(prefix, name.local);
  text += '>';
}

void FragmentReader::write_attributes(pugi::xml_node element, std::string_view element_uri) {
  auto& text = fragment_.text;
  for (const auto attribute : element.attributes()) {
    const auto name = split(attribute.name());
    if (is_declaration(name)) continue;
    text += ' ';
    if (name.prefix.empty()) {
      text += name.local;
    } else {
      const auto uri = find_namespace(element, name.prefix).value_or(std::string_view());
      write_name(prefix_for(uri, name.prefix, true), name.local);
    }
    text += "=\"";
    const auto begin = text.size();
    append_attribute_value(text, attribute.value());
    if (is_id(name, element_uri)) fragment_.ids.push_back({begin, text.size() - begin});
    text += '"';
    keep_prefix_in(element, attribute.value());
  }
}

/// Characters that comments or CDATA sections had cut are one run again. A run of nothing but white
/// space beside elements is layout, and goes.
void FragmentReader::write_content(pugi::xml_node element, bool pidf_is_default) {
  const auto first_element =
      element.find_child([](pugi::xml_node n) { return n.type() == pugi::node_element; });
  std::string run;
  const auto flush = [&] {
    if (!first_element || !trim(run).empty()) {
      append_text(fragment_.text, run);
      keep_prefix_in(element, run);
    }
    run.clear();
  };
  for (const auto child : element.children()) {
    if (child.type() != pugi::node_element) {
      run += child.value();
      continue;
    }
    flush();
    write_element(child, pidf_is_default);
  }
  flush();
}

void FragmentReader::write_name(std::string_view prefix, std::string_view local) {
  if (!prefix.empty()) fragment_.text.append(prefix).append(":");
  fragment_.text.append(local);
}

/// A value may be a name with a prefix (xsi:type="ex:car"), so the prefix that it starts with keeps
/// its meaning where the name of no element asks for another.
void FragmentReader::keep_prefix_in(pugi::xml_node scope, std::string_view value) {
  const auto colon = value.find(':');
  if (colon == std::string_view::npos) return;
  const auto prefix = trim(value.substr(0, colon));
  if (prefix.empty() || prefix == "xml") return;
  const auto uri = find_namespace(scope, prefix);
  if (!uri) return;
  const auto row = known_row(*uri);
  if (row < known_namespaces().size() && known_namespaces()[row].prefix == prefix) {
    fragment_.namespaces |= 1U << row;
    return;
  }
  const bool ours = prefix == pidf_attribute_prefix ? *uri != pidf_namespace : is_known_prefix(prefix);
  // The value may be a text that was put together here, and is gone before the declarations are written.
  if (!ours && !is_taken(prefix)) declarations_.push_back({made_prefixes_.emplace_back(prefix), *uri});
}

std::string_view FragmentReader::prefix_for(std::string_view uri, std::string_view wanted, bool attribute) {
  if (uri == xml_namespace) return "xml";
  const auto row = known_row(uri);
  if (row == known_namespaces().size()) return declare(wanted, uri);
  if (attribute && row == 0) return declare(pidf_attribute_prefix, uri);
  fragment_.namespaces |= 1U << row;
  return known_namespaces()[row].prefix;
}

/// The prefix under which the top element declares `uri`: the wanted one if it is free.
std::string_view FragmentReader::declare(std::string_view wanted, std::string_view uri) {
  for (const auto& row : declarations_) {
    if (row.uri == uri) return row.prefix;
  }
  const bool is_pidf = uri == pidf_namespace;
  if (wanted.empty() || is_taken(wanted) || (!is_pidf && is_known_prefix(wanted))) {
    auto number = declarations_.size() + 1;
    while (is_taken(fmt::format("ns{}", number)))
      ++number;
    wanted = made_prefixes_.emplace_back(fmt::format("ns{}", number));
  }
  declarations_.push_back({wanted, uri});
  return wanted;
}

bool FragmentReader::is_taken(std::string_view prefix) const {
  return std::any_of(declarations_.begin(), declarations_.end(),
                     [prefix](const Declaration& row) { return row.prefix == prefix; });
}

void FragmentReader::insert_declarations() {
  // Sorted, so that it does not matter what asked for them first.
  std::sort(declarations_.begin(), declarations_.end(),
            [](const Declaration& a, const Declaration& b) { return a.prefix < b.prefix; });
  std::string text;
  for (const auto& row : declarations_) {
    text.append(" xmlns:").append(row.prefix).append("=\"");
    append_attribute_value(text, row.uri);
    text += '"';
  }
  fragment_.text.insert(declarations_at_, text);
  for (auto& id : fragment_.ids)
    id.begin += text.size();
}

}  // namespace

Fragment read_fragment(pugi::xml_node element) {
  return FragmentReader().read(element);
}

}  // namespace rollcall::xml
