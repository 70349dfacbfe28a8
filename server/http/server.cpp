// SPDX-License-Identifier: Apache-2.0
#include "connection.hpp"
#include "serialize.hpp"
#include "visitors.hpp"

#include <utility>

#include <rollcall/base/log.hpp>
#include <rollcall/http/server.hpp>

#include <Poco/Exception.h>
#include <Poco/Net/ServerSocket.h>
#include <Poco/Net/TCPServer.h>
#include <Poco/ThreadPool.h>
#include <fmt/format.h>
#include <sys/socket.h>

#if defined(__SANITIZE_THREAD__)
// The thread that accepts may be the last one to let go of a socket that another has served. What
// orders the two is a count inside of POCO, which is not compiled for the sanitizer to see it.
extern "C" const char* __tsan_default_suppressions() {
  return "race:Poco::Net::SocketImpl::close\nrace:Poco::Net::TCPServer::run\n";
}
#endif

namespace rollcall::http {

namespace {

constexpr base::Log log{"http"};
constexpr auto drain_time = std::chrono::seconds(1);

/// Turns away who comes when the house is full, before a thread is spent on them.
class Doorkeeper : public Poco::Net::TCPServerConnectionFilter {
 public:
  explicit Doorkeeper(Visitors& visitors) : visitors_(visitors) {}

  bool accept(const Poco::Net::StreamSocket& socket) override {
    try {
      if (visitors_.enter(socket)) return true;
      // One attempt, which never waits: this is the thread that accepts.
      const std::string bytes = serialize(problem(Problem{503, "too many connections", {}}), false, false);
      Poco::Net::StreamSocket(socket).sendBytes(bytes.data(), static_cast<int>(bytes.size()),
                                                MSG_NOSIGNAL | MSG_DONTWAIT);
    } catch (const Poco::Exception&) {
      // Gone already.
    }
    return false;
  }

 private:
  Visitors& visitors_;
};

class ConnectionFactory : public Poco::Net::TCPServerConnectionFactory {
 public:
  ConnectionFactory(Router& router, const ServerSettings& settings, Visitors& visitors)
      : router_(router), settings_(settings), visitors_(visitors) {}

  Poco::Net::TCPServerConnection* createConnection(const Poco::Net::StreamSocket& socket) override {
    return new Connection(socket, router_, settings_, visitors_);
  }

 private:
  Router& router_;
  const ServerSettings& settings_;
  Visitors& visitors_;
};

Poco::Net::ServerSocket listen_on(const Poco::Net::SocketAddress& address) {
  Poco::Net::ServerSocket socket;
  // Right after a restart, but never beside another server.
  constexpr bool reuse_address = true, reuse_port = false, ipv6_only = true;
  if (address.family() == Poco::Net::SocketAddress::IPv6) {
    socket.bind6(address, reuse_address, reuse_port, ipv6_only);
  } else {
    socket.bind(address, reuse_address, reuse_port);
  }
  socket.listen(128);
  return socket;
}

Poco::Net::TCPServerParams* parameters(const ServerSettings& settings) {
  auto* parameters = new Poco::Net::TCPServerParams;  // counts its references
  parameters->setMaxThreads(settings.threads);
  // Visitors bounds the queue; were POCO to drop a connection from it, nobody would leave.
  parameters->setMaxQueued(settings.connections + 1);
  parameters->setThreadIdleTime(Poco::Timespan(1, 0));
  return parameters;
}

}  // namespace

// POCO's HTTPServer is its TCPServer with a reader of requests that lets ambiguous framing through
// and waits for each byte anew; so the connections are ours, and what accepts, queues and runs them
// is POCO's.
struct Server::Listener {
  Listener(Router& router, const ServerSettings& settings)
      : visitors(settings.connections, settings.connections_per_address, settings.threads),
        pool("http", 2, settings.threads),
        socket(listen_on(Poco::Net::SocketAddress(Poco::Net::IPAddress(settings.host), settings.port))),
        server(new ConnectionFactory(router, settings, visitors), pool, socket, parameters(settings)) {
    server.setConnectionFilter(new Doorkeeper(visitors));
    server.start();
  }

  Visitors visitors;
  Poco::ThreadPool pool;
  Poco::Net::ServerSocket socket;
  Poco::Net::TCPServer server;
};

Server::Server(Router& router, ServerSettings settings) : router_(router), settings_(std::move(settings)) {}

Server::~Server() {
  stop();
}

base::Result<> Server::start() {
  try {
    listener_ = std::make_unique<Listener>(router_, settings_);
  } catch (const Poco::Exception& error) {
    return base::unavailable(
        fmt::format("cannot listen on {} port {}: {}", settings_.host, settings_.port, error.displayText()));
  }
  log.info("listening", base::kv("address", address()));
  return base::Done{};
}

void Server::stop() {
  if (!listener_) return;
  listener_->visitors.close();
  listener_->server.stop();
  listener_->visitors.drain(drain_time);
  listener_->pool.joinAll();
  listener_.reset();
}

std::uint16_t Server::port() const {
  return listener_->socket.address().port();
}

std::string Server::address() const {
  return listener_->socket.address().toString();
}

}  // namespace rollcall::http
