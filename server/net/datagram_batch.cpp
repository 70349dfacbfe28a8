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

// The kernel's clock here is the one that the administrator may set: a jump of it must not look like waiting.
base::Duration DatagramBatch::waited() const {
  constexpr base::Duration longest = std::chrono::seconds(10);
  auto* header = const_cast<msghdr*>(&headers_[0].msg_hdr);
  for (cmsghdr* item = CMSG_FIRSTHDR(header); item; item = CMSG_NXTHDR(header, item)) {
    if (item->cmsg_level != SOL_SOCKET || item->cmsg_type != SCM_TIMESTAMPNS) continue;
    timespec arrived{}, now{};
    std::memcpy(&arrived, CMSG_DATA(item), sizeof(arrived));
    clock_gettime(CLOCK_REALTIME, &now);
    const auto waited = std::chrono::microseconds((now.tv_sec - arrived.tv_sec) * 1'000'000 +
                                                  (now.tv_nsec - arrived.tv_nsec) / 1000);
    return waited < longest ? std::max<base::Duration>(waited, {}) : base::Duration{};
  }
  return {};
}

std::optional<sip::Endpoint> DatagramBatch::destination(int index, std::uint16_t port) const {
  auto* header = const_cast<msghdr*>(&headers_[index].msg_hdr);
  for (cmsghdr* item = CMSG_FIRSTHDR(header); item; item = CMSG_NXTHDR(header, item)) {
    if (item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_PKTINFO) {
      in_pktinfo info;
      std::memcpy(&info, CMSG_DATA(item), sizeof(info));
      return to_endpoint(info.ipi_addr, port);
    }
    if (item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_PKTINFO) {
      in6_pktinfo info;
      std::memcpy(&info, CMSG_DATA(item), sizeof(info));
      return to_endpoint(info.ipi6_addr, port);
    }
  }
  return std::nullopt;
}

}  // namespace rollcall::net
