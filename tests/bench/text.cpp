// SPDX-License-Identifier: Apache-2.0
#include "text.hpp"

#include <strings.h>

namespace bench {
namespace {

bool same(std::string_view left, std::string_view right) {
  return left.size() == right.size() && strncasecmp(left.data(), right.data(), left.size()) == 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view header(std::string_view message, std::string_view name, char compact) {
  auto at = message.find("\r\n");
  while (at != std::string_view::npos) {
    at += 2;
    const auto end = message.find("\r\n", at);
    if (end == at || end == std::string_view::npos) return {};
    const auto line = message.substr(at, end - at);
    const auto colon = line.find(':');
    const auto key = trimmed(line.substr(0, colon));
    if (colon != std::string_view::npos &&
        (same(key, name) || (compact && key.size() == 1 && (key[0] | 32) == compact))) {
      return trimmed(line.substr(colon + 1));
    }
    at = end;
  }
  return {};
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

int status_of(std::string_view message) {
  if (message.substr(0, 8) != "SIP/2.0 ") return 0;
  return static_cast<int>(leading_number(message.substr(8)));
}

std::string_view method_of(std::string_view request) {
  return request.substr(0, request.find(' '));
}

std::string_view body_of(std::string_view message) {
  const auto end = message.find("\r\n\r\n");
  return end == std::string_view::npos ? std::string_view{} : message.substr(end + 4);
}

std::uint32_t leading_number(std::string_view text) {
  std::uint32_t value = 0;
  for (const char digit : text) {
    if (digit < '0' || digit > '9') break;
    value = value * 10 + static_cast<std::uint32_t>(digit - '0');
  }
  return value;
}

}  // namespace bench
