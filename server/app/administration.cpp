// SPDX-License-Identifier: Apache-2.0
#include "administration.hpp"

#include "data_folder.hpp"
#include "stopped_server.hpp"

#include <chrono>
#include <thread>

#include <rollcall/http/client.hpp>

#include <fmt/format.h>

namespace rollcall::app {

namespace {

using namespace std::chrono_literals;

class RunningServer final : public Administration {
 public:
  RunningServer(const sip::Endpoint& address, const std::string& token)
      : client_(address.bare_host(), address.port(), token, 2min) {}

  base::Result<http::Response> ask(http::Request request) override { return client_.ask(request); }

 private:
  http::Client client_;
};

base::Result<std::unique_ptr<Administration>> reach(const Contact& contact) {
  const auto address = parse_host_port(contact.address);
  if (!address) return address.error();
  return std::unique_ptr<Administration>(std::make_unique<RunningServer>(*address, contact.token));
}

}  // namespace

// Held without a contact: a server that starts, or another command that works. Neither takes long.
base::Result<std::unique_ptr<Administration>> open_administration(const Configuration& configuration) {
  const auto deadline = std::chrono::steady_clock::now() + 60s;
  while (std::chrono::steady_clock::now() < deadline) {
    auto folder = DataFolder::hold(configuration.data_dir);
    if (folder) return StoppedServer::open(configuration, std::move(*folder));
    if (folder.error().code != base::ErrorCode::conflict) return folder.error();
    const auto contact = read_contact(configuration.data_dir);
    if (contact) return reach(*contact);
    if (contact.error().code != base::ErrorCode::not_found) return contact.error();
    std::this_thread::sleep_for(50ms);
  }
  return base::unavailable(
      fmt::format("another rollcall holds {} and does not say where it is", configuration.data_dir));
}

}  // namespace rollcall::app
