// SPDX-License-Identifier: Apache-2.0
#include "visitors.hpp"

#include <Poco/Exception.h>

namespace rollcall::http {

bool Visitors::enter(const Poco::Net::StreamSocket& socket) {
  std::string address = socket.peerAddress().host().toString();
  const std::lock_guard lock(mutex_);
  if (closing_ || visits_.size() >= most_ || is_full_for(address)) return false;
  ++by_address_[address];
  visits_.emplace(socket.impl(), Visit{socket, std::move(address)});
  ++inside_;
  return true;
}

bool Visitors::is_full_for(const std::string& address) const {
  const auto found = by_address_.find(address);
  return found != by_address_.end() && found->second >= most_per_address_;
}

void Visitors::leave(const Poco::Net::StreamSocket& socket) {
  const std::lock_guard lock(mutex_);
  const auto visit = visits_.find(socket.impl());
  if (visit == visits_.end()) return;
  if (--by_address_[visit->second.address] == 0) by_address_.erase(visit->second.address);
  visits_.erase(visit);
  --inside_;
  left_.notify_all();
}

void Visitors::close() {
  const std::lock_guard lock(mutex_);
  closing_ = true;
  for (auto& [impl, visit] : visits_)
    shut(visit.socket, &Poco::Net::StreamSocket::shutdownReceive);
}

void Visitors::drain(base::Duration patience) {
  std::unique_lock lock(mutex_);
  left_.wait_for(lock, patience, [this] { return visits_.empty(); });
  for (auto& [impl, visit] : visits_)
    shut(visit.socket, &Poco::Net::StreamSocket::shutdown);
}

void Visitors::shut(Poco::Net::StreamSocket& socket, void (Poco::Net::StreamSocket::*how)()) {
  try {
    (socket.*how)();
  } catch (const Poco::Exception&) {
    // The peer was faster.
  }
}

}  // namespace rollcall::http
