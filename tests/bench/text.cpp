// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <algorithm>
#include <utility>

#include <strings.h>

namespace bench {
namespace {

struct SingleRow {
  std::string_view name;
  char compact;  // one-letter form, 0 for none
  std::string_view Message::*value;
};

struct ListRow {
  std::string_view name;
  char compact;
  Lines Message::*values;
};

constexpr std::array singles = {
    SingleRow{"From", 'f', &Message::from},        SingleRow{"To", 't', &Message::to},
    SingleRow{"Call-ID", 'i', &Message::call_id},  SingleRow{"CSeq", 0, &Message::cseq},
    SingleRow{"Contact", 'm', &Message::contact},  SingleRow{"Retry-After", 0, &Message::retry_after},
    SingleRow{"SIP-ETag", 0, &Message::entity_tag}};

constexpr std::array lists = {ListRow{"Via", 'v', &Message::vias},
                              ListRow{"WWW-Authenticate", 0, &Message::challenges},
                              ListRow{"Proxy-Authenticate", 0, &Message::challenges}};

bool is_named(std::string_view key, std::string_view name, char compact) {
  if (key.size() == 1) return (key[0] | 32) == compact;
  return key.size() == name.size() && strncasecmp(key.data(), name.data(), key.size()) == 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// Cuts the first line off, without its end; an LF without a CR does not end one.
std::string_view take_line(std::string_view& rest) {
  for (auto end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n', end + 1)) {
    if (end == 0 || rest[end - 1] != '\r') continue;
    const auto line = rest.substr(0, end - 1);
    rest.remove_prefix(end + 1);
    return line;
  }
  return std::exchange(rest, {});
}

}  // namespace

Message::Message(std::string_view all) : bytes(all) {
  auto rest = all;
  const auto start = take_line(rest);
  if (start.substr(0, 8) == "SIP/2.0 ") status = static_cast<int>(leading_number(start.substr(8)));
  if (status == 0) method = start.substr(0, start.find(' '));
  for (auto line = take_line(rest); !line.empty(); line = take_line(rest))
    take_header(line);
  body = rest;
}

void Message::take_header(std::string_view line) {
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return;
  const auto key = trimmed(line.substr(0, colon));
  for (const auto& row : singles) {
    if (!is_named(key, row.name, row.compact)) continue;
    if ((this->*row.value).empty()) this->*row.value = trimmed(line.substr(colon + 1));
    return;
  }
  for (const auto& row : lists) {
    if (!is_named(key, row.name, row.compact)) continue;
    auto& lines = this->*row.values;
    if (lines.count < lines.values.size()) lines.values[lines.count++] = trimmed(line.substr(colon + 1));
    return;
  }
}

std::string_view parameter(std::string_view value, std::string_view name) {
  for (auto at = value.find(name); at != std::string_view::npos; at = value.find(name, at + 1)) {
    const char before = at == 0 ? ' ' : value[at - 1];
    auto rest = value.substr(at + name.size());
    if ((before != ';' && before != ' ' && before != ',') || rest.empty() || rest[0] != '=') continue;
    rest.remove_prefix(1);
    if (!rest.empty() && rest[0] == '"') return rest.substr(1, rest.find('"', 1) - 1);
    return rest.substr(0, rest.find_first_of(";, \r\n"));
  }
  return {};
}

std::string_view uri_of(std::string_view value) {
  const auto open = value.find('<');
  if (open == std::string_view::npos) return value.substr(0, value.find(';'));
  return value.substr(open + 1, value.find('>', open) - open - 1);
}

std::uint32_t leading_number(std::string_view text) {
  std::uint32_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') break;
    value = value * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return value;
}

std::size_t framed_bytes(std::string_view stream) {
  const auto head = stream.find("\r\n\r\n");
  if (head == std::string_view::npos) return 0;
  std::size_t body = 0;
  auto rest = stream.substr(0, head + 2);
  for (auto line = take_line(rest); !rest.empty();) {
    line = take_line(rest);
    const auto colon = std::min(line.find(':'), line.size());
    if (is_named(trimmed(line.substr(0, colon)), "Content-Length", 'l')) {
      body = leading_number(trimmed(line.substr(std::min(colon + 1, line.size()))));
    }
  }
  const auto all = head + 4 + body;
  return all <= stream.size() ? all : 0;
}

}  // namespace bench
