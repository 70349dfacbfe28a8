// SPDX-License-Identifier: Apache-2.0
#include "udp_socket.hpp"

#include "error_queue.hpp"
#include "socket.hpp"
#include "stun.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

namespace rollcall::net {

namespace {

// What waits is sent before the turn's end when it is this much, and dropped, as a full network
// would, when the kernel takes nothing.
constexpr std::size_t most_waiting = 1024;
constexpr std::size_t most_keep_alive_bytes = 4;

// No SIP message is as short: it is CRLF, a NUL or four, or "jaK", whatever a device thinks of.
bool is_keep_alive(std::string_view bytes) {
  return bytes.size() <= most_keep_alive_bytes;
}

}  // namespace

/// The arrays that sendmmsg wants, for a part of the queue.
class UdpSocket::Batch {
 public:
  static constexpr std::size_t most = 64;

  void add(Datagram& datagram, const std::string& heads, bool choose_source) {
    iovec* pieces = &pieces_[2 * count_];
    pieces[0] = {const_cast<char*>(heads.data()) + datagram.head_at, datagram.head_bytes};
    if (datagram.body) pieces[1] = {const_cast<char*>(datagram.body->data()), datagram.body->size()};
    msghdr& header = headers_[count_].msg_hdr;
    header = {};
    header.msg_name = &datagram.to;
    header.msg_namelen = length_of(datagram.to);
    header.msg_iov = pieces;
    header.msg_iovlen = datagram.body ? 2 : 1;
    if (choose_source && !datagram.source.is_unspecified()) set_source(header, datagram.source);
    ++count_;
  }

  [[nodiscard]] bool full() const { return count_ == most; }
  int send(int socket) {
    return ::sendmmsg(socket, headers_.data(), static_cast<unsigned>(count_), MSG_DONTWAIT | MSG_NOSIGNAL);
  }

 private:
  struct alignas(cmsghdr) Control {
    char bytes[CMSG_SPACE(sizeof(in6_pktinfo))];
  };

  template <class Info>
  void put_control(msghdr& header, int level, int type, const Info& info) {
    Control& control = controls_[count_];
    header.msg_control = &control;
    header.msg_controllen = CMSG_SPACE(sizeof(Info));
    cmsghdr* item = CMSG_FIRSTHDR(&header);
    item->cmsg_level = level;
    item->cmsg_type = type;
    item->cmsg_len = CMSG_LEN(sizeof(Info));
    std::memcpy(CMSG_DATA(item), &info, sizeof(Info));
  }

  void set_source(msghdr& header, const sip::Endpoint& source) {
    const SocketAddress address = to_socket_address(source);
    if (source.is_v4()) {
      in_pktinfo info{};
      info.ipi_spec_dst = address.v4.sin_addr;
      put_control(header, IPPROTO_IP, IP_PKTINFO, info);
    } else {
      in6_pktinfo info{};
      info.ipi6_addr = address.v6.sin6_addr;
      put_control(header, IPPROTO_IPV6, IPV6_PKTINFO, info);
    }
  }

  std::size_t count_ = 0;
  std::array<mmsghdr, most> headers_;
  std::array<iovec, 2 * most> pieces_;
  std::array<Control, most> controls_;
};

UdpSocket::UdpSocket(Loop& loop, RecentSends& recent, std::uint64_t number, Descriptor socket)
    : loop_(loop),
      recent_(recent),
      number_(number),
      socket_(std::move(socket)),
      bound_(local_of(socket_.get())),
      any_address_(bound_.is_unspecified()) {
  loop_.poller.add(socket_.get(), {Watch::Kind::datagrams, number_}, EPOLLIN);
}

void UdpSocket::receive(DatagramBatch& batch) {
  const int count = batch.receive(socket_.get());
  if (count > 0) tell_waiting(batch, count);
  sip::Flow flow;
  flow.shard = loop_.shard;
  for (int i = 0; i < count; ++i) {
    const std::string_view bytes = batch.bytes(i);
    if (is_keep_alive(bytes)) continue;
    flow.remote = batch.source(i);
    flow.local = any_address_ ? batch.destination(i, bound_.port()).value_or(bound_) : bound_;
    if (is_stun(bytes)) {
      if (const auto answer = answer_stun(bytes, flow.remote)) send(flow, *answer, nullptr, {});
      continue;
    }
    loop_.receiver->on_message(std::string(bytes), flow);
  }
}

// Few datagrams that waited long are no crowd: the machine was busy with something else.
void UdpSocket::tell_waiting(const DatagramBatch& batch, int count) {
  const std::uint32_t overflowed = batch.overflowed(count);
  if (std::exchange(overflowed_, overflowed) != overflowed) loop_.receiver->on_overflow();
  loop_.receiver->on_waited(count == DatagramBatch::most ? batch.waited() : base::Duration{});
}

void UdpSocket::read_errors() {
  for (const sip::Endpoint& remote : read_unreachable(socket_.get()))
    unreachable_.push_back(remote);
  // An error that the queue had no room for would be reported for ever.
  take_error(socket_.get());
}

void UdpSocket::send(const sip::Flow& flow, std::string_view head, const engine::SharedBody& body,
                     Token token) {
  if (queue_.size() >= most_waiting) {
    flush();
    if (queue_.size() >= most_waiting) return;
  }
  Datagram datagram;
  datagram.to = to_socket_address(flow.remote);
  datagram.source = flow.local;
  datagram.head_at = heads_.size();
  datagram.head_bytes = head.size();
  datagram.body = body;
  datagram.token = token;
  heads_.append(head);
  queue_.push_back(std::move(datagram));
}

void UdpSocket::flush() {
  if (blocked_) return;
  std::size_t done = 0;
  std::size_t retried = queue_.size();
  while (done < queue_.size() && !blocked_) {
    const int sent = send_batch(done);
    if (sent > 0) {
      note_sent(done, static_cast<std::size_t>(sent));
      done += static_cast<std::size_t>(sent);
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      blocked_ = true;
    } else if (const int error = errno; retried != done) {
      // Perhaps the error of an earlier datagram, which the socket reports at the next occasion.
      retried = done;
      read_errors();
    } else {
      skip_failed(done++, error);
    }
  }
  clear_sent(done);
  watch_writing(blocked_);
}

int UdpSocket::send_batch(std::size_t from) {
  Batch batch;
  for (std::size_t i = from; i < queue_.size() && !batch.full(); ++i)
    batch.add(queue_[i], heads_, any_address_);
  return batch.send(socket_.get());
}

void UdpSocket::note_sent(std::size_t from, std::size_t count) {
  for (std::size_t i = from; i < from + count; ++i) {
    if (queue_[i].token.number != 0) recent_.add(to_endpoint(queue_[i].to), queue_[i].token, loop_.now);
  }
}

// A device queue that is full loses a datagram as the network does: what matters is sent again.
void UdpSocket::skip_failed(std::size_t index, int error) {
  if (error != ENOBUFS) loop_.fail(queue_[index].token);
}

void UdpSocket::clear_sent(std::size_t count) {
  if (count == queue_.size()) {
    queue_.clear();
    heads_.clear();
    return;
  }
  const std::size_t bytes = queue_[count].head_at;
  queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(count));
  heads_.erase(0, bytes);
  for (Datagram& datagram : queue_)
    datagram.head_at -= bytes;
}

void UdpSocket::watch_writing(bool wanted) {
  if (std::exchange(watches_writing_, wanted) == wanted) return;
  loop_.poller.modify(socket_.get(), {Watch::Kind::datagrams, number_},
                      wanted ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

}  // namespace rollcall::net
