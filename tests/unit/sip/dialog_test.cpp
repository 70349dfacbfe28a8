// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <string_view>

#include <rollcall/sip/dialog.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using sip::Dialog;
using sip::Message;

namespace {

/// A SUBSCRIBE with the given header fields after the usual ones.
std::unique_ptr<Message> subscribe(int cseq, std::string_view fields, std::string_view to_tag = "",
                                   std::string_view from = "\"Alice\" <sip:alice@example.org>;tag=a1") {
  std::string text =
      "SUBSCRIBE sip:bob@example.org SIP/2.0\r\n"
      "Via: SIP/2.0/UDP 192.0.2.7:5060;branch=z9hG4bK74bf9\r\n"
      "Max-Forwards: 70\r\n";
  text.append("From: ").append(from).append("\r\n");
  text.append("To: Bob <sip:bob@example.org>").append(to_tag).append("\r\n");
  text.append("Call-ID: call-1@192.0.2.7\r\n");
  text.append("CSeq: ").append(std::to_string(cseq)).append(" SUBSCRIBE\r\n");
  text.append("Event: presence\r\n").append(fields).append("Content-Length: 0\r\n\r\n");
  auto message = Message::parse(std::move(text), base::Limits{});
  REQUIRE(message);
  return std::move(*message);
}

constexpr std::string_view contact = "Contact: <sip:alice@192.0.2.7:5060;transport=udp>;expires=60\r\n";

Dialog dialog_of(std::string_view fields) {
  auto dialog = Dialog::from_request(*subscribe(7, fields), "b1");
  REQUIRE(dialog);
  return *dialog;
}

std::string notify_in(const Dialog& dialog) {
  sip::Writer writer;
  dialog.begin_request(writer, "NOTIFY", dialog.local_cseq);
  return writer.take_unsent().with_via("SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKn1;rport");
}

std::string request_line_of(const std::string& request) {
  return request.substr(0, request.find("\r\n"));
}

/// The values of all Route fields, in order, each behind a '|'.
std::string routes_of(const std::string& request) {
  std::string routes;
  constexpr std::string_view name = "\r\nRoute: ";
  for (auto at = request.find(name); at != std::string::npos; at = request.find(name, at + 1)) {
    const auto begin = at + name.size();
    routes.append("|").append(request.substr(begin, request.find("\r\n", begin) - begin));
  }
  return routes;
}

}  // namespace

TEST_CASE("dialog: its state comes from the request that made it [RFC 3261 §12.1.1]") {
  const auto dialog = dialog_of(contact);
  CHECK(dialog.call_id == "call-1@192.0.2.7");
  CHECK(dialog.local_tag == "b1");
  CHECK(dialog.remote_tag == "a1");
  CHECK(dialog.local_uri == "sip:bob@example.org");
  CHECK(dialog.remote_uri == "sip:alice@example.org");
  CHECK(dialog.remote_target == "sip:alice@192.0.2.7:5060;transport=udp");
  CHECK(dialog.route_set.empty());
  CHECK(dialog.remote_cseq == 7);
  CHECK(dialog.next_hop() == "sip:alice@192.0.2.7:5060;transport=udp");
}

TEST_CASE(
    "dialog: the route set is the Record-Route values in order, with their parameters [RFC 3261 §12.1.1]") {
  const auto dialog =
      dialog_of(std::string("Record-Route: <sip:p1.example.org;lr;ftag=x>, <sip:p2.example.org;lr>\r\n"
                            "Record-Route: \"P, 3\" <sip:p3.example.org;lr>;x=y\r\n") +
                std::string(contact));
  CHECK(dialog.route_set == std::vector<std::string>{"<sip:p1.example.org;lr;ftag=x>",
                                                     "<sip:p2.example.org;lr>",
                                                     "\"P, 3\" <sip:p3.example.org;lr>;x=y"});
  CHECK(dialog.next_hop() == "sip:p1.example.org;lr;ftag=x");
}

TEST_CASE("dialog: without a Contact there is none [RFC 3261 §12.1.1]") {
  const auto dialog = Dialog::from_request(*subscribe(7, ""), "b1");
  REQUIRE_FALSE(dialog);
  CHECK(dialog.error().code == base::ErrorCode::malformed);
}

TEST_CASE("dialog: a Contact that is no SIP URI makes none [RFC 3261 §8.1.1.8]") {
  for (const std::string_view bad : {"Contact: *\r\n", "Contact: <tel:+15551234>\r\n",
                                     "Contact: <mailto:a@b.c>\r\n", "Contact: <sip:alice@192.0.2.7\r\n"}) {
    const auto dialog = Dialog::from_request(*subscribe(7, bad), "b1");
    REQUIRE_FALSE(dialog);
    CHECK(dialog.error().code == base::ErrorCode::malformed);
  }
}

TEST_CASE("dialog: a Record-Route without angle brackets makes none [RFC 3261 §20.30]") {
  const auto dialog = Dialog::from_request(
      *subscribe(7, std::string("Record-Route: sip:p1.example.org;lr\r\n") + std::string(contact)), "b1");
  REQUIRE_FALSE(dialog);
  CHECK(dialog.error().code == base::ErrorCode::malformed);
}

TEST_CASE("dialog: a request carries the dialog's URIs, tags, Call-ID and CSeq [RFC 3261 §12.2.1.1]") {
  auto dialog = dialog_of(contact);
  dialog.local_cseq = 42;
  CHECK(notify_in(dialog) ==
        "NOTIFY sip:alice@192.0.2.7:5060;transport=udp SIP/2.0\r\n"
        "Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bKn1;rport\r\n"
        "Max-Forwards: 70\r\n"
        "From: <sip:bob@example.org>;tag=b1\r\n"
        "To: <sip:alice@example.org>;tag=a1\r\n"
        "Call-ID: call-1@192.0.2.7\r\n"
        "CSeq: 42 NOTIFY\r\n");
}

