// SPDX-License-Identifier: Apache-2.0
#include "user_commands.hpp"

#include "temporary_folder.hpp"

#include <deque>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>

using namespace rollcall;
using app::Command;
using app::CommandLine;

namespace {

// Answers with what it was given, and remembers what it was asked.
class ScriptedAdministration final : public app::Administration {
 public:
  void answer(int status, std::string body = "") { answers_.push_back({status, {}, std::move(body)}); }

  base::Result<http::Response> ask(http::Request request) override {
    asked.push_back(std::move(request));
    if (answers_.empty()) return base::unavailable("no answer from 127.0.0.1:8080");
    http::Response response = std::move(answers_.front());
    answers_.pop_front();
    return response;
  }

  std::vector<http::Request> asked;

 private:
  std::deque<http::Response> answers_;
};

struct Session {
  ScriptedAdministration administration;
  std::ostringstream out, errors;
  std::string password = "secret word";

  int run(const CommandLine& line) {
    app::Users users(administration);
    app::Console console{out, errors, [this](const std::string&) { return password; }};
    return app::run_user_command(line, users, console);
  }
};

CommandLine line_of(Command command, std::string address) {
  CommandLine line;
  line.command = command;
  line.address = std::move(address);
  return line;
}

using Path = std::vector<std::string>;

}  // namespace

TEST_CASE("user add: makes the domain that is missing, then the user, and says both") {
  Session session;
  session.administration.answer(404, R"({"detail":"the domain example.org does not exist"})");
  session.administration.answer(201, R"({"name":"example.org"})");
  session.administration.answer(201, R"({"aor":"alice@example.org"})");
  CommandLine line = line_of(Command::user_add, "alice@Example.org");
  line.display_name = "Alice";
  CHECK(session.run(line) == 0);
  CHECK(session.out.str() == "made the domain example.org\nadded alice@example.org\n");
  const auto& asked = session.administration.asked;
  REQUIRE(asked.size() == 3);
  CHECK(asked[0].segments == Path{"api", "v1", "users"});
  CHECK(
      asked[0].body ==
      R"({"username":"alice","domain":"example.org","password":"secret word","display_name":"Alice","enabled":true})");
  CHECK(asked[1].segments == Path{"api", "v1", "domains"});
  CHECK(asked[1].body == R"({"name":"example.org"})");
  CHECK(asked[2].body == asked[0].body);
}

TEST_CASE("user add: without a password one is made up and printed once") {
  Session session;
  session.password = "";
  session.administration.answer(201);
  CHECK(session.run(line_of(Command::user_add, "alice@example.org")) == 0);
  const std::string prefix = "added alice@example.org, password ";
  REQUIRE(session.out.str().starts_with(prefix));
  const std::string made = session.out.str().substr(prefix.size(), 23);
  CHECK(session.administration.asked[0].body.find(made) != std::string::npos);
}

TEST_CASE("user add: what the server says is wrong is told, with code 1") {
  Session session;
  session.administration.answer(409, R"({"detail":"the user alice@example.org exists already"})");
  CHECK(session.run(line_of(Command::user_add, "alice@example.org")) == 1);
  CHECK(session.errors.str() == "rollcall: the user alice@example.org exists already\n");
}

TEST_CASE("user commands: the fields that are wrong are told instead of the general detail") {
  Session session;
  session.administration.answer(
      400, R"({"detail":"the body is invalid","errors":[{"field":"password","detail":"is too long"}]})");
  CHECK(session.run(line_of(Command::user_passwd, "alice@example.org")) == 1);
  CHECK(session.errors.str() == "rollcall: password: is too long\n");
}

TEST_CASE("user commands: a server that does not answer is named") {
  Session session;
  CHECK(session.run(line_of(Command::user_remove, "alice@example.org")) == 1);
  CHECK(session.errors.str() == "rollcall: no answer from 127.0.0.1:8080\n");
}

TEST_CASE("user commands: an address without a domain is refused before anything is asked") {
  Session session;
  CHECK(session.run(line_of(Command::user_add, "alice")) == 1);
  CHECK(session.errors.str() == "rollcall: alice is no address such as alice@example.org\n");
  CHECK(session.administration.asked.empty());
}

