// SPDX-License-Identifier: Apache-2.0
#include "options.hpp"

#include <functional>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace bench {
namespace {

struct Row {
  std::string_view name;
  std::function<void(Options&, const std::string&)> set;
};

std::uint32_t number(const std::string& text) {
  return static_cast<std::uint32_t>(std::stoul(text));
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

const std::vector<Row>& rows() {
  static const std::vector<Row> table = {
      {"--target", set_target},
      {"--realm", [](Options& o, const std::string& v) { o.realm = v; }},
      {"--password", [](Options& o, const std::string& v) { o.password = v; }},
      {"--case", [](Options& o, const std::string& v) { o.operation = v; }},
      {"--users", [](Options& o, const std::string& v) { o.users = number(v); }},
      {"--in-flight", [](Options& o, const std::string& v) { o.in_flight = number(v); }},
      {"--seconds", [](Options& o, const std::string& v) { o.duration = std::chrono::seconds(number(v)); }},
      {"--operations", [](Options& o, const std::string& v) { o.most_operations = std::stoull(v); }},
      {"--watchers", [](Options& o, const std::string& v) { o.watchers = number(v); }},
      {"--presentities", [](Options& o, const std::string& v) { o.presentities = number(v); }},
      {"--sockets", [](Options& o, const std::string& v) { o.sockets = number(v); }},
      {"--first-port",
       [](Options& o, const std::string& v) { o.first_port = static_cast<std::uint16_t>(number(v)); }},
      {"--reuse-nonce", [](Options& o, const std::string& v) { o.reuse_nonce = v == "yes"; }},
      {"--server-pid", [](Options& o, const std::string& v) { o.server_pid = static_cast<int>(number(v)); }},
      {"--database-pid",
       [](Options& o, const std::string& v) { o.database_pid = static_cast<int>(number(v)); }},
  };
  return table;
}

void check(const Options& options) {
  if (options.in_flight == 0 || options.users < 2 * options.in_flight) {
    throw std::invalid_argument("--users must be at least twice --in-flight, and that at least 1");
  }
  if (options.sockets == 0 || options.sockets > 512 || options.duration > std::chrono::hours(1)) {
    throw std::invalid_argument("--sockets is 1 to 512, --seconds at most 3600");
  }
  if (options.presentities < options.in_flight || options.watchers >= options.users) {
    throw std::invalid_argument("--presentities must reach --in-flight, --watchers must be below --users");
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
