// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"
#include "parameters.hpp"
#include "resources.hpp"

#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/problem.hpp>

namespace rollcall::admin::registrations {

namespace {

using http::Request;
using http::Response;

http::json::Object to_json(const model::Binding& binding) {
  http::json::Array path;
  for (const std::string& hop : binding.path)
    path.emplace_back(hop);
  return {{"id", std::to_string(binding.id)},  // a text: numbers of JSON readers end at 2^53
          {"contact", binding.contact.view()},
          {"q", binding.q / 1000.0},
          {"instance", binding.instance.view()},
          {"reg_id", std::int64_t{binding.reg_id}},
          {"path", std::move(path)},
          {"transport", sip::to_string(binding.flow.transport)},
          {"remote", binding.flow.remote.to_string()},
          {"behind_nat", binding.behind_nat},
          {"user_agent", binding.user_agent.view()},
          {"updated", base::to_rfc3339(binding.updated)},
          {"expires", base::to_rfc3339(binding.expires)}};
}

}  // namespace

Response list(const Services& services, const Request& request) {
  const auto aor = user_in(services, request);
  if (!aor) return http::problem(aor.error());
  const auto bindings = services.registrations.list(*aor);
  if (!bindings) return http::problem(bindings.error());
  http::json::Array items;
  for (const model::Binding& binding : *bindings)
    items.emplace_back(to_json(binding));
  return http::ok(http::json::Object{{"items", std::move(items)}});
}

Response remove(const Services& services, const Request& request) {
  const auto aor = user_in(services, request);
  if (!aor) return http::problem(aor.error());
  const auto id = id_in(request);
  // 0 is no binding's number: to the service it means all of them.
  if (!id || *id == 0) return http::problem(base::not_found("there is no such registration"));
  const auto removed = services.registrations.remove(*aor, *id);
  if (!removed) return http::problem(removed.error());
  return http::no_content();
}

Response remove_all(const Services& services, const Request& request) {
  const auto aor = user_in(services, request);
  if (!aor) return http::problem(aor.error());
  const auto removed = services.registrations.remove_all(*aor);
  if (!removed && removed.error().code != base::ErrorCode::not_found) return http::problem(removed.error());
  return http::no_content();
}

}  // namespace rollcall::admin::registrations
