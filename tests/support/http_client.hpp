// SPDX-License-Identifier: Apache-2.0
// A HTTP client for tests that can also send what no client should.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace rollcall::tests {

/// An answer as it came: names of headers in lower case.
struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;
  std::string body;

  [[nodiscard]] std::string header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? "" : found->second;
  }
};

/// One TCP connection to 127.0.0.1 or ::1. Every wait ends after five seconds.
class HttpClient {
 public:
  explicit HttpClient(std::uint16_t port, bool ipv6 = false)
      : socket_(::socket(ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_port = htons(port);
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(port);
    v6.sin6_addr = in6addr_loopback;
    const auto* address = ipv6 ? reinterpret_cast<sockaddr*>(&v6) : reinterpret_cast<sockaddr*>(&v4);
    if (::connect(socket_, address, ipv6 ? sizeof v6 : sizeof v4) != 0)
      throw std::runtime_error("cannot connect");
  }
  ~HttpClient() { ::close(socket_); }
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// False when the server has closed.
  bool send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  /// Reads one answer; status 0 when the connection ends before it is whole. `has_body` false: the
  /// answer to a HEAD.
  HttpAnswer read(bool has_body = true) {
    HttpAnswer answer;
    while (buffer_.find("\r\n\r\n") == std::string::npos)
      if (!fill()) return {};
    const std::size_t end = buffer_.find("\r\n\r\n");
    parse_head(buffer_.substr(0, end + 2), answer);
    buffer_.erase(0, end + 4);
    const std::string length = answer.header("content-length");
    const std::size_t size = has_body && !length.empty() ? std::stoul(length) : 0;
    while (buffer_.size() < size)
      if (!fill()) return {};
    answer.body = buffer_.substr(0, size);
    buffer_.erase(0, size);
    return answer;
  }

  /// True when the server closes without sending anything more.
  bool is_closed() { return buffer_.empty() && !fill() && ended_; }

  HttpAnswer exchange(std::string_view bytes, bool has_body = true) {
    send(bytes);
    return read(has_body);
  }

  /// A whole request of an honest client. `type` "": without a body.
  HttpAnswer request(std::string_view method, std::string_view target, std::string_view token = "",
                     std::string_view type = "", std::string_view body = "") {
    std::string bytes = fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\n", method, target);
    if (!token.empty()) bytes += fmt::format("Authorization: Bearer {}\r\n", token);
    if (!type.empty()) bytes += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", type, body.size());
    bytes += "\r\n";
    bytes += body;
    return exchange(bytes, method != "HEAD");
  }

 private:
  bool fill() {
    pollfd wanted{socket_, POLLIN, 0};
    if (::poll(&wanted, 1, 5000) != 1) return false;
    char piece[16384];
    const ssize_t size = ::recv(socket_, piece, sizeof piece, 0);
    ended_ = size <= 0;
    if (!ended_) buffer_.append(piece, static_cast<std::size_t>(size));
    return !ended_;
  }

  static void parse_head(std::string_view head, HttpAnswer& answer) {
    answer.status = std::stoi(std::string(head.substr(9, 3)));
    head.remove_prefix(head.find("\r\n") + 2);
    while (!head.empty()) {
      const std::string_view line = head.substr(0, head.find("\r\n"));
      std::string name(line.substr(0, line.find(':')));
      for (char& c : name)
        c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      answer.headers[name] = line.substr(line.find(':') + 2);
      head.remove_prefix(line.size() + 2);
    }
  }

  int socket_;
  bool ended_ = false;
  std::string buffer_;
};

}  // namespace rollcall::tests
