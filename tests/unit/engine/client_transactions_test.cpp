// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include <rollcall/engine/shard.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/writer.hpp>

#include <doctest/doctest.h>
#include <support/recording_user.hpp>
#include <support/shards.hpp>
#include <support/sip_text.hpp>

using namespace rollcall;
using namespace rollcall::tests;
using namespace std::chrono_literals;
using sip::Header;

namespace {

/// What on_answer was told, as text: "180", "timeout", "unreachable".
using Answers = std::vector<std::string>;

struct Client {
  explicit Client(const base::Limits& limits = {}) : shards(1, limits) {}
  engine::Transactions& transactions() { return shards.shard().transactions(); }
  RecordingWire& wire() { return shards.wire(); }

  std::uint64_t send(const std::string& method, const engine::Destination& to, std::size_t padding = 0,
                     std::string_view suffix = {}) {
    RequestText text{.method = method};
    text.lines = "Subject: " + std::string(padding + 1, 'x') + "\r\n";
    return transactions().send(
        sip::method_of(method), to, text.unsent(), nullptr,
        [this](const engine::Answer& answer) {
          answers.push_back(answer.unreachable ? "unreachable"
                            : answer.timed_out ? "timeout"
                                               : std::to_string(answer.status()));
        },
        shards.clock.now(), suffix);
  }
  void receive(const sip::Message& request, int status) {
    shards.receive(answer_to(request, status), udp.flow);
  }

  Shards shards;
  Answers answers;
  engine::Destination udp{flow_of("udp:192.0.2.9:5060>192.0.2.1:5060"), std::nullopt};
  engine::Destination tcp{flow_of("tcp:192.0.2.9:5060>192.0.2.1:40000", 7), std::nullopt};
};

std::string branch_of(const Sent& sent) {
  const auto via = sip::Via::parse(sent.message->values(Header::via).front());
  REQUIRE(via.ok());
  return std::string(via->branch());
}

}  // namespace

TEST_CASE(
    "client: a request by UDP is sent again until it is answered, one by TCP is not [RFC 3261 §17.1.2.2]") {
  Client client;
  client.send("OPTIONS", client.udp);
  client.shards.pass(1600ms);
  auto sent = client.wire().take();
  REQUIRE(sent.size() == 3);
  CHECK(sent[0].bytes == sent[2].bytes);
  client.receive(*sent[0].message, 200);
  client.shards.pass(20s);
  CHECK(client.wire().take().empty());
  CHECK(client.answers == Answers{"200"});
  client.send("OPTIONS", client.tcp);
  client.shards.pass(10s);
  CHECK(client.wire().take_kinds() == "OPTIONS");
}

TEST_CASE("client: without an answer the user is told after 32 seconds, once [RFC 3261 §17.1.2.2]") {
  Client client;
  client.send("OPTIONS", client.udp);
  client.shards.pass(31s);
  CHECK(client.answers.empty());
  client.shards.pass(2s);
  CHECK(client.answers == Answers{"timeout"});
  CHECK(client.transactions().client_count() == 0);
}

TEST_CASE("client: the branch names the shard and ends in what the user wants [RFC 3261 §8.1.1.7]") {
  Client client;
  client.send("OPTIONS", client.udp, 0, "-mark");
  const std::string branch = branch_of(client.wire().take_one());
  CHECK(engine::Transactions::shard_of_branch(branch) == 0);
  CHECK(branch.ends_with("-mark"));
  CHECK_FALSE(engine::Transactions::shard_of_branch("z9hG4bKsomebody-elses"));
  CHECK_FALSE(engine::Transactions::shard_of_branch("1-2-3"));
}

TEST_CASE("client: an answer with another branch or another method is dropped [RFC 3261 §17.1.3]") {
  Client client;
  client.send("OPTIONS", client.udp);
  const Sent sent = client.wire().take_one();
  const std::string answer = answer_to(*sent.message, 200);
  const std::string branch = branch_of(sent);
  std::string guessed = answer;
  guessed.replace(guessed.find(branch) + branch.size() - 4, 4, "0000");
  client.shards.receive(guessed, client.udp.flow);
  for (const std::string method : {"CANCEL", "INFO", "FROB"}) {
    std::string other = answer;
    other.replace(other.find("1 OPTIONS"), 9, "1 " + method);
    client.shards.receive(other, client.udp.flow);
  }
  CHECK(client.answers.empty());
}

TEST_CASE("client: a request of a method that nobody knows gets its answer too [RFC 3261 §16.3 step 1]") {
  Client client;
  client.send("FROB", client.udp);
  client.receive(*client.wire().take_one().message, 200);
  CHECK(client.answers == Answers{"200"});
}

