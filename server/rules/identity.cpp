// SPDX-License-Identifier: Apache-2.0
#include "words.hpp"

#include <algorithm>
#include <vector>

#include <rollcall/rules/identity.hpp>

#include <fmt/format.h>

namespace rollcall::rules {

namespace {

constexpr std::string_view aor_scheme = "sip:";

/// Digits of a number in the one way to write them (RFC 3966 §5.1.1: separators mean nothing).
std::string digits_of(std::string_view number) {
  auto digits = in_lower_case(number);
  digits.erase(
      std::remove_if(digits.begin(), digits.end(),
                     [](char c) { return std::string_view("-.()").find(c) != std::string_view::npos; }),
      digits.end());
  return digits;
}

/// One parameter of a tel: URI in the form that RFC 3966 §4 compares.
std::string canonical_parameter(std::string_view parameter) {
  const auto name = in_lower_case(parameter.substr(0, parameter.find('=')));
  if (name.size() == parameter.size()) return name;
  const auto value = parameter.substr(name.size() + 1);
  const bool is_number = name == "ext" || (name == "phone-context" && value.starts_with('+'));
  return name + '=' + (is_number ? digits_of(value) : in_lower_case(sip::unescape(value)));
}

/// A URI of an IRI, which an attribute of type anyURI may be: what is not ASCII is escaped (RFC 3987 §3.1).
std::string escaped(std::string_view iri) {
  std::string uri;
  for (const char c : iri) {
    if (static_cast<unsigned char>(c) < 0x80)
      uri += c;
    else
      uri += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return uri;
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-_.:[]").find(c) != std::string_view::npos;
}

}  // namespace

Identity::Identity(const sip::Aor& aor)
    : text_(std::string(aor_scheme) + aor.text()), domain_at_(text_.size() - aor.domain().size()) {}

Identity Identity::of_tel(const sip::Uri& uri) {
  std::vector<std::string> parameters;
  for (auto rest = uri.params; !rest.empty();) {
    const auto parameter = rest.substr(0, rest.find(';'));
    rest.remove_prefix(std::min(parameter.size() + 1, rest.size()));
    parameters.push_back(canonical_parameter(parameter));
  }
  std::sort(parameters.begin(), parameters.end());
  auto text = "tel:" + digits_of(uri.user);
  for (const auto& parameter : parameters)
    text.append(";").append(parameter);
  const auto size = text.size();
  return {std::move(text), size};
}

/// mailto: and whatever else is not SIP's: what stands behind an '@' is its domain.
Identity Identity::of_other(std::string_view uri) {
  auto text = canonical_uri(uri.substr(0, uri.find('?')));
  const auto at = text.rfind('@');
  const auto domain_at = at == std::string::npos ? text.size() : at + 1;
  std::transform(text.begin() + static_cast<std::ptrdiff_t>(domain_at), text.end(),
                 text.begin() + static_cast<std::ptrdiff_t>(domain_at), lower);
  return {std::move(text), domain_at};
}

base::Result<Identity> Identity::parse(std::string_view text) {
  text = xml::trim(text);
  if (text.find(':') == std::string_view::npos) {
    auto aor = sip::Aor::parse(text);
    if (!aor) return aor.error();
    return Identity(*aor);
  }
  const auto ascii = escaped(text);
  const auto uri = sip::Uri::parse(ascii);
  if (!uri) return uri.error();
  if (uri->scheme == sip::Scheme::tel) return of_tel(*uri);
  if (uri->scheme == sip::Scheme::other) return of_other(ascii);
  if (!uri->has_user) {
    auto host = std::string(aor_scheme) + in_lower_case(uri->host);
    return Identity(std::move(host), aor_scheme.size());
  }
  auto aor = sip::Aor::from(*uri);
  if (!aor) return aor.error();
  return Identity(*aor);
}

std::optional<std::string> canonical_domain(std::string_view text) {
  auto domain = in_lower_case(sip::unescape(xml::trim(text)));
  if (domain.empty() || !std::all_of(domain.begin(), domain.end(), is_host_character)) return std::nullopt;
  return domain;
}

std::string canonical_uri(std::string_view text) {
  text = xml::trim(text);
  auto lower_end = text.find(':');
  if (lower_end == std::string_view::npos) return std::string(text);
  if (in_lower_case(text.substr(0, lower_end)) == "urn") {
    lower_end = std::min(text.find(':', lower_end + 1), text.size());
    if (in_lower_case(text.substr(0, lower_end)) == "urn:uuid") lower_end = text.size();
  }
  return in_lower_case(text.substr(0, lower_end)).append(text.substr(lower_end));
}

}  // namespace rollcall::rules
