// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>

#include <rollcall/http/problem.hpp>
#include <rollcall/http/request.hpp>

namespace rollcall::http {

/// What the request line and the header fields say.
struct Head {
  Request request;  // without body and peer
  bool keep_alive = true;
  bool expects_continue = false;  // Expect: 100-continue (RFC 9110 §10.1.1)
  bool chunked = false;
  std::uint64_t length = 0;  // of the body, when it is not chunked

  [[nodiscard]] bool has_body() const { return chunked || length > 0; }
};

/// Takes a head apart, from the request line to the empty line, and refuses whatever leaves room for
/// two readings of it (RFC 9112 §2.2, §3, §5, §6.3, §11.2). Pure.
std::variant<Head, Problem> parse_head(std::string_view bytes);

}  // namespace rollcall::http
