// SPDX-License-Identifier: Apache-2.0
#include "poller.hpp"

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace rollcall::net {

namespace {

constexpr int kind_shift = 56;
constexpr std::uint64_t number_mask = (std::uint64_t{1} << kind_shift) - 1;
constexpr auto longest_wait = std::chrono::hours(1);

epoll_event raw_event(Watch watch, std::uint32_t what) {
  epoll_event event{};
  event.events = what;
  event.data.u64 = static_cast<std::uint64_t>(watch.kind) << kind_shift | watch.number;
  return event;
}

int to_milliseconds(std::optional<base::Duration> patience) {
  if (!patience) return -1;
  const auto bounded = std::clamp<base::Duration>(*patience, base::Duration::zero(), longest_wait);
  // Rounded up: to wake a moment too early would mean to look at the clock in a circle.
  return static_cast<int>(std::chrono::ceil<std::chrono::milliseconds>(bounded).count());
}

}  // namespace

Poller::Poller() : epoll_(::epoll_create1(EPOLL_CLOEXEC)) {
  if (!epoll_) throw std::system_error(errno, std::generic_category(), "epoll_create1");
}

void Poller::add(int fd, Watch watch, std::uint32_t what) {
  epoll_event event = raw_event(watch, what);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event);
}

void Poller::modify(int fd, Watch watch, std::uint32_t what) {
  epoll_event event = raw_event(watch, what);
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_MOD, fd, &event);
}

void Poller::remove(int fd) {
  ::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

std::span<const Poller::Event> Poller::wait(std::optional<base::Duration> patience) {
  const int found = ::epoll_wait(epoll_.get(), raw_.data(), most_events, to_milliseconds(patience));
  const std::size_t count = found > 0 ? static_cast<std::size_t>(found) : 0;
  for (std::size_t i = 0; i < count; ++i) {
    const std::uint64_t data = raw_[i].data.u64;
    events_[i] = {{static_cast<Watch::Kind>(data >> kind_shift), data & number_mask}, raw_[i].events};
  }
  return {events_.data(), count};
}

}  // namespace rollcall::net
