// SPDX-License-Identifier: Apache-2.0
#include "document_reader.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <limits>
#include <utility>

#include <rollcall/xcap/document.hpp>

namespace rollcall::xcap {

namespace {

void append_utf8(std::string& out, std::uint32_t code) {
  const auto tail = [&](int shift) { out += static_cast<char>(0x80U | (code >> shift & 0x3FU)); };
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0U | code >> 6);
    tail(0);
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0U | code >> 12);
    tail(6);
    tail(0);
  } else {
    out += static_cast<char>(0xF0U | code >> 18);
    tail(12);
    tail(6);
    tail(0);
  }
}

/// Appends what a reference stands for; `name` is what stands between & and ;.
void append_reference(std::string& out, std::string_view name) {
  struct Row {
    std::string_view name;
    char character;
  };
  constexpr std::array<Row, 5> entities{
      {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};
  if (name.starts_with('#')) {
    const bool hex = name.starts_with("#x");
    std::uint32_t code = 0;
    const auto digits = name.substr(hex ? 2 : 1);
    std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
    append_utf8(out, code);
    return;
  }
  for (const auto& row : entities)
    if (row.name == name) out += row.character;
}

}  // namespace

std::string decode_text(std::string_view raw, bool in_attribute) {
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size(); ++i) {
    const char c = raw[i];
    const auto end = c == '&' ? raw.find(';', i) : std::string_view::npos;
    if (end != std::string_view::npos) {
      append_reference(out, raw.substr(i + 1, end - i - 1));
      i = end;
    } else if (c == '\r') {
      if (i + 1 < raw.size() && raw[i + 1] == '\n') continue;  // the line feed speaks for both
      out += in_attribute ? ' ' : '\n';
    } else {
      out += in_attribute && (c == '\t' || c == '\n') ? ' ' : c;
    }
  }
  return out;
}

base::Result<Document> Document::parse(std::string text, xml::Bounds bounds) {
  if (const auto sound = xml::guard(text, bounds); !sound) return sound.error();
  if (text.size() > std::numeric_limits<std::uint32_t>::max())
    return base::Error{base::ErrorCode::too_large, "XML document of more than 4 GiB"};
  return DocumentReader(std::move(text)).read();
}

std::span<const Document::Attribute> Document::attributes(Index index) const {
  const auto& row = elements_[index];
  return std::span(attributes_).subspan(row.attributes, row.attribute_count);
}

const Document::Attribute* Document::find_attribute(Index index, ExpandedName name) const {
  const auto rows = attributes(index);
  const auto found =
      std::find_if(rows.begin(), rows.end(), [name](const auto& row) { return row.expanded == name; });
  return found == rows.end() ? nullptr : &*found;
}

std::string_view Document::element_text(Index index) const {
  const auto& row = elements_[index];
  return std::string_view(*text_).substr(row.begin, row.end - row.begin);
}

std::string_view Document::quoted_value(const Attribute& attribute) const {
  return std::string_view(*text_).substr(attribute.value, attribute.end - attribute.value);
}

std::string Document::value(const Attribute& attribute) const {
  const auto quoted = quoted_value(attribute);
  return decode_text(quoted.substr(1, quoted.size() - 2), true);
}

bool Document::has_value(const Attribute& attribute, std::string_view text) const {
  const auto quoted = quoted_value(attribute);
  const auto raw = quoted.substr(1, quoted.size() - 2);
  if (raw.find_first_of("&\t\r\n") == std::string_view::npos) return raw == text;
  return decode_text(raw, true) == text;
}

std::optional<std::string> Document::value(Index index, std::string_view name) const {
  const auto* attribute = find_attribute(index, {{}, name});
  if (!attribute) return std::nullopt;
  return value(*attribute);
}

std::string Document::characters(Index index) const {
  const std::string_view all = *text_;
  const auto& row = elements_[index];
  auto child = row.first_child;
  std::string out;
  for (std::size_t at = row.open_end; at < row.close;) {
    const auto next = std::min<std::size_t>(all.find('<', at), row.close);
    out += decode_text(all.substr(at, next - at), false);
    at = next;
    if (at == row.close) break;
    if (child != none && at == elements_[child].begin) {
      at = elements_[child].end;
      child = elements_[child].next;
    } else if (all.substr(at).starts_with("<![CDATA[")) {
      const auto end = all.find("]]>", at);
      out += all.substr(at + 9, end - at - 9);
      at = end + 3;
    } else {
      const bool comment = all.substr(at).starts_with("<!--");
      at = comment ? all.find("-->", at + 4) + 3 : all.find("?>", at) + 2;
    }
  }
  return out;
}

std::vector<Document::Binding> Document::bindings(Index index) const {
  std::vector<Binding> found;
  for (auto at = index; at != none; at = elements_[at].parent) {
    const auto& row = elements_[at];
    for (auto i = row.declarations; i < row.declarations + row.declaration_count; ++i) {
      const auto same = [&](const Binding& other) { return other.prefix == declarations_[i].prefix; };
      if (std::none_of(found.begin(), found.end(), same)) found.push_back(declarations_[i]);
    }
  }
  std::erase_if(found, [](const Binding& row) { return row.uri.empty() || row.prefix == "xml"; });
  std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.prefix < b.prefix; });
  return found;
}

}  // namespace rollcall::xcap
