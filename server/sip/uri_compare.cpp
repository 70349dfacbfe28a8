// SPDX-License-Identifier: Apache-2.0
#include "escapes.hpp"
#include "scanner.hpp"

#include <algorithm>

#include <rollcall/sip/headers/params.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::sip {

namespace {

/// Parameters that one URI may not have alone: the rules of RFC 3261 §19.1.4, and transport, which
/// its examples show to be one of them.
constexpr std::string_view never_alone[] = {"user", "ttl", "method", "maddr", "transport"};

bool same_host(std::string_view a, std::string_view b) {
  if (equal_ignoring_case(a, b)) return true;
  // One IPv6 address has many spellings.
  if (!a.starts_with('[') || !b.starts_with('[')) return false;
  const auto left = Endpoint::parse(a, 0);
  return left && left == Endpoint::parse(b, 0);
}

/// Every parameter of `a` that is also in `b` has the same value, and what is missing may be missing.
bool params_agree(const Uri& a, const Uri& b) {
  for (PairCursor c{a.params, ';'}; c.next();) {
    const auto other = b.param(c.name);
    if (!other) {
      const auto alone = [&c](std::string_view name) { return equal_escaped(name, c.name, Case::ignore); };
      if (std::any_of(std::begin(never_alone), std::end(never_alone), alone)) return false;
      continue;
    }
    // Method names are the one value that case matters in (§7.1).
    const auto letters = equal_escaped(c.name, "method", Case::ignore) ? Case::heed : Case::ignore;
    if (!equal_escaped(c.value, *other, letters)) return false;
  }
  return true;
}

int count_header(std::string_view headers, const PairCursor& wanted) {
  int count = 0;
  for (PairCursor c{headers, '&'}; c.next();) {
    if (equal_escaped(c.name, wanted.name, Case::ignore) &&
        equal_escaped(c.value, wanted.value, Case::ignore)) {
      ++count;
    }
  }
  return count;
}

/// Every header of `a` is in `b` as often.
bool headers_agree(std::string_view a, std::string_view b) {
  for (PairCursor c{a, '&'}; c.next();) {
    if (count_header(a, c) != count_header(b, c)) return false;
  }
  return true;
}

/// "user:password": an empty password is not the same as none.
std::string_view userinfo(const Uri& uri) {
  if (!uri.has_user) return {};
  return {uri.user.data(), static_cast<std::size_t>(uri.host.data() - uri.user.data() - 1)};
}

bool same_user_and_host(const Uri& a, const Uri& b) {
  return a.has_user == b.has_user && equal_escaped(userinfo(a), userinfo(b), Case::heed) &&
         same_host(a.host, b.host);
}

bool same_sip(const Uri& a, const Uri& b) {
  return same_user_and_host(a, b) && a.port == b.port && params_agree(a, b) && params_agree(b, a) &&
         headers_agree(a.headers, b.headers) && headers_agree(b.headers, a.headers);
}

/// The digits of a number in the one way to write them.
std::string digits_of(std::string_view number) {
  std::string digits;
  for (const char c : number) {
    if (std::string_view("-.()").find(c) == std::string_view::npos) digits += lower(c);
  }
  return digits;
}

bool same_tel_value(std::string_view name, std::string_view a, std::string_view b) {
  const bool number =
      equal_ignoring_case(name, "ext") || (equal_ignoring_case(name, "phone-context") && a.starts_with('+'));
  return number ? digits_of(a) == digits_of(b) : equal_escaped(a, b, Case::ignore);
}

bool tel_params_agree(const Uri& a, const Uri& b) {
  for (PairCursor c{a.params, ';'}; c.next();) {
    const auto other = b.param(c.name);
    if (!other || !same_tel_value(c.name, c.value, *other)) return false;
  }
  return true;
}

/// RFC 3966 §4.
bool same_tel(const Uri& a, const Uri& b) {
  return digits_of(a.user) == digits_of(b.user) && tel_params_agree(a, b) && tel_params_agree(b, a);
}

}  // namespace

bool equivalent(const Uri& a, const Uri& b) {
  if (a.scheme != b.scheme) return false;
  switch (a.scheme) {
    case Scheme::sip:
    case Scheme::sips:
      return same_sip(a, b);
    case Scheme::tel:
      return same_tel(a, b);
    case Scheme::im:
    case Scheme::pres:
      return same_user_and_host(a, b) && a.headers == b.headers;
    case Scheme::other:
      break;
  }
  return a.text == b.text;
}

}  // namespace rollcall::sip
