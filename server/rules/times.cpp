// SPDX-License-Identifier: Apache-2.0
#include "words.hpp"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include <rollcall/rules/times.hpp>

namespace rollcall::rules {

namespace {

using namespace std::chrono;

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Takes what `shape` says from the front of `text`: '0' stands for a digit, all else for itself.
std::optional<std::string_view> take(std::string_view& text, std::string_view shape) {
  const bool matches = text.size() >= shape.size() &&
                       std::equal(shape.begin(), shape.end(), text.begin(),
                                  [](char want, char c) { return want == '0' ? is_digit(c) : want == c; });
  if (!matches) return std::nullopt;
  const auto taken = text.substr(0, shape.size());
  text.remove_prefix(shape.size());
  return taken;
}

int number(std::string_view digits) {
  int value = 0;
  for (const char c : digits)
    value = value * 10 + (c - '0');
  return value;
}

std::optional<base::Instant> day_of(std::string_view date) {
  const year_month_day day{year(number(date.substr(0, 4))),
                           month(static_cast<unsigned>(number(date.substr(5, 2)))),
                           std::chrono::day(static_cast<unsigned>(number(date.substr(8, 2))))};
  if (!day.ok() || day.year() == year(0)) return std::nullopt;
  return base::Instant(sys_days(day));
}

/// 24:00:00 is the end of the day.
std::optional<base::Duration> time_of(std::string_view clock) {
  const int hour = number(clock.substr(0, 2)), minute = number(clock.substr(3, 2)),
            second = number(clock.substr(6, 2));
  if (hour > 24 || minute > 59 || second > 59 || (hour == 24 && minute + second > 0)) return std::nullopt;
  return hours(hour) + minutes(minute) + seconds(second);
}

/// The digits behind a dot, if one is there.
std::optional<base::Duration> take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return base::Duration(0);
  const auto end = std::min(text.find_first_not_of("0123456789", 1), text.size());
  if (end == 1) return std::nullopt;
  std::int64_t value = 0;
  for (std::size_t place = 1; place <= 6; ++place)
    value = value * 10 + (place < end ? text[place] - '0' : 0);
  text.remove_prefix(end);
  return base::Duration(value);
}

/// "Z" or "+05:30", at most 14 hours.
std::optional<base::Duration> zone_of(std::string_view text) {
  if (text == "Z") return base::Duration(0);
  const bool west = text.starts_with('-');
  const auto zone = take(text, west ? "-00:00" : "+00:00");
  if (!zone || !text.empty()) return std::nullopt;
  const auto offset = hours(number(zone->substr(1, 2))) + minutes(number(zone->substr(4, 2)));
  if (offset > hours(14) || number(zone->substr(4, 2)) > 59) return std::nullopt;
  return west ? -offset : offset;
}

}  // namespace

std::optional<base::Instant> parse_date_time(std::string_view text) {
  text = xml::trim(text);
  const auto date = take(text, "0000-00-00");
  const auto clock = date ? take(text, "T00:00:00") : std::nullopt;
  if (!clock) return std::nullopt;
  const auto day = day_of(*date);
  const auto time = time_of(clock->substr(1));
  const auto fraction = take_fraction(text);
  const auto zone = fraction ? zone_of(text) : std::nullopt;
  if (!day || !time || !zone) return std::nullopt;
  if (*time == hours(24) && *fraction > base::Duration(0)) return std::nullopt;
  return *day + *time + *fraction - *zone;
}

}  // namespace rollcall::rules
