// SPDX-License-Identifier: Apache-2.0
// What Proxy keeps of a request that it has passed on.
#pragma once

#include "target.hpp"

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <rollcall/proxy/proxy.hpp>
#include <rollcall/sip/header.hpp>

namespace rollcall::proxy {

/// How long a device may ring after its last provisional answer (RFC 3261 §16.6 step 11: more than
/// three minutes).
inline constexpr base::Duration timer_c = std::chrono::seconds(185);

/// One place that the request went to. As a timer: C (RFC 3261 §16.6 step 11).
struct Proxy::Branch final : engine::Timer {
  explicit Branch(Proxy& owner) : owner(owner) {}
  void fire(base::Instant) override { owner.give_up(*this); }

  Proxy& owner;
  std::uint64_t client = 0;  // the client transaction; 0: it could not be made
  bool open = true;          // without a final answer
};

/// A response context (RFC 3261 §16.7). It ends when every branch has its final answer; what comes
/// later, a 2xx again, needs only the server transaction's name.
struct Proxy::Context {
  /// Shared with the client transactions, which may have to write their copy again.
  std::shared_ptr<const engine::Request> request;
  std::string loop_mark;
  std::vector<Target> waiting;  // not tried yet, best first
  std::vector<std::unique_ptr<Branch>> branches;
  std::size_t open = 0;    // branches
  bool answered = false;   // a 2xx has gone back
  bool cancelled = false;  // by the caller

  // The best final answer so far that is no 2xx.
  int best = 0;                                                 // its status, 0: none
  std::string best_bytes;                                       // as it was received; "": we make one
  std::vector<std::pair<sip::Header, std::string>> challenges;  // of the 401s and 407s beside it

  bool overloaded = false;  // a branch could not be made for want of room here

  /// A final answer that is no 2xx; without a response it is one of our own making.
  void keep(int status, const sip::Message* response);
  void fail_for_overload(Branch& branch);
  [[nodiscard]] bool is_invite() const { return request->message->method() == sip::Method::invite; }
};

}  // namespace rollcall::proxy
