// SPDX-License-Identifier: Apache-2.0
#include "encoding.hpp"

#include <algorithm>

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/xcap/conditions.hpp>

#include <fmt/format.h>

namespace rollcall::xcap {

namespace {

enum class Found : std::uint8_t { yes, no, malformed };

/// A character of an opaque-tag (RFC 7232 §2.3).
bool is_etag_character(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == 0x21 || (byte >= 0x23 && byte != 0x7F);
}

/// Takes one entity tag off the front; "" when there is none. What it returns has its quotes.
std::string_view take_tag(std::string_view& list, bool& weak) {
  weak = list.starts_with("W/");
  if (weak) list.remove_prefix(2);
  if (!list.starts_with('"')) return {};
  const auto* const end =
      std::find_if(list.begin() + 1, list.end(), [](char c) { return !is_etag_character(c); });
  if (end == list.end() || *end != '"') return {};
  const auto tag = list.substr(0, static_cast<std::size_t>(end - list.begin()) + 1);
  list.remove_prefix(tag.size());
  return tag;
}

/// Whether a field names the tag. Lists may have empty elements (RFC 7230 §7).
Found find_tag(std::string_view list, std::optional<std::string_view> etag, bool weak_counts) {
  list = xml::trim(list);
  if (list == "*") return etag ? Found::yes : Found::no;
  bool found = false;
  bool any = false;
  while (!list.empty()) {
    if (!list.starts_with(',')) {
      bool weak = false;
      const auto tag = take_tag(list, weak);
      if (tag.empty()) return Found::malformed;
      any = true;
      found = found || (tag == etag && (weak_counts || !weak));
      list = xml::trim(list);
      if (!list.empty() && !list.starts_with(',')) return Found::malformed;
    }
    if (!list.empty()) list = xml::trim(list.substr(1));
  }
  if (!any) return Found::malformed;
  return found ? Found::yes : Found::no;
}

}  // namespace

Verdict evaluate(const Conditions& conditions, std::optional<std::string_view> etag, bool reads) {
  if (conditions.if_match) {
    // The strong comparison: a weak tag never counts (RFC 7232 §3.1).
    const auto found = find_tag(*conditions.if_match, etag, false);
    if (found == Found::malformed) return Verdict::malformed;
    if (found == Found::no) return Verdict::failed;
  }
  if (conditions.if_none_match) {
    const auto found = find_tag(*conditions.if_none_match, etag, true);
    if (found == Found::malformed) return Verdict::malformed;
    if (found == Found::yes) return reads ? Verdict::not_modified : Verdict::failed;
  }
  return Verdict::proceed;
}

std::string etag_of(std::string_view document) {
  // Fixed, since the tag has to be the same after a restart. Whoever makes two documents of one tag
  // confuses no cache but that of their own documents.
  constexpr base::HashKey first{0x726f6c6c63616c6c, 0x2d786361702d6574};
  constexpr base::HashKey second{0x61672d6f662d6120, 0x646f63756d656e74};
  return fmt::format("\"{:016x}{:016x}\"", base::keyed_hash(first, document),
                     base::keyed_hash(second, document));
}

}  // namespace rollcall::xcap
