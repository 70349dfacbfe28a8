// SPDX-License-Identifier: Apache-2.0
// One scanner for all grammars of RFC 3261 §25.1: character sets, tokens, quoted strings, separators.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string_view>

namespace rollcall::sip {

/// What a byte may be part of. One bit a set, so that one look-up answers for any union of sets.
enum CharSet : std::uint16_t {
  digit_chars = 1 << 0,
  alpha_chars = 1 << 1,
  hex_chars = 1 << 2,
  token_chars = 1 << 3,
  word_chars = 1 << 4,
  user_chars = 1 << 5,  // user: unreserved / user-unreserved
  password_chars = 1 << 6,
  param_chars = 1 << 7,       // paramchar of a URI parameter
  uri_header_chars = 1 << 8,  // hnv-unreserved / unreserved
  uric_chars = 1 << 9,        // uric of an absoluteURI, with the brackets of RFC 3986
  scheme_chars = 1 << 10,
  host_chars = 1 << 11,      // hostname and IPv4address
  value_chars = 1 << 12,     // gen-value but for the quoted string: token or host
  phone_chars = 1 << 13,     // phonedigit-hex of RFC 3966
  reserved_chars = 1 << 14,  // reserved of RFC 2396
};

constexpr std::array<std::uint16_t, 256> char_sets = [] {
  std::array<std::uint16_t, 256> sets{};
  const auto add = [&sets](std::string_view chars, std::uint16_t bits) {
    for (const char c : chars)
      sets[static_cast<unsigned char>(c)] |= bits;
  };
  constexpr std::uint16_t everywhere = token_chars | word_chars | user_chars | password_chars | param_chars |
                                       uri_header_chars | uric_chars | scheme_chars | host_chars |
                                       value_chars;
  add("0123456789", everywhere | digit_chars | hex_chars | phone_chars);
  add("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", everywhere | alpha_chars);
  add("abcdefABCDEF", hex_chars | phone_chars);
  add("-.!%*_+`'~", token_chars | word_chars | value_chars);
  add("()<>:\\\"/[]?{}", word_chars);
  add("-_.!~*'()", user_chars | password_chars | param_chars | uri_header_chars | uric_chars);
  add("&=+$,", user_chars | password_chars);
  add(";?/", user_chars);
  add("[]/:&+$", param_chars);
  add("[]/?:+$", uri_header_chars);
  add(";/?:@&=+$,", uric_chars | reserved_chars);
  add("[]", uric_chars);
  add("+-.", scheme_chars);
  add("-.", host_chars);
  add("[]:", value_chars);
  add("*#-.()", phone_chars);
  return sets;
}();

constexpr bool is_in(char c, unsigned sets) {
  return (char_sets[static_cast<unsigned char>(c)] & sets) != 0;
}

constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

constexpr bool is_space(char c) {
  return c == ' ' || c == '\t';
}

constexpr bool all_in(std::string_view text, unsigned sets) {
  for (const char c : text) {
    if (!is_in(c, sets)) return false;
  }
  return true;
}

/// Is there a byte below 0x20? Tab counts too. Looks at eight bytes at a time.
inline bool has_control(std::string_view text) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  const char* at = text.data();
  std::size_t left = text.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    if (((word - ones * 0x20) & ~word & (ones * 0x80)) != 0) return true;
  }
  for (; left > 0; --left, ++at) {
    if (static_cast<unsigned char>(*at) < 0x20) return true;
  }
  return false;
}

/// Walks over one value. Line folds are spaces already (see Message), so LWS is spaces and tabs.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : at_(text.data()), end_(text.data() + text.size()) {}

  [[nodiscard]] bool at_end() const { return at_ == end_; }
  [[nodiscard]] bool next_is(char c) const { return at_ != end_ && *at_ == c; }
  [[nodiscard]] bool next_in(unsigned sets) const { return at_ != end_ && is_in(*at_, sets); }
  [[nodiscard]] const char* position() const { return at_; }
  [[nodiscard]] std::string_view since(const char* from) const {
    return {from, static_cast<std::size_t>(at_ - from)};
  }
  [[nodiscard]] std::string_view rest() const { return {at_, static_cast<std::size_t>(end_ - at_)}; }

  bool take(char c) {
    if (!next_is(c)) return false;
    ++at_;
    return true;
  }

  std::string_view take_all(unsigned sets) {
    const char* from = at_;
    while (at_ != end_ && is_in(*at_, sets))
      ++at_;
    return since(from);
  }

  /// Characters of the sets and %HH escapes.
  std::string_view take_escaped(unsigned sets) {
    const char* from = at_;
    for (;;) {
      if (next_in(sets)) {
        ++at_;
      } else if (end_ - at_ >= 3 && *at_ == '%' && is_in(at_[1], hex_chars) && is_in(at_[2], hex_chars)) {
        at_ += 3;
      } else {
        return since(from);
      }
    }
  }

  /// Everything before the next `c`, which is left where it is; nullopt when there is none.
  std::optional<std::string_view> take_until(char c) {
    const auto length = rest().find(c);
    if (length == std::string_view::npos) return std::nullopt;
    const char* from = at_;
    at_ += length;
    return since(from);
  }

  std::string_view token() { return take_all(token_chars); }

  bool skip_space() {
    const char* from = at_;
    while (at_ != end_ && is_space(*at_))
      ++at_;
    return at_ != from;
  }

  /// A separator with white space on both sides (SLASH, EQUAL, SEMI, COLON ... of §25.1). Without
  /// it nothing is taken.
  bool separator(char c) {
    const char* from = at_;
    skip_space();
    if (!take(c)) {
      at_ = from;
      return false;
    }
    skip_space();
    return true;
  }

  /// A quoted string with its quotes. nullopt: it does not end, or holds what it may not.
  std::optional<std::string_view> quoted_string() {
    const char* from = at_;
    if (!take('"')) return std::nullopt;
    while (at_ != end_) {
      const char c = *at_++;
      if (c == '"') return since(from);
      if (c == '\\') {
        if (at_ == end_ || *at_ == '\r' || *at_ == '\n' || static_cast<unsigned char>(*at_) >= 0x80) break;
        ++at_;
      } else if ((static_cast<unsigned char>(c) < 0x20 && c != '\t') || c == 0x7f) {
        break;
      }
    }
    return std::nullopt;
  }

 private:
  const char* at_;
  const char* end_;
};

/// Notices that a parameter name may have come before, without keeping the names: `maybe_seen` has
/// to be followed by a look. Also counts, as a look at all earlier ones must stay cheap.
class SeenNames {
 public:
  static constexpr int most = 64;

  bool maybe_seen(std::string_view name) {
    const auto bit = std::uint64_t{1}
                     << ((static_cast<unsigned char>(lower(name.front())) + name.size() * 7) % 64);
    const bool seen = (bits_ & bit) != 0;
    bits_ |= bit;
    ++count_;
    return seen;
  }
  [[nodiscard]] bool too_many() const { return count_ > most; }

 private:
  std::uint64_t bits_ = 0;
  int count_ = 0;
};

}  // namespace rollcall::sip
