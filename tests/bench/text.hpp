// SPDX-License-Identifier: Apache-2.0
// Just enough reading and writing of SIP text for a load generator. Nothing here is shared with the
// server.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace bench {

/// The values of a header that may come more than once; what is beyond the capacity is left out.
struct Lines {
  std::array<std::string_view, 8> values;
  std::size_t count = 0;

  [[nodiscard]] const std::string_view* begin() const { return values.data(); }
  [[nodiscard]] const std::string_view* end() const { return values.data() + count; }
};

/// A message whose headers are found in one pass. All are views into its bytes, "" where there is none.
struct Message {
  explicit Message(std::string_view bytes);

  std::string_view bytes;
  int status = 0;           // 0: a request
  std::string_view method;  // of a request
  std::string_view from, to, call_id, cseq, contact, retry_after, entity_tag, body;
  Lines vias;
  Lines challenges;  // of a 401 or a 407

 private:
  void take_header(std::string_view line);
};

/// Value of a parameter such as `branch` in ";branch=x", or `nonce` in `nonce="x"`; without quotes.
std::string_view parameter(std::string_view value, std::string_view name);

/// What stands between < and >, else all up to the first ';'.
std::string_view uri_of(std::string_view value);

std::uint32_t leading_number(std::string_view text);

/// Bytes of the first message in a stream: 0 when it is not all there yet.
std::size_t framed_bytes(std::string_view stream);

inline void append(std::string& text, std::string_view part) {
  text.append(part);
}

inline void append(std::string& text, char part) {
  text.push_back(part);
}

inline void append(std::string& text, std::unsigned_integral auto part) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), part).ptr;
  text.append(digits.data(), end);
}

/// Appends texts, characters and numbers, with no string made in between.
template <class... Parts>
void put(std::string& text, const Parts&... parts) {
  (append(text, parts), ...);
}

/// The same in place of what was there; the memory stays.
template <class... Parts>
void set(std::string& text, const Parts&... parts) {
  text.clear();
  put(text, parts...);
}

}  // namespace bench
