// SPDX-License-Identifier: Apache-2.0
// What Transactions keeps of each transaction.
#pragma once

#include <memory>
#include <string>

#include <rollcall/base/ids.hpp>
#include <rollcall/engine/transactions.hpp>
#include <rollcall/sip/way_back.hpp>

namespace rollcall::engine {

struct Transactions::Server final : Timer {
  Server(Transactions& owner, sip::TransactionKind kind, const sip::Flow& flow, sip::WayBack back,
         base::Instant now)
      : owner(owner), machine(kind, sip::is_stream(flow.transport), now), source(flow.remote), back(back) {}
  void fire(base::Instant now) override;

  Transactions& owner;
  sip::ServerTransaction machine;
  sip::Endpoint source;      // where the request came from
  sip::WayBack back;         // where its answers go
  std::uint64_t number = 0;  // a serial number, and in the lower half its place in places_
  std::string key;
  std::string head;        // of the request, until it is answered: a 100 is made of it
  std::string answer;      // the last one sent
  bool answered = false;   // finally
  bool cancelled = false;  // a CANCEL for it has come
};

inline std::string_view Transactions::ByKey::operator()(const Server& server) const {
  return server.key;
}

struct Transactions::Client final : Timer {
  Client(Transactions& owner, sip::Method method, const Destination& to)
      : owner(owner), method(method), to(to), flow(to.flow) {}
  void fire(base::Instant now) override;

  Transactions& owner;
  std::optional<sip::ClientTransaction> machine;  // made when it is known by what transport
  sip::Method method;
  Destination to;
  sip::Flow flow;         // what it is sent on
  std::uint64_t key = 0;  // number and whether it is a CANCEL: see client_key
  std::string branch;
  std::string head;
  std::size_t via_at = 0, via_size = 0;  // our Via's value in the head; 0: not to be written again
  SharedBody body;
  OnAnswer on_answer;
  bool cancel_wanted = false;
  bool cancelled = false;  // a CANCEL was sent, one is enough (RFC 3261 §16.7 step 10)
  bool disowned = false;
  bool by_tcp_for_size = false;
};

/// A CANCEL shares the number, as it shares the branch, of its INVITE.
constexpr std::uint64_t client_key(std::uint64_t number, bool is_cancel) {
  return number << 1 | (is_cancel ? 1 : 0);
}

constexpr base::Metric response_metric(int status) {
  constexpr base::Metric classes[] = {base::Metric::responses_1xx, base::Metric::responses_2xx,
                                      base::Metric::responses_3xx, base::Metric::responses_4xx,
                                      base::Metric::responses_5xx, base::Metric::responses_6xx};
  return classes[(status / 100 - 1) % 6];
}

}  // namespace rollcall::engine
