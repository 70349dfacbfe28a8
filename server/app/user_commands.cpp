// SPDX-License-Identifier: Apache-2.0
#include "user_commands.hpp"

#include "passwords.hpp"
#include "user_table.hpp"

#include <fstream>
#include <iostream>
#include <sstream>

#include <rollcall/sip/uri.hpp>

#include <fmt/format.h>
#include <fmt/ostream.h>

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

// The domain is made only for a user who is otherwise in order.
base::Result<> add_with_domain(const accounts::NewUser& user, Users& users, Console& console) {
  auto added = users.add(user);
  if (added || added.error().code != base::ErrorCode::not_found) return added;
  const auto made = users.ensure_domain(user.domain);
  if (!made) return made.error();
  if (*made) fmt::print(console.out, "made the domain {}\n", user.domain);
  return users.add(user);
}

int add_user(const CommandLine& line, const sip::Aor& user, Users& users, Console& console) {
  auto chosen = choose_password(user.text(), console);
  if (!chosen) return failed(console, chosen.error());
  const accounts::NewUser wanted{std::string(user.user()), std::string(user.domain()), chosen->password,
                                 line.display_name, true};
  return done(console, add_with_domain(wanted, users, console),
              fmt::format("added {}{}", user.text(), chosen->note));
}

int change_password(const sip::Aor& user, Users& users, Console& console) {
  auto chosen = choose_password(user.text(), console);
  if (!chosen) return failed(console, chosen.error());
  const auto changed = users.set_password(user, chosen->password);
  return done(console, changed, fmt::format("changed the password of {}{}", user.text(), chosen->note));
}

int enable_user(const sip::Aor& user, bool enabled, Users& users, Console& console) {
  const auto changed = users.set_enabled(user, enabled);
  return done(console, changed, fmt::format("{} {}", enabled ? "enabled" : "disabled", user.text()));
}

int list_users(const CommandLine& line, Users& users, Console& console) {
  UserTable table(console.out, line.json);
  const auto listed = users.list(line.only_domain, [&](const UserRow& row) { table.add(row); });
  if (!listed) return failed(console, listed.error());
  table.finish();
  return 0;
}

base::Result<std::string> read_text(const std::string& path) {
  std::ostringstream text;
  if (path == "-") {
    text << std::cin.rdbuf();
  } else {
    std::ifstream file(path, std::ios::binary);
    if (!file) return base::not_found(path + " cannot be read");
    text << file.rdbuf();
  }
  return text.str();
}

std::string counted(std::int64_t count, const char* what) {
  return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

int import_users(const CommandLine& line, Users& users, Console& console) {
  const auto csv = read_text(line.csv_file);
  if (!csv) return failed(console, csv.error());
  const auto report = users.import(*csv);
  if (!report) return failed(console, report.error());
  for (const std::string& domain : report->domains_created)
    fmt::print(console.out, "made the domain {}\n", domain);
  const std::string name = line.csv_file == "-" ? "standard input" : line.csv_file;
  for (const ImportReport::Fault& fault : report->faults)
    fmt::print(console.errors, "{}:{}: {}\n", name, fault.line, fault.detail);
  fmt::print(console.out, "added {}\n", counted(report->created, "user"));
  if (report->failed == 0) return 0;
  fmt::print(console.errors, "{} not used\n",
             report->failed == 1 ? "1 line was" : fmt::format("{} lines were", report->failed));
  return 1;
}

int run_on_one_user(const CommandLine& line, Users& users, Console& console) {
  const auto user = sip::Aor::parse(line.address);
  if (!user)
    return failed(console,
                  base::malformed(fmt::format("{} is no address such as alice@example.org", line.address)));
  switch (line.command) {
    case Command::user_add:
      return add_user(line, *user, users, console);
    case Command::user_passwd:
      return change_password(*user, users, console);
    case Command::user_enable:
      return enable_user(*user, true, users, console);
    case Command::user_disable:
      return enable_user(*user, false, users, console);
    default:
      return done(console, users.remove(*user), fmt::format("removed {}", user->text()));
  }
}

}  // namespace

int run_user_command(const CommandLine& line, Users& users, Console& console) {
  if (line.command == Command::user_list) return list_users(line, users, console);
  if (line.command == Command::user_import) return import_users(line, users, console);
  return run_on_one_user(line, users, console);
}

}  // namespace rollcall::app
