// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace bench {

enum class Transport { udp, tcp };

/// Whether a case goes over its users, watches or publications again and again, or once.
enum class Rounds { endless, one };

/// A part of an open loop: operations begin at this rate whatever becomes of them.
struct Phase {
  double rate = 0;  // operations a second
  std::chrono::seconds length{};
};

/// What the load generator is told on its command line.
struct Options {
  std::string target_host = "127.0.0.1";  // any SIP server on the loopback interface
  std::uint16_t target_port = 5060;
  Transport transport = Transport::udp;
  std::string realm = "example.test";  // domain of the users and realm of the challenges
  std::string password = "bench";      // of every user
  std::string operation = "options";   // name of a case
  std::uint32_t users = 1000;          // u0 … uN-1 exist at the server
  std::uint32_t contacts = 1;          // bindings of each user in the cases "register" and "register-first"
  std::uint32_t in_flight = 50;        // most operations at the same time
  std::chrono::milliseconds duration{5000};
  std::vector<Phase> phases;          // not empty: an open loop, and it lasts as long as they do
  Rounds rounds = Rounds::endless;    // one: for as long as that takes
  std::uint64_t most_operations = 0;  // ends the run early; 0: never
  std::uint32_t watchers = 10;        // of each presentity in the cases "publish" and "mix"
  std::uint32_t silent_watchers = 0;  // of those; they answer no NOTIFY
  std::uint32_t presentities = 200;   // that publish in those cases
  std::uint32_t sockets = 16;         // local ports, or connections, that the users share
  std::uint16_t first_port = 0;       // of those; 0: any. Keep it and the contacts stay the same
  bool reuse_nonce = false;           // count nc up instead of being challenged each time
  std::chrono::seconds sample{};      // length of the stretches in the timeline; 0: none, or 1 s if open
  int server_pid = 0;                 // whose CPU time and memory are reported; 0: nobody's
  int database_pid = 0;
};

/// Throws std::invalid_argument with a line for the user.
Options read_options(int count, char** words);

}  // namespace bench
