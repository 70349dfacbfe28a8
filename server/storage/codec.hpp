// SPDX-License-Identifier: Apache-2.0
// One value in the database's two forms: binary on the way in, text on the way out.
#pragma once

#include "params.hpp"

#include <array>
#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/clock.hpp>
#include <rollcall/model/presence.hpp>
#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::storage {

/// "2026-11-21 10:20:30.123456+00", as printed with TimeZone UTC and DateStyle ISO.
std::optional<base::Instant> parse_time(std::string_view text);

/// "\x00ff", as printed with bytea_output hex.
std::optional<std::string> parse_bytea(std::string_view text);

/// How values of V are kept: a type, a write and a read each.
template <class V>
struct Codec;

template <>
struct Codec<std::string> {
  static constexpr SqlType type = SqlType::text;
  static void write(Array& out, const std::string& value) { out.add_text(value); }
  static bool read(std::string_view text, std::string& value);
};

template <>
struct Codec<base::Text> {
  static constexpr SqlType type = SqlType::text;
  static void write(Array& out, const base::Text& value) { out.add_text(value); }
  static bool read(std::string_view text, base::Text& value);
};

template <>
struct Codec<sip::Aor> {
  static constexpr SqlType type = SqlType::text;
  static void write(Array& out, const sip::Aor& value) { out.add_text(value.text()); }
  static bool read(std::string_view text, sip::Aor& value);
};

template <>
struct Codec<sip::Flow> {
  static constexpr SqlType type = SqlType::text;
  static void write(Array& out, const sip::Flow& value) { out.add_text(value.to_string()); }
  static bool read(std::string_view text, sip::Flow& value);
};

template <>
struct Codec<model::Subscription::State> {
  static constexpr SqlType type = SqlType::text;
  static void write(Array& out, model::Subscription::State value);
  static bool read(std::string_view text, model::Subscription::State& value);
};

template <>
struct Codec<std::vector<std::string>> {
  static constexpr SqlType type = SqlType::text_list;
  static void write(Array& out, const std::vector<std::string>& value);
  static bool read(std::string_view text, std::vector<std::string>& value);
};

template <>
struct Codec<base::Instant> {
  static constexpr SqlType type = SqlType::timestamptz;
  static void write(Array& out, base::Instant value) { out.add_time(value); }
  static bool read(std::string_view text, base::Instant& value);
};

template <>
struct Codec<bool> {
  static constexpr SqlType type = SqlType::boolean;
  static void write(Array& out, bool value) { out.add_boolean(value); }
  static bool read(std::string_view text, bool& value);
};

template <std::unsigned_integral V>
struct Codec<V> {
  static constexpr SqlType type = sizeof(V) == 2 ? SqlType::integer : SqlType::bigint;
  static void write(Array& out, V value) {
    if constexpr (type == SqlType::integer) {
      out.add_integer(value);
    } else {
      out.add_bigint(value);
    }
  }
  static bool read(std::string_view text, V& value) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return false;
    value = static_cast<V>(number);
    return sizeof(V) == 8 || (number >= 0 && value == static_cast<std::uint64_t>(number));
  }
};

template <std::size_t Size>
struct Codec<std::array<std::uint8_t, Size>> {
  static constexpr SqlType type = SqlType::bytea;
  static void write(Array& out, const std::array<std::uint8_t, Size>& value) {
    out.add_bytes({reinterpret_cast<const char*>(value.data()), Size});
  }
  static bool read(std::string_view text, std::array<std::uint8_t, Size>& value) {
    const auto bytes = parse_bytea(text);
    if (!bytes || bytes->size() != Size) return false;
    std::copy(bytes->begin(), bytes->end(), value.begin());
    return true;
  }
};

/// What is kept as bytes and not as text: a body.
struct BytesCodec {
  static constexpr SqlType type = SqlType::bytea;
  static void write(Array& out, std::string_view value) { out.add_bytes(value); }
  template <class Bytes>
  static bool read(std::string_view text, Bytes& value) {
    auto bytes = parse_bytea(text);
    if (bytes) value = std::move(*bytes);
    return bytes.has_value();
  }
};

}  // namespace rollcall::storage
