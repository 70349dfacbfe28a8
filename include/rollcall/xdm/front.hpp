// SPDX-License-Identifier: Apache-2.0
// XCAP over HTTP.
#pragma once

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include <rollcall/accounts/authenticator.hpp>
#include <rollcall/accounts/directory.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/http/route.hpp>
#include <rollcall/xdm/service.hpp>

namespace rollcall::xdm {

/// One shard's part in letting users in.
struct ShardUsers {
  engine::Shard* shard = nullptr;
  accounts::Authenticator* authenticator = nullptr;
  const accounts::Directory* directory = nullptr;
};

/// Answers what comes for /xcap/... (RFC 4825 §6, §7). Users show the credentials that they have for SIP, by
/// HTTP Digest (RFC 7616); administrators their token, by Bearer. Who shows wrong ones too often is locked
/// out for a minute. Its functions run on the HTTP server's threads.
class Front {
 public:
  /// `token`: the administrators'. `root`: the URI that clients reach /xcap at; "": what the Host of a
  /// request says.
  Front(Service& service, std::vector<ShardUsers> shards, std::string token, std::string root,
        base::MetricCells& metrics);
  ~Front();
  Front(const Front&) = delete;
  Front& operator=(const Front&) = delete;

  /// The rows for the route table. The front must outlive them.
  [[nodiscard]] std::vector<http::Route> routes();

 private:
  class Door;
  struct Target;

  std::optional<http::Response> admit(http::Request& request, base::Instant now);
  http::Response refusal_for(const Target& target);
  http::Response answer(const http::Request& request);
  http::Response respond(const http::Request& request);
  [[nodiscard]] std::string root_of(const http::Request& request) const;
  void count(base::Metric metric);

  Service& service_;
  std::unique_ptr<Door> door_;
  std::string root_;
  std::mutex mutex_;  // guards metrics_, whose cells want one writer at a time
  base::MetricCells& metrics_;
};

}  // namespace rollcall::xdm
