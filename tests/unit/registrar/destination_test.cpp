// SPDX-License-Identifier: Apache-2.0
#include <rollcall/registrar/destination.hpp>
#include <rollcall/registrar/device.hpp>

#include <support/people.hpp>

using namespace rollcall;
using namespace rollcall::tests;

namespace {

bool behind_nat(std::string via, std::string_view flow) {
  RequestText text;
  text.via = std::move(via);
  return registrar::is_behind_nat(*parsed(text.bytes()), flow_of(flow));
}

}  // namespace

TEST_CASE("destination: whose Via names another address is behind a NAT [RFC 3581 §4]") {
  const std::string_view flow = "udp:192.0.2.9:5060>192.0.2.1:5060";
  CHECK_FALSE(behind_nat("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK1;rport", flow));
  CHECK_FALSE(behind_nat("SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport", flow));
  CHECK(behind_nat("SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1;rport", flow));
  CHECK(behind_nat("SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bK1;rport", flow));
  CHECK_FALSE(behind_nat("SIP/2.0/UDP 192.0.2.1:5061;branch=z9hG4bK1", flow));
  CHECK(behind_nat("SIP/2.0/WS df7jal23ls0d.invalid;branch=z9hG4bK1", "tcp:192.0.2.9:5060>192.0.2.1:40000"));
  CHECK_FALSE(
      behind_nat("SIP/2.0/TCP 192.0.2.1:5060;branch=z9hG4bK1;rport", "tcp:192.0.2.9:5060>192.0.2.1:40000"));
}

TEST_CASE(
    "destination: by UDP the address in the contact, behind a NAT what the request came on [RFC 3261 "
    "§18.1.1]") {
  const auto flow = flow_of("udp:192.0.2.9:5060>192.0.2.1:40000");
  auto to = registrar::destination_for("sip:a@192.0.2.1:5070", flow, false);
  CHECK(to.flow.remote.to_string() == "192.0.2.1:5070");
  CHECK(to.flow.local == flow.local);
  REQUIRE(to.tcp);
  CHECK(to.tcp->to_string() == "192.0.2.1:5070");
  to = registrar::destination_for("sip:a@10.0.0.1:5070", flow, true);
  CHECK(to.flow == flow);
  CHECK_FALSE(to.tcp);
  CHECK(registrar::destination_for("sip:a@phone.example.com", flow, false).flow == flow);
  CHECK(registrar::destination_for("sip:a@192.0.2.1;transport=tcp", flow, false).flow.transport ==
        sip::Transport::tcp);
}

TEST_CASE("destination: a stream goes back on its connection [RFC 5626 §5.3]") {
  const auto flow = flow_of("tcp:192.0.2.9:5060>192.0.2.1:40000", 7);
  CHECK(registrar::destination_for("sip:a@10.0.0.1;transport=tcp", flow, true).flow == flow);
  CHECK(registrar::destination_for("sip:a@192.0.2.3", flow, false).flow == flow);
}

TEST_CASE(
    "destination: when the connection has closed, a contact that is another port of its peer is called") {
  const auto flow = flow_of("tcp:192.0.2.9:5060>192.0.2.1:40000", 7);
  const auto listens_at = [&](std::string_view uri, bool behind_nat = false) {
    const auto to = registrar::destination_for(uri, flow, behind_nat);
    CHECK(to.flow == flow);
    return to.tcp ? to.tcp->to_string() : "nowhere";
  };
  CHECK(listens_at("sip:a@192.0.2.1;transport=tcp") == "192.0.2.1:5060");
  CHECK(listens_at("sip:a@192.0.2.1:5070;transport=TCP") == "192.0.2.1:5070");
  CHECK(listens_at("sip:a@192.0.2.1:40000;transport=tcp") == "nowhere");
  CHECK(listens_at("sip:a@192.0.2.1;transport=tcp", true) == "nowhere");
  CHECK(listens_at("sip:a@192.0.2.2;transport=tcp") == "nowhere");
  CHECK(listens_at("sip:a@phone.example.com;transport=tcp") == "nowhere");
  CHECK(listens_at("sip:a@192.0.2.1") == "nowhere");
}

TEST_CASE("destination: a device with a Path is reached by its first element [RFC 3327 §5.4]") {
  model::Binding binding;
  binding.contact = "sip:a@10.0.0.1";
  binding.path = {"<sip:192.0.2.5:5062;lr>", "<sip:192.0.2.6;lr>"};
  binding.flow = flow_of("udp:192.0.2.9:5060>192.0.2.5:5062");
  binding.behind_nat = true;
  CHECK(registrar::destination_of(binding).flow.remote.to_string() == "192.0.2.5:5062");
}

TEST_CASE("device: an instance is told without quotes and brackets [RFC 5626 §4.1]") {
  const auto instance = [](std::string_view contact) {
    const auto parsed = sip::NameAddr::parse(contact);
    REQUIRE(parsed.ok());
    return registrar::instance_of(*parsed);
  };
  CHECK(instance("<sip:a@b>;+sip.instance=\"<urn:uuid:1>\"") == "urn:uuid:1");
  CHECK(instance("<sip:a@b>;+SIP.Instance=\"urn:uuid:1\"") == "urn:uuid:1");
  CHECK(instance("<sip:a@b>") == "");
}
