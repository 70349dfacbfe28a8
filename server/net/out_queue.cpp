// SPDX-License-Identifier: Apache-2.0
#include "out_queue.hpp"

namespace rollcall::net {

void OutQueue::add(std::string_view head, engine::SharedBody body, Token token) {
  messages_.push_back({std::string(head), std::move(body), token});
  bytes_ += messages_.back().size();
}

std::size_t OutQueue::gather(std::span<iovec> pieces) const {
  std::size_t used = 0;
  std::size_t skip = written_;
  const auto put = [&](const std::string& bytes) {
    const std::size_t from = std::min(skip, bytes.size());
    skip -= from;
    if (from == bytes.size() || used == pieces.size()) return;
    pieces[used++] = {const_cast<char*>(bytes.data()) + from, bytes.size() - from};
  };
  for (const Message& message : messages_) {
    if (used == pieces.size()) break;
    put(message.head);
    if (message.body) put(*message.body);
  }
  return used;
}

void OutQueue::consume(std::size_t bytes) {
  bytes_ -= bytes;
  written_ += bytes;
  while (!messages_.empty() && written_ >= messages_.front().size()) {
    written_ -= messages_.front().size();
    messages_.pop_front();
  }
}

}  // namespace rollcall::net
