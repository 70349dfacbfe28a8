// SPDX-License-Identifier: Apache-2.0
// Parameters of a statement in PostgreSQL's binary format: no quoting, no parsing of text.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/clock.hpp>

#include <pqxx/binarystring>

namespace rollcall::storage {

/// The types of our columns.
enum class SqlType : std::uint8_t { text, bytea, bigint, integer, boolean, timestamptz, text_list };

/// As it stands in SQL. A list of texts travels as an array literal, since unnest() would flatten
/// arrays of arrays.
const char* name_of(SqlType type);

/// One column of the rows of a batch: a one-dimensional array in the binary format of array_recv.
class Array {
 public:
  /// `rows` as it will be in the end.
  Array(SqlType type, std::size_t rows);

  void add_text(std::string_view bytes);  // encoded, see text.hpp
  void add_bytes(std::string_view bytes);
  void add_bigint(std::uint64_t value);  // bit by bit: the upper half shows as negative numbers
  void add_integer(std::int32_t value);
  void add_boolean(bool value);
  void add_time(base::Instant value);  // clamped to the years that SQL and we both can write

  [[nodiscard]] const std::string& bytes() const { return bytes_; }

 private:
  std::string bytes_;
};

/// The parameters of one execution, $1 first.
class Params {
 public:
  void add(const Array& array) { values_.emplace_back(array.bytes().data(), array.bytes().size()); }
  void add_bigint(std::uint64_t value);
  void add_integer(std::int32_t value);

  [[nodiscard]] const std::vector<pqxx::binarystring>& values() const { return values_; }
  [[nodiscard]] std::size_t size() const { return values_.size(); }

 private:
  std::vector<pqxx::binarystring> values_;
};

}  // namespace rollcall::storage
