// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "house.hpp"

#include <algorithm>

namespace rollcall::proxy::test {

/// Alice and bob's device talk to each other.
struct Talk : Call {
  explicit Talk(bool by_tcp = true) : callee(by_tcp ? mobile : desk) {
    by_tcp ? register_mobile() : register_desk();
    alice.send(to_bob("INVITE"));
    const Sent invite = callee.get();
    callee_routes = invite.headers(Header::record_route);
    callee.answer(invite, ok_from(contact()));
    alice.get();
    caller_routes = alice.get().headers(Header::record_route);
    std::reverse(caller_routes.begin(), caller_routes.end());
  }
  static std::string contact() { return "sip:bob@10.0.0.3:5060;transport=tcp"; }

  static std::string route_lines(const std::vector<std::string>& routes) {
    std::string lines;
    for (const std::string& route : routes)
      lines += "Route: " + route + "\r\n";
    return lines;
  }
  [[nodiscard]] RequestText from_alice(std::string method, int number = 2) const {
    RequestText text = to_bob(std::move(method), number);
    text.uri = contact();
    text.to += ";tag=d1";
    text.lines += route_lines(caller_routes);
    return text;
  }
  [[nodiscard]] RequestText from_bob(std::string method, int number = 2) const {
    RequestText text = to_bob(std::move(method), number);
    text.via = "SIP/2.0/TCP 10.0.0.3:5060;branch=z9hG4bKb" + std::to_string(number) + ";rport";
    text.uri = "sip:alice@192.0.2.1:5060";
    text.from = "<sip:bob@example.com>;tag=d1";
    text.to = "<sip:alice@example.com>;tag=a1";
    text.lines = "Contact: <" + contact() + ">\r\n" + route_lines(callee_routes);
    return text;
  }

  const Peer& callee;
  std::vector<std::string> caller_routes, callee_routes;
};

}  // namespace rollcall::proxy::test
