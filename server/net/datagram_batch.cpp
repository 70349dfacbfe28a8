// SPDX-License-Identifier: Apache-2.0
#include "datagram_batch.hpp"

#include <algorithm>
#include <cstring>

namespace rollcall::net {

// The buffer is not cleared: the kernel gives memory only to those parts that are ever written.
DatagramBatch::DatagramBatch() : buffer_(new char[most * datagram_bytes]) {
  for (int i = 0; i < most; ++i) {
    pieces_[i] = {buffer_.get() + i * datagram_bytes, datagram_bytes};
    headers_[i].msg_hdr.msg_iov = &pieces_[i];
    headers_[i].msg_hdr.msg_iovlen = 1;
    headers_[i].msg_hdr.msg_name = &sources_[i];
    headers_[i].msg_hdr.msg_control = &controls_[i];
  }
}

int DatagramBatch::receive(int socket) {
  for (mmsghdr& header : headers_) {
    header.msg_hdr.msg_namelen = sizeof(SocketAddress);
    header.msg_hdr.msg_controllen = sizeof(Control);
  }
  return ::recvmmsg(socket, headers_.data(), most, MSG_DONTWAIT, nullptr);
}

std::string_view DatagramBatch::bytes(int index) const {
  return {buffer_.get() + static_cast<std::size_t>(index) * datagram_bytes, headers_[index].msg_len};
}

template <class T>
std::optional<T> DatagramBatch::control(int index, int level, int type) const {
  auto* header = const_cast<msghdr*>(&headers_[index].msg_hdr);
  for (cmsghdr* item = CMSG_FIRSTHDR(header); item; item = CMSG_NXTHDR(header, item)) {
    if (item->cmsg_level != level || item->cmsg_type != type) continue;
    T value;
    std::memcpy(&value, CMSG_DATA(item), sizeof(value));
    return value;
  }
  return std::nullopt;
}

// The kernel's clock here is the one that the administrator may set: a jump of it must not look like waiting.
base::Duration DatagramBatch::waited() const {
  constexpr base::Duration longest = std::chrono::seconds(10);
  const auto arrived = control<timespec>(0, SOL_SOCKET, SCM_TIMESTAMPNS);
  if (!arrived) return {};
  timespec now{};
  clock_gettime(CLOCK_REALTIME, &now);
  const auto waited = std::chrono::microseconds((now.tv_sec - arrived->tv_sec) * 1'000'000 +
                                                (now.tv_nsec - arrived->tv_nsec) / 1000);
  return waited < longest ? std::max<base::Duration>(waited, {}) : base::Duration{};
}

std::uint32_t DatagramBatch::overflowed(int count) const {
  return control<std::uint32_t>(count - 1, SOL_SOCKET, SO_RXQ_OVFL).value_or(0);
}

std::optional<sip::Endpoint> DatagramBatch::destination(int index, std::uint16_t port) const {
  if (const auto info = control<in_pktinfo>(index, IPPROTO_IP, IP_PKTINFO))
    return to_endpoint(info->ipi_addr, port);
  if (const auto info = control<in6_pktinfo>(index, IPPROTO_IPV6, IPV6_PKTINFO))
    return to_endpoint(info->ipi6_addr, port);
  return std::nullopt;
}

}  // namespace rollcall::net
