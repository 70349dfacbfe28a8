// SPDX-License-Identifier: Apache-2.0
#include "selector.hpp"

#include "cursor.hpp"
#include "tree.hpp"

#include <algorithm>
#include <string_view>

namespace rollcall::xml {

namespace {

constexpr auto bad_value = PatchFault::invalid_attribute_value;

/// Reads from the front; the first fault stays.
class SelectorReader : private Cursor {
 public:
  SelectorReader(std::string_view text, pugi::xml_node operation) : Cursor(text), operation_(operation) {}

  std::variant<Selector, PatchFault> selector();
  std::variant<AddedType, PatchFault> added_type();

 private:
  enum class Axis : bool { element, attribute };

  bool word(std::string_view token) {
    skip_space();
    return skip(token);
  }
  bool at_end() {
    skip_space();
    return at_ == text_.size();
  }
  bool fail(PatchFault fault) {
    if (!fault_) fault_ = fault;
    return false;
  }

  bool id(Selector& selector);
  bool path(Selector& selector);
  bool last_attribute(Selector& selector);
  bool last_declaration(Selector& selector);
  bool step(Step& step);
  bool node_type(std::string_view name, Step& step);
  bool predicate(Step& step);
  bool position(Predicate& predicate);
  bool literal(std::string_view& value);
  bool name(NameTest& test, Axis axis);
  bool resolve(const QName& qname, NameTest& test, Axis axis);

  pugi::xml_node operation_;
  std::optional<PatchFault> fault_;
};

std::variant<Selector, PatchFault> SelectorReader::selector() {
  Selector selector;
  word("/");
  skip_space();
  const bool sound =
      rest().starts_with("id") && id(selector) ? at_end() || (word("/") && path(selector)) : path(selector);
  if (fault_) return *fault_;
  if (!sound || !at_end()) return bad_value;
  return selector;
}

/// id('name'). False, and the place is kept, when it is an element whose name begins so.
bool SelectorReader::id(Selector& selector) {
  const auto begin = at_;
  std::string_view value;
  if (skip("id") && word("(")) {
    if (!literal(value) || !word(")")) return fail(bad_value);
    selector.id = value;
    return true;
  }
  at_ = begin;
  return false;
}

bool SelectorReader::path(Selector& selector) {
  while (true) {
    skip_space();
    if (skip("@")) return last_attribute(selector);
    if (skip("namespace::")) return last_declaration(selector);
    // After a text, comment or instruction there is nothing to go down to.
    if (!selector.steps.empty() && selector.steps.back().kind > Step::Kind::element) return fail(bad_value);
    if (!step(selector.steps.emplace_back())) return fail(bad_value);
    if (!word("/")) return true;
  }
}

bool SelectorReader::last_attribute(Selector& selector) {
  const bool on_element = selector.id
                              ? selector.steps.empty() || selector.steps.back().kind <= Step::Kind::element
                              : !selector.steps.empty() && selector.steps.back().kind <= Step::Kind::element;
  selector.last = Selector::Last::attribute;
  return on_element ? name(selector.attribute, Axis::attribute) : fail(bad_value);
}

bool SelectorReader::last_declaration(Selector& selector) {
  selector.last = Selector::Last::declaration;
  selector.prefix = read_name();
  const bool on_element =
      selector.steps.empty() ? selector.id.has_value() : selector.steps.back().kind <= Step::Kind::element;
  return on_element && !selector.prefix.empty() ? true : fail(bad_value);
}

bool SelectorReader::step(Step& step) {
  if (skip("*")) {
    step.kind = Step::Kind::any_element;
  } else {
    QName qname;
    if (!read_qname(qname)) return false;
    if (qname.prefix.empty() && word("(")) {
      if (!node_type(qname.local, step)) return false;
    } else if (!resolve(qname, step.name, Axis::element)) {
      return false;
    }
  }
  while (word("[")) {
    if (!predicate(step)) return false;
  }
  return true;
}

/// text(), comment(), processing-instruction() and processing-instruction('target').
bool SelectorReader::node_type(std::string_view name, Step& step) {
  if (name == "text") {
    step.kind = Step::Kind::text;
  } else if (name == "comment") {
    step.kind = Step::Kind::comment;
  } else if (name == "processing-instruction") {
    step.kind = Step::Kind::instruction;
    skip_space();
    std::string_view target;
    if (read_quoted(target)) step.target = target;
  } else {
    return false;
  }
  return word(")");
}

/// Of what is no element only the position can be asked, and once (RFC 5261 §8).
bool SelectorReader::predicate(Step& step) {
  Predicate predicate;
  const bool on_element = step.kind <= Step::Kind::element;
  skip_space();
  if (!rest().empty() && rest().front() >= '0' && rest().front() <= '9') {
    if (!position(predicate) || (!on_element && !step.predicates.empty())) return false;
  } else {
    if (!on_element) return false;
    if (skip("@")) {
      predicate.kind = Predicate::Kind::attribute;
      if (!name(predicate.name, Axis::attribute)) return false;
    } else if (skip(".")) {
      predicate.kind = Predicate::Kind::self;
    } else {
      predicate.kind = Predicate::Kind::child;
      if (!name(predicate.name, Axis::element)) return false;
    }
    if (!word("=") || !literal(predicate.value)) return false;
  }
  step.predicates.push_back(predicate);
  return word("]");
}

bool SelectorReader::position(Predicate& predicate) {
  constexpr std::size_t beyond_all = 1'000'000'000;
  while (!rest().empty() && rest().front() >= '0' && rest().front() <= '9') {
    const auto digit = static_cast<std::size_t>(rest().front() - '0');
    predicate.position = std::min(predicate.position * 10 + digit, beyond_all);
    ++at_;
  }
  return true;
}

bool SelectorReader::literal(std::string_view& value) {
  skip_space();
  return read_quoted(value);
}

bool SelectorReader::name(NameTest& test, Axis axis) {
  skip_space();
  QName qname;
  return read_qname(qname) ? resolve(qname, test, axis) : fail(bad_value);
}

/// RFC 5261 §4.2.1: without a prefix an element has the patch's default namespace, an attribute none.
bool SelectorReader::resolve(const QName& qname, NameTest& test, Axis axis) {
  test.local = qname.local;
  if (axis == Axis::attribute && qname.prefix.empty()) return true;
  const auto uri = find_namespace(operation_, qname.prefix);
  if (!uri || qname.prefix == "xmlns") return fail(PatchFault::invalid_namespace_prefix);
  test.uri = *uri;
  return true;
}

std::variant<AddedType, PatchFault> SelectorReader::added_type() {
  AddedType type;
  skip_space();
  if (skip("@")) {
    skip_space();
    const auto begin = at_;
    name(type.attribute, Axis::attribute);
    type.text = text_.substr(begin, at_ - begin);
  } else if (skip("namespace::")) {
    type.prefix = read_name();
    if (type.prefix.empty()) fail(bad_value);
  } else {
    fail(bad_value);
  }
  if (fault_) return *fault_;
  if (!at_end()) return bad_value;
  return type;
}

}  // namespace

std::variant<Selector, PatchFault> read_selector(std::string_view text, pugi::xml_node operation) {
  return SelectorReader(text, operation).selector();
}

std::variant<AddedType, PatchFault> read_added_type(std::string_view text, pugi::xml_node operation) {
  return SelectorReader(text, operation).added_type();
}

}  // namespace rollcall::xml
