// SPDX-License-Identifier: Apache-2.0
#include "lists.hpp"
#include "parameters.hpp"
#include "resources.hpp"

#include <optional>

#include <rollcall/base/clock.hpp>
#include <rollcall/http/fields.hpp>
#include <rollcall/http/problem.hpp>
#include <rollcall/http/text.hpp>

namespace rollcall::admin::domains {

namespace {

using http::Request;
using http::Response;

http::json::Object to_json(const model::Domain& domain) {
  return {{"name", domain.name}, {"created", base::to_rfc3339(domain.created)}};
}

/// Page by page, as there is no question for one: domains are few.
base::Result<model::Domain> find(engine::Queries& queries, const std::string& name) {
  engine::PageRequest wanted{"", 1'000, name};
  while (true) {
    auto page = queries.domains(wanted);
    if (!page) return page.error();
    for (const model::Domain& domain : page->rows)
      if (domain.name == name) return domain;
    if (page->next.empty()) return base::not_found("the domain " + name + " does not exist");
    wanted.after = page->next;
  }
}

}  // namespace

Response list(const Services& services, const Request& request) {
  const auto wanted = page_in(request);
  if (!wanted) return http::problem(wanted.error());
  const auto page = engine::read<engine::Page<model::Domain>>(
      services.readers, [wanted = *wanted](engine::Queries& queries) { return queries.domains(wanted); });
  if (!page) return http::problem(page.error());
  return http::ok(json_of(*page, to_json));
}

Response get(const Services& services, const Request& request) {
  const auto domain = engine::read<model::Domain>(
      services.readers, [name = lower_case(request.parameter("domain"))](engine::Queries& queries) {
        return find(queries, name);
      });
  if (!domain) return http::problem(domain.error());
  return http::ok(to_json(*domain));
}

Response create(const Services& services, const Request& request) {
  http::Fields fields(request.body);
  const std::string name = fields.text("name", accounts::fault_in_domain);
  if (const auto problem = fields.finish()) return http::problem(*problem);
  const auto domain = services.accounts.create_domain(name);
  if (!domain) return http::problem(domain.error());
  return http::created("/api/v1/domains/" + http::percent_encode(domain->name), to_json(*domain));
}

Response remove(const Services& services, const Request& request) {
  const auto removed = services.accounts.remove_domain(request.parameter("domain"));
  if (!removed) return http::problem(removed.error());
  return http::no_content();
}

}  // namespace rollcall::admin::domains
