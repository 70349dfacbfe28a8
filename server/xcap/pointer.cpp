// SPDX-License-Identifier: Apache-2.0
// XPointer expressions, as far as XCAP needs them (XPointer Framework §3, xmlns() Scheme §3).
#include "encoding.hpp"
#include "names.hpp"

#include <utility>

#include <rollcall/xcap/selector.hpp>

namespace rollcall::xcap {

namespace {

/// Reads pointer parts from the front of an expression.
class PointerReader {
 public:
  explicit PointerReader(std::string_view text) : text_(text) {}

  /// False when the expression is none.
  bool read(SelectorBindings& bindings);

 private:
  bool part(SelectorBindings& bindings);
  bool data(std::string& out);

  std::string_view text_;
};

bool PointerReader::read(SelectorBindings& bindings) {
  for (text_ = xml::trim(text_); !text_.empty(); text_ = xml::trim(text_))
    if (!part(bindings)) return false;
  return true;
}

/// name=uri, with white space around the sign allowed.
bool read_binding(std::string_view data, SelectorBindings& bindings) {
  const auto prefix = read_nc_name(data);
  data.remove_prefix(prefix.size());
  data = xml::trim(data);
  if (prefix.empty() || !data.starts_with('=')) return false;
  data.remove_prefix(1);
  // These two cannot be bound to anything else, and asking for it changes nothing.
  if (prefix != "xml" && prefix != "xmlns") bindings.emplace_back(prefix, xml::trim(data));
  return true;
}

bool PointerReader::part(SelectorBindings& bindings) {
  const auto scheme = read_qname(text_);
  if (scheme.empty()) return false;
  text_.remove_prefix(scheme.size());
  // A name alone is a shorthand pointer, which binds nothing.
  if (text_.empty()) return true;
  std::string content;
  if (!data(content)) return false;
  return scheme != "xmlns" || read_binding(content, bindings);
}

/// What stands in the parentheses, which nest; a circumflex takes the meaning of the next character.
bool PointerReader::data(std::string& out) {
  if (!text_.starts_with('(')) return false;
  std::size_t depth = 1;
  for (std::size_t i = 1; i < text_.size(); ++i) {
    char c = text_[i];
    if (c == '^') {
      if (++i == text_.size()) return false;
      c = text_[i];
      if (c != '(' && c != ')' && c != '^') return false;
    } else if (c == '(') {
      ++depth;
    } else if (c == ')' && --depth == 0) {
      text_.remove_prefix(i + 1);
      return true;
    }
    out += c;
  }
  return false;
}

}  // namespace

std::variant<SelectorBindings, Refusal> parse_query(std::string_view query) {
  SelectorBindings bindings;
  const auto decoded = percent_decode(query);
  if (!decoded || !PointerReader(*decoded).read(bindings))
    return Refusal{400, "the query is no XPointer expression", {}, {}};
  return bindings;
}

}  // namespace rollcall::xcap
