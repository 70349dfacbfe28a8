// SPDX-License-Identifier: Apache-2.0
// The table of configuration keys: what each is called, means, allows and is kept in.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <rollcall/app/configuration.hpp>

namespace rollcall::app {

/// What a key's value is in its source.
using Value = std::variant<std::string, std::int64_t, std::vector<std::string>>;

/// One row of the table.
struct Key {
  std::string name;     // "sip.listen"
  std::string meaning;  // for the comments in the file and for the documents
  bool reloadable = false;
  /// Takes a value over, or says what is allowed (Error::detail, to be read after "must be").
  std::function<base::Result<>(Configuration&, const Value&)> set;
  std::function<Value(const Configuration&)> get;
  /// The value as it may be shown; empty function: as it is.
  std::function<std::string(const std::string&)> conceal;

  [[nodiscard]] std::string_view section() const { return std::string_view(name).substr(0, name.find('.')); }
  [[nodiscard]] std::string_view leaf() const { return std::string_view(name).substr(name.find('.') + 1); }
};

/// All keys, in the order of the file.
const std::vector<Key>& configuration_keys();

/// nullptr: there is no such key.
const Key* find_key(std::string_view name);

/// "ROLLCALL_SIP_LISTEN" for "sip.listen".
std::string environment_name(const Key& key);

/// A value as TOML writes it.
std::string to_toml(const Value& value);

/// "postgresql://me:secret@host/db" without the password; also "password=secret" in either form.
std::string conceal_password(const std::string& url);

}  // namespace rollcall::app
