// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace rollcall::xml {

namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/// True when `text` begins with what `shape` says: '0' stands for a digit, all else for itself.
bool matches(std::string_view text, std::string_view shape) {
  return text.size() >= shape.size() &&
         std::equal(shape.begin(), shape.end(), text.begin(),
                    [](char want, char c) { return want == '0' ? is_digit(c) : want == c; });
}

int two_digits(std::string_view text, std::size_t at) {
  return (text[at] - '0') * 10 + text[at + 1] - '0';
}

/// "", "Z" or "+05:30", at most 14 hours.
bool is_zone(std::string_view text) {
  if (text.empty() || text == "Z") return true;
  if (text.size() != 6 || !(matches(text, "+00:00") || matches(text, "-00:00"))) return false;
  const int minutes = two_digits(text, 1) * 60 + two_digits(text, 4);
  return two_digits(text, 4) < 60 && minutes <= 14 * 60;
}

/// Those of RFC 3986 §2, without "#" and without brackets, which only an IPv6 literal needs.
bool has_uri_characters(std::string_view text) {
  constexpr std::string_view marks = "-._~:/?@!$&'()*+,;=%";
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '%' && (at + 2 >= text.size() || !is_hex(text[at + 1]) || !is_hex(text[at + 2]))) return false;
    if (!is_letter(c) && !is_digit(c) && marks.find(c) == std::string_view::npos) return false;
  }
  return true;
}

/// [userinfo@]host[:port] at the start of `text` (RFC 3986 §3.2).
bool has_authority(std::string_view text) {
  text = text.substr(0, text.find_first_of("/?"));
  if (const auto at = text.find('@'); at != std::string_view::npos) text.remove_prefix(at + 1);
  const auto port = text.substr(std::min(text.find(':'), text.size()));
  return text.find('@') == std::string_view::npos && port.size() != 1 && port.size() <= 6 &&
         std::all_of(port.begin() + !port.empty(), port.end(), is_digit);
}

}  // namespace

bool is_date_time(std::string_view text) {
  constexpr std::string_view shape = "0000-00-00T00:00:00";
  if (!matches(text, shape)) return false;
  const std::chrono::year_month_day day{std::chrono::year(two_digits(text, 0) * 100 + two_digits(text, 2)),
                                        std::chrono::month(static_cast<unsigned>(two_digits(text, 5))),
                                        std::chrono::day(static_cast<unsigned>(two_digits(text, 8)))};
  if (!day.ok() || day.year() == std::chrono::year(0)) return false;
  if (two_digits(text, 11) > 23 || two_digits(text, 14) > 59 || two_digits(text, 17) > 59) return false;
  text.remove_prefix(shape.size());
  if (text.starts_with('.')) {
    const auto end = std::min(text.find_first_not_of("0123456789", 1), text.size());
    if (end == 1) return false;
    text.remove_prefix(end);
  }
  return is_zone(text);
}

bool is_priority(std::string_view text) {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')) return false;
  if (text.size() == 1) return true;
  const auto decimals = text.substr(2);
  return text[1] == '.' && std::all_of(decimals.begin(), decimals.end(),
                                       [&](char c) { return text[0] == '1' ? c == '0' : is_digit(c); });
}

bool is_language(std::string_view text) {
  bool first = true;
  while (true) {
    const auto part = text.substr(0, text.find('-'));
    const bool sound = std::all_of(part.begin(), part.end(),
                                   [&](char c) { return is_letter(c) || (!first && is_digit(c)); });
    if (part.empty() || part.size() > 8 || !sound) return false;
    if (part.size() == text.size()) return true;
    text.remove_prefix(part.size() + 1);
    first = false;
  }
}

bool is_uri(std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || colon + 1 == text.size()) return false;
  const auto scheme = text.substr(0, colon);
  const bool sound = is_letter(scheme[0]) && std::all_of(scheme.begin(), scheme.end(), [](char c) {
                       return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.';
                     });
  text.remove_prefix(colon + 1);
  return sound && has_uri_characters(text) && (!text.starts_with("//") || has_authority(text.substr(2)));
}

std::string as_nc_name(std::string_view text) {
  std::string name(text);
  for (auto& c : name) {
    if (!is_letter(c) && !is_digit(c) && c != '_' && c != '-' && c != '.') c = '_';
  }
  if (name.empty() || !(is_letter(name[0]) || name[0] == '_')) name.insert(name.begin(), '_');
  return name;
}

}  // namespace rollcall::xml
