// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <utility>

#include <rollcall/sip/dialog.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

#include <fmt/format.h>

namespace rollcall::sip {

namespace {

/// The remote target that a request names; nullopt when it has no Contact (RFC 3261 §12.1.1, §12.2.2).
base::Result<std::optional<std::string>> target_of(const Message& request) {
  const auto contacts = request.values(Header::contact);
  if (contacts.empty()) return std::optional<std::string>();
  const auto contact = NameAddr::parse(contacts.front());
  if (!contact) return contact.error();
  if (contact->uri.scheme != Scheme::sip && contact->uri.scheme != Scheme::sips)
    return base::malformed("Contact is no SIP URI");
  return std::optional(as_request_uri(contact->uri));
}

base::Result<std::uint32_t> cseq_of(const Message& request) {
  if (!request.cseq()) return base::malformed("CSeq is not sound");
  return request.cseq()->number;
}

/// The Record-Route values, each one usable as a Route later.
base::Result<std::vector<std::string>> route_set_of(const Message& request) {
  std::vector<std::string> routes;
  for (const auto value : request.values(Header::record_route)) {
    const auto route = NameAddr::parse(value);
    if (!route) return route.error();
    if (!route->bracketed) return base::malformed("Record-Route is no name-addr");
    routes.emplace_back(value);
  }
  return routes;
}

std::string with_tag(std::string_view uri, std::string_view tag) {
  std::string value;
  value.reserve(uri.size() + tag.size() + 8);
  value.append("<").append(uri).append(">");
  if (!tag.empty()) value.append(";tag=").append(tag);
  return value;
}

}  // namespace

/// RFC 3261 §12.1.1.
base::Result<Dialog> Dialog::from_request(const Message& request, std::string local_tag) {
  const auto& from = request.from();
  const auto& to = request.to();
  if (!from || !to) return base::malformed("From or To is not sound");
  const auto cseq = cseq_of(request);
  if (!cseq) return cseq.error();
  auto target = target_of(request);
  if (!target) return target.error();
  if (!*target) return base::malformed("Contact is missing");
  auto routes = route_set_of(request);
  if (!routes) return routes.error();

  Dialog dialog;
  dialog.call_id = request.first(Header::call_id).value_or("");
  dialog.local_tag = std::move(local_tag);
  dialog.remote_tag = from->tag();
  dialog.local_uri = to->uri.text;
  dialog.remote_uri = from->uri.text;
  dialog.remote_target = std::move(**target);
  dialog.route_set = std::move(*routes);
  dialog.remote_cseq = *cseq;
  return dialog;
}

/// RFC 3261 §12.2.2. The same CSeq again is let through: after a restart the transaction that would
/// have absorbed a retransmission is gone.
base::Result<> Dialog::on_request(const Message& request) {
  const auto cseq = cseq_of(request);
  if (!cseq) return cseq.error();
  if (*cseq < remote_cseq)
    return base::Error{base::ErrorCode::internal,
                       fmt::format("CSeq {} after {} is out of order", *cseq, remote_cseq)};
  auto target = target_of(request);
  if (!target) return target.error();
  remote_cseq = *cseq;
  if (*target) remote_target = std::move(**target);
  return base::Done{};
}

std::string_view Dialog::next_hop() const {
  if (route_set.empty()) return remote_target;
  const auto route = NameAddr::parse(route_set.front());
  return route ? route->uri.text : std::string_view(remote_target);
}

/// RFC 3261 §12.2.1.1.
void Dialog::begin_request(Writer& writer, std::string_view method, std::uint32_t cseq) const {
  const auto first = route_set.empty() ? base::Result<NameAddr>(base::not_found("no route"))
                                       : NameAddr::parse(route_set.front());
  const bool strict = first && !first->uri.param("lr");
  writer.request_line(method, strict ? as_request_uri(first->uri) : remote_target);
  writer.open_via().header(Header::max_forwards, 70);
  for (std::size_t i = strict ? 1 : 0; i < route_set.size(); ++i)
    writer.header(Header::route, route_set[i]);
  if (strict) writer.header(Header::route, fmt::format("<{}>", remote_target));
  writer.header(Header::from, with_tag(local_uri, local_tag))
      .header(Header::to, with_tag(remote_uri, remote_tag))
      .header(Header::call_id, call_id)
      .header(Header::cseq, std::to_string(cseq).append(" ").append(method));
}

}  // namespace rollcall::sip
