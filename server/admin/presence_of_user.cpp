// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"
#include "parameters.hpp"
#include "resources.hpp"

#include <chrono>
#include <string>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/fields.hpp>
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

http::json::Value time_or_null(base::Instant time) {
  if (time == base::Instant{}) return {};
  return base::to_rfc3339(time);
}

http::json::Object input_json(const presence::ViewedInput& input) {
  http::json::Array gave;
  for (const std::string& part : input.gave)
    gave.emplace_back(part);
  return {{"input", word_of(input.input)},
          {"id", input.id == 0 ? http::json::Value() : http::json::Value(std::to_string(input.id))},
          {"from", input.from},
          {"status", word_of(input.status)},
          {"by_hand", input.by_hand},
          {"shown", input.shown},
          {"why_not", input.why},
          {"gave", std::move(gave)},
          {"since", time_or_null(input.since)},
          {"expires", time_or_null(input.expires)}};
}

// "idle" is what devices notice; nobody sets it.
std::string fault_in_status(const std::string& word) {
  const auto status = presence::status_of(word);
  if (status && *status != presence::Status::idle) return "";
  return "must be one of offline, available, away, on-the-phone, busy, dnd";
}

// Ten years: longer than that is for ever, which is what leaving it out means.
constexpr std::int64_t longest_status = 315'360'000;

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
                                     {"status", word_of(view->status)},
                                     {"note", view->note},
                                     {"inputs", json_of(view->inputs, input_json)},
                                     {"document", view->document},
                                     {"publications", json_of(view->publications, publication_json)},
                                     {"watchers", json_of(view->watchers, watcher_json)}});
}

Response set_status(const Services& services, const Request& request) {
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  http::Fields fields(request.body);
  presence::WantedStatus wanted;
  wanted.status =
      presence::status_of(fields.text("status", fault_in_status)).value_or(presence::Status::idle);
  wanted.note = fields.optional_text("note", accounts::fault_in_label).value_or("");
  wanted.set_by = "administrator";
  if (const auto seconds = fields.optional_number("expires", 1, longest_status))
    wanted.lasts = std::chrono::seconds(*seconds);
  if (const auto problem = fields.finish()) return http::problem(*problem);
  if (const auto set = services.presence.set_status(*aor, wanted); !set) return http::problem(set.error());
  return http::no_content();
}

Response clear_status(const Services& services, const Request& request) {
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  if (const auto cleared = services.presence.clear_status(*aor); !cleared)
    return http::problem(cleared.error());
  return http::no_content();
}

}  // namespace rollcall::admin::presence_of_user
