// SPDX-License-Identifier: Apache-2.0
// Every arrow of Figure 5 (as RFC 6026 §8.4 redraws it) and Figure 6 (RFC 3261 §17.1.2).
#include <array>
#include <random>
#include <vector>

#include <rollcall/sip/transaction.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using namespace std::chrono_literals;
using sip::ClientTransaction;
using sip::Step;
using sip::TransactionKind;
using State = sip::ClientTransaction::State;

namespace {

constexpr bool udp = false;
constexpr bool tcp = true;
const base::Instant start{1'000'000s};

const Step nothing{};
const Step deliver{.deliver = true};
const Step ended{.ended = true};
const Step timed_out{.timed_out = true, .ended = true};

ClientTransaction invite(bool reliable = udp) {
  return {TransactionKind::invite, reliable, start};
}
ClientTransaction other(bool reliable = udp) {
  return {TransactionKind::non_invite, reliable, start};
}

ClientTransaction after(ClientTransaction transaction, int status) {
  transaction.on_response(status, start);
  return transaction;
}

/// When the request is sent again until the transaction ends, in milliseconds after the start.
std::vector<long> retransmissions(ClientTransaction transaction) {
  std::vector<long> times;
  for (int i = 0; i < 100 && transaction.deadline(); ++i) {
    const auto now = *transaction.deadline();
    if (transaction.on_timer(now).send)
      times.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(now - start).count());
  }
  return times;
}

}  // namespace

TEST_CASE("client INVITE: timer A sends again in Calling, doubling without a limit [RFC 3261 §17.1.1.2]") {
  CHECK(invite().state() == State::calling);
  CHECK(retransmissions(invite()) == std::vector<long>{500, 1500, 3500, 7500, 15500, 31500});
}

TEST_CASE("client INVITE: over a reliable transport timer A is not set, timer B is [RFC 3261 §17.1.1.2]") {
  CHECK(retransmissions(invite(tcp)).empty());
  CHECK(invite(tcp).deadline() == start + 32s);
}

