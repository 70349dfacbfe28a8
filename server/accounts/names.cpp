// SPDX-License-Identifier: Apache-2.0
// What may be a user name, a domain, a password, a label.
#include <algorithm>
#include <cctype>

#include <rollcall/accounts/service.hpp>
#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::accounts {

namespace {

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; });
}

std::string fault_in_text(std::string_view text, std::size_t most) {
  if (text.size() > most) return "longer than " + std::to_string(most) + " bytes";
  if (!sip::is_utf8(text)) return "not UTF-8";
  if (has_control(text)) return "holds a control character";
  return "";
}

bool is_ldh_label(std::string_view label) {
  const auto ldh = [](unsigned char c) { return std::isalnum(c) != 0 || c == '-'; };
  return !label.empty() && label.size() <= 63 && std::all_of(label.begin(), label.end(), ldh) &&
         label.front() != '-' && label.back() != '-';
}

}  // namespace

std::string fault_in_username(const std::string& username) {
  if (username.empty()) return "empty";
  if (std::string fault = fault_in_text(username, 64); !fault.empty()) return fault;
  if (username.find_first_of(" @/\"<>\\") != std::string::npos)
    return "holds one of the characters blank @ / \" < > \\";
  return "";
}

std::string fault_in_domain(const std::string& domain) {
  if (domain.empty()) return "empty";
  if (domain.size() > 253) return "longer than 253 bytes";
  if (sip::Endpoint::parse(domain, 0))
    return domain.find(':') == std::string::npos || domain.front() == '['
               ? ""
               : "an IPv6 address without brackets";
  for (std::size_t begin = 0; begin <= domain.size();) {
    const std::size_t dot = std::min(domain.find('.', begin), domain.size());
    if (!is_ldh_label(std::string_view(domain).substr(begin, dot - begin)))
      return "not a domain name (letters, digits and hyphens between dots)";
    begin = dot + 1;
  }
  return "";
}

std::string fault_in_password(const std::string& password) {
  return password.empty() ? "empty" : fault_in_text(password, 256);
}

std::string fault_in_label(const std::string& text) {
  return fault_in_text(text, 256);
}

}  // namespace rollcall::accounts
