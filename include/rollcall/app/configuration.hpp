// SPDX-License-Identifier: Apache-2.0
// Everything that can be configured, with its default: the one struct that the server is built from.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/log.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/net/listen.hpp>
#include <rollcall/presence/policy.hpp>
#include <rollcall/presence/status.hpp>
#include <rollcall/sip/endpoint.hpp>

namespace rollcall::app {

/// An IP address (or "localhost") and a port: "127.0.0.1:8080", "[::1]:8080". Error malformed; its
/// detail says what is allowed.
base::Result<sip::Endpoint> parse_host_port(std::string_view text);

/// UDP and TCP on port 5060 of every IPv4 and IPv6 address.
std::vector<net::Listen> default_listen_addresses();

/// The members stand in the order of config/rollcall.toml, which lists the same defaults (a test
/// compares). What each means is said once, in server/app/keys.cpp.
struct Configuration {
  // [server]
  std::string data_dir = "/var/lib/rollcall";
  std::vector<std::string> domains;  // lower case
  std::int64_t shards = 0;
  std::string advertise;
  // [sip]
  std::vector<net::Listen> sip_listen = default_listen_addresses();
  // [presence]
  rules::DomainDefault default_policy = rules::DomainDefault::allow_domain;
  std::vector<std::string> own_lists = {"{user}-buddies", "{user}+presence", "{user}+dialog", "rls"};
  std::vector<std::pair<std::string, rules::DomainDefault>> domain_policies;  // in lower case, each once
  presence::StatusChoice composition = presence::StatusChoice::manual_wins;
  std::vector<std::pair<std::string, presence::StatusChoice>>
      domain_compositions;  // in lower case, each once
  std::int64_t hysteresis_seconds = 5;
  bool show_registrations = true;
  // [xcap]
  std::string xcap_root;
  // [database]
  std::string database_url;
  std::string database_binaries;
  // [admin]
  sip::Endpoint admin_listen{{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}, 8080};
  std::string admin_token;
  // [log]
  base::LogLevel log_level = base::LogLevel::info;
  base::LogFormat log_format = base::LogFormat::text;
  // [limits]
  base::Limits limits;
};

/// Where a configuration comes from. What stands further down wins.
struct Sources {
  struct Option {
    std::string key;                  // "sip.listen"
    std::vector<std::string> values;  // more than one only for lists
    std::string name;                 // "--listen", for messages
  };

  std::string file;                      // a path, "" for none
  std::vector<std::string> environment;  // "NAME=value", as the process got them
  std::vector<Option> options;           // of the command line
};

/// A configuration, and everything that is wrong with its sources: lines for a person, each with
/// its place ("rollcall.toml:3:10: ..."). Not to be used while there are problems.
struct Loaded {
  Configuration configuration;
  std::vector<std::string> problems;
};

/// Reads all sources; the file once.
Loaded load_configuration(const Sources& sources);

/// The configuration as TOML, every key once.
enum class TomlStyle : std::uint8_t {
  plain,      // secrets hidden: for people to look at and to pass on
  explained,  // with the meaning of each key: config/rollcall.toml
};
std::string to_toml(const Configuration& configuration, TomlStyle style);

/// Names of the keys whose values differ and that a running server does not take over.
std::vector<std::string> keys_that_need_restart(const Configuration& before, const Configuration& after);

}  // namespace rollcall::app
