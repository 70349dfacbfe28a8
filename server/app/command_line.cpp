// SPDX-License-Identifier: Apache-2.0
// The one home of CLI11.
#include <rollcall/app/command_line.hpp>

#include <CLI/CLI.hpp>

namespace rollcall::app {

namespace {

/// What CLI11 writes into while it parses; made into a CommandLine afterwards.
class Parser {
 public:
  Parser() {
    app_.require_subcommand(1);
    app_.get_formatter()->column_width(34);
    add_serve();
    add_check_config();
    add_user();
    chosen(app_.add_subcommand("version", "print the version"), Command::version);
    app_.footer("Each command explains itself: rollcall COMMAND --help");
  }

  std::variant<CommandLine, Exit> parse(int count, const char* const* arguments) {
    try {
      app_.parse(count, arguments);
    } catch (const CLI::ParseError& error) {
      return exit_of(error);
    }
    add_option("server.data_dir", data_dir_, "--data-dir");
    add_list("server.domains", domains_, "--domain");
    add_list("sip.listen", listen_, "--listen");
    add_option("admin.listen", admin_listen_, "--admin-listen");
    return line_;
  }

 private:
  void add_serve() {
    CLI::App& serve =
        *chosen(app_.add_subcommand("serve", "run the server until it is told to end"), Command::serve);
    add_sources(serve);
    serve.add_option("--domain", domains_, "serve this domain; make it if there is none (repeatable)")
        ->type_name("NAME")
        ->allow_extra_args(false);
    serve.add_option("--listen", listen_, "take SIP here: udp:HOST:PORT or tcp:HOST:PORT (repeatable)")
        ->type_name("WHERE")
        ->allow_extra_args(false);
    serve.add_option("--admin-listen", admin_listen_, "serve administrators here")->type_name("HOST:PORT");
    serve.footer(
        "Signals: TERM ends it cleanly, HUP reads log level, domains and limits again.\n"
        "Example: rollcall serve --data-dir /var/lib/rollcall --domain example.org");
  }

  void add_check_config() {
    CLI::App& check =
        *chosen(app_.add_subcommand("check-config",
                                    "check the configuration and print what is in force, without secrets"),
                Command::check_config);
    add_sources(check);
    check.add_flag("--defaults", line_.defaults, "print every key with its default and its meaning instead");
    check.footer("Example: rollcall check-config --defaults > rollcall.toml");
  }

  void add_user() {
    CLI::App& user =
        *app_.add_subcommand("user", "add, change, list and remove users, while the server runs or not");
    user.require_subcommand(1);
    CLI::App& add =
        with_address(user, "add", "add a user, and the domain if there is none", Command::user_add);
    add.add_option("--name", line_.display_name, "what others see, such as \"Alice Adams\"")
        ->type_name("TEXT");
    add_password(add);
    add.footer(
        "Without --password-stdin the password is asked for on a terminal, and made up and printed\n"
        "where there is none, or when the answer is empty.\n"
        "Example: rollcall user add alice@example.org --name Alice");
    add_import(user);
    CLI::App& passwd = with_address(user, "passwd", "give a user a new password", Command::user_passwd);
    add_password(passwd);
    add_list(user);
    with_address(user, "disable", "lock a user out, at once; everything is kept", Command::user_disable);
    with_address(user, "enable", "let a disabled user in again", Command::user_enable);
    with_address(user, "remove", "remove a user and all that belongs to the user", Command::user_remove);
  }

  void add_import(CLI::App& user) {
    CLI::App& import =
        *chosen(user.add_subcommand("import", "add many users from a CSV file"), Command::user_import);
    import
        .add_option("file", line_.csv_file,
                    "columns username,domain,password,display_name; - for standard input")
        ->required()
        ->type_name("FILE.csv");
    add_sources(import);
    import.footer(
        "A line that cannot be used is named and left out; the others are added. Domains that do not\n"
        "exist are made. Users that exist are left as they are.");
  }

  void add_list(CLI::App& user) {
    CLI::App& list = *chosen(user.add_subcommand("list", "list users"), Command::user_list);
    list.add_option("--domain", line_.only_domain, "only users of this domain")->type_name("NAME");
    list.add_flag("--json", line_.json, "print JSON, for programs");
    add_sources(list);
  }

  CLI::App& with_address(CLI::App& user, const char* name, const char* help, Command command) {
    CLI::App& app = *chosen(user.add_subcommand(name, help), command);
    app.add_option("user", line_.address, "the user's address, such as alice@example.org")
        ->required()
        ->type_name("USER@DOMAIN");
    add_sources(app);
    return app;
  }

  void add_password(CLI::App& app) {
    app.add_flag("--password-stdin", line_.password_stdin, "read the password from standard input, one line");
  }

  void add_sources(CLI::App& app) {
    app.add_option("--config", line_.config_file,
                   "read this file (default: /etc/rollcall/rollcall.toml if it exists)")
        ->type_name("FILE");
    app.add_option("--data-dir", data_dir_, "keep everything in this folder")->type_name("DIR");
  }

  CLI::App* chosen(CLI::App* app, Command command) {
    app->callback([this, command] { line_.command = command; });
    return app;
  }

  void add_option(const char* key, const std::string& value, const char* name) {
    if (!value.empty()) line_.options.push_back({key, {value}, name});
  }
  void add_list(const char* key, const std::vector<std::string>& values, const char* name) {
    if (!values.empty()) line_.options.push_back({key, values, name});
  }

  // CLI11 numbers its errors from 100; scripts know 2 for a wrong call.
  Exit exit_of(const CLI::ParseError& error) {
    std::ostringstream out, wrong;
    const int code = app_.exit(error, out, wrong);
    return code == 0 ? Exit{0, out.str()} : Exit{2, wrong.str()};
  }

  CLI::App app_{"Rollcall: presence and instant messages for SIP clients", "rollcall"};
  CommandLine line_;
  std::string data_dir_, admin_listen_;
  std::vector<std::string> domains_, listen_;
};

}  // namespace

std::variant<CommandLine, Exit> parse_command_line(int count, const char* const* arguments) {
  return Parser().parse(count, arguments);
}

const char* version() {
  return ROLLCALL_VERSION;
}

}  // namespace rollcall::app
