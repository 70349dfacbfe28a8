// SPDX-License-Identifier: Apache-2.0
#include "codec.hpp"

#include "text.hpp"

namespace rollcall::storage {

namespace {

// The number in exactly these characters; -1 when they are not all digits.
int number_in(std::string_view text, std::size_t at, std::size_t length) {
  if (at + length > text.size()) return -1;
  int number = 0;
  for (const char c : text.substr(at, length)) {
    if (c < '0' || c > '9') return -1;
    number = number * 10 + (c - '0');
  }
  return number;
}

// The part of a second behind the point, in microseconds.
std::optional<int> micros_in(std::string_view text) {
  if (text.empty()) return 0;
  if (text.front() != '.' || text.size() < 2 || text.size() > 7) return std::nullopt;
  int micros = number_in(text, 1, text.size() - 1);
  if (micros < 0) return std::nullopt;
  for (std::size_t digits = text.size() - 1; digits < 6; ++digits)
    micros *= 10;
  return micros;
}

int nibble(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return -1;
}

}  // namespace

std::optional<base::Instant> parse_time(std::string_view text) {
  if (!text.ends_with("+00")) return std::nullopt;
  text.remove_suffix(3);
  const int year = number_in(text, 0, 4), month = number_in(text, 5, 2), day = number_in(text, 8, 2);
  const int hour = number_in(text, 11, 2), minute = number_in(text, 14, 2), second = number_in(text, 17, 2);
  if (year < 0 || month < 0 || day < 0 || hour < 0 || minute < 0 || second < 0) return std::nullopt;
  const auto micros = micros_in(text.substr(19));
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!micros || !date.ok()) return std::nullopt;
  return base::Instant(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) + base::Duration(*micros);
}

std::optional<std::string> parse_bytea(std::string_view text) {
  if (!text.starts_with("\\x") || text.size() % 2 != 0) return std::nullopt;
  text.remove_prefix(2);
  std::string bytes(text.size() / 2, '\0');
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const int high = nibble(text[2 * i]), low = nibble(text[2 * i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes[i] = static_cast<char>(high << 4 | low);
  }
  return bytes;
}

bool Codec<std::string>::read(std::string_view text, std::string& value) {
  value = decode_text(text);
  return true;
}

bool Codec<base::Text>::read(std::string_view text, base::Text& value) {
  value = decode_text(text);
  return true;
}

bool Codec<sip::Aor>::read(std::string_view text, sip::Aor& value) {
  value = sip::Aor();
  if (text.empty()) return true;
  auto aor = sip::Aor::parse(decode_text(text));
  if (aor) value = std::move(*aor);
  return aor.ok();
}

bool Codec<sip::Flow>::read(std::string_view text, sip::Flow& value) {
  auto flow = sip::Flow::parse(decode_text(text));
  if (flow) value = *flow;
  return flow.ok();
}

void Codec<model::Subscription::State>::write(Array& out, model::Subscription::State value) {
  out.add_text(value == model::Subscription::State::active ? "active" : "pending");
}

bool Codec<model::Subscription::State>::read(std::string_view text, model::Subscription::State& value) {
  value = text == "active" ? model::Subscription::State::active : model::Subscription::State::pending;
  return text == "active" || text == "pending";
}

void Codec<std::vector<std::string>>::write(Array& out, const std::vector<std::string>& value) {
  out.add_bytes(to_array_literal(value));
}

bool Codec<std::vector<std::string>>::read(std::string_view text, std::vector<std::string>& value) {
  auto list = parse_array_literal(text);
  if (list) value = std::move(*list);
  return list.has_value();
}

bool Codec<base::Instant>::read(std::string_view text, base::Instant& value) {
  const auto time = parse_time(text);
  if (time) value = *time;
  return time.has_value();
}

bool Codec<bool>::read(std::string_view text, bool& value) {
  value = text == "t";
  return text == "t" || text == "f";
}

}  // namespace rollcall::storage
