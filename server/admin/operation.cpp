// SPDX-License-Identifier: Apache-2.0
#include "resources.hpp"

#include <chrono>

namespace rollcall::admin::operation {

namespace {

using http::Request;
using http::Response;

Part database(const Services& services) {
  const auto answered = engine::read<base::Done>(
      services.readers, [](engine::Queries& queries) { return queries.ping(); }, std::chrono::seconds(2));
  return {"database", answered.ok(), answered ? "" : answered.error().detail};
}

}  // namespace

Response welcome(const Services&, const Request&) {
  return http::text(
      "text/plain; charset=utf-8",
      "Rollcall, a presence and messaging server for SIP.\n"
      "The administration interface is under /api/v1 and needs a token; /api/v1/openapi.yaml describes it.\n"
      "/healthz, /readyz and /metrics are for whoever watches the server.\n");
}

Response health(const Services&, const Request&) {
  return http::ok(http::json::Object{{"status", "ok"}});
}

Response readiness(const Services& services, const Request&) {
  std::vector<Part> parts = services.parts();
  parts.insert(parts.begin(), database(services));
  bool all = true;
  http::json::Array list;
  for (const Part& part : parts) {
    all = all && part.ready;
    list.emplace_back(
        http::json::Object{{"name", part.name}, {"ready", part.ready}, {"detail", part.detail}});
  }
  Response response =
      http::ok(http::json::Object{{"status", all ? "ready" : "not ready"}, {"parts", std::move(list)}});
  if (!all) {
    response.status = 503;
    response.headers.push_back({"Retry-After", "5"});
  }
  return response;
}

Response metrics(const Services& services, const Request&) {
  return http::text("text/plain; version=0.0.4; charset=utf-8", services.metrics.exposition());
}

Response description(const Services&, const Request&) {
  return http::text("application/yaml", std::string(openapi_document()));
}

}  // namespace rollcall::admin::operation
