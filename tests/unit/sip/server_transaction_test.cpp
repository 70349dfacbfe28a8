// SPDX-License-Identifier: Apache-2.0
// Every arrow of Figure 7 (as RFC 6026 §8.6 redraws it) and Figure 8 (RFC 3261 §17.2.2).
#include <array>
#include <random>
#include <vector>

#include <rollcall/sip/transaction.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using namespace std::chrono_literals;
using sip::ServerTransaction;
using sip::Step;
using sip::TransactionKind;
using State = sip::ServerTransaction::State;

namespace {

constexpr bool udp = false;
constexpr bool tcp = true;
const base::Instant start{1'000'000s};

const Step nothing{};
const Step send{.send = true};
const Step trying{.send_trying = true};
const Step ended{.ended = true};

ServerTransaction invite(bool reliable = udp) {
  return {TransactionKind::invite, reliable, start};
}
ServerTransaction other(bool reliable = udp) {
  return {TransactionKind::non_invite, reliable, start};
}

ServerTransaction after(ServerTransaction transaction, int status) {
  transaction.on_reply(status, start);
  return transaction;
}

/// When the transaction sends by its timer until it ends, in milliseconds after the start.
std::vector<long> sends_by_timer(ServerTransaction transaction) {
  std::vector<long> times;
  for (int i = 0; i < 100 && transaction.deadline(); ++i) {
    const auto now = *transaction.deadline();
    if (transaction.on_timer(now).send)
      times.push_back(std::chrono::duration_cast<std::chrono::milliseconds>(now - start).count());
  }
  return times;
}

}  // namespace

TEST_CASE("server INVITE: begins in Proceeding and owes a 100 after 200 ms [RFC 3261 §17.2.1]") {
  auto transaction = invite();
  CHECK(transaction.state() == State::proceeding);
  CHECK(transaction.deadline() == start + 200ms);
  CHECK(transaction.on_timer(start + 199ms) == nothing);
  CHECK(transaction.on_timer(start + 200ms) == trying);
  CHECK(transaction.state() == State::proceeding);
  CHECK_FALSE(transaction.deadline());
}

TEST_CASE("server INVITE: a user that answers within 200 ms saves the 100 [RFC 3261 §17.2.1]") {
  auto transaction = invite();
  CHECK(transaction.on_reply(180, start + 50ms) == send);
  CHECK_FALSE(transaction.deadline());
}

TEST_CASE("server INVITE: 101-199 from the user is sent and Proceeding stays [RFC 6026 Figure 7]") {
  auto transaction = invite();
  for (const int status : {100, 180, 183, 199, 180}) {
    CHECK(transaction.on_reply(status, start) == send);
    CHECK(transaction.state() == State::proceeding);
  }
}

TEST_CASE(
    "server INVITE: a retransmission in Proceeding brings the last provisional answer [RFC 6026 Figure 7]") {
  auto transaction = after(invite(), 180);
  CHECK(transaction.on_request(start + 500ms) == send);
  CHECK(transaction.state() == State::proceeding);
}

TEST_CASE("server INVITE: a retransmission before any answer is told 100 at once [RFC 3261 §17.2.1]") {
  auto transaction = invite();
  CHECK(transaction.on_request(start + 100ms) == trying);
  CHECK(transaction.on_request(start + 150ms) == send);
  CHECK_FALSE(transaction.deadline());
}

TEST_CASE("server INVITE: 2xx leads from Proceeding to Accepted with timer L of 64*T1 [RFC 6026 §7.1]") {
  for (const bool transport : {udp, tcp}) {
    auto transaction = invite(transport);
    CHECK(transaction.on_reply(200, start + 1s) == send);
    CHECK(transaction.state() == State::accepted);
    CHECK(transaction.deadline() == start + 1s + 32s);
  }
}

