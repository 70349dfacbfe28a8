// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"
#include "parameters.hpp"
#include "resources.hpp"

#include <rollcall/base/clock.hpp>
#include <rollcall/http/fields.hpp>
#include <rollcall/http/problem.hpp>

namespace rollcall::admin::users {

namespace {

using http::Request;
using http::Response;

/// All that is told of a user: nothing that was made of a password.
http::json::Object to_json(const model::User& user) {
  return {{"aor", user.aor.text()},
          {"username", user.aor.user()},
          {"domain", user.aor.domain()},
          {"display_name", user.display_name},
          {"enabled", user.enabled},
          {"created", base::to_rfc3339(user.created)},
          {"updated", base::to_rfc3339(user.updated)}};
}

}  // namespace

Response list(const Services& services, const Request& request) {
  const auto wanted = page_in(request);
  if (!wanted) return http::problem(wanted.error());
  const std::string domain = lower_case(request.query_value("domain").value_or(""));
  const auto page = engine::read<engine::Page<model::User>>(
      services.readers,
      [domain, wanted = *wanted](engine::Queries& queries) { return queries.users(domain, wanted); });
  if (!page) return http::problem(page.error());
  return http::ok(json_of(*page, to_json));
}

Response get(const Services& services, const Request& request) {
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  const auto user = services.accounts.user(*aor);
  if (!user) return http::problem(user.error());
  return http::ok(to_json(*user));
}

Response create(const Services& services, const Request& request) {
  http::Fields fields(request.body);
  accounts::NewUser wanted;
  wanted.username = fields.text("username", accounts::fault_in_username);
  wanted.domain = fields.text("domain", accounts::fault_in_domain);
  wanted.password = fields.text("password", accounts::fault_in_password);
  wanted.display_name = fields.optional_text("display_name", accounts::fault_in_label).value_or("");
  wanted.enabled = fields.optional_flag("enabled").value_or(true);
  if (const auto problem = fields.finish()) return http::problem(*problem);
  const auto user = services.accounts.create_user(wanted);
  if (!user) return http::problem(user.error());
  return http::created(path_of(user->aor), to_json(*user));
}

Response update(const Services& services, const Request& request) {
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  http::Fields fields(request.body);
  accounts::UserPatch patch;
  patch.display_name = fields.optional_text("display_name", accounts::fault_in_label);
  patch.enabled = fields.optional_flag("enabled");
  if (const auto problem = fields.finish()) return http::problem(*problem);
  const auto user = services.accounts.update_user(*aor, patch);
  if (!user) return http::problem(user.error());
  return http::ok(to_json(*user));
}

Response remove(const Services& services, const Request& request) {
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  const auto removed = services.accounts.remove_user(*aor);
  if (!removed) return http::problem(removed.error());
  return http::no_content();
}

Response set_password(const Services& services, const Request& request) {
  const auto aor = aor_in(request);
  if (!aor) return http::problem(aor.error());
  http::Fields fields(request.body);
  accounts::UserPatch patch;
  patch.password = fields.text("password", accounts::fault_in_password);
  if (const auto problem = fields.finish()) return http::problem(*problem);
  const auto user = services.accounts.update_user(*aor, patch);
  if (!user) return http::problem(user.error());
  return http::no_content();
}

}  // namespace rollcall::admin::users
