// SPDX-License-Identifier: Apache-2.0
// Reading and writing node selectors; select.cpp evaluates them.
#include "encoding.hpp"
#include "names.hpp"

#include <algorithm>
#include <limits>

#include <rollcall/xcap/selector.hpp>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

constexpr std::string_view xml_namespace = "http://www.w3.org/XML/1998/namespace";

Refusal bad_request(std::string detail) {
  return {400, std::move(detail), {}, {}};
}

Refusal unknown_extension() {
  return {404, "the node selector has a step that this server does not know", {}, {}};
}

/// Cuts a name as it was written at its colon.
SelectorName split(std::string_view text) {
  SelectorName name;
  const auto colon = text.find(':');
  if (colon != std::string_view::npos) name.prefix = text.substr(0, colon);
  name.local = text.substr(colon == std::string_view::npos ? 0 : colon + 1);
  return name;
}

/// Reads a decoded selector from the front (the grammar of RFC 4825 §6.3). Namespaces come later.
class SelectorReader {
 public:
  explicit SelectorReader(std::string_view text) : text_(text) {}

  std::optional<Refusal> read(NodeSelector& selector);

 private:
  bool terminal(NodeSelector& selector);
  bool step(Step& step);
  bool position(Step& step);
  bool attribute_test(Step& step);
  bool skip(std::string_view token);
  std::string_view qname();
  bool quoted(std::string& value);

  std::string_view text_;
};

std::optional<Refusal> SelectorReader::read(NodeSelector& selector) {
  do {
    if (text_.empty() || text_.starts_with('/')) return bad_request("the node selector has an empty step");
    if (!selector.steps.empty() && terminal(selector)) return std::nullopt;
    Step next;
    if (!step(next)) return unknown_extension();
    selector.steps.push_back(std::move(next));
  } while (skip("/"));
  return text_.empty() ? std::nullopt : std::optional(unknown_extension());
}

/// The last step when it is no element: an attribute, or the namespaces.
bool SelectorReader::terminal(NodeSelector& selector) {
  if (text_ == "namespace::*") {
    selector.target = Target::namespaces;
    return true;
  }
  if (!text_.starts_with('@')) return false;
  const auto name = read_qname(text_.substr(1));
  if (name.empty() || name.size() + 1 != text_.size()) return false;
  selector.target = Target::attribute;
  selector.attribute = split(name);
  return true;
}

bool SelectorReader::step(Step& step) {
  step.any = skip("*");
  if (!step.any) {
    const auto name = qname();
    if (name.empty()) return false;
    step.name = split(name);
  }
  if (text_.starts_with("[") && !text_.starts_with("[@") && !position(step)) return false;
  return !text_.starts_with("[") || attribute_test(step);
}

bool SelectorReader::position(Step& step) {
  constexpr std::uint32_t most = std::numeric_limits<std::uint32_t>::max();
  skip("[");
  const auto digits = text_.substr(0, text_.find_first_not_of("0123456789"));
  if (digits.empty()) return false;
  std::uint64_t value = 0;
  for (const char c : digits)
    value = std::min<std::uint64_t>(value * 10 + static_cast<std::uint64_t>(c - '0'), most);
  step.position = static_cast<std::uint32_t>(value);
  text_.remove_prefix(digits.size());
  return skip("]");
}

bool SelectorReader::attribute_test(Step& step) {
  if (!skip("[@")) return false;
  const auto name = qname();
  AttributeTest test{split(name), {}};
  if (name.empty() || !skip("=") || !quoted(test.value) || !skip("]")) return false;
  step.attribute = std::move(test);
  return true;
}

bool SelectorReader::skip(std::string_view token) {
  if (!text_.starts_with(token)) return false;
  text_.remove_prefix(token.size());
  return true;
}

std::string_view SelectorReader::qname() {
  const auto name = read_qname(text_);
  text_.remove_prefix(name.size());
  return name;
}

