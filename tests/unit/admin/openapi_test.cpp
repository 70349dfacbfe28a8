// SPDX-License-Identifier: Apache-2.0
// docs/openapi.yaml against the route table. The file is ours, so that its indentation is enough to
// read it by.
#include "resources.hpp"

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include <doctest/doctest.h>

using namespace rollcall;

namespace {

struct Operation {
  bool needs_token = true;
  std::string consumes;
  std::string id;
};

std::string trimmed(const std::string& line) {
  const std::size_t begin = line.find_first_not_of(' ');
  return begin == std::string::npos ? "" : line.substr(begin);
}

std::size_t indentation(const std::string& line) {
  return line.size() - trimmed(line).size();
}

/// Every operation of the file by "get /path".
std::map<std::string, Operation> documented(std::istream& file) {
  std::map<std::string, Operation> operations;
  std::string section, path, key;
  bool in_request_body = false;
  for (std::string line; std::getline(file, line);) {
    const std::string text = trimmed(line);
    if (text.empty()) continue;
    switch (indentation(line)) {
      case 0:
        section = text;
        break;
      case 2:
        path = text.substr(0, text.size() - 1);
        break;
      case 4:
        key =
            section == "paths:" && text != "parameters:" ? text.substr(0, text.size() - 1) + " " + path : "";
        break;
      case 6:
        in_request_body = text == "requestBody:";
        break;
      default:
        break;
    }
    if (key.empty()) continue;
    Operation& operation = operations[key];
    if (indentation(line) == 6 && text == "security: []") operation.needs_token = false;
    if (indentation(line) == 6 && text.rfind("operationId: ", 0) == 0) operation.id = text.substr(13);
    if (in_request_body && indentation(line) == 10) operation.consumes = text.substr(0, text.size() - 1);
  }
  return operations;
}

std::map<std::string, Operation> routed() {
  std::map<std::string, Operation> operations;
  for (const admin::RouteRow& row : admin::route_rows()) {
    std::string key(to_string(row.method));
    for (char& c : key)
      c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    operations[key + " " + std::string(row.pattern)] = {row.role != http::Role::anyone,
                                                        std::string(row.consumes), ""};
  }
  return operations;
}

std::map<std::string, Operation> documented_in_file() {
  std::ifstream file(ROLLCALL_SOURCE_DIR "/docs/openapi.yaml");
  REQUIRE(file.good());
  return documented(file);
}

}  // namespace

TEST_CASE("openapi: every route is documented, with its body and whether it needs the token") {
  const auto operations = documented_in_file();
  for (const auto& [name, route] : routed()) {
    const std::string& key = name;  // CAPTURE takes no binding with clang 14
    CAPTURE(key);
    const auto found = operations.find(key);
    REQUIRE(found != operations.end());
    CHECK(found->second.needs_token == route.needs_token);
    CHECK(found->second.consumes == route.consumes);
  }
}

TEST_CASE("openapi: every operation that is documented is routed, under a name of its own") {
  const auto routes = routed();
  std::set<std::string> ids;
  for (const auto& [name, operation] : documented_in_file()) {
    const std::string& key = name;
    CAPTURE(key);
    CHECK(routes.count(key) == 1);
    CHECK_FALSE(operation.id.empty());
    CHECK(ids.insert(operation.id).second);
  }
}

TEST_CASE("openapi: what is referred to is there") {
  std::ifstream file(ROLLCALL_SOURCE_DIR "/docs/openapi.yaml");
  std::set<std::string> defined, used;
  std::string part, group;
  for (std::string line; std::getline(file, line);) {
    const std::string text = trimmed(line);
    if (text.empty()) continue;
    if (indentation(line) == 0) part = text;
    if (part == "components:" && indentation(line) == 2) group = text.substr(0, text.find(':'));
    if (part == "components:" && indentation(line) == 4)
      defined.insert(group + "/" + text.substr(0, text.find(':')));
    const std::string mark = "\"#/components/";
    if (const std::size_t at = text.find(mark); at != std::string::npos)
      used.insert(text.substr(at + mark.size(), text.find('"', at + 1) - at - mark.size()));
  }
  CHECK(used.size() > 20);
  for (const std::string& name : used) {
    CAPTURE(name);
    CHECK(defined.count(name) == 1);
  }
}

TEST_CASE("openapi: the server hands out the file as it is") {
  std::ifstream file(ROLLCALL_SOURCE_DIR "/docs/openapi.yaml");
  std::stringstream text;
  text << file.rdbuf();
  CHECK(admin::openapi_document() == text.str());
}
