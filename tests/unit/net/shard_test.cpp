// SPDX-License-Identifier: Apache-2.0
// The network with the real shard above it: what the two of them answer to bytes that cannot be framed.
#include "peer.hpp"

#include <rollcall/net/network.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using namespace rollcall::net::test;

namespace {

/// A journal that nothing is written to.
class NoJournal final : public engine::Journal {
 public:
  void set_listener(Listener) override {}
  void submit(engine::JournalEntry) override {}
  [[nodiscard]] bool available() const override { return false; }
};

struct Server {
  base::Limits limits;
  base::Metrics metrics;
  std::vector<std::unique_ptr<engine::Mailbox>> mailboxes;
  std::unique_ptr<net::Network> network;
  engine::Run run;
  NoJournal journal;
  std::unique_ptr<engine::Shard> shard;

  Server() {
    mailboxes.push_back(std::make_unique<engine::Mailbox>());
    std::vector<net::Listen> listens;
    for (const char* text : {"udp:127.0.0.1:0", "tcp:127.0.0.1:0"}) {
      listens.push_back(net::parse_listen(text).value().front());
    }
    network = std::move(net::Network::open(listens, mailboxes, limits, metrics).value());
    shard = std::make_unique<engine::Shard>(0, mailboxes, run, limits, network->wire(0), journal,
                                            metrics.add_cells(), base::now());
    shard->set_peers({shard.get()});
    engine::Shard* const shards[] = {shard.get()};
    network->start(shards);
  }
  ~Server() { network->stop(); }

  [[nodiscard]] sip::Endpoint udp() const { return network->addresses()[0].address; }
  [[nodiscard]] sip::Endpoint tcp() const { return network->addresses()[1].address; }
};

std::string request(std::string_view last_lines) {
  return fmt::format(
      "MESSAGE sip:bob@example.com SIP/2.0\r\n"
      "Via: SIP/2.0/TCP 127.0.0.1:5060;branch=z9hG4bK1;rport\r\n"
      "Max-Forwards: 70\r\n"
      "From: <sip:alice@example.com>;tag=1\r\n"
      "To: <sip:bob@example.com>\r\n"
      "Call-ID: a\r\n"
      "CSeq: 1 MESSAGE\r\n"
      "{}",
      last_lines);
}

/// The status line of the one answer that comes before the connection ends; "" without.
std::string only_answer(const Peer& client) {
  const std::string all = client.read_to_end().value_or("");
  CHECK(all.find("SIP/2.0 ", 1) == std::string::npos);
  return all.substr(0, all.find("\r\n"));
}

}  // namespace

TEST_CASE(
    "shard: what TCP cannot frame is answered with what is wrong, then the connection ends [RFC 3261 "
    "§18.3]") {
  struct Row {
    std::string bytes;
    std::string_view answer;
  };
  const Row rows[] = {
      {request("\r\n"), "SIP/2.0 400 "},
      {request("Content-Length: -5\r\n\r\nhello"), "SIP/2.0 400 "},
      {request("Content-Length: 5\r\nl: 6\r\n\r\nhello"), "SIP/2.0 400 "},
      {request("Content-Length: 10485760\r\n\r\n"), "SIP/2.0 413 "},
      {request("X-Long: " + std::string(70'000, 'x')), "SIP/2.0 513 "},
  };
  Server server;
  for (const Row& row : rows) {
    CAPTURE(row.answer);
    const Peer client = Peer::tcp(server.tcp());
    REQUIRE(client.send(row.bytes));
    CHECK(only_answer(client).starts_with(row.answer));
  }
}

TEST_CASE("shard: a defect that framing can live with leaves the connection open") {
  Server server;
  const Peer client = Peer::tcp(server.tcp());
  REQUIRE(client.send(request("CSeq: 2 MESSAGE\r\nContent-Length: 0\r\n\r\n")));
  CHECK(client.read(12) == "SIP/2.0 400 ");
  REQUIRE(client.receive());
  REQUIRE(client.send("\r\n\r\n"));
  CHECK(client.receive()->bytes == "\r\n");
}

TEST_CASE("shard: keep-alives by UDP do not count as malformed messages") {
  Server server;
  const Peer client = Peer::udp(endpoint("127.0.0.1"));
  REQUIRE(client.send_to(server.udp(), "\r\n\r\n"));
  REQUIRE(client.send_to(server.udp(), request("CSeq: 2 MESSAGE\r\n\r\n")));
  const auto answer = client.receive();
  REQUIRE(answer);
  CHECK(answer->bytes.starts_with("SIP/2.0 400 "));
  CHECK(server.metrics.total(base::Metric::malformed) == 1);
}
