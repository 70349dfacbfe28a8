// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <span>

#include <rollcall/accounts/service.hpp>
#include <rollcall/presence/lists.hpp>

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

Result<rules::DomainDefault> read_policy(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  const auto policy = text ? presence::policy_of(*text) : std::nullopt;
  if (!policy) return malformed(R"(one of "allow-domain", "open", "confirm", "block")");
  return *policy;
}

Value show_policy(const rules::DomainDefault& policy) {
  return std::string(rules::to_string(policy));
}

Result<DomainPolicies> read_domain_policies(const Value& value) {
  const auto wrong =
      malformed("a list of domains with their policy, each once, such as [\"example.org=confirm\"]");
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  if (!list) return wrong;
  DomainPolicies policies;
  for (const std::string& text : *list) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return wrong;
    const auto domain = read_domains(std::vector{text.substr(0, equals)});
    const auto policy = presence::policy_of(std::string_view(text).substr(equals + 1));
    if (!domain || !policy) return wrong;
    const std::string& name = domain->front();
    if (std::any_of(policies.begin(), policies.end(), [&](const auto& one) { return one.first == name; }))
      return wrong;
    policies.emplace_back(name, *policy);
  }
  return policies;
}

Value show_domain_policies(const DomainPolicies& policies) {
  std::vector<std::string> list;
  list.reserve(policies.size());
  for (const auto& [domain, policy] : policies)
    list.push_back(fmt::format("{}={}", domain, rules::to_string(policy)));
  return list;
}

Result<std::vector<std::string>> read_own_lists(const Value& value) {
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  if (!list) return malformed("a list of names such as [\"{user}-buddies\"]");
  for (const std::string& pattern : *list)
    if (const std::string fault = presence::OwnLists::fault_in(pattern); !fault.empty())
      return malformed("\"" + pattern + "\": " + fault);
  return *list;
}

Result<presence::StatusChoice> read_composition(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  const auto choice = text ? presence::choice_of(*text) : std::nullopt;
  if (!choice) return malformed(R"(one of "manual_wins", "strongest", "newest")");
  return *choice;
}

Value show_composition(const presence::StatusChoice& choice) {
  return std::string(presence::word_of(choice));
}

Result<DomainCompositions> read_domain_compositions(const Value& value) {
  const auto wrong =
      malformed("a list of domains with their composition, each once, such as [\"example.org=strongest\"]");
  const auto* list = std::get_if<std::vector<std::string>>(&value);
  if (!list) return wrong;
  DomainCompositions compositions;
  for (const std::string& text : *list) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos) return wrong;
    const auto domain = read_domains(std::vector{text.substr(0, equals)});
    const auto choice = presence::choice_of(std::string_view(text).substr(equals + 1));
    if (!domain || !choice) return wrong;
    const std::string& name = domain->front();
    if (std::any_of(compositions.begin(), compositions.end(),
                    [&](const auto& one) { return one.first == name; }))
      return wrong;
    compositions.emplace_back(name, *choice);
  }
  return compositions;
}

Value show_domain_compositions(const DomainCompositions& compositions) {
  std::vector<std::string> list;
  list.reserve(compositions.size());
  for (const auto& [domain, choice] : compositions)
    list.push_back(fmt::format("{}={}", domain, presence::word_of(choice)));
  return list;
}

// More would show devices that are long gone.
Result<std::int64_t> read_hysteresis(const Value& value) {
  return read_number(value, 0, 60);
}

Result<bool> read_registrations(const Value& value) {
  const std::string* text = std::get_if<std::string>(&value);
  if (!text || (*text != "show" && *text != "ignore")) return malformed(R"(one of "show", "ignore")");
  return *text == "show";
}

Value show_registrations(const bool& show) {
  return std::string(show ? "show" : "ignore");
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
