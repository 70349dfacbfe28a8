// SPDX-License-Identifier: Apache-2.0
// A network whose shards are doubles, for tests.
#pragma once

#include "peer.hpp"

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include <rollcall/net/network.hpp>

namespace rollcall::net::test {

struct Received {
  std::string bytes;
  sip::Flow flow;
  std::uint16_t shard = 0;
};

/// What all shards of a network were told, for the thread of the test to wait for.
class Journal {
 public:
  void add(Received received) {
    const std::lock_guard lock(mutex_);
    received_.push_back(std::move(received));
    changed_.notify_all();
  }
  void add_failure(std::uint16_t shard, std::uint64_t token) {
    const std::lock_guard lock(mutex_);
    failures_.push_back({token, shard});
    changed_.notify_all();
  }

  /// The message with this index, counted from 0; nullopt when it does not come in time.
  std::optional<Received> wait_for(std::size_t index) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, patience, [&] { return received_.size() > index; })) return std::nullopt;
    return received_[index];
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return received_.size();
  }
  void add_overflow() {
    const std::lock_guard lock(mutex_);
    overflowed_ = true;
  }
  bool overflowed() {
    const std::lock_guard lock(mutex_);
    return overflowed_;
  }
  struct Failure {
    std::uint64_t token = 0;
    std::uint16_t shard = 0;
    friend bool operator==(const Failure&, const Failure&) = default;
  };
  /// The first so many failures, or all there are when no more come in time.
  std::vector<Failure> wait_for_failures(std::size_t count) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, patience, [&] { return failures_.size() >= count; });
    return failures_;
  }

 private:
  std::mutex mutex_;  // guards all of the below
  std::condition_variable changed_;
  std::vector<Received> received_;
  std::vector<Failure> failures_;
  bool overflowed_ = false;
};

/// A shard that keeps what it gets, and may answer.
class TestShard final : public Receiver {
 public:
  using Answer = std::function<void(engine::Wire&, const Received&)>;

  TestShard(std::uint16_t index, engine::Mailbox& mailbox, engine::Wire& wire, Journal& journal,
            Answer answer)
      : index_(index), mailbox_(mailbox), wire_(wire), journal_(journal), answer_(std::move(answer)) {}

  void set_now(base::Instant) override {}
  void on_overflow() override { journal_.add_overflow(); }
  void on_message(std::string bytes, const sip::Flow& flow) override {
    Received received{std::move(bytes), flow, index_};
    if (answer_) answer_(wire_, received);
    journal_.add(std::move(received));
  }
  void on_send_failed(std::uint64_t token) override { journal_.add_failure(index_, token); }
  void run_mailbox() override { mailbox_.run(); }
  void advance() override {}
  [[nodiscard]] std::optional<base::Instant> next_deadline() const override { return std::nullopt; }

 private:
  std::uint16_t index_;
  engine::Mailbox& mailbox_;
  engine::Wire& wire_;
  Journal& journal_;
  Answer answer_;
};

struct Options {
  std::vector<std::string> listens = {"udp:127.0.0.1:0", "tcp:127.0.0.1:0"};
  std::size_t shards = 1;
  base::Limits limits = {};
  TestShard::Answer answer = {};
};

/// Opened and started; stops when it goes.
class RunningNetwork {
 public:
  explicit RunningNetwork(const Options& options = {}) : limits_(options.limits) {
    std::vector<Listen> listens;
    for (const std::string& text : options.listens) {
      const auto parsed = parse_listen(text);
      listens.insert(listens.end(), parsed.value().begin(), parsed.value().end());
    }
    for (std::size_t i = 0; i < options.shards; ++i)
      mailboxes_.push_back(std::make_unique<engine::Mailbox>());
    network_ = std::move(Network::open(listens, mailboxes_, limits_, metrics_).value());
    std::vector<Receiver*> receivers;
    for (std::size_t i = 0; i < options.shards; ++i) {
      shards_.push_back(std::make_unique<TestShard>(static_cast<std::uint16_t>(i), *mailboxes_[i],
                                                    network_->wire(i), journal, options.answer));
      receivers.push_back(shards_.back().get());
    }
    network_->start(receivers);
  }

  ~RunningNetwork() { network_->stop(base::Duration::zero()); }

  Network& network() { return *network_; }
  [[nodiscard]] sip::Endpoint address(std::size_t index) const {
    return network_->addresses()[index].address;
  }
  [[nodiscard]] std::int64_t connections() const { return metrics_.total(base::Metric::connections); }

  /// Runs something on a shard's thread and waits until it is done.
  void on_shard(std::size_t shard, std::function<void(engine::Wire&)> task) {
    std::promise<void> done;
    mailboxes_[shard]->post([&] {
      task(network_->wire(shard));
      done.set_value();
    });
    done.get_future().wait();
  }
  /// Turns a shard's loop twice: what it had to do before is done.
  void settle(std::size_t shard = 0) {
    for (int i = 0; i < 2; ++i)
      on_shard(shard, [](engine::Wire&) {});
  }
  /// Waits until so many connections are open.
  bool wait_for_connections(std::int64_t count) {
    const base::Instant deadline = base::now() + patience;
    while (connections() != count) {
      if (base::now() > deadline) return false;
      settle();
    }
    return true;
  }

  Journal journal;

 private:
  base::Limits limits_;
  base::Metrics metrics_;
  std::vector<std::unique_ptr<engine::Mailbox>> mailboxes_;
  std::unique_ptr<Network> network_;
  std::vector<std::unique_ptr<TestShard>> shards_;
};

/// Sends every message back on the flow that it came on.
inline void echo(engine::Wire& wire, const Received& received) {
  wire.send(received.flow, received.bytes, nullptr, 0);
}

/// A flow that only says where to.
inline sip::Flow udp_to(const sip::Endpoint& remote) {
  sip::Flow flow;
  flow.remote = remote;
  return flow;
}
inline sip::Flow tcp_to(const sip::Endpoint& remote) {
  sip::Flow flow = udp_to(remote);
  flow.transport = sip::Transport::tcp;
  return flow;
}

}  // namespace rollcall::net::test
