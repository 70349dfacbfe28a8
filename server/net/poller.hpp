// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "descriptor.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include <rollcall/base/clock.hpp>

#include <sys/epoll.h>

namespace rollcall::net {

/// What a descriptor is to its reactor, with its number among those of its kind.
struct Watch {
  enum class Kind : std::uint8_t { wake, datagrams, listener, connection };
  Kind kind = Kind::wake;
  std::uint64_t number = 0;  // below 2^56
};

/// epoll, level-triggered: what is not finished in a turn is reported again in the next. Lives on
/// one reactor's thread.
class Poller {
 public:
  Poller();

  struct Event {
    Watch watch;
    std::uint32_t what = 0;  // EPOLLIN, EPOLLOUT, ...
  };

  void add(int fd, Watch watch, std::uint32_t what);
  void modify(int fd, Watch watch, std::uint32_t what);
  void remove(int fd);

  /// Waits until something happens or the time is over (nullopt: without end). What happened is
  /// valid until the next call.
  std::span<const Event> wait(std::optional<base::Duration> patience);

 private:
  static constexpr int most_events = 256;

  Descriptor epoll_;
  std::array<epoll_event, most_events> raw_;
  std::array<Event, most_events> events_;
};

}  // namespace rollcall::net