TEST_CASE("dialog: a peer without a tag gets none back [RFC 3261 §12.2.1.1]") {
  auto dialog = dialog_of(contact);
  dialog.remote_tag = {};
  CHECK(notify_in(dialog).find("To: <sip:alice@example.org>\r\n") != std::string::npos);
}

TEST_CASE("dialog: a loose first route leaves the remote target in the Request-URI [RFC 3261 §12.2.1.1]") {
  const auto request =
      notify_in(dialog_of(std::string("Record-Route: <sip:p1.example.org;lr>, <sip:p2.example.org>;x=y\r\n") +
                          std::string(contact)));
  CHECK(request_line_of(request) == "NOTIFY sip:alice@192.0.2.7:5060;transport=udp SIP/2.0");
  CHECK(routes_of(request) == "|<sip:p1.example.org;lr>|<sip:p2.example.org>;x=y");
}

TEST_CASE(
    "dialog: a strict first route goes into the Request-URI, the remote target to the end [RFC 3261 "
    "§12.2.1.1]") {
  const auto dialog = dialog_of(
      "Record-Route: <sip:proxy1>,<sip:proxy2>,<sip:proxy3;lr>,<sip:proxy4>\r\nContact: "
      "<sip:user@remoteua>\r\n");
  const auto request = notify_in(dialog);
  CHECK(request_line_of(request) == "NOTIFY sip:proxy1 SIP/2.0");
  CHECK(routes_of(request) == "|<sip:proxy2>|<sip:proxy3;lr>|<sip:proxy4>|<sip:user@remoteua>");
  CHECK(dialog.next_hop() == "sip:proxy1");
}

TEST_CASE("dialog: a lone strict route leaves the remote target as the only Route [RFC 3261 §12.2.1.1]") {
  const auto request = notify_in(dialog_of("Record-Route: <sip:proxy1>\r\nContact: <sip:user@remoteua>\r\n"));
  CHECK(request_line_of(request) == "NOTIFY sip:proxy1 SIP/2.0");
  CHECK(routes_of(request) == "|<sip:user@remoteua>");
}

TEST_CASE(
    "dialog: what a Request-URI must not hold is taken off a strict route [RFC 3261 §12.2.1.1, §19.1.1]") {
  const auto request =
      notify_in(dialog_of("Record-Route: <sip:proxy1:5070;transport=tcp;method=INVITE;a=b?Subject=hello>\r\n"
                          "Contact: <sip:user@remoteua>\r\n"));
  CHECK(request_line_of(request) == "NOTIFY sip:proxy1:5070;transport=tcp;a=b SIP/2.0");
}

TEST_CASE("dialog: what a Request-URI must not hold is taken off the remote target [RFC 3261 §19.1.1]") {
  CHECK(dialog_of("Contact: <sip:u@h;method=NOTIFY?Subject=x>\r\n").remote_target == "sip:u@h");
  CHECK(dialog_of("Contact: <sip:u@h;METHOD=NOTIFY;ob>\r\n").remote_target == "sip:u@h;ob");
}

TEST_CASE("dialog: a refresh in order moves the CSeq and the remote target [RFC 3261 §12.2.2]") {
  auto dialog = dialog_of(contact);
  CHECK(dialog.on_request(*subscribe(9, "Contact: <sip:alice@192.0.2.99:5080>\r\n", ";tag=b1")));
  CHECK(dialog.remote_cseq == 9);
  CHECK(dialog.remote_target == "sip:alice@192.0.2.99:5080");
}

TEST_CASE("dialog: a refresh never touches the route set [RFC 3261 §12.2]") {
  auto dialog = dialog_of(std::string("Record-Route: <sip:p1.example.org;lr>\r\n") + std::string(contact));
  CHECK(dialog.on_request(*subscribe(8,
                                     "Record-Route: <sip:other.example.org;lr>\r\n"
                                     "Contact: <sip:alice@192.0.2.99>\r\n",
                                     ";tag=b1")));
  CHECK(dialog.route_set == std::vector<std::string>{"<sip:p1.example.org;lr>"});
}

TEST_CASE("dialog: a request without a Contact keeps the remote target [RFC 3261 §12.2.2]") {
  auto dialog = dialog_of(contact);
  CHECK(dialog.on_request(*subscribe(8, "", ";tag=b1")));
  CHECK(dialog.remote_cseq == 8);
  CHECK(dialog.remote_target == "sip:alice@192.0.2.7:5060;transport=udp");
}

TEST_CASE("dialog: a lower CSeq is refused and changes nothing [RFC 3261 §12.2.2]") {
  auto dialog = dialog_of(contact);
  const auto result = dialog.on_request(*subscribe(6, "Contact: <sip:alice@192.0.2.99>\r\n", ";tag=b1"));
  REQUIRE_FALSE(result);
  CHECK(result.error().code == base::ErrorCode::internal);
  CHECK(dialog.remote_cseq == 7);
  CHECK(dialog.remote_target == "sip:alice@192.0.2.7:5060;transport=udp");
}

TEST_CASE("dialog: a broken Contact in a refresh is refused and changes nothing [RFC 3261 §12.2.2]") {
  auto dialog = dialog_of(contact);
  const auto result = dialog.on_request(*subscribe(8, "Contact: <tel:+15551234>\r\n", ";tag=b1"));
  REQUIRE_FALSE(result);
  CHECK(result.error().code == base::ErrorCode::malformed);
  CHECK(dialog.remote_cseq == 7);
}
