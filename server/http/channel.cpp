// SPDX-License-Identifier: Apache-2.0
#include "channel.hpp"

#include <algorithm>
#include <array>

#include <Poco/Exception.h>
#include <Poco/Timespan.h>
#include <sys/socket.h>

namespace rollcall::http {

namespace {

/// False when the deadline came first.
bool wait(const Poco::Net::StreamSocket& socket, int what, const Deadline& deadline) {
  const auto left = deadline.left();
  return left.count() > 0 && socket.poll(Poco::Timespan(left.count()), what);
}

}  // namespace

Channel::Fill Channel::fill(const Deadline& deadline) {
  std::array<char, 16'384> piece;
  try {
    if (!wait(socket_, Poco::Net::Socket::SELECT_READ, deadline)) return Fill::late;
    const int size = socket_.receiveBytes(piece.data(), static_cast<int>(piece.size()));
    if (size <= 0) return Fill::end;
    buffer_.append(piece.data(), static_cast<std::size_t>(size));
    return Fill::more;
  } catch (const Poco::Exception&) {
    return Fill::end;
  }
}

std::string Channel::take(std::size_t size) {
  std::string taken = buffer_.substr(0, size);
  buffer_.erase(0, size);
  return taken;
}

bool Channel::send(std::string_view bytes, const Deadline& deadline) {
  try {
    socket_.setBlocking(false);  // one call must not wait for longer than the deadline
    while (!bytes.empty()) {
      if (!wait(socket_, Poco::Net::Socket::SELECT_WRITE, deadline)) return false;
      const std::size_t piece = std::min<std::size_t>(bytes.size(), 65'536);
      const int sent = socket_.sendBytes(bytes.data(), static_cast<int>(piece), MSG_NOSIGNAL);
      if (sent > 0) bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    socket_.setBlocking(true);
    return true;
  } catch (const Poco::Exception&) {
    return false;
  }
}

void Channel::close_gently() {
  constexpr std::size_t most = 1'048'576;
  const Deadline deadline(std::chrono::seconds(1));
  try {
    socket_.shutdownSend();
  } catch (const Poco::Exception&) {
    return;
  }
  for (std::size_t dropped = 0; dropped < most && fill(deadline) == Fill::more; buffer_.clear())
    dropped += buffer_.size();
}

}  // namespace rollcall::http