TEST_CASE("user disable and enable: change only that") {
  Session session;
  session.administration.answer(200, "{}");
  session.administration.answer(200, "{}");
  CHECK(session.run(line_of(Command::user_disable, "alice@example.org")) == 0);
  CHECK(session.run(line_of(Command::user_enable, "alice@example.org")) == 0);
  CHECK(session.out.str() == "disabled alice@example.org\nenabled alice@example.org\n");
  CHECK(session.administration.asked[0].segments == Path{"api", "v1", "users", "alice@example.org"});
  CHECK(session.administration.asked[0].body == R"({"enabled":false})");
  CHECK(session.administration.asked[1].body == R"({"enabled":true})");
}

TEST_CASE("user passwd: sets the password that was given") {
  Session session;
  session.administration.answer(204);
  CHECK(session.run(line_of(Command::user_passwd, "alice@example.org")) == 0);
  CHECK(session.administration.asked[0].segments ==
        Path{"api", "v1", "users", "alice@example.org", "password"});
  CHECK(session.administration.asked[0].body == R"({"password":"secret word"})");
}

TEST_CASE("user list: pages are put together into one table") {
  Session session;
  session.administration.answer(
      200, R"({"items":[{"aor":"alice@example.org","display_name":"Älice","enabled":true,)"
           R"("created":"2026-11-21T10:20:30.000Z"}],"next":"c1"})");
  session.administration.answer(200,
                                R"({"items":[{"aor":"bob@example.org","display_name":"","enabled":false,)"
                                R"("created":"2026-11-21T10:20:31.000Z"}],"next":null})");
  CHECK(session.run(line_of(Command::user_list, "")) == 0);
  CHECK(session.out.str() ==
        "USER               NAME   STATE     CREATED\n"
        "alice@example.org  Älice  enabled   2026-11-21T10:20:30.000Z\n"
        "bob@example.org           disabled  2026-11-21T10:20:31.000Z\n"
        "2 users\n");
  CHECK(session.administration.asked[1].query_value("cursor") == "c1");
}

TEST_CASE("user list --json: an array for programs") {
  Session session;
  session.administration.answer(200,
                                R"({"items":[{"aor":"alice@example.org","display_name":"A","enabled":true,)"
                                R"("created":"x"}],"next":null})");
  CommandLine line = line_of(Command::user_list, "");
  line.json = true;
  CHECK(session.run(line) == 0);
  CHECK(session.out.str() ==
        R"([{"address":"alice@example.org","display_name":"A","enabled":true,"created":"x"}])"
        "\n");
}

TEST_CASE("user list: a domain that does not exist is an error, not an empty list") {
  Session session;
  session.administration.answer(404, R"({"detail":"the domain nowhere.example does not exist"})");
  CommandLine line = line_of(Command::user_list, "");
  line.only_domain = "nowhere.example";
  CHECK(session.run(line) == 1);
  CHECK(session.errors.str() == "rollcall: the domain nowhere.example does not exist\n");
}

TEST_CASE("user import: tells what was added, which domains were made, and each line that was not used") {
  const test::TemporaryFolder folder;
  const std::string name = folder.path() + "/users.csv";
  std::ofstream(name) << "username,domain,password\nalice,example.org,secret\n";
  Session session;
  session.administration.answer(
      200, R"({"created":1,"failed":1,"domains_created":["example.org"],)"
           R"("errors":[{"line":3,"code":"conflict","detail":"the user bob@example.org exists already"}]})");
  CommandLine line = line_of(Command::user_import, "");
  line.csv_file = name;
  CHECK(session.run(line) == 1);
  CHECK(session.out.str() == "made the domain example.org\nadded 1 user\n");
  CHECK(session.errors.str() == name + ":3: the user bob@example.org exists already\n1 line was not used\n");
  CHECK(session.administration.asked[0].segments == Path{"api", "v1", "users:import"});
  CHECK(session.administration.asked[0].query_value("create_domains") == "true");
  CHECK(session.administration.asked[0].body == "username,domain,password\nalice,example.org,secret\n");
}

TEST_CASE("user import: a file that is not there is told") {
  Session session;
  CommandLine line = line_of(Command::user_import, "");
  line.csv_file = "/nowhere/users.csv";
  CHECK(session.run(line) == 1);
  CHECK(session.errors.str() == "rollcall: /nowhere/users.csv cannot be read\n");
}