bool SelectorReader::quoted(std::string& value) {
  if (text_.empty() || (text_[0] != '"' && text_[0] != '\'')) return false;
  const auto end = text_.find(text_[0], 1);
  if (end == std::string_view::npos) return false;
  const auto with_quotes = text_.substr(0, end + 1);
  const auto raw = text_.substr(1, end - 1);
  // AttValue has references; XPath, where clients take it from, has not. What cannot be the first is
  // taken for the second.
  value = is_att_value(with_quotes) ? decode_text(raw, true) : std::string(raw);
  text_.remove_prefix(end + 1);
  return true;
}

/// Gives names their namespaces.
class Resolver {
 public:
  Resolver(const SelectorBindings& bindings, std::string_view default_namespace)
      : bindings_(bindings), default_namespace_(default_namespace) {}

  /// False when a prefix has no binding.
  bool resolve(NodeSelector& selector) const {
    for (auto& step : selector.steps) {
      if (!step.any && !resolve(step.name, default_namespace_)) return false;
      if (step.attribute && !resolve(step.attribute->name, {})) return false;
    }
    return selector.target != Target::attribute || resolve(selector.attribute, {});
  }

 private:
  bool resolve(SelectorName& name, std::string_view without_prefix) const {
    if (name.prefix.empty()) {
      name.namespace_uri = without_prefix;
      return true;
    }
    const auto found = std::find_if(bindings_.rbegin(), bindings_.rend(),
                                    [&](const auto& row) { return row.first == name.prefix; });
    if (found != bindings_.rend()) name.namespace_uri = found->second;
    if (name.prefix == "xml") name.namespace_uri = xml_namespace;
    return found != bindings_.rend() || name.prefix == "xml";
  }

  const SelectorBindings& bindings_;
  std::string_view default_namespace_;
};

std::string quote(std::string_view value) {
  std::string text;
  for (const char c : value) {
    if (c == '&')
      text += "&amp;";
    else if (c == '<')
      text += "&lt;";
    else if (c == '"')
      text += "&quot;";
    else
      text += c;
  }
  return "\"" + text + "\"";
}

std::string written(const SelectorName& name) {
  return name.prefix.empty() ? name.local : name.prefix + ":" + name.local;
}

std::string write_step(const Step& step) {
  std::string text = step.any ? "*" : written(step.name);
  if (step.position) text += fmt::format("[{}]", *step.position);
  if (step.attribute)
    text += fmt::format("[@{}={}]", written(step.attribute->name), quote(step.attribute->value));
  return percent_encode(text);
}

/// xmlns() for one name, once.
void add_binding(const SelectorName& name, std::string& query) {
  if (name.prefix.empty() || name.prefix == "xml") return;
  std::string uri;
  for (const char c : name.namespace_uri) {
    if (c == '(' || c == ')' || c == '^') uri += '^';
    uri += c;
  }
  const auto part = percent_encode(fmt::format("xmlns({}={})", name.prefix, uri));
  if (query.find(part) == std::string::npos) query += part;
}

}  // namespace

std::variant<NodeSelector, Refusal> parse_node_selector(std::string_view selector, std::string_view query,
                                                        std::string_view default_namespace) {
  const auto decoded = percent_decode(selector);
  if (!decoded) return bad_request("the node selector is not percent-encoded UTF-8");
  NodeSelector found;
  if (auto refusal = SelectorReader(*decoded).read(found)) return *refusal;
  const auto bindings = parse_query(query);
  if (const auto* refusal = std::get_if<Refusal>(&bindings)) return *refusal;
  if (!Resolver(std::get<SelectorBindings>(bindings), default_namespace).resolve(found))
    return bad_request("a prefix in the node selector is not bound by an xmlns() of the query");
  return found;
}

std::string write(std::span<const Step> steps) {
  std::string path;
  std::string query;
  for (const auto& step : steps) {
    if (!path.empty()) path += '/';
    path += write_step(step);
    add_binding(step.name, query);
    if (step.attribute) add_binding(step.attribute->name, query);
  }
  return query.empty() ? path : path + "?" + query;
}

}  // namespace rollcall::xcap