TEST_CASE("server INVITE: Accepted absorbs the INVITE and hands each ACK to the user [RFC 6026 §7.1]") {
  auto transaction = after(invite(), 200);
  CHECK(transaction.on_request(start + 1s) == nothing);
  CHECK(transaction.on_ack(start + 2s) == Step{.deliver = true});
  CHECK(transaction.on_ack(start + 3s) == Step{.deliver = true});
  CHECK(transaction.state() == State::accepted);
}

TEST_CASE("server INVITE: Accepted passes the user's 2xx again and nothing else [RFC 6026 §8.7]") {
  auto transaction = after(invite(), 200);
  CHECK(transaction.on_reply(200, start + 500ms) == send);
  CHECK(transaction.on_reply(202, start + 1s) == send);
  CHECK(transaction.on_reply(180, start + 1s) == nothing);
  CHECK(transaction.on_reply(486, start + 1s) == nothing);
  CHECK(transaction.deadline() == start + 32s);
}

TEST_CASE("server INVITE: Accepted never sends a 2xx by itself, and timer L ends it [RFC 6026 §7.1]") {
  auto transaction = after(invite(), 200);
  CHECK(sends_by_timer(transaction).empty());
  CHECK(transaction.on_timer(start + 32s) == ended);
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE("server INVITE: 300-699 leads from Proceeding to Completed [RFC 6026 Figure 7]") {
  for (const int status : {300, 404, 486, 503, 699}) {
    auto transaction = invite();
    CHECK(transaction.on_reply(status, start) == send);
    CHECK(transaction.state() == State::completed);
  }
}

TEST_CASE(
    "server INVITE: timer G repeats the answer at T1, doubling up to T2, until timer H [RFC 3261 §17.2.1]") {
  CHECK(sends_by_timer(after(invite(), 486)) ==
        std::vector<long>{500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500});
}

TEST_CASE("server INVITE: a challenge is sent once, and again when it is asked for [RFC 3261 §26.3.2.4]") {
  for (const int challenge : {401, 407}) {
    auto transaction = after(invite(), challenge);
    CHECK(sends_by_timer(transaction).empty());
    CHECK(after(invite(), challenge).on_request(start + 500ms) == send);
    CHECK(transaction.deadline() == start + 32s);
  }
}

TEST_CASE("server INVITE: a challenge after a 100 is repeated, as its client is silent [RFC 3261 §17.2.1]") {
  auto transaction = invite();
  transaction.on_reply(100, start);
  transaction.on_reply(407, start);
  CHECK(sends_by_timer(transaction).size() == 10);
}

TEST_CASE("server INVITE: over a reliable transport timer G is not set, timer H is [RFC 3261 §17.2.1]") {
  auto transaction = after(invite(tcp), 486);
  CHECK(sends_by_timer(transaction).empty());
  CHECK(transaction.deadline() == start + 32s);
}

TEST_CASE("server INVITE: a retransmission in Completed brings the answer again [RFC 6026 Figure 7]") {
  auto transaction = after(invite(), 486);
  CHECK(transaction.on_request(start + 100ms) == send);
  CHECK(transaction.state() == State::completed);
}

TEST_CASE("server INVITE: a second final answer is dropped [RFC 3261 §17.2.1]") {
  auto transaction = after(invite(), 486);
  CHECK(transaction.on_reply(200, start) == nothing);
  CHECK(transaction.on_reply(404, start) == nothing);
  CHECK(transaction.on_reply(180, start) == nothing);
  CHECK(transaction.state() == State::completed);
}

TEST_CASE("server INVITE: timer H without ACK tells the user and ends [RFC 3261 §17.2.1]") {
  auto transaction = after(invite(), 486);
  CHECK(transaction.on_timer(start + 32s) == Step{.timed_out = true, .ended = true});
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE(
    "server INVITE: ACK leads from Completed to Confirmed, which absorbs and ends by timer I [RFC 3261 "
    "§17.2.1]") {
  auto transaction = after(invite(), 486);
  CHECK(transaction.on_ack(start + 1s) == nothing);
  CHECK(transaction.state() == State::confirmed);
  CHECK(transaction.on_ack(start + 2s) == nothing);
  CHECK(transaction.on_request(start + 2s) == nothing);
  CHECK(transaction.on_reply(486, start + 2s) == nothing);
  CHECK(transaction.deadline() == start + 1s + 5s);
  CHECK(transaction.on_timer(start + 6s) == ended);
}

TEST_CASE("server INVITE: over a reliable transport timer I is zero: ACK ends it [RFC 3261 §17.2.1]") {
  auto transaction = after(invite(tcp), 486);
  CHECK(transaction.on_ack(start + 1s) == ended);
  CHECK(transaction.state() == State::terminated);
  CHECK_FALSE(transaction.deadline());
}

TEST_CASE("server INVITE: an ACK in Proceeding means nothing [RFC 6026 Figure 7]") {
  auto transaction = invite();
  CHECK(transaction.on_ack(start) == nothing);
  CHECK(transaction.state() == State::proceeding);
}

TEST_CASE("server non-INVITE: Trying drops retransmissions [RFC 3261 §17.2.2]") {
  auto transaction = other();
  CHECK(transaction.state() == State::trying);
  CHECK(transaction.on_request(start + 500ms) == nothing);
  CHECK(transaction.state() == State::trying);
}

TEST_CASE(
    "server non-INVITE: a final answer leads from Trying to Completed [RFC 3261 §17.2.2, errata 1470]") {
  for (const int status : {200, 202, 302, 401, 503, 603}) {
    auto transaction = other();
    CHECK(transaction.on_reply(status, start) == send);
    CHECK(transaction.state() == State::completed);
    CHECK(transaction.deadline() == start + 32s);
  }
}

TEST_CASE("server non-INVITE: 100 over UDP is held back until timer E would be T2 [RFC 4320 §4.1]") {
  auto transaction = other();
  CHECK(transaction.on_reply(100, start + 3499ms) == nothing);
  CHECK(transaction.state() == State::trying);
  CHECK(transaction.on_reply(100, start + 3500ms) == send);
  CHECK(transaction.state() == State::proceeding);
}

TEST_CASE("server non-INVITE: 100 over TCP may go at once [RFC 4320 §4.1]") {
  auto transaction = other(tcp);
  CHECK(transaction.on_reply(100, start) == send);
  CHECK(transaction.state() == State::proceeding);
}

TEST_CASE(
    "server non-INVITE: unanswered for the time of timer E reaching T2 it sends 100 itself [RFC 4320 §4.1]") {
  for (const bool transport : {udp, tcp}) {
    auto transaction = other(transport);
    CHECK(transaction.deadline() == start + 3500ms);
    CHECK(transaction.on_timer(start + 3500ms) == trying);
    CHECK(transaction.state() == State::proceeding);
  }
}

TEST_CASE("server non-INVITE: a provisional answer other than 100 is never sent [RFC 4320 §4.1]") {
  auto fresh = other(tcp);
  auto proceeding = after(other(tcp), 100);
  for (const int status : {101, 180, 183, 199}) {
    CHECK(fresh.on_reply(status, start + 5s) == nothing);
    CHECK(proceeding.on_reply(status, start + 5s) == nothing);
  }
  CHECK(fresh.state() == State::trying);
}

TEST_CASE("server non-INVITE: 408 is never sent [RFC 4320 §4.2]") {
  auto transaction = other();
  CHECK(transaction.on_reply(408, start + 10s) == nothing);
  CHECK(transaction.state() == State::trying);
}

TEST_CASE("server non-INVITE: a retransmission in Proceeding brings the 100 again [RFC 3261 Figure 8]") {
  auto transaction = after(other(tcp), 100);
  CHECK(transaction.on_request(start + 4s) == send);
  CHECK(transaction.on_reply(100, start + 5s) == send);
  CHECK(transaction.state() == State::proceeding);
}

TEST_CASE("server non-INVITE: a final answer leads from Proceeding to Completed [RFC 3261 Figure 8]") {
  auto transaction = after(other(tcp), 100);
  CHECK(transaction.on_reply(200, start + 5s).send);
  auto unreliable = other();
  unreliable.on_timer(start + 3500ms);
  CHECK(unreliable.on_reply(200, start + 5s) == send);
  CHECK(unreliable.state() == State::completed);
  CHECK(unreliable.deadline() == start + 5s + 32s);
}

TEST_CASE("server non-INVITE: Completed answers retransmissions and drops other answers [RFC 3261 §17.2.2]") {
  auto transaction = after(other(), 200);
  CHECK(transaction.on_request(start + 500ms) == send);
  CHECK(transaction.on_reply(500, start + 1s) == nothing);
  CHECK(transaction.on_reply(100, start + 9s) == nothing);
  CHECK(transaction.on_ack(start + 1s) == nothing);
  CHECK(transaction.state() == State::completed);
}

TEST_CASE("server non-INVITE: timer J ends it after 64*T1 [RFC 3261 §17.2.2]") {
  auto transaction = after(other(), 200);
  CHECK(transaction.on_timer(start + 31s) == nothing);
  CHECK(transaction.on_timer(start + 32s) == ended);
  CHECK(transaction.on_request(start + 33s) == nothing);
}

TEST_CASE(
    "server non-INVITE: over a reliable transport timer J is zero: the answer ends it [RFC 3261 §17.2.2]") {
  auto transaction = other(tcp);
  CHECK(transaction.on_reply(200, start) == Step{.send = true, .ended = true});
  CHECK(transaction.state() == State::terminated);
}

TEST_CASE("server non-INVITE: unanswered past its client's timer F it ends without a word [RFC 4320 §4.2]") {
  auto transaction = other();
  transaction.on_timer(start + 3500ms);
  CHECK(transaction.deadline() == start + 32s);
  CHECK(transaction.on_timer(start + 32s) == Step{.timed_out = true, .ended = true});
  CHECK(transaction.on_reply(200, start + 33s) == nothing);
}

TEST_CASE("server transaction: other timers are taken as they are given [RFC 3261 §17.1.1.1]") {
  static constexpr sip::TransactionTimers quick{.t1 = 10ms, .t2 = 40ms, .t4 = 50ms, .d = 640ms};
  ServerTransaction transaction(TransactionKind::non_invite, udp, start, quick);
  CHECK(transaction.deadline() == start + 30ms);
  CHECK(transaction.on_reply(200, start + 5ms) == send);
  CHECK(transaction.deadline() == start + 645ms);
}

TEST_CASE("server transaction: whatever happens it ends once it is answered, and is silent then") {
  std::mt19937 random(20260101);
  const std::array statuses{100, 180, 199, 200, 202, 302, 404, 408, 503, 603};
  for (int round = 0; round < 2000; ++round) {
    auto transaction = ServerTransaction(random() % 2 ? TransactionKind::invite : TransactionKind::non_invite,
                                         random() % 2, start);
    auto now = start;
    for (auto events = random() % 12; events > 0; --events) {
      const bool was_over = transaction.state() == State::terminated;
      now += base::Duration(random() % 6'000'000);
      Step step;
      switch (random() % 4) {
        case 0:
          step = transaction.on_request(now);
          break;
        case 1:
          step = transaction.on_ack(now);
          break;
        case 2:
          step = transaction.on_reply(statuses[random() % statuses.size()], now);
          break;
        default:
          step = transaction.on_timer(now);
      }
      if (was_over) REQUIRE(step == nothing);
      REQUIRE(step.ended == (!was_over && transaction.state() == State::terminated));
    }
    transaction.on_reply(404, now);
    int firings = 0;
    for (; transaction.state() != State::terminated && firings < 100; ++firings) {
      REQUIRE(transaction.deadline());
      transaction.on_timer(*transaction.deadline());
    }
    REQUIRE(transaction.state() == State::terminated);
    REQUIRE_FALSE(transaction.deadline());
  }
}

TEST_CASE("server transaction: it is small") {
  CHECK(sizeof(ServerTransaction) <= 40);
}
