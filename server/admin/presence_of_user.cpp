// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"
#include "parameters.hpp"
#include "resources.hpp"

#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/problem.hpp>

namespace rollcall::admin::presence_of_user {

namespace {

using http::Request;
using http::Response;

http::json::Object publication_json(const model::Publication& publication) {
  return {{"id", std::to_string(publication.id)},
          {"event", publication.event.view()},
          {"entity_tag", publication.entity_tag.view()},
          {"content_type", publication.content_type.view()},
          {"published", base::to_rfc3339(publication.published)},
          {"expires", base::to_rfc3339(publication.expires)}};
}

http::json::Object watcher_json(const model::Subscription& subscription) {
  const bool active = subscription.state == model::Subscription::State::active;
  return {{"id", std::to_string(subscription.id)},
          {"aor", subscription.watcher.text()},
          {"event", subscription.event.view()},
          {"state", active ? "active" : "pending"},
          {"user_agent", subscription.user_agent.view()},
          {"created", base::to_rfc3339(subscription.created)},
          {"expires", base::to_rfc3339(subscription.expires)}};
}

}  // namespace

Response get(const Services& services, const Request& request) {
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  const auto view = services.presence.view(*aor);
  if (!view) return http::problem(view.error());
  return http::ok(http::json::Object{{"aor", aor->text()},
                                     {"state", view->open ? "open" : "closed"},
                                     {"document", view->document},
                                     {"publications", json_of(view->publications, publication_json)},
                                     {"watchers", json_of(view->watchers, watcher_json)}});
}

}  // namespace rollcall::admin::presence_of_user
