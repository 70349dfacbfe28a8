// SPDX-License-Identifier: Apache-2.0
// Who watches a user, and deciding about it for the user.
#include "lists.hpp"
#include "parameters.hpp"
#include "resources.hpp"

#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/bodies/watcherinfo.hpp>
#include <rollcall/http/fields.hpp>
#include <rollcall/http/problem.hpp>
#include <rollcall/rules/permissions.hpp>

namespace rollcall::admin::watchers {

namespace {

using http::Request;
using http::Response;

http::json::Object to_json(const presence::WatcherView& view) {
  return {{"watcher", view.watcher.text()},
          {"state", bodies::to_string(view.status)},
          {"event", bodies::to_string(view.event)},
          {"handling", rules::to_string(view.handling)},
          {"user_agent", view.user_agent},
          {"since", base::to_rfc3339(view.since)},
          {"expires", base::to_rfc3339(view.expires)}};
}

/// {watcher}: "user@domain", or a URI of it.
base::Result<sip::Aor> watcher_in(const Request& request) {
  const std::string& text = request.parameter("watcher");
  const auto uri = sip::Uri::parse(text);
  auto watcher = uri && uri->has_user ? sip::Aor::from(*uri) : sip::Aor::parse(text);
  if (!watcher) return base::malformed("watcher: " + watcher.error().detail);
  return watcher;
}

std::string fault_in_handling(const std::string& text) {
  return rules::handling_of(text) ? "" : "not one of allow, confirm, polite-block, block";
}

}  // namespace

Response list(const Services& services, const Request& request) {
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  const auto views = services.presence.watchers(*aor);
  if (!views) return http::problem(views.error());
  return http::ok(http::json::Object{{"items", json_of(*views, to_json)}});
}

Response put(const Services& services, const Request& request) {
  http::Fields fields(request.body);
  const std::string handling = fields.text("handling", fault_in_handling);
  if (const auto problem = fields.finish()) return http::problem(*problem);
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  const auto watcher = watcher_in(request);
  if (!watcher) return http::problem(watcher.error());
  const auto now = services.presence.decide(*aor, *watcher, *rules::handling_of(handling));
  if (!now) return http::problem(now.error());
  return http::ok(http::json::Object{
      {"watcher", watcher->text()}, {"decided", handling}, {"handling", rules::to_string(*now)}});
}

Response remove(const Services& services, const Request& request) {
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  const auto watcher = watcher_in(request);
  if (!watcher) return http::problem(watcher.error());
  const auto forgotten = services.presence.forget(*aor, *watcher);
  if (!forgotten) return http::problem(forgotten.error());
  return http::no_content();
}

}  // namespace rollcall::admin::watchers
