// SPDX-License-Identifier: Apache-2.0
// ceiling_relay SECONDS [BYTES]: how many datagrams a second a process can pass on with recvmmsg and
// sendmmsg and nothing else, on this machine, with the sender beside it. No SIP server can do more.
#include "costs.hpp"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t batch = 64;
constexpr std::size_t most_bytes = 2048;
constexpr int in_flight = 50;

struct Batch {
  std::array<mmsghdr, batch> headers{};
  std::array<iovec, batch> pieces{};
  std::array<sockaddr_in, batch> addresses{};
  std::vector<char> bytes = std::vector<char>(batch * most_bytes);

  void reset() {
    for (std::size_t i = 0; i < batch; ++i) {
      pieces[i] = {bytes.data() + i * most_bytes, most_bytes};
      headers[i].msg_hdr = {};
      headers[i].msg_hdr.msg_iov = &pieces[i];
      headers[i].msg_hdr.msg_iovlen = 1;
      headers[i].msg_hdr.msg_name = &addresses[i];
      headers[i].msg_hdr.msg_namelen = sizeof(sockaddr_in);
    }
  }
};

int open_socket(sockaddr_in& local) {
  const int descriptor = socket(AF_INET, SOCK_DGRAM, 0);
  local = {};
  local.sin_family = AF_INET;
  local.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof local;
  const timeval patience{0, 200'000};
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (descriptor < 0 || bind(descriptor, reinterpret_cast<sockaddr*>(&local), size) != 0) std::exit(2);
  getsockname(descriptor, reinterpret_cast<sockaddr*>(&local), &size);
  return descriptor;
}

/// Sends back whatever comes, batch by batch.
[[noreturn]] void relay(int descriptor) {
  Batch data;
  for (;;) {
    data.reset();
    const int got = recvmmsg(descriptor, data.headers.data(), batch, MSG_WAITFORONE, nullptr);
    for (int i = 0; i < got; ++i) {
      const auto at = static_cast<std::size_t>(i);
      data.pieces[at].iov_len = data.headers[at].msg_len;
    }
    if (got > 0) sendmmsg(descriptor, data.headers.data(), static_cast<unsigned>(got), 0);
  }
}

void send_fresh(int descriptor, const sockaddr_in& to, const std::string& datagram, int count) {
  for (int i = 0; i < count; ++i) {
    sendto(descriptor, datagram.data(), datagram.size(), 0, reinterpret_cast<const sockaddr*>(&to),
           sizeof to);
  }
}

std::uint64_t bounce(int descriptor, const sockaddr_in& to, const std::string& datagram,
                     Clock::duration time) {
  Batch data;
  std::uint64_t passed = 0;
  send_fresh(descriptor, to, datagram, in_flight);
  for (const auto end = Clock::now() + time; Clock::now() < end;) {
    data.reset();
    const int got = recvmmsg(descriptor, data.headers.data(), batch, MSG_WAITFORONE, nullptr);
    if (got <= 0) {
      send_fresh(descriptor, to, datagram, in_flight);  // all were lost: begin again
      continue;
    }
    for (int i = 0; i < got; ++i) {
      const auto at = static_cast<std::size_t>(i);
      data.pieces[at].iov_len = data.headers[at].msg_len;
    }
    passed += static_cast<std::uint64_t>(got);
    sendmmsg(descriptor, data.headers.data(), static_cast<unsigned>(got), 0);
  }
  return passed;
}

}  // namespace

int main(int count, char** words) {
  const auto seconds = count > 1 ? std::min(60, std::atoi(words[1])) : 3;
  const auto bytes = count > 2 ? std::min<std::size_t>(most_bytes, std::strtoul(words[2], nullptr, 10)) : 500;
  sockaddr_in relay_address, own_address;
  const int relay_socket = open_socket(relay_address);
  const int own_socket = open_socket(own_address);
  const pid_t child = fork();
  if (child == 0) relay(relay_socket);
  const auto passed =
      bounce(own_socket, relay_address, std::string(bytes, 'x'), std::chrono::seconds(seconds));
  const auto cpu = bench::costs_of(child).cpu_seconds;
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  fmt::print(
      "{{\"ceiling\": \"relay\", \"datagram_bytes\": {}, \"rate\": {:.0f}, \"server_cpu_s_per_1000\": "
      "{:.4f}}}\n",
      bytes, static_cast<double>(passed) / seconds, passed ? cpu * 1000 / static_cast<double>(passed) : 0.0);
  return passed > 0 ? 0 : 1;
}
