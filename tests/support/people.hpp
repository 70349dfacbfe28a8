// SPDX-License-Identifier: Apache-2.0
// Users, and what they send, for the tests of features.
#pragma once

#include <string>
#include <string_view>
#include <utility>

#include <rollcall/engine/request.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/model/account.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

#include <doctest/doctest.h>
#include <support/shards.hpp>
#include <support/sip_text.hpp>

namespace rollcall::tests {

inline sip::Aor aor(std::string_view text) {
  auto parsed = sip::Aor::parse(text);
  REQUIRE(parsed.ok());
  return *parsed;
}

inline model::User user_named(std::string_view name, std::string_view password = "secret") {
  model::User user;
  user.aor = aor(name);
  user.ha1 = sip::Ha1::of(user.aor.user(), user.aor.domain(), password);
  return user;
}

/// A request as a feature gets it: parsed, authenticated, without a transaction.
inline engine::Request request_of(const RequestText& text, const sip::Flow& flow,
                                  base::Instant received = {}) {
  engine::Request request;
  request.message = parsed(text.bytes());
  request.flow = flow;
  request.received = received;
  const auto from = sip::NameAddr::parse(request.message->first(sip::Header::from).value_or(""));
  REQUIRE(from.ok());
  request.sender = *sip::Aor::from(from->uri);
  return request;
}

/// The value of the first header of this kind in a reply, "" when it has none.
inline std::string header_of(const sip::Reply& reply, sip::Header id) {
  for (const auto& [name, value] : reply.headers)
    if (name == id) return value;
  return "";
}

inline std::size_t count_of(const sip::Reply& reply, sip::Header id) {
  std::size_t count = 0;
  for (const auto& header : reply.headers)
    if (header.first == id) ++count;
  return count;
}

}  // namespace rollcall::tests
