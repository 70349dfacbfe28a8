// SPDX-License-Identifier: Apache-2.0
#include <ctime>
#include <string>
#include <utility>

#include <rollcall/base/clock.hpp>

#include <fmt/format.h>

namespace rollcall::base {

using std::chrono::duration_cast;
using std::chrono::steady_clock;
using std::chrono::system_clock;

Instant now() {
  static const auto wall_at_start = std::chrono::time_point_cast<Duration>(system_clock::now());
  static const auto steady_at_start = steady_clock::now();
  return wall_at_start + duration_cast<Duration>(steady_clock::now() - steady_at_start);
}

static std::tm broken_down(Instant time) {
  const std::time_t seconds = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return parts;
}

std::string to_rfc3339(Instant time) {
  const std::tm t = broken_down(time);
  const auto within_second = time - std::chrono::floor<std::chrono::seconds>(time);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", t.tm_year + 1900, t.tm_mon + 1, t.tm_mday,
                     t.tm_hour, t.tm_min, t.tm_sec,
                     duration_cast<std::chrono::milliseconds>(within_second).count());
}

std::string to_sip_date(Instant time) {
  static constexpr const char* days[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr const char* months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                           "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  // It stands in every answer to a REGISTER, and is the same for a second.
  thread_local std::time_t last_second = -1;
  thread_local std::string last_text;
  const std::time_t second = std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  if (std::exchange(last_second, second) == second) return last_text;
  const std::tm t = broken_down(time);
  last_text = fmt::format("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT", days[t.tm_wday], t.tm_mday,
                          months[t.tm_mon], t.tm_year + 1900, t.tm_hour, t.tm_min, t.tm_sec);
  return last_text;
}

}  // namespace rollcall::base
