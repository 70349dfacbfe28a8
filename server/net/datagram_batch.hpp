// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "address.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <optional>
#include <string_view>

#include <rollcall/base/clock.hpp>

#include <netinet/in.h>
#include <sys/socket.h>

namespace rollcall::net {

/// Room for datagrams that are received in one call, used again for each. Lives on one reactor's
/// thread.
class DatagramBatch {
 public:
  DatagramBatch();

  static constexpr int most = 64;

  /// Fills the batch with what waits at a socket. Returns how many, or -1 with errno set.
  int receive(int socket);

  [[nodiscard]] std::string_view bytes(int index) const;
  [[nodiscard]] sip::Endpoint source(int index) const { return to_endpoint(sources_[index]); }
  /// How long the first of the last batch has waited in the socket; zero where the kernel does not tell.
  [[nodiscard]] base::Duration waited() const;
  /// How many datagrams the socket had no room for, from its beginning to when the last of the last batch
  /// came; zero where the kernel does not tell.
  [[nodiscard]] std::uint32_t overflowed(int count) const;
  /// Which of our addresses it was sent to, with this port.
  [[nodiscard]] std::optional<sip::Endpoint> destination(int index, std::uint16_t port) const;

 private:
  static constexpr std::size_t datagram_bytes = 65'536;
  static constexpr std::size_t control_bytes =
      CMSG_SPACE(sizeof(in6_pktinfo)) + CMSG_SPACE(sizeof(timespec)) + CMSG_SPACE(sizeof(std::uint32_t));

  struct alignas(cmsghdr) Control {
    char bytes[control_bytes];
  };
  template <class T>
  [[nodiscard]] std::optional<T> control(int index, int level, int type) const;

  std::unique_ptr<char[]> buffer_;
  std::array<mmsghdr, most> headers_{};
  std::array<iovec, most> pieces_{};
  std::array<SocketAddress, most> sources_;
  std::array<Control, most> controls_;
};

}  // namespace rollcall::net