TEST_CASE("client: what cannot be sent is told as unreachable [RFC 3261 §17.1.4]") {
  Client client;
  client.send("OPTIONS", client.tcp);
  client.shards.shard().on_send_failed(client.wire().take_one().token);
  CHECK(client.answers == Answers{"unreachable"});
  CHECK(client.transactions().client_count() == 0);
}

TEST_CASE("client: a large request goes by TCP where the peer may listen on it [RFC 3261 §18.1.1]") {
  Client client;
  client.udp.tcp = client.udp.flow.remote;
  client.send("OPTIONS", client.udp, 500);
  CHECK(client.wire().take_one().flow.transport == sip::Transport::udp);
  client.send("OPTIONS", client.udp, 2000);
  const Sent large = client.wire().take_one();
  CHECK(large.flow.transport == sip::Transport::tcp);
  CHECK(large.flow.remote == client.udp.flow.remote);
  CHECK(large.header(Header::via).starts_with("SIP/2.0/TCP "));
}

TEST_CASE("client: who does not listen on TCP gets the large request by UDP [RFC 3261 §18.1.1]") {
  Client client;
  client.udp.tcp = client.udp.flow.remote;
  client.send("OPTIONS", client.udp, 2000);
  const Sent by_tcp = client.wire().take_one();
  client.shards.shard().on_send_failed(by_tcp.token);
  const Sent by_udp = client.wire().take_one();
  CHECK(by_udp.flow == client.udp.flow);
  CHECK(by_udp.header(Header::via).starts_with("SIP/2.0/UDP "));
  CHECK(branch_of(by_udp) == branch_of(by_tcp));
  CHECK(client.answers.empty());
  client.shards.pass(600ms);
  CHECK(client.wire().take_kinds() == "OPTIONS");
  client.receive(*by_udp.message, 200);
  CHECK(client.answers == Answers{"200"});
}

TEST_CASE("client: whose connection has closed is called where it listens, once [RFC 3261 §18]") {
  Client client;
  const engine::Destination device{flow_of("tcp:192.0.2.9:5060>192.0.2.1:40000", 7),
                                   sip::Endpoint::parse("192.0.2.1", 5060)};
  client.send("OPTIONS", device);
  const Sent first = client.wire().take_one();
  CHECK(first.flow == device.flow);
  client.shards.shard().on_send_failed(first.token);
  const Sent second = client.wire().take_one();
  CHECK(second.flow.remote.to_string() == "192.0.2.1:5060");
  CHECK(second.flow.connection == 0);
  CHECK(branch_of(second) == branch_of(first));
  CHECK(client.answers.empty());
  SUBCASE("and answers there") {
    client.receive(*second.message, 200);
    CHECK(client.answers == Answers{"200"});
  }
  SUBCASE("or is not there either") {
    client.shards.shard().on_send_failed(second.token);
    CHECK(client.wire().take_kinds() == "");
    CHECK(client.answers.size() == 1);
  }
}

TEST_CASE(
    "client: a refused INVITE is acknowledged hop by hop, each time the answer comes [RFC 3261 §17.1.1.3]") {
  Client client;
  client.send("INVITE", client.udp);
  const Sent invite = client.wire().take_one();
  client.receive(*invite.message, 486);
  const Sent ack = client.wire().take_one();
  CHECK(ack.kind() == "ACK");
  CHECK(branch_of(ack) == branch_of(invite));
  CHECK(ack.header(Header::to) == "<sip:bob@example.com>;tag=d1");
  client.receive(*invite.message, 486);
  CHECK(client.wire().take_kinds() == "ACK");
  CHECK(client.answers == Answers{"486"});
  client.shards.pass(33s);
  CHECK(client.transactions().client_count() == 0);
}

TEST_CASE("client: every 2xx to INVITE is handed on and none is acknowledged here [RFC 6026 §7.2]") {
  Client client;
  client.send("INVITE", client.udp);
  const Sent invite = client.wire().take_one();
  client.receive(*invite.message, 180);
  client.receive(*invite.message, 200);
  client.receive(*invite.message, 200);
  CHECK(client.wire().take().empty());
  CHECK(client.answers == Answers{"180", "200", "200"});
  client.shards.pass(33s);
  client.receive(*invite.message, 200);
  CHECK(client.answers.size() == 3);
  CHECK(client.transactions().client_count() == 0);
}

