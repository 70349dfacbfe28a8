// SPDX-License-Identifier: Apache-2.0
// The types of configured values: each has a function that reads it from a source and one that
// shows it again. Errors say what is allowed, to be read after "must be".
#pragma once

#include "keys.hpp"

#include <cstdint>
#include <string>
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

base::Result<presence::DefaultPolicy> read_policy(const Value& value);
Value show_policy(const presence::DefaultPolicy& policy);
base::Result<base::LogLevel> read_log_level(const Value& value);
Value show_log_level(const base::LogLevel& level);
base::Result<base::LogFormat> read_log_format(const Value& value);
Value show_log_format(const base::LogFormat& format);

}  // namespace rollcall::app
