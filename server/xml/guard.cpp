// SPDX-License-Identifier: Apache-2.0
#include "characters.hpp"
#include "cursor.hpp"
#include "guard_faults.hpp"
#include "scope.hpp"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <vector>

#include <rollcall/xml/guard.hpp>

#include <fmt/format.h>

namespace rollcall::xml {

namespace {

/// What is wrong, in words that may be sent; nullptr when nothing is.
using Fault = const char*;

constexpr const char* cut_off = "document is cut off";

// Attributes are compared pair by pair, so their number is bounded.
constexpr std::size_t most_attributes = 64;

constexpr auto npos = std::string_view::npos;

bool equal_without_case(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [lower](char x, char y) { return lower(x) == lower(y); });
}

/// Value of "#65" or "#x41"; 0, which is no XML character, when it is not a number.
std::uint32_t character_reference(std::string_view digits) {
  digits.remove_prefix(1);
  const bool hex = digits.starts_with('x');
  if (hex) digits.remove_prefix(1);
  const std::uint32_t base = hex ? 16 : 10;
  if (digits.empty()) return 0;
  std::uint32_t code = 0;
  for (const char c : digits) {
    std::uint32_t digit = base;
    if (c >= '0' && c <= '9') digit = static_cast<std::uint32_t>(c - '0');
    if (c >= 'a' && c <= 'f') digit = static_cast<std::uint32_t>(c - 'a') + 10;
    if (c >= 'A' && c <= 'F') digit = static_cast<std::uint32_t>(c - 'A') + 10;
    if (digit >= base || code > 0x10FFFF) return 0;
    code = code * base + digit;
  }
  return code;
}

/// Walks over a document once, from the front, and stops at the first fault.
class Walk : private Cursor {
 public:
  Walk(std::string_view text, std::size_t depth) : Cursor(text), depth_(depth) {}

  Fault document();
  using Cursor::line;

 private:
  struct Attribute {
    QName name;
    std::string_view namespace_uri;  // "" while it has none
  };
  struct Open {
    std::string_view name;
    std::size_t declarations;  // in force around it
  };
  struct Pair {
    std::string_view name, value;
  };

  Fault characters();
  Fault declaration();
  Fault pseudo_attribute(Pair& pair);
  Fault markup();
  Fault comment();
  Fault cdata();
  Fault instruction();
  Fault start_tag();
  Fault attribute();
  Fault resolve_attributes();
  Fault end_tag();
  Fault text();
  Fault references(std::string_view text) const;