TEST_CASE("client: a CANCEL whose connection has closed goes where the device listens [RFC 3261 §9.1, §18]") {
  Client client;
  const engine::Destination device{flow_of("tcp:192.0.2.9:5060>192.0.2.1:40000", 7),
                                   sip::Endpoint::parse("192.0.2.1", 5060)};
  const auto number = client.send("INVITE", device);
  const Sent invite = client.wire().take_one();
  client.receive(*invite.message, 180);
  client.transactions().cancel(number, client.shards.clock.now());
  const Sent cancel = client.wire().take_one();
  client.shards.shard().on_send_failed(cancel.token);
  const Sent again = client.wire().take_one();
  CHECK(again.bytes == cancel.bytes);
  CHECK(again.flow.remote.to_string() == "192.0.2.1:5060");
  client.shards.shard().on_send_failed(again.token);
  CHECK(client.wire().take().empty());
}

TEST_CASE("client: CANCEL waits for a provisional answer [RFC 3261 §9.1]") {
  Client client;
  const auto number = client.send("INVITE", client.udp);
  const Sent invite = client.wire().take_one();
  client.transactions().cancel(number, client.shards.clock.now());
  CHECK(client.wire().take().empty());
  client.receive(*invite.message, 180);
  const Sent cancel = client.wire().take_one();
  CHECK(cancel.kind() == "CANCEL");
  CHECK(branch_of(cancel) == branch_of(invite));
  CHECK(cancel.message->request_uri() == invite.message->request_uri());
  client.receive(*cancel.message, 200);
  client.receive(*invite.message, 487);
  CHECK(client.wire().take_kinds() == "ACK");
  CHECK(client.answers == Answers{"180", "487"});
}

TEST_CASE("client: an INVITE is cancelled once, however often its device rings [RFC 3261 §9.1]") {
  Client client;
  const auto number = client.send("INVITE", client.tcp);
  const Sent invite = client.wire().take_one();
  client.receive(*invite.message, 180);
  client.transactions().cancel(number, client.shards.clock.now());
  const Sent cancel = client.wire().take_one();
  client.receive(*cancel.message, 200);
  client.receive(*invite.message, 180);
  client.transactions().cancel(number, client.shards.clock.now());
  CHECK(client.wire().take_kinds().empty());
}

TEST_CASE("client: a device that does not obey CANCEL is given up after 32 seconds [RFC 3261 §9.1]") {
  Client client;
  const auto number = client.send("INVITE", client.udp);
  const Sent invite = client.wire().take_one();
  client.receive(*invite.message, 180);
  client.shards.pass(100s);
  CHECK(client.answers == Answers{"180"});
  client.transactions().cancel(number, client.shards.clock.now());
  client.shards.pass(33s);
  CHECK(client.answers == Answers{"180", "timeout"});
  CHECK(client.transactions().client_count() == 0);
}

TEST_CASE("client: past the limit nothing is sent") {
  base::Limits limits;
  limits.client_transactions = 1;
  Client client(limits);
  CHECK(client.send("OPTIONS", client.udp) != 0);
  CHECK(client.send("OPTIONS", client.udp) == 0);
  CHECK(client.wire().take_kinds() == "OPTIONS");
  client.shards.pass(33s);
  CHECK(client.answers == Answers{"timeout"});
  CHECK(client.send("OPTIONS", client.udp) != 0);
}

TEST_CASE("client: who has disowned a transaction is not told of its answer") {
  Client client;
  const auto number = client.send("OPTIONS", client.udp);
  const Sent sent = client.wire().take_one();
  client.transactions().disown(number);
  client.receive(*sent.message, 200);
  CHECK(client.answers.empty());
  client.shards.pass(33s);
  CHECK(client.transactions().client_count() == 0);
}

TEST_CASE("client: the user may send the next request while it is told of an answer") {
  Client client;
  std::vector<int> statuses;
  client.transactions().send(
      sip::Method::options, client.udp, RequestText{}.unsent(), nullptr,
      [&](const engine::Answer& answer) {
        statuses.push_back(answer.status());
        client.send("OPTIONS", client.udp);
      },
      client.shards.clock.now());
  client.receive(*client.wire().take_one().message, 200);
  client.receive(*client.wire().take_one().message, 404);
  CHECK(statuses == std::vector<int>{200});
  CHECK(client.answers == Answers{"404"});
}

TEST_CASE("client: what is sent once has a branch of ours and is not sent again") {
  Client client;
  client.transactions().send_once(client.udp, RequestText{.method = "ACK"}.unsent(), nullptr);
  client.shards.pass(5s);
  const Sent ack = client.wire().take_one();
  CHECK(engine::Transactions::shard_of_branch(branch_of(ack)) == 0);
  CHECK(client.transactions().client_count() == 0);
}

TEST_CASE("client: our Via carries the advertised name where there is one [RFC 3261 §18.1.1]") {
  Client client;
  client.transactions().set_advertised_host("sip.example.com");
  client.send("OPTIONS", client.udp);
  CHECK(client.wire().take_one().header(Header::via).starts_with("SIP/2.0/UDP sip.example.com:5060;"));
}
