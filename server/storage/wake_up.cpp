// SPDX-License-Identifier: Apache-2.0
#include "wake_up.hpp"

#include <cstdint>
#include <system_error>

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace rollcall::storage {

WakeUp::WakeUp() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (event_ < 0) throw std::system_error(errno, std::generic_category(), "eventfd");
}

WakeUp::~WakeUp() {
  ::close(event_);
}

void WakeUp::ring() {
  const std::uint64_t one = 1;
  // It can fail only when it has rung 2^64 times unheard, and then it still rings.
  [[maybe_unused]] const auto written = ::write(event_, &one, sizeof(one));
}

bool WakeUp::wait(int socket, std::optional<std::chrono::milliseconds> time) {
  pollfd watched[] = {{event_, POLLIN, 0}, {socket, POLLIN, 0}};
  if (::poll(watched, 2, time ? static_cast<int>(time->count()) : -1) <= 0) return false;
  std::uint64_t rung = 0;
  // Not blocking: nothing to read when the socket alone has something.
  [[maybe_unused]] const auto read = ::read(event_, &rung, sizeof(rung));
  return watched[1].revents != 0;
}

}  // namespace rollcall::storage
