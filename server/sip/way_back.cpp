// SPDX-License-Identifier: Apache-2.0
#include <optional>

#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/way_back.hpp>

namespace rollcall::sip {

namespace {

/// RFC 3261 §18.1.1.
std::uint16_t sent_by_port(const Via& via, Transport transport) {
  if (via.port != 0) return via.port;
  return transport == Transport::tls ? 5061 : 5060;
}

/// The maddr of a Via, when an answer may go there: the address must be one that our socket reaches,
/// and nobody from outside may have us write to services that listen on this machine alone.
std::optional<Endpoint> maddr_of(const Via& via, std::uint16_t port, const Flow& flow) {
  const auto maddr = Endpoint::parse(via.params.get("maddr").value_or(""), port);
  if (!maddr || maddr->is_unspecified() || maddr->is_v4() != flow.remote.is_v4()) return std::nullopt;
  if (maddr->is_loopback() && !flow.remote.is_loopback()) return std::nullopt;
  return maddr;
}

}  // namespace

WayBack way_back(const Message& request, const Flow& flow) {
  WayBack back{flow, flow.remote};
  const auto& via = request.via();
  if (!via) return back;
  const auto port = sent_by_port(*via, flow.transport);
  back.reopened = flow.remote.with_port(port);
  if (is_stream(flow.transport)) return back;
  if (const auto maddr = maddr_of(*via, port, flow)) {
    back.flow.remote = *maddr;
  } else if (!via->params.has("rport")) {
    back.flow.remote = back.reopened;
  }
  return back;
}

}  // namespace rollcall::sip
