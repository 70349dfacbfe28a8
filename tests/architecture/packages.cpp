// SPDX-License-Identifier: Apache-2.0
#include "packages.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace rollcall::architecture {

std::span<const PackageHome> package_homes() {
  // Of the ones outside net, endpoint.cpp reads and writes addresses as text (inet_pton), http gives MSG_
  // flags to POCO's sockets, and the watchdog shuts down a connection of libpq that hangs. None opens one.
  static const std::vector<PackageHome> table{
      {"pqxx/", {"server/storage/"}},
      {"libpq", {"server/storage/"}},
      {"pugixml", {"server/xml/"}},
      {"zlib.h", {"server/bodies/"}},
      {"Poco/", {"server/http/"}},
      {"spdlog/", {"server/base/"}},
      {"toml++/", {"server/app/"}},
      {"CLI/", {"server/app/"}},
      {"tsl/", {"include/rollcall/base/table.hpp"}},  // a template
      {"openssl/", {"server/base/", "server/sip/", "server/accounts/"}},
      {"sys/epoll.h", {"server/net/"}},
      {"sys/socket.h",
       {"server/net/", "server/http/", "server/sip/endpoint.cpp", "server/storage/watchdog.cpp"}},
      {"sys/un.h", {"server/net/"}},
      {"netinet/", {"server/net/", "server/sip/endpoint.cpp"}},
      {"arpa/", {"server/net/", "server/sip/endpoint.cpp"}},
      {"netdb.h", {"server/net/"}},
      {"libxml/", {"server/xcap/"}},  // and the tests' second opinion on our XML
      {"doctest/", {}},
  };
  return table;
}

Findings check_package_homes(const std::vector<File>& files) {
  Findings findings;
  for (const auto& file : files) {
    for (const auto& include : includes_of(file)) {
      for (const auto& row : package_homes()) {
        const auto lives_here = [&](std::string_view home) { return file.path.starts_with(home); };
        if (include.header.starts_with(row.header) && std::ranges::none_of(row.homes, lives_here))
          findings.push_back(
              fmt::format("{}:{}: {} is not at home here", file.path, include.line, include.header));
      }
    }
  }
  return findings;
}

}  // namespace rollcall::architecture
