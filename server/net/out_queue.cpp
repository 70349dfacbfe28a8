// SPDX-License-Identifier: Apache-2.0
#include "out_queue.hpp"

#include <algorithm>
#include <utility>

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
  for (std::size_t i = first_; i < messages_.size() && used < pieces.size(); ++i) {
    put(messages_[i].head);
    if (messages_[i].body) put(*messages_[i].body);
  }
  return used;
}

void OutQueue::consume(std::size_t bytes) {
  bytes_ -= bytes;
  written_ += bytes;
  while (!empty() && written_ >= messages_[first_].size()) {
    written_ -= messages_[first_].size();
    messages_[first_++] = {};
  }
  forget_written();
}

// Half of the vector at a time, so that a message is moved once on average.
void OutQueue::forget_written() {
  if (first_ < messages_.size() && first_ < messages_.size() / 2 + 1) return;
  messages_.erase(messages_.begin(), messages_.begin() + static_cast<std::ptrdiff_t>(first_));
  first_ = 0;
}

}  // namespace rollcall::net
