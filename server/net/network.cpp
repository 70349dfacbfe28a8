// SPDX-License-Identifier: Apache-2.0
#include "reactor.hpp"
#include "socket.hpp"

#include <algorithm>
#include <utility>

#include <rollcall/base/log.hpp>
#include <rollcall/net/network.hpp>

#include <fmt/format.h>
#include <pthread.h>
#include <sys/resource.h>

namespace rollcall::net {

namespace {

constexpr base::Log logger{"net"};

/// A shard as its reactor drives it.
class ShardReceiver final : public Receiver {
 public:
  explicit ShardReceiver(engine::Shard& shard) : shard_(shard) {}

  void set_now(base::Instant now) override { shard_.set_now(now); }
  void on_waited(base::Duration waited) override { shard_.on_waited(waited); }
  void on_overflow() override { shard_.on_overflow(); }
  void on_message(std::string bytes, const sip::Flow& flow) override {
    shard_.on_message(std::move(bytes), flow);
  }
  void on_send_failed(std::uint64_t token) override { shard_.on_send_failed(token); }
  void run_mailbox() override { shard_.run_mailbox(); }
  void advance() override { shard_.advance(); }
  [[nodiscard]] std::optional<base::Instant> next_deadline() const override { return shard_.next_deadline(); }

 private:
  engine::Shard& shard_;
};

/// "*" asks for IPv6 too, which a machine may not have; an IPv6 address by itself must be there.
bool may_be_absent(const Listen& listen, std::span<const Listen> all) {
  if (listen.address.is_v4() || !listen.address.is_unspecified()) return false;
  return std::any_of(all.begin(), all.end(), [&](const Listen& other) {
    return other.transport == listen.transport && other.address.port() == listen.address.port() &&
           other.address.is_v4() && other.address.is_unspecified();
  });
}

}  // namespace

Network::Network(const base::Limits& limits, std::span<const std::unique_ptr<engine::Mailbox>> mailboxes,
                 base::Metrics& metrics)
    : peers_(std::make_unique<Peers>(limits, mailboxes)) {
  for (std::size_t i = 0; i < mailboxes.size(); ++i) {
    auto& reactor = peers_->reactors.emplace_back(
        std::make_unique<Reactor>(static_cast<std::uint16_t>(i), *peers_, metrics.add_cells()));
    mailboxes[i]->set_waker([&woken = *reactor] { woken.wake(); });
  }
}

Network::~Network() {
  stop(base::Duration::zero());
  for (const auto& mailbox : peers_->mailboxes)
    mailbox->set_waker([] {});
}

base::Result<std::unique_ptr<Network>> Network::open(
    std::span<const Listen> listens, std::span<const std::unique_ptr<engine::Mailbox>> mailboxes,
    const base::Limits& limits, base::Metrics& metrics) {
  std::unique_ptr<Network> network(new Network(limits, mailboxes, metrics));
  for (const Listen& listen : listens) {
    const auto opened = network->listen_on(listen);
    if (opened) continue;
    if (opened.error().code != base::ErrorCode::unsupported || !may_be_absent(listen, listens))
      return opened.error();
    logger.warning("listen_skipped", base::kv("why", opened.error().detail));
  }
  return network;
}

base::Result<> Network::listen_on(Listen listen) {
  Sharing sharing = Sharing::first;
  for (const auto& reactor : peers_->reactors) {
    auto socket = open_listen(listen, sharing);
    if (!socket) return socket.error();
    // The port that the system picked for the first is everybody's.
    listen.address = local_of(socket->get());
    sharing = Sharing::further;
    if (listen.transport == sip::Transport::udp) {
      reactor->add_udp(std::move(*socket));
    } else {
      reactor->add_listener(std::move(*socket));
    }
  }
  peers_->listens.push_back(listen);
  return base::Done{};
}

engine::Wire& Network::wire(std::size_t shard) {
  return *peers_->reactors[shard];
}

const std::vector<Listen>& Network::addresses() const {
  return peers_->listens;
}

void Network::start(std::span<engine::Shard* const> shards) {
  std::vector<Receiver*> receivers;
  for (engine::Shard* shard : shards) {
    receivers.push_back(shard_receivers_.emplace_back(std::make_unique<ShardReceiver>(*shard)).get());
  }
  start(receivers);
}

void Network::start(std::span<Receiver* const> receivers) {
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    Reactor& reactor = *peers_->reactors[i];
    reactor.set_receiver(*receivers[i]);
  }
  for (std::size_t i = 0; i < receivers.size(); ++i) {
    std::thread& thread = threads_.emplace_back([&reactor = *peers_->reactors[i]] { reactor.run(); });
    pthread_setname_np(thread.native_handle(), fmt::format("shard-{}", i).c_str());
  }
}

void Network::stop_accepting() {
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    peers_->mailboxes[i]->post([&reactor = *peers_->reactors[i]] { reactor.stop_accepting(); });
  }
}

void Network::stop(base::Duration patience) {
  const base::Instant deadline = base::now() + patience;
  for (std::size_t i = 0; i < threads_.size(); ++i) {
    peers_->mailboxes[i]->post([&reactor = *peers_->reactors[i], deadline] { reactor.finish(deadline); });
  }
  for (std::thread& thread : threads_)
    thread.join();
  threads_.clear();
}

std::uint64_t raise_open_file_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  const rlim_t before = std::exchange(limit.rlim_cur, limit.rlim_max);
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : before;
}

}  // namespace rollcall::net
