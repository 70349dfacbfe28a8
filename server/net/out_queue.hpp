// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <rollcall/engine/wire.hpp>

#include <sys/uio.h>

namespace rollcall::net {

/// Who wants to know when a message could not be sent: a shard's number for it.
struct Token {
  std::uint64_t number = 0;  // 0: nobody
  std::uint16_t shard = 0;

  friend bool operator==(const Token&, const Token&) = default;
};

/// Messages that wait to be written to a stream, in order. A body is not copied.
class OutQueue {
 public:
  void add(std::string_view head, engine::SharedBody body, Token token);

  /// The bytes that are next, in as many pieces as fit into `pieces`. Returns how many.
  std::size_t gather(std::span<iovec> pieces) const;
  /// This many bytes have been written.
  void consume(std::size_t bytes);

  [[nodiscard]] bool empty() const { return first_ == messages_.size(); }
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

  /// Calls `tell` with the token of each message that was not written to its end.
  template <class F>
  void for_each_unsent(F tell) const {
    for (std::size_t i = first_; i < messages_.size(); ++i)
      if (messages_[i].token.number != 0) tell(messages_[i].token);
  }

 private:
  struct Message {
    std::string head;
    engine::SharedBody body;
    Token token;
    [[nodiscard]] std::size_t size() const { return head.size() + (body ? body->size() : 0); }
  };
  void forget_written();

  // A vector, because most queues are empty and an empty deque is not small.
  std::vector<Message> messages_;
  std::size_t first_ = 0;    // those before it have left
  std::size_t written_ = 0;  // of the first message
  std::size_t bytes_ = 0;
};

}  // namespace rollcall::net