TEST_CASE("client INVITE: timer B in Calling tells the user and ends [RFC 3261 §17.1.1.2]") {
  auto transaction = invite();
  CHECK(transaction.on_timer(start + 32s) == timed_out);
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE("client INVITE: a transport error in Calling tells the user and ends [RFC 3261 §17.1.4]") {
  auto transaction = invite();
  CHECK(transaction.on_transport_error(start) == timed_out);
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE("client INVITE: 1xx leads from Calling to Proceeding and stops the timers [RFC 6026 Figure 5]") {
  auto transaction = invite();
  CHECK(transaction.on_response(100, start + 100ms) == deliver);
  CHECK(transaction.state() == State::proceeding);
  CHECK_FALSE(transaction.deadline());
}

TEST_CASE("client INVITE: each 1xx in Proceeding goes to the user [RFC 6026 Figure 5]") {
  auto transaction = after(invite(), 100);
  for (const int status : {180, 183, 180})
    CHECK(transaction.on_response(status, start) == deliver);
  CHECK(transaction.state() == State::proceeding);
}

TEST_CASE("client INVITE: 2xx leads from Calling to Accepted with timer M of 64*T1 [RFC 6026 §7.2]") {
  for (const bool transport : {udp, tcp}) {
    auto transaction = invite(transport);
    CHECK(transaction.on_response(200, start + 1s) == deliver);
    CHECK(transaction.state() == State::accepted);
    CHECK(transaction.deadline() == start + 1s + 32s);
  }
}

TEST_CASE("client INVITE: 2xx leads from Proceeding to Accepted [RFC 6026 §7.2]") {
  auto transaction = after(invite(), 180);
  CHECK(transaction.on_response(200, start + 60s) == deliver);
  CHECK(transaction.state() == State::accepted);
}

TEST_CASE("client INVITE: Accepted hands over each 2xx, drops the rest, and makes no ACK [RFC 6026 §7.2]") {
  auto transaction = after(invite(), 200);
  CHECK(transaction.on_response(200, start + 1s) == deliver);
  CHECK(transaction.on_response(202, start + 2s) == deliver);
  CHECK(transaction.on_response(180, start + 3s) == nothing);
  CHECK(transaction.on_response(486, start + 3s) == nothing);
  CHECK(transaction.on_transport_error(start + 4s) == nothing);
  CHECK(transaction.state() == State::accepted);
}

TEST_CASE("client INVITE: timer M ends Accepted [RFC 6026 §7.2]") {
  auto transaction = after(invite(), 200);
  CHECK(transaction.on_timer(start + 32s) == ended);
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE("client INVITE: 300-699 is acknowledged, delivered, and leads to Completed [RFC 6026 Figure 5]") {
  for (const int status : {300, 404, 486, 503, 699}) {
    for (auto transaction : {invite(), after(invite(), 180)}) {
      CHECK(transaction.on_response(status, start) == Step{.send_ack = true, .deliver = true});
      CHECK(transaction.state() == State::completed);
    }
  }
}

TEST_CASE("client INVITE: Completed acknowledges again, without the user [RFC 3261 §17.1.1.2]") {
  auto transaction = after(invite(), 486);
  CHECK(transaction.on_response(486, start + 1s) == Step{.send_ack = true});
  CHECK(transaction.on_response(180, start + 1s) == nothing);
  CHECK(transaction.on_response(200, start + 1s) == nothing);
  CHECK(transaction.state() == State::completed);
}

TEST_CASE("client INVITE: timer D ends Completed after 32 s [RFC 3261 §17.1.1.2]") {
  auto transaction = after(invite(), 486);
  CHECK(transaction.deadline() == start + 32s);
  CHECK(transaction.on_timer(start + 32s) == ended);
}

TEST_CASE("client INVITE: over a reliable transport timer D is zero: 300-699 ends it [RFC 3261 §17.1.1.2]") {
  auto transaction = invite(tcp);
  CHECK(transaction.on_response(486, start) == Step{.send_ack = true, .deliver = true, .ended = true});
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE(
    "client INVITE: a transport error in Completed ends it; the user has its answer [RFC 6026 Figure 5]") {
  auto transaction = after(invite(), 486);
  CHECK(transaction.on_transport_error(start) == ended);
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE("client INVITE: a CANCEL that nobody obeys ends it in 64*T1 [RFC 3261 §9.1]") {
  auto transaction = after(invite(), 180);
  transaction.on_cancelled(start + 10s);
  CHECK(transaction.on_response(180, start + 11s) == deliver);
  CHECK(transaction.deadline() == start + 42s);
  CHECK(transaction.on_timer(start + 42s) == timed_out);
}

TEST_CASE("client INVITE: a CANCEL that crosses the answer changes nothing [RFC 3261 §9.1]") {
  auto transaction = after(invite(), 200);
  transaction.on_cancelled(start + 10s);
  CHECK(transaction.deadline() == start + 32s);
}

TEST_CASE("client non-INVITE: timer E sends again, doubling up to T2 [RFC 3261 §17.1.2.2]") {
  CHECK(other().state() == State::trying);
  CHECK(retransmissions(other()) ==
        std::vector<long>{500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500});
}

TEST_CASE(
    "client non-INVITE: over a reliable transport timer E is not set, timer F is [RFC 3261 §17.1.2.2]") {
  CHECK(retransmissions(other(tcp)).empty());
  CHECK(other(tcp).deadline() == start + 32s);
}

TEST_CASE(
    "client non-INVITE: timer F in Trying and in Proceeding tells the user and ends [RFC 3261 Figure 6]") {
  for (auto transaction : {other(), after(other(), 100)}) {
    CHECK(transaction.on_timer(start + 32s) == timed_out);
    CHECK(transaction.state() == State::terminated);
  }
}

TEST_CASE(
    "client non-INVITE: a transport error in Trying and in Proceeding tells the user and ends [RFC 3261 "
    "Figure 6]") {
  for (auto transaction : {other(), after(other(), 100)}) {
    CHECK(transaction.on_transport_error(start) == timed_out);
    CHECK(transaction.state() == State::terminated);
  }
}

TEST_CASE(
    "client non-INVITE: 1xx leads from Trying to Proceeding, and each one to the user [RFC 3261 Figure 6]") {
  auto transaction = other();
  CHECK(transaction.on_response(100, start + 100ms) == deliver);
  CHECK(transaction.state() == State::proceeding);
  CHECK(transaction.on_response(183, start + 200ms) == deliver);
  CHECK(transaction.state() == State::proceeding);
}

TEST_CASE("client non-INVITE: in Proceeding timer E sends again every T2 [RFC 3261 §17.1.2.2]") {
  auto transaction = other();
  transaction.on_response(100, start + 100ms);
  CHECK(retransmissions(transaction) ==
        std::vector<long>{500, 4500, 8500, 12500, 16500, 20500, 24500, 28500});
}

TEST_CASE("client non-INVITE: a final answer goes to the user and leads to Completed [RFC 3261 Figure 6]") {
  for (const int status : {200, 202, 302, 404, 503, 603}) {
    for (auto transaction : {other(), after(other(), 100)}) {
      CHECK(transaction.on_response(status, start) == deliver);
      CHECK(transaction.state() == State::completed);
    }
  }
}

TEST_CASE("client non-INVITE: Completed takes in what comes again and ends by timer K [RFC 3261 §17.1.2.2]") {
  auto transaction = after(other(), 200);
  CHECK(transaction.on_response(200, start + 1s) == nothing);
  CHECK(transaction.on_response(100, start + 1s) == nothing);
  CHECK(transaction.on_transport_error(start + 1s) == nothing);
  CHECK(transaction.deadline() == start + 5s);
  CHECK(transaction.on_timer(start + 5s) == ended);
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE(
    "client non-INVITE: over a reliable transport timer K is zero: the answer ends it [RFC 3261 §17.1.2.2]") {
  auto transaction = other(tcp);
  CHECK(transaction.on_response(200, start) == Step{.deliver = true, .ended = true});
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE("client transaction: a timer called too early does nothing") {
  auto transaction = other();
  CHECK(transaction.on_timer(start + 499ms) == nothing);
  CHECK(transaction.deadline() == start + 500ms);
}

TEST_CASE(
    "client transaction: whatever happens it ends once it is cancelled or answered, and is silent then") {
  std::mt19937 random(20260102);
  const std::array statuses{100, 180, 200, 202, 302, 404, 408, 503, 603};
  for (int round = 0; round < 2000; ++round) {
    auto transaction = ClientTransaction(random() % 2 ? TransactionKind::invite : TransactionKind::non_invite,
                                         random() % 2, start);
    auto now = start;
    int outcomes = 0;
    const auto take = [&](const Step& step) {
      outcomes += step.timed_out ? 1 : 0;
      return step;
    };
    for (auto events = random() % 12; events > 0; --events) {
      const bool was_over = transaction.state() == State::terminated;
      now += base::Duration(random() % 6'000'000);
      const auto kind = random() % 8;
      const Step step = take(kind == 0  ? transaction.on_transport_error(now)
                             : kind < 4 ? transaction.on_response(statuses[random() % statuses.size()], now)
                                        : transaction.on_timer(now));
      if (was_over) REQUIRE(step == nothing);
      REQUIRE(step.ended == (!was_over && transaction.state() == State::terminated));
    }
    transaction.on_cancelled(now);
    for (int firings = 0; transaction.state() != State::terminated && firings < 100; ++firings) {
      REQUIRE(transaction.deadline());
      take(transaction.on_timer(*transaction.deadline()));
    }
    REQUIRE(transaction.state() == State::terminated);
    REQUIRE_FALSE(transaction.deadline());
    REQUIRE(outcomes <= 1);
  }
}

TEST_CASE("client transaction: it is small") {
  CHECK(sizeof(ClientTransaction) <= 40);
}
