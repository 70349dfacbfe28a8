// SPDX-License-Identifier: Apache-2.0
// The sockets of the server, and the threads that its shards live on.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <thread>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/engine/mailbox.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/engine/wire.hpp>
#include <rollcall/net/listen.hpp>
#include <rollcall/net/receiver.hpp>

namespace rollcall::net {

struct Peers;

/// One reactor (an epoll loop on a thread of its own) for each shard. Used in this order, from the
/// thread that builds the server: open(), wire() for the shards' constructors, start(),
/// stop_accepting(), stop(). What is passed by reference outlives this object; the shards need to
/// live only until stop() has returned. No other thread posts to the mailboxes while it is destroyed.
class Network {
 public:
  /// Opens every socket, so that a wrong address stops the start, with an error that names it
  /// ("udp:127.0.0.1:5060: Address already in use"). One shard for each mailbox, whose wakers are
  /// set here.
  static base::Result<std::unique_ptr<Network>> open(
      std::span<const Listen> listens, std::span<const std::unique_ptr<engine::Mailbox>> mailboxes,
      const base::Limits& limits, base::Metrics& metrics);
  ~Network();
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;

  /// The way out of a shard. Until start() it may be used from the thread that builds.
  engine::Wire& wire(std::size_t shard);

  /// What is listened on, with the ports that the system picked where 0 was asked for.
  [[nodiscard]] const std::vector<Listen>& addresses() const;

  /// Starts the threads: from here on each shard belongs to its own. As many as mailboxes.
  void start(std::span<engine::Shard* const> shards);
  void start(std::span<Receiver* const> receivers);

  /// No new connections from now on; those that are open, and datagrams, are served as before.
  void stop_accepting();

  /// Ends the loops: what was sent before still leaves, for at most `patience` where a peer reads
  /// slowly; then every socket is closed. Returns when the threads have ended. Safe to repeat.
  void stop(base::Duration patience = std::chrono::seconds(1));

 private:
  Network(const base::Limits& limits, std::span<const std::unique_ptr<engine::Mailbox>> mailboxes,
          base::Metrics& metrics);
  base::Result<> listen_on(Listen listen);

  std::unique_ptr<Peers> peers_;
  std::vector<std::unique_ptr<Receiver>> shard_receivers_;
  std::vector<std::thread> threads_;
};

/// Raises the number of files that the process may have open as far as it is allowed to: each
/// connection needs one. Returns how many that are now.
std::uint64_t raise_open_file_limit();

}  // namespace rollcall::net
