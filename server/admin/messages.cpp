// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"
#include "parameters.hpp"
#include "resources.hpp"

#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/problem.hpp>

namespace rollcall::admin::messages {

namespace {

using http::Request;
using http::Response;

/// Everything but the text, which is nobody's but the receiver's.
http::json::Object to_json(const model::StoredMessage& message) {
  http::json::Array devices;
  for (const std::string& device : message.devices)
    devices.emplace_back(device);
  return {{"id", message.id},
          {"from", message.from},
          {"to", message.to},
          {"content_type", message.content_type},
          {"size", static_cast<std::int64_t>(message.body.size())},
          {"stored", base::to_rfc3339(message.stored)},
          {"expires", base::to_rfc3339(message.expires)},
          {"devices", std::move(devices)}};
}

}  // namespace

Response list(const Services& services, const Request& request) {
  const auto wanted = page_in(request);
  if (!wanted) return http::problem(wanted.error());
  const auto aor = user_in(services, request);
  if (!aor) return http::problem(aor.error());
  const auto count = services.messages.count(*aor);
  if (!count) return http::problem(count.error());
  const auto page = engine::read<engine::Page<model::StoredMessage>>(
      services.readers,
      [aor = *aor, wanted = *wanted](engine::Queries& queries) { return queries.messages(aor, wanted); });
  if (!page) return http::problem(page.error());
  http::json::Object body = json_of(*page, to_json);
  body.emplace_back("count", static_cast<std::int64_t>(*count));
  return http::ok(body);
}

Response remove(const Services& services, const Request& request) {
  const auto aor = user_in(services, request);
  if (!aor) return http::problem(aor.error());
  const auto dropped = services.messages.drop(*aor, request.parameter("id"));
  if (!dropped) return http::problem(dropped.error());
  return http::no_content();
}

Response remove_all(const Services& services, const Request& request) {
  const auto aor = user_in(services, request);
  if (!aor) return http::problem(aor.error());
  const auto dropped = services.messages.drop_all(*aor);
  if (!dropped && dropped.error().code != base::ErrorCode::not_found) return http::problem(dropped.error());
  return http::no_content();
}

}  // namespace rollcall::admin::messages
