// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <rollcall/accounts/service.hpp>
#include <rollcall/base/limits.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/http/route.hpp>
#include <rollcall/messaging/messaging.hpp>
#include <rollcall/presence/service.hpp>
#include <rollcall/registrar/registrar.hpp>
#include <rollcall/xdm/service.hpp>

namespace rollcall::admin {

/// A part of the server that must work before the server can.
struct Part {
  std::string name;  // e.g. "udp:127.0.0.1:5060"
  bool ready = false;
  std::string detail;  // why not
};

/// What the resources are made of. Everything that is referred to outlives the Api.
struct Services {
  accounts::Service& accounts;
  registrar::Service& registrations;
  presence::Service& presence;
  messaging::Service& messages;
  xdm::Service& documents;
  engine::Readers& readers;
  const base::Metrics& metrics;
  const base::Limits& limits;
  /// The parts besides the database, which is asked here. Called on any thread.
  std::function<std::vector<Part>()> parts;
};

/// The administration interface: docs/openapi.yaml as a route table, for a http::Server. Its
/// functions run on the server's threads and wait for shards and readers, five seconds at most.
class Api {
 public:
  /// `token` lets an administrator in. `others` are rows of other interfaces that the same server answers.
  Api(Services services, std::string token, std::vector<http::Route> others = {});
  Api(const Api&) = delete;
  Api& operator=(const Api&) = delete;

  http::Router& router() { return router_; }

 private:
  Services services_;
  http::Router router_;
};

}  // namespace rollcall::admin
