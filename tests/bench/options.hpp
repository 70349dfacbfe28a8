// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace bench {

/// What the load generator is told on its command line.
struct Options {
  std::string target_host = "127.0.0.1";  // any SIP server on the loopback interface
  std::uint16_t target_port = 5060;
  std::string realm = "example.test";  // domain of the users and realm of the challenges
  std::string password = "bench";      // of every user
  std::string operation = "options";   // name of a case
  std::uint32_t users = 1000;          // u0 … uN-1 exist at the server
  std::uint32_t in_flight = 50;        // operations at the same time, each begun when one ends
  std::chrono::milliseconds duration{5000};
  std::uint64_t most_operations = 50'000'000;  // ends the run early
  std::uint32_t watchers = 10;                 // of each presentity in the case "publish"
  std::uint32_t presentities = 200;            // that publish in the case "publish"
  std::uint32_t sockets = 16;                  // local ports that the users share
  std::uint16_t first_port = 0;                // of those; 0: any. Keep it and the contacts stay the same
  bool reuse_nonce = false;                    // count nc up instead of being challenged each time
  int server_pid = 0;                          // whose CPU time and memory are reported; 0: nobody's
  int database_pid = 0;
};

/// Throws std::invalid_argument with a line for the user.
Options read_options(int count, char** words);

}  // namespace bench
