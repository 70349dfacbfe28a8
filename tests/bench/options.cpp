// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <algorithm>
#include <functional>
#include <stdexcept>
#include <string_view>

namespace bench {
namespace {

struct Row {
  std::string_view name;
  std::function<void(Options&, const std::string&)> set;
};

std::uint32_t number(const std::string& text) {
  return static_cast<std::uint32_t>(std::stoul(text));
}

/// True for the second word, false for the first; anything else is an error.
bool second_of(const std::string& text, std::string_view first, std::string_view second) {
  if (text == second) return true;
  if (text == first) return false;
  throw std::invalid_argument("neither " + std::string(first) + " nor " + std::string(second) + ": " + text);
}

void set_target(Options& options, const std::string& text) {
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || text.rfind("127.", 0) != 0) {
    throw std::invalid_argument(
        "--target wants 127.x.x.x:PORT; the generator loads nothing but this machine");
  }
  options.target_host = text.substr(0, colon);
  options.target_port = static_cast<std::uint16_t>(number(text.substr(colon + 1)));
}

/// RATE:SECONDS,RATE:SECONDS,...
void set_phases(Options& options, const std::string& text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto end = std::min(text.find(',', at), text.size());
    const auto colon = text.find(':', at);
    if (colon >= end) throw std::invalid_argument("--phases wants RATE:SECONDS,RATE:SECONDS,...");
    options.phases.push_back({std::stod(text.substr(at, colon - at)),
                              std::chrono::seconds(number(text.substr(colon + 1, end - colon - 1)))});
    at = end + 1;
  }
}

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {"--target", set_target},
      {"--transport",
       [](Options& o, const std::string& v) {
         o.transport = second_of(v, "udp", "tcp") ? Transport::tcp : Transport::udp;
       }},
      {"--realm", [](Options& o, const std::string& v) { o.realm = v; }},
      {"--password", [](Options& o, const std::string& v) { o.password = v; }},
      {"--case", [](Options& o, const std::string& v) { o.operation = v; }},
      {"--users", [](Options& o, const std::string& v) { o.users = number(v); }},
      {"--contacts", [](Options& o, const std::string& v) { o.contacts = number(v); }},
      {"--in-flight", [](Options& o, const std::string& v) { o.in_flight = number(v); }},
      {"--seconds", [](Options& o, const std::string& v) { o.duration = std::chrono::seconds(number(v)); }},
      {"--phases", set_phases},
      {"--rounds",
       [](Options& o, const std::string& v) {
         o.rounds = second_of(v, "endless", "one") ? Rounds::one : Rounds::endless;
       }},
      {"--operations", [](Options& o, const std::string& v) { o.most_operations = std::stoull(v); }},
      {"--watchers", [](Options& o, const std::string& v) { o.watchers = number(v); }},
      {"--silent-watchers", [](Options& o, const std::string& v) { o.silent_watchers = number(v); }},
      {"--presentities", [](Options& o, const std::string& v) { o.presentities = number(v); }},
      {"--sockets", [](Options& o, const std::string& v) { o.sockets = number(v); }},
      {"--first-port",
       [](Options& o, const std::string& v) { o.first_port = static_cast<std::uint16_t>(number(v)); }},
      {"--reuse-nonce", [](Options& o, const std::string& v) { o.reuse_nonce = second_of(v, "no", "yes"); }},
      {"--sample-seconds",
       [](Options& o, const std::string& v) { o.sample = std::chrono::seconds(number(v)); }},
      {"--server-pid", [](Options& o, const std::string& v) { o.server_pid = static_cast<int>(number(v)); }},
      {"--database-pid",
       [](Options& o, const std::string& v) { o.database_pid = static_cast<int>(number(v)); }},
  };
  return table;
}

void check(const Options& options) {
  const bool open = !options.phases.empty();
  if (options.in_flight == 0 || (!open && options.users < 2 * options.in_flight)) {
    throw std::invalid_argument("--users must be at least twice --in-flight, and that at least 1");
  }
  if (options.sockets == 0 || options.sockets > 10'000 || options.duration > std::chrono::hours(1)) {
    throw std::invalid_argument("--sockets is 1 to 10000, --seconds at most 3600");
  }
  if (options.contacts == 0 || options.contacts > 100) {
    throw std::invalid_argument("--contacts is 1 to 100");
  }
  if (options.operation != "publish" && options.operation != "mix") return;
  const auto least = open ? 1 : options.in_flight;
  if (options.presentities < least || options.presentities > options.users) {
    throw std::invalid_argument("--presentities must reach --in-flight, and not exceed --users");
  }
  if (options.operation == "mix" && options.presentities == options.users) {
    throw std::invalid_argument("the mix needs users that do not publish: fewer --presentities than --users");
  }
  if (options.watchers >= options.users || options.silent_watchers > options.watchers) {
    throw std::invalid_argument("--watchers must be below --users, --silent-watchers not above --watchers");
  }
}

}  // namespace

Options read_options(int count, char** words) {
  Options options;
  for (int i = 1; i < count; i += 2) {
    const std::string_view name = words[i];
    bool known = false;
    for (const auto& row : rows()) {
      if (row.name == name && i + 1 < count) {
        row.set(options, words[i + 1]);
        known = true;
      }
    }
    if (!known) throw std::invalid_argument("unknown option or no value: " + std::string(name));
  }
  check(options);
  return options;
}

}  // namespace bench
