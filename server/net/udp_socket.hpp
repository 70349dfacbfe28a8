// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "address.hpp"
#include "datagram_batch.hpp"
#include "descriptor.hpp"
#include "loop.hpp"
#include "recent_sends.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/engine/wire.hpp>

namespace rollcall::net {

/// One shard's UDP socket on one listen address: datagrams are received in batches, and what is sent
/// in a turn leaves in batches at its end. Lives on its reactor's thread.
class UdpSocket {
 public:
  /// `number` is the socket's among those of the reactor.
  UdpSocket(Loop& loop, RecentSends& recent, std::uint64_t number, Descriptor socket);

  /// The address that it is bound to.
  [[nodiscard]] const sip::Endpoint& bound() const { return bound_; }

  /// Gives one batch to the receiver. Keep-alives stop here (RFC 5626 §4.4): what is too short to be
  /// SIP, and STUN, which is answered.
  void receive(DatagramBatch& batch);
  /// Reads what ICMP has told.
  void read_errors();
  /// The destinations that could not be reached since the last call.
  std::vector<sip::Endpoint> take_unreachable() { return std::exchange(unreachable_, {}); }

  void send(const sip::Flow& flow, std::string_view head, const engine::SharedBody& body, Token token);
  /// The kernel has room again.
  void on_writable() { blocked_ = false; }
  void flush();
  [[nodiscard]] bool has_unsent() const { return !queue_.empty(); }

 private:
  struct Datagram {
    SocketAddress to;
    sip::Endpoint source;                     // the address that it shall leave from, where there is a choice
    std::size_t head_at = 0, head_bytes = 0;  // in heads_
    engine::SharedBody body;
    Token token;
  };
  class Batch;

  void tell_waiting(const DatagramBatch& batch, int count);
  int send_batch(std::size_t from);
  void note_sent(std::size_t from, std::size_t count);
  void skip_failed(std::size_t index, int error);
  void clear_sent(std::size_t count);
  void watch_writing(bool wanted);

  Loop& loop_;
  RecentSends& recent_;
  std::uint64_t number_;
  Descriptor socket_;
  sip::Endpoint bound_;
  bool any_address_;
  std::string heads_;  // of all datagrams in the queue, one after the other
  std::vector<Datagram> queue_;
  std::vector<sip::Endpoint> unreachable_;
  std::uint32_t overflowed_ = 0;  // datagrams that the kernel had no room for, until now
  bool blocked_ = false;
  bool watches_writing_ = false;
};

}  // namespace rollcall::net
