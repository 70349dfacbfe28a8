// SPDX-License-Identifier: Apache-2.0
#include "packages.hpp"

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall::architecture;

namespace {

/// Whether a file of this path may include this header.
bool may(const std::string& path, const std::string& header) {
  return check_package_homes({{path, fmt::format("#include <{}>\n", header)}}).empty();
}

}  // namespace

TEST_CASE("packages: each one is included only at its home, and in no public header") {
  const auto findings = check_package_homes(read_tree({"include", "server"}, {".hpp", ".cpp"}));
  CHECK_MESSAGE(findings.empty(), joined(findings));
}

TEST_CASE("packages: one away from its home is found") {
  CHECK(check_package_homes({{"server/presence/publish.cpp", "\n#include <pqxx/pqxx>\n"}}) ==
        Findings{"server/presence/publish.cpp:2: pqxx/pqxx is not at home here"});
  CHECK_FALSE(may("server/engine/keeper.cpp", "spdlog/spdlog.h"));
  CHECK_FALSE(may("server/admin/users.cpp", "Poco/JSON/Object.h"));
  CHECK_FALSE(may("server/presence/compose.cpp", "pugixml.hpp"));
  CHECK_FALSE(may("server/engine/shard.cpp", "sys/socket.h"));
  CHECK_FALSE(may("server/sip/uri.cpp", "arpa/inet.h"));
  CHECK_FALSE(may("server/base/log.cpp", "toml++/toml.h"));
  CHECK_FALSE(may("server/net/tcp.cpp", "openssl/evp.h"));
  CHECK_FALSE(may("server/xml/pidf.cpp", "libxml/tree.h"));
}

TEST_CASE("packages: at home they are welcome") {
  CHECK(may("server/storage/journal.cpp", "pqxx/pqxx"));
  CHECK(may("server/base/log.cpp", "spdlog/spdlog.h"));
  CHECK(may("server/http/server.cpp", "Poco/Net/HTTPServer.h"));
  CHECK(may("server/xml/pidf.cpp", "pugixml.hpp"));
  CHECK(may("server/xcap/schemas.cpp", "libxml/xmlschemas.h"));
  CHECK(may("server/net/udp.cpp", "sys/socket.h"));
  CHECK(may("server/sip/endpoint.cpp", "arpa/inet.h"));
  CHECK(may("server/app/configuration.cpp", "toml++/toml.h"));
}

TEST_CASE("packages: none of them may stand in a public header") {
  for (const auto& row : package_homes())
    CHECK_FALSE(may("include/rollcall/storage/journal.hpp", std::string(row.header)));
}