  std::size_t depth_;
  bool root_seen_ = false;
  std::vector<Open> open_;
  Scope scope_;
  std::vector<Attribute> attributes_;   // of the tag that is being read
  std::vector<std::string_view> seen_;  // names in that tag, declarations too
};

Fault Walk::document() {
  if (auto fault = characters()) return fault;
  skip("\xEF\xBB\xBF");
  if (auto fault = declaration()) return fault;
  while (at_ < text_.size()) {
    if (auto fault = text_[at_] == '<' ? markup() : text()) return fault;
  }
  if (!open_.empty()) return cut_off;
  return root_seen_ ? nullptr : "no root element";
}

Fault Walk::characters() {
  while (at_ < text_.size()) {
    if (is_plain(text_[at_])) {
      ++at_;
      continue;
    }
    const auto character = decode(rest());
    if (character.size == 0) return "invalid UTF-8";
    if (!is_char(character.code)) return "character that XML does not allow";
    at_ += character.size;
  }
  at_ = 0;
  return nullptr;
}

/// <?xml version="1.0" encoding="UTF-8" standalone="yes"?>, of which all but the version may lack.
Fault Walk::declaration() {
  if (!rest().starts_with("<?xml") || rest().size() < 6 || !is_space(rest()[5])) return nullptr;
  skip("<?xml");
  constexpr std::string_view order[] = {"version", "encoding", "standalone"};
  std::size_t next = 0;
  while (skip_space() && !rest().starts_with("?>")) {
    Pair pair;
    if (auto fault = pseudo_attribute(pair)) return fault;
    const auto place = std::find(std::begin(order) + long(next), std::end(order), pair.name);
    if (place == std::end(order) || (next == 0 && pair.name != "version")) return "bad XML declaration";
    next = static_cast<std::size_t>(place - std::begin(order)) + 1;
    if (pair.name == "version" && !pair.value.starts_with("1.")) return "not XML 1.0";
    if (pair.name == "encoding" && !equal_without_case(pair.value, "utf-8") &&
        !equal_without_case(pair.value, "us-ascii"))
      return encoding_fault;
  }
  return next > 0 && skip("?>") ? nullptr : "bad XML declaration";
}

Fault Walk::pseudo_attribute(Pair& pair) {
  pair.name = read_name();
  skip_space();
  if (!skip("=")) return "bad XML declaration";
  skip_space();
  return read_quoted(pair.value) ? nullptr : "bad XML declaration";
}

Fault Walk::markup() {
  if (skip("<!--")) return comment();
  if (skip("<![CDATA[")) return cdata();
  if (rest().starts_with("<!DOCTYPE")) return "DOCTYPE is not allowed";
  if (rest().starts_with("<!")) return "unknown markup declaration";
  if (skip("<?")) return instruction();
  if (skip("</")) return end_tag();
  ++at_;
  return start_tag();
}

Fault Walk::comment() {
  const auto end = text_.find("--", at_);
  if (end == npos) return cut_off;
  at_ = end;
  return skip("-->") ? nullptr : "double hyphen within a comment";
}

Fault Walk::cdata() {
  if (open_.empty()) return "text outside the root element";
  const auto end = text_.find("]]>", at_);
  if (end == npos) return cut_off;
  at_ = end + 3;
  return nullptr;
}

Fault Walk::instruction() {
  const auto target = read_name();
  if (target.empty() || equal_without_case(target, "xml")) return "bad processing instruction";
  if (!skip_space() && !rest().starts_with("?>")) return "bad processing instruction";
  const auto end = text_.find("?>", at_);
  if (end == npos) return cut_off;
  at_ = end + 2;
  return nullptr;
}

Fault Walk::start_tag() {
  if (open_.empty() && root_seen_) return "second root element";
  if (open_.size() == depth_) return "elements nested too deep";
  root_seen_ = true;
  QName name;
  if (!read_qname(name)) return "bad element name";
  open_.push_back({name.text, scope_.size()});
  attributes_.clear();
  seen_.clear();
  while (skip_space() && at_ < text_.size() && text_[at_] != '>' && text_[at_] != '/') {
    if (auto fault = attribute()) return fault;
  }
  const bool closed = skip("/");
  if (!skip(">")) return at_ == text_.size() ? cut_off : "bad tag";
  if (name.prefix == "xmlns" || !scope_.find(name.prefix)) return "prefix is not declared";
  if (auto fault = resolve_attributes()) return fault;
  if (closed) {
    scope_.shrink(open_.back().declarations);
    open_.pop_back();
  }
  return nullptr;
}

Fault Walk::attribute() {
  QName name;
  if (!read_qname(name)) return "bad attribute name";
  skip_space();
  if (!skip("=")) return "attribute without a value";
  skip_space();
  std::string_view value;
  if (!read_quoted(value)) return "attribute without a quoted value";
  if (value.find('<') != npos) return "less-than sign in an attribute value";
  if (auto fault = references(value)) return fault;
  if (std::find(seen_.begin(), seen_.end(), name.text) != seen_.end()) return "attribute given twice";
  if (seen_.size() == most_attributes) return "too many attributes";
  seen_.push_back(name.text);
  if (name.prefix == "xmlns") return scope_.declare(name.local, value);
  if (name.text == "xmlns") return scope_.declare("", value);
  attributes_.push_back({name, {}});
  return nullptr;
}

/// Only when the whole tag is read, since a declaration counts for the attributes before it too.
Fault Walk::resolve_attributes() {
  for (auto attribute = attributes_.begin(); attribute != attributes_.end(); ++attribute) {
    if (attribute->name.prefix.empty()) continue;
    const auto uri = scope_.find(attribute->name.prefix);
    if (!uri) return "prefix is not declared";
    attribute->namespace_uri = *uri;
    const bool twice = std::any_of(attributes_.begin(), attribute, [&](const Attribute& other) {
      return other.namespace_uri == *uri && other.name.local == attribute->name.local;
    });
    if (twice) return "attribute given twice";
  }
  return nullptr;
}

Fault Walk::end_tag() {
  QName name;
  if (!read_qname(name)) return "bad element name";
  skip_space();
  if (!skip(">")) return at_ == text_.size() ? cut_off : "bad tag";
  if (open_.empty() || open_.back().name != name.text) return "end tag matches no start tag";
  scope_.shrink(open_.back().declarations);
  open_.pop_back();
  return nullptr;
}

Fault Walk::text() {
  const auto end = std::min(text_.find('<', at_), text_.size());
  const auto text = text_.substr(at_, end - at_);
  if (open_.empty() && !trim(text).empty()) return "text outside the root element";
  if (text.find("]]>") != npos) return "end of a CDATA section in text";
  if (auto fault = references(text)) return fault;
  at_ = end;
  return nullptr;
}

Fault Walk::references(std::string_view text) const {
  constexpr std::string_view entities[] = {"lt", "gt", "amp", "quot", "apos"};
  for (auto at = text.find('&'); at != npos; at = text.find('&', at + 1)) {
    const auto end = text.find(';', at);
    if (end == npos) return "ampersand that starts no reference";
    const auto name = text.substr(at + 1, end - at - 1);
    if (name.starts_with('#')) {
      if (!is_char(character_reference(name))) return "reference to a character that XML does not allow";
    } else if (std::find(std::begin(entities), std::end(entities), name) == std::end(entities)) {
      return entity_fault;
    }
  }
  return nullptr;
}

}  // namespace

base::Result<> guard(std::string_view document, Bounds bounds) {
  if (document.size() > bounds.bytes)
    return base::Error{base::ErrorCode::too_large,
                       fmt::format("XML document of more than {} bytes", bounds.bytes)};
  Walk walk(document, bounds.depth);
  if (const auto* fault = walk.document())
    return base::malformed(fmt::format("XML: {} (line {})", fault, walk.line()));
  return base::Done{};
}

}  // namespace rollcall::xml
