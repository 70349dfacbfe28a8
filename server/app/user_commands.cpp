// SPDX-License-Identifier: Apache-2.0
#include "user_commands.hpp"

#include <fstream>
#include <iostream>
#include <sstream>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <rollcall/sip/uri.hpp>

#include "passwords.hpp"
#include "user_table.hpp"

namespace rollcall::app {

namespace {

int failed(Console& console, const base::Error& error) {
  fmt::print(console.errors, "rollcall: {}\n", error.detail);
  return 1;
}

int done(Console& console, const base::Result<>& result, const std::string& what) {
  if (!result) return failed(console, result.error());
  fmt::print(console.out, "{}\n", what);
  return 0;
}

// The password to set, and what to tell about it.
struct Chosen {
  std::string password;
  std::string note;
};

base::Result<Chosen> choose_password(const std::string& user, Console& console) {
  auto given = console.password(user);
  if (!given) return given.error();
  if (!given->empty()) return Chosen{std::move(*given), ""};
  std::string made = make_password();
  std::string note = fmt::format(", password {}", made);
  return Chosen{std::move(made), std::move(note)};
}

int add_user(const CommandLine& line, const sip::Aor& user, Users& users, Console& console) {
  auto chosen = choose_password(line.address, console);
  if (!chosen) return failed(console, chosen.error());
  const std::string domain(user.domain());
  const auto made = users.ensure_domain(domain);
  if (!made) return failed(console, made.error());
  if (*made) fmt::print(console.out, "made the domain {}\n", domain);
  const auto added = users.add({std::string(user.user()), domain, chosen->password, line.display_name, true});
  return done(console, added, fmt::format("added {}{}", user.text(), chosen->note));
}

int change_password(const sip::Aor& user, Users& users, Console& console) {
  auto chosen = choose_password(user.text(), console);
  if (!chosen) return failed(console, chosen.error());
  const auto changed = users.change(user, {std::nullopt, chosen->password, std::nullopt});
  return done(console, changed, fmt::format("changed the password of {}{}", user.text(), chosen->note));
}

int enable_user(const sip::Aor& user, bool enabled, Users& users, Console& console) {
  const auto changed = users.change(user, {std::nullopt, std::nullopt, enabled});
  return done(console, changed, fmt::format("{} {}", enabled ? "enabled" : "disabled", user.text()));
}

int list_users(const CommandLine& line, Users& users, Console& console) {
  UserTable table(console.out, line.json);
  const auto listed = users.list(line.only_domain, [&](const UserRow& row) { table.add(row); });
  if (!listed) return failed(console, listed.error());
  table.finish();
  return 0;
}

int import_file(const CommandLine& line, Users& users, Console& console) {
  std::ostringstream text;
  if (line.csv_file == "-") {
    text << std::cin.rdbuf();
    return import_users(text.str(), "standard input", users, console);
  }
  std::ifstream file(line.csv_file, std::ios::binary);
  if (!file) return failed(console, base::not_found(line.csv_file + " cannot be read"));
  text << file.rdbuf();
  return import_users(text.str(), line.csv_file, users, console);
}

int run_on_one_user(const CommandLine& line, Users& users, Console& console) {
  const auto user = sip::Aor::parse(line.address);
  if (!user)
    return failed(console, base::malformed(fmt::format("{} is no address such as alice@example.org", line.address)));
  switch (line.command) {
    case Command::user_add: return add_user(line, *user, users, console);
    case Command::user_passwd: return change_password(*user, users, console);
    case Command::user_enable: return enable_user(*user, true, users, console);
    case Command::user_disable: return enable_user(*user, false, users, console);
    default: return done(console, users.remove(*user), fmt::format("removed {}", user->text()));
  }
}

}  // namespace

int run_user_command(const CommandLine& line, Users& users, Console& console) {
  if (line.command == Command::user_list) return list_users(line, users, console);
  if (line.command == Command::user_import) return import_file(line, users, console);
  return run_on_one_user(line, users, console);
}

}  // namespace rollcall::app
