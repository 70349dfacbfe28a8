// SPDX-License-Identifier: Apache-2.0
#include "error_queue.hpp"

#include "address.hpp"

#include <cstring>

#include <linux/errqueue.h>
#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <sys/socket.h>

namespace rollcall::net {

namespace {

constexpr int most_errors = 64;

bool is_unreachable(const sock_extended_err& error) {
  if (error.ee_origin == SO_EE_ORIGIN_ICMP) {
    if (error.ee_type == ICMP_DEST_UNREACH) return error.ee_code != ICMP_FRAG_NEEDED;
    return error.ee_type == ICMP_PARAMETERPROB;
  }
  if (error.ee_origin == SO_EE_ORIGIN_ICMP6) {
    return error.ee_type == ICMP6_DST_UNREACH || error.ee_type == ICMP6_PARAM_PROB;
  }
  return false;
}

bool holds_unreachable(msghdr& message) {
  for (cmsghdr* item = CMSG_FIRSTHDR(&message); item; item = CMSG_NXTHDR(&message, item)) {
    const bool v4 = item->cmsg_level == IPPROTO_IP && item->cmsg_type == IP_RECVERR;
    const bool v6 = item->cmsg_level == IPPROTO_IPV6 && item->cmsg_type == IPV6_RECVERR;
    if (!v4 && !v6) continue;
    sock_extended_err error;
    std::memcpy(&error, CMSG_DATA(item), sizeof(error));
    return is_unreachable(error);
  }
  return false;
}

}  // namespace

std::vector<sip::Endpoint> read_unreachable(int socket) {
  std::vector<sip::Endpoint> found;
  for (int i = 0; i < most_errors; ++i) {
    SocketAddress remote{};
    alignas(cmsghdr) char control[512];
    msghdr message{};
    message.msg_name = &remote;
    message.msg_namelen = sizeof(remote);
    message.msg_control = control;
    message.msg_controllen = sizeof(control);
    if (::recvmsg(socket, &message, MSG_ERRQUEUE | MSG_DONTWAIT) < 0) break;
    if (message.msg_namelen != 0 && holds_unreachable(message)) found.push_back(to_endpoint(remote));
  }
  return found;
}

}  // namespace rollcall::net
