// SPDX-License-Identifier: Apache-2.0
#include "params.hpp"

#include "text.hpp"

#include <algorithm>

namespace rollcall::storage {

namespace {

struct TypeRow {
  const char* name;
  std::uint32_t element_oid;  // fixed in PostgreSQL's catalogue (pg_type.dat)
};

constexpr TypeRow types[] = {
    {"text", 25},    {"bytea", 17},         {"bigint", 20}, {"integer", 23},
    {"boolean", 16}, {"timestamptz", 1184}, {"text", 25},
};

constexpr base::Instant sql_epoch{std::chrono::sys_days(std::chrono::year(2000) / 1 / 1)};
constexpr base::Instant first_time{std::chrono::sys_days(std::chrono::year(1) / 1 / 1)};
constexpr base::Instant last_time{std::chrono::sys_days(std::chrono::year(9999) / 12 / 31)};

void append_number(std::string& out, std::uint64_t value, int bytes) {
  for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8)
    out += static_cast<char>(value >> shift & 0xFF);
}

void replace_number(std::string& out, std::size_t at, std::uint32_t value) {
  for (int i = 0; i < 4; ++i)
    out[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (24 - 8 * i) & 0xFF);
}

}  // namespace

const char* name_of(SqlType type) {
  return types[static_cast<std::size_t>(type)].name;
}

Array::Array(SqlType type, std::size_t rows) {
  bytes_.reserve(20 + rows * 24);
  append_number(bytes_, rows == 0 ? 0 : 1, 4);  // dimensions
  append_number(bytes_, 0, 4);                  // holds no NULL
  append_number(bytes_, types[static_cast<std::size_t>(type)].element_oid, 4);
  if (rows == 0) return;
  append_number(bytes_, rows, 4);
  append_number(bytes_, 1, 4);  // index of the first element
}

void Array::add_text(std::string_view bytes) {
  const std::size_t at = bytes_.size();
  append_number(bytes_, 0, 4);
  append_encoded(bytes_, bytes);
  replace_number(bytes_, at, static_cast<std::uint32_t>(bytes_.size() - at - 4));
}

void Array::add_bytes(std::string_view bytes) {
  append_number(bytes_, bytes.size(), 4);
  bytes_ += bytes;
}

void Array::add_bigint(std::uint64_t value) {
  append_number(bytes_, 8, 4);
  append_number(bytes_, value, 8);
}

void Array::add_integer(std::int32_t value) {
  append_number(bytes_, 4, 4);
  append_number(bytes_, static_cast<std::uint32_t>(value), 4);
}

void Array::add_boolean(bool value) {
  append_number(bytes_, 1, 4);
  bytes_ += static_cast<char>(value ? 1 : 0);
}

void Array::add_time(base::Instant value) {
  const base::Instant kept = std::clamp(value, first_time, last_time);
  add_bigint(static_cast<std::uint64_t>((kept - sql_epoch).count()));
}

void Params::add_bigint(std::uint64_t value) {
  std::string bytes;
  append_number(bytes, value, 8);
  values_.emplace_back(bytes.data(), bytes.size());
}

void Params::add_integer(std::int32_t value) {
  std::string bytes;
  append_number(bytes, static_cast<std::uint32_t>(value), 4);
  values_.emplace_back(bytes.data(), bytes.size());
}

}  // namespace rollcall::storage
