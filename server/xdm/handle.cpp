// SPDX-License-Identifier: Apache-2.0
// XCAP requests on the documents that are kept (RFC 4825 §8).
#include "edit.hpp"
#include "generator.hpp"
#include "parts.hpp"

#include <utility>

#include <rollcall/base/clock.hpp>
#include <rollcall/xdm/place.hpp>
#include <rollcall/xdm/service.hpp>

namespace rollcall::xdm {

namespace {

using Found = std::optional<model::Document>;

bool reads(xcap::Method method) {
  return method == xcap::Method::get || method == xcap::Method::head;
}

xcap::Outcome decide(const xcap::Request& request, const Found& current, const xcap::Context& context) {
  if (!current) return xcap::handle(request, nullptr, context);
  const xcap::StoredDocument stored{current->body.view(), current->etag.view()};
  return xcap::handle(request, &stored, context);
}

// Last-Modified of every answer that shows the document's state (RFC 7232 §2.2). What is made anew each time
// has none.
void add_time(xcap::Outcome& outcome, const Found& document) {
  const bool shows = outcome.status < 300 || outcome.status == 304;
  if (shows && document && document->updated != base::Instant())
    outcome.headers.emplace_back("Last-Modified", base::to_sip_date(document->updated));
}

// Past a limit of the user: the document itself would be sound.
std::optional<xcap::Outcome> refusal_of(const base::Error& error) {
  if (error.code == base::ErrorCode::too_large) return xcap::answer({413, error.detail, {}, {}});
  if (error.code == base::ErrorCode::conflict)
    return xcap::answer(xcap::conflict(xcap::ConflictKind::constraint_failure, error.detail));
  return std::nullopt;
}

}  // namespace

xcap::Limits Service::Parts::xcap_limits() const {
  xcap::Limits bounds;
  bounds.document_bytes = static_cast<std::size_t>(limits.document_bytes);
  bounds.depth = static_cast<std::size_t>(limits.xml_depth);
  bounds.presence_bytes = static_cast<std::size_t>(limits.body_bytes);
  return bounds;
}

xcap::Limits Service::xcap_limits() const {
  return parts_->xcap_limits();
}

base::Result<xcap::Outcome> Service::handle(const sip::Aor& owner, const xcap::Request& request,
                                            std::string_view root) {
  const bool is_made = Generator::makes(request.path);
  if (is_made && !reads(request.method))
    return xcap::answer({405, "the server writes this document", {}, "GET, HEAD"});
  if (reads(request.method)) {
    const auto current =
        is_made ? Generator(*parts_).make(owner, request.path, root) : read(owner, path_of(request.path));
    if (!current) return current.error();
    auto outcome = decide(request, *current, {parts_->schemas, xcap_limits(), {}});
    add_time(outcome, *current);
    return outcome;
  }
  Edit edit(*parts_, owner, path_of(request.path));
  xcap::Outcome outcome;
  const auto kept = edit.run([&](const Found& current) -> base::Result<Edit::Decision> {
    outcome = decide(request, current, edit.context());
    return Edit::Decision{outcome.effect, std::move(outcome.document), outcome.etag};
  });
  if (!kept) {
    if (auto refusal = refusal_of(kept.error())) return std::move(*refusal);
    return kept.error();
  }
  add_time(outcome, *kept);
  return outcome;
}

}  // namespace rollcall::xdm
