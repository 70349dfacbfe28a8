// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <span>

#include <rollcall/accounts/service.hpp>

#include <fmt/format.h>

namespace rollcall::app {

using base::malformed;
using base::Result;

namespace {

template <class T>
struct Word {
  const char* text;
  T value;
};

constexpr Word<base::LogLevel> levels[] = {{"debug", base::LogLevel::debug},
                                           {"info", base::LogLevel::info},
                                           {"warning", base::LogLevel::warning},
                                           {"error", base::LogLevel::error}};
constexpr Word<base::LogFormat> formats[] = {{"text", base::LogFormat::text},
                                             {"json", base::LogFormat::json}};

template <class T>
Result<T> read_word(std::span<const Word<T>> words, const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  std::string allowed;
  for (const Word<T>& word : words) {
    if (text && *text == word.text) return word.value;
    allowed += fmt::format("{}\"{}\"", allowed.empty() ? "one of " : ", ", word.text);
  }
  return malformed(allowed);
}

template <class T>
Value show_word(std::span<const Word<T>> words, T value) {
  const auto found =
      std::find_if(words.begin(), words.end(), [&](const Word<T>& word) { return word.value == value; });
  return std::string(found->text);
}

Result<std::uint16_t> read_port(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (error != std::errc{} || end != text.data() + text.size()) return malformed("a port from 0 to 65535");
  return port;
}

}  // namespace

Result<sip::Endpoint> parse_host_port(std::string_view text) {
  const auto wrong = malformed("an address and a port, such as 127.0.0.1:8080 or [::1]:8080");
  const std::size_t colon = text.rfind(':');
  if (colon == std::string_view::npos) return wrong;
  std::string_view host = text.substr(0, colon);
  if (host == "localhost") host = "127.0.0.1";
  // Without the brackets nobody can tell where an IPv6 address ends.
  if (host.find(':') != std::string_view::npos && host.front() != '[') return wrong;
  const auto port = read_port(text.substr(colon + 1));
  if (!port) return wrong;
  const auto endpoint = sip::Endpoint::parse(host, *port);
  if (!endpoint) return wrong;
  return *endpoint;
}

std::vector<net::Listen> default_listen_addresses() {
  std::vector<net::Listen> addresses;
  for (const char* host : {"0.0.0.0", "::"})
    for (const sip::Transport transport : {sip::Transport::udp, sip::Transport::tcp})
      addresses.push_back({transport, *sip::Endpoint::parse(host, 5060)});
  return addresses;
}

Result<std::string> read_text(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  if (!text) return malformed("a text in quotes");
  const bool has_control =
      std::any_of(text->begin(), text->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
  if (has_control) return malformed("a text without control characters");
  return *text;
}

Value show_text(const std::string& text) {
  return text;
}

Result<std::int64_t> read_number(const Value& value, std::int64_t lowest, std::int64_t highest) {
  const std::int64_t* number = std::get_if<std::int64_t>(&value);
  if (!number || *number < lowest || *number > highest)
    return malformed(fmt::format("a whole number from {} to {}", lowest, highest));
  return *number;
}

Value show_number(const std::int64_t& number) {
  return number;
}

Result<std::vector<std::string>> read_domains(const Value& value) {
  const auto wrong = malformed("a list of host names, such as [\"example.org\"]");
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  if (!list) return wrong;
  std::vector<std::string> domains;
  for (std::string name : *list) {
    if (!accounts::fault_in_domain(name).empty()) return wrong;
    for (char& c : name)
      c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (std::find(domains.begin(), domains.end(), name) == domains.end()) domains.push_back(std::move(name));
  }
  return domains;
}

Value show_list(const std::vector<std::string>& list) {
  return list;
}

Result<std::vector<net::Listen>> read_listen(const Value& value) {
  constexpr const char* allowed = "a list of \"udp:ADDRESS:PORT\" and \"tcp:ADDRESS:PORT\"";
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  if (!list || list->empty()) return malformed(allowed);
  std::vector<net::Listen> all;
  for (const std::string& text : *list) {
    const auto addresses = net::parse_listen(text);
    if (!addresses) return malformed(fmt::format("{} ({})", allowed, addresses.error().detail));
    all.insert(all.end(), addresses->begin(), addresses->end());
  }
  return all;
}

Value show_listen(const std::vector<net::Listen>& addresses) {
  std::vector<std::string> list;
  list.reserve(addresses.size());
  for (const net::Listen& address : addresses)
    list.push_back(address.to_string());
  return list;
}

Result<sip::Endpoint> read_host_port(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  return parse_host_port(text ? *text : std::string());
}

Value show_host_port(const sip::Endpoint& endpoint) {
  return endpoint.to_string();
}

Result<std::string> read_token(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  const bool printable =
      text && std::all_of(text->begin(), text->end(), [](unsigned char c) { return c > 0x20 && c < 0x7f; });
  if (!printable || (!text->empty() && text->size() < 16))
    return malformed("empty, or at least 16 characters without spaces");
  return *text;
}

constexpr const char* policies[] = {"domain", "open", "confirm"};

Result<presence::DefaultPolicy> read_policy(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  const auto policy = text ? presence::policy_of(*text) : std::nullopt;
  if (!policy) return malformed(fmt::format("one of \"{}\"", fmt::join(policies, "\", \"")));
  return *policy;
}

Value show_policy(const presence::DefaultPolicy& policy) {
  return std::string(*std::find_if(std::begin(policies), std::end(policies),
                                   [&](const char* word) { return presence::policy_of(word) == policy; }));
}

Result<base::LogLevel> read_log_level(const Value& value) {
  return read_word<base::LogLevel>(levels, value);
}
Value show_log_level(const base::LogLevel& level) {
  return show_word<base::LogLevel>(levels, level);
}
Result<base::LogFormat> read_log_format(const Value& value) {
  return read_word<base::LogFormat>(formats, value);
}
Value show_log_format(const base::LogFormat& format) {
  return show_word<base::LogFormat>(formats, format);
}

}  // namespace rollcall::app
