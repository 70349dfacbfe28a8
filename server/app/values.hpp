// SPDX-License-Identifier: Apache-2.0
// The types of configured values: each has a function that reads it from a source and one that
// shows it again. Errors say what is allowed, to be read after "must be".
#pragma once

#include "keys.hpp"

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace rollcall::app {

base::Result<std::string> read_text(const Value& value);
Value show_text(const std::string& text);

base::Result<std::int64_t> read_number(const Value& value, std::int64_t lowest, std::int64_t highest);
Value show_number(const std::int64_t& number);

/// Host names, made lower case.
base::Result<std::vector<std::string>> read_domains(const Value& value);
Value show_list(const std::vector<std::string>& list);

base::Result<std::vector<net::Listen>> read_listen(const Value& value);
Value show_listen(const std::vector<net::Listen>& addresses);

base::Result<sip::Endpoint> read_host_port(const Value& value);
Value show_host_port(const sip::Endpoint& endpoint);

/// Empty, or at least 16 printable characters: it is sent in an HTTP header and must not be guessed.
base::Result<std::string> read_token(const Value& value);

base::Result<rules::DomainDefault> read_policy(const Value& value);
Value show_policy(const rules::DomainDefault& policy);
/// "domain=policy"; each domain once.
using DomainPolicies = std::vector<std::pair<std::string, rules::DomainDefault>>;
base::Result<DomainPolicies> read_domain_policies(const Value& value);
Value show_domain_policies(const DomainPolicies& policies);
base::Result<std::vector<std::string>> read_own_lists(const Value& value);
base::Result<presence::StatusChoice> read_composition(const Value& value);
Value show_composition(const presence::StatusChoice& choice);
/// "domain=composition"; each domain once.
using DomainCompositions = std::vector<std::pair<std::string, presence::StatusChoice>>;
base::Result<DomainCompositions> read_domain_compositions(const Value& value);
Value show_domain_compositions(const DomainCompositions& compositions);
base::Result<std::int64_t> read_hysteresis(const Value& value);
/// "show" or "ignore".
base::Result<bool> read_registrations(const Value& value);
Value show_registrations(const bool& show);
base::Result<base::LogLevel> read_log_level(const Value& value);
Value show_log_level(const base::LogLevel& level);
base::Result<base::LogFormat> read_log_format(const Value& value);
Value show_log_format(const base::LogFormat& format);

}  // namespace rollcall::app
