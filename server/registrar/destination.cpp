// SPDX-License-Identifier: Apache-2.0
#include <rollcall/registrar/destination.hpp>
#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/headers/via.hpp>

namespace rollcall::registrar {

bool is_behind_nat(const sip::Message& request, const sip::Flow& flow) {
  const auto& via = request.via();
  if (!via) return false;
  const auto sent_by = sip::Endpoint::parse(via->host, via->port);
  if (!sent_by) return true;  // a name, as of a browser: only the flow leads back
  if (!sent_by->same_address(flow.remote)) return true;
  const std::uint16_t port = via->port ? via->port : 5060;
  return flow.transport == sip::Transport::udp && via->params.has("rport") && port != flow.remote.port();
}

engine::Destination destination_for(std::string_view uri_text, const sip::Flow& flow, bool behind_nat) {
  engine::Destination destination{flow, std::nullopt};
  const auto uri = sip::Uri::parse(uri_text);
  const auto address = uri && !behind_nat ? uri->literal_address() : std::nullopt;
  if (!address) return destination;
  const auto transport = uri->transport();
  if (flow.transport == sip::Transport::tcp) {
    // Nobody listens at the far end of a connection, and elsewhere it would be somebody else.
    const bool listens =
        transport == sip::Transport::tcp && address->same_address(flow.remote) && *address != flow.remote;
    if (listens) destination.tcp = *address;
  } else if (flow.transport != sip::Transport::udp) {
    return destination;
  } else if (transport == sip::Transport::tcp) {
    destination.flow = {sip::Transport::tcp, flow.local, *address, 0, flow.shard};
  } else {
    destination.flow.remote = *address;
    destination.tcp = *address;
  }
  return destination;
}

engine::Destination destination_of(const model::Binding& binding) {
  if (binding.path.empty()) return destination_for(binding.contact, binding.flow, binding.behind_nat);
  const auto first = sip::NameAddr::parse(binding.path.front());
  return destination_for(first ? first->uri.text : std::string_view(binding.contact), binding.flow, false);
}

}  // namespace rollcall::registrar
