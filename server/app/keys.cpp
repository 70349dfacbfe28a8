// SPDX-License-Identifier: Apache-2.0
#include "keys.hpp"

#include "values.hpp"

#include <algorithm>
#include <cctype>
#include <span>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace rollcall::app {

namespace {

/// A row for one member, by the pair of functions that read and show its type.
template <auto Member, auto Read, auto Show>
Key row(const char* name, const char* meaning) {
  Key key{name, meaning, false, {}, {}, {}};
  key.set = [](Configuration& configuration, const Value& value) -> base::Result<> {
    auto read = Read(value);
    if (!read) return read.error();
    configuration.*Member = std::move(*read);
    return base::Done{};
  };
  key.get = [](const Configuration& configuration) -> Value { return Show(configuration.*Member); };
  return key;
}

template <auto Member>
Key text_row(const char* name, const char* meaning) {
  return row<Member, read_text, show_text>(name, meaning);
}

Key reloadable(Key key) {
  key.reloadable = true;
  return key;
}

Key secret(Key key, std::string (*conceal)(const std::string&)) {
  key.conceal = conceal;
  return key;
}

std::string conceal_all(const std::string& value) {
  return value.empty() ? "" : "(hidden)";
}

base::Result<std::int64_t> read_shards(const Value& value) {
  return read_number(value, 0, 256);
}

Key limit_row(const base::LimitRow& limit) {
  Key key{fmt::format("limits.{}", limit.name), {}, true, {}, {}, {}};
  key.meaning = fmt::format("{}; {} to {}", limit.meaning, limit.lowest, limit.highest);
  if (std::string_view(limit.answer) != "-") key.meaning += fmt::format("; past it: {}", limit.answer);
  key.set = [limit](Configuration& configuration, const Value& value) -> base::Result<> {
    const auto read = read_number(value, limit.lowest, limit.highest);
    if (!read) return read.error();
    configuration.limits.*limit.value = *read;
    return base::Done{};
  };
  key.get = [limit](const Configuration& configuration) -> Value {
    return configuration.limits.*limit.value;
  };
  return key;
}

using C = Configuration;

std::vector<Key> make_keys() {
  std::vector<Key> keys{
      text_row<&C::data_dir>(
          "server.data_dir",
          "the folder of everything that the server keeps: the embedded database, its lock"),
      reloadable(row<&C::domains, read_domains, show_list>(
          "server.domains",
          "domains that are made at the start where they do not exist yet: [\"example.org\"]")),
      row<&C::shards, read_shards, show_number>("server.shards",
                                                "threads that do SIP; 0: one for two processor cores"),
      text_row<&C::advertise>(
          "server.advertise",
          "the host name or address that clients are told to reach the server at; empty: the "
          "address that a request came in on"),
      row<&C::sip_listen, read_listen, show_listen>(
          "sip.listen",
          "where SIP is taken: \"udp:ADDRESS:PORT\" and \"tcp:ADDRESS:PORT\", IPv6 in brackets, * for "
          "every address"),
      row<&C::default_policy, read_policy, show_policy>(
          "presence.default_policy",
          "who may watch a user whose rules say nothing about it: \"allow-domain\" (users of the same "
          "domain, "
          "others wait for a decision), \"open\" (everybody), \"confirm\" (nobody without a decision) or "
          "\"block\" (nobody, and they are refused)"),
      row<&C::domain_policies, read_domain_policies, show_domain_policies>(
          "presence.domain_policies", "domains with another default_policy: [\"example.org=confirm\"]"),
      row<&C::own_lists, read_own_lists, show_list>(
          "presence.own_lists",
          "names by which users reach all their buddies with one subscription: \"{user}-buddies\" is "
          "alice-buddies@example.org for alice@example.org, a name without {user} is everybody's own list"),
      row<&C::composition, read_composition, show_composition>(
          "presence.composition",
          "which status is shown of a user with several: \"manual_wins\" (the newest that was set by hand, "
          "else the one that counts most: on-the-phone, away, idle, available), \"strongest\" (the one that "
          "counts most: dnd, busy, on-the-phone, away, idle, available) or \"newest\""),
      row<&C::domain_compositions, read_domain_compositions, show_domain_compositions>(
          "presence.domain_compositions", "domains with another composition: [\"example.org=strongest\"]"),
      row<&C::hysteresis_seconds, read_hysteresis, show_number>(
          "presence.hysteresis_seconds",
          "how long a device that did not refresh its publication or registration in time is still shown, 0 "
          "to "
          "60"),
      row<&C::show_registrations, read_registrations, show_registrations>(
          "presence.registrations",
          "\"show\": who has published nothing is open while registered; \"ignore\": closed"),
      text_row<&C::xcap_root>(
          "xcap.root",
          "the URI that clients reach /xcap of the admin address at, "
          "\"https://xcap.example.org/xcap\", as references "
          "between documents and the event package xcap-diff have it; empty: any, and for "
          "xcap-diff the address of admin.listen"),
      secret(text_row<&C::database_url>("database.url",
                                        "a PostgreSQL to use: \"postgresql://user:password@host/name\"; "
                                        "empty: one of our own in data_dir"),
             conceal_password),
      text_row<&C::database_binaries>(
          "database.binaries",
          "the folder of initdb and postgres for a database of our own; empty: found by itself"),
      row<&C::admin_listen, read_host_port, show_host_port>(
          "admin.listen",
          "where administrators are served by HTTP; put TLS in front before it leaves this machine"),
      secret(row<&C::admin_token, read_token, show_text>(
                 "admin.token",
                 "the administrators' password; empty: a new one is made and printed at each start"),
             conceal_all),
      reloadable(row<&C::log_level, read_log_level, show_log_level>(
          "log.level", "what is written to standard error: \"debug\", \"info\", \"warning\" or \"error\"")),
      row<&C::log_format, read_log_format, show_log_format>("log.format", "\"text\" or \"json\""),
  };
  for (const base::LimitRow& limit : base::limit_rows())
    keys.push_back(limit_row(limit));
  return keys;
}

}  // namespace

const std::vector<Key>& configuration_keys() {
  static const std::vector<Key> keys = make_keys();
  return keys;
}

const Key* find_key(std::string_view name) {
  const auto& keys = configuration_keys();
  const auto found = std::find_if(keys.begin(), keys.end(), [&](const Key& key) { return key.name == name; });
  return found == keys.end() ? nullptr : &*found;
}

std::string environment_name(const Key& key) {
  std::string name = "ROLLCALL_" + key.name;
  for (char& c : name)
    c = c == '.' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return name;
}

}  // namespace rollcall::app
