// SPDX-License-Identifier: Apache-2.0
#include "out_queue.hpp"

#include <array>
#include <vector>

#include <doctest/doctest.h>

using rollcall::net::OutQueue;
using rollcall::net::Token;

namespace {

std::string gathered(const OutQueue& queue) {
  std::array<iovec, 16> pieces;
  const std::size_t count = queue.gather(pieces);
  std::string bytes;
  for (std::size_t i = 0; i < count; ++i)
    bytes.append(static_cast<const char*>(pieces[i].iov_base), pieces[i].iov_len);
  return bytes;
}

std::vector<std::uint64_t> unsent(const OutQueue& queue) {
  std::vector<std::uint64_t> numbers;
  queue.for_each_unsent([&](Token token) { numbers.push_back(token.number); });
  return numbers;
}

}  // namespace

TEST_CASE("out queue: messages leave in order whatever part of them each write takes") {
  const auto body = std::make_shared<const std::string>("shared");
  const std::string all = "firstsharedsecondthirdshared";
  for (std::size_t step = 1; step <= all.size(); ++step) {
    CAPTURE(step);
    OutQueue queue;
    queue.add("first", body, {1, 0});
    queue.add("second", nullptr, {2, 0});
    queue.add("third", body, {3, 0});
    std::string written;
    while (!queue.empty()) {
      const std::string part = gathered(queue).substr(0, step);
      REQUIRE_FALSE(part.empty());
      written += part;
      queue.consume(part.size());
      CHECK(queue.bytes() == all.size() - written.size());
    }
    CHECK(written == all);
  }
}

TEST_CASE("out queue: a body is not copied for each message") {
  const auto body = std::make_shared<const std::string>(1'000, 'b');
  OutQueue queue;
  queue.add("a", body, {});
  queue.add("b", body, {});
  std::array<iovec, 4> pieces;
  REQUIRE(queue.gather(pieces) == 4);
  CHECK(pieces[1].iov_base == body->data());
  CHECK(pieces[3].iov_base == body->data());
}

TEST_CASE("out queue: a message that was written in part counts as not sent, one that has left does not") {
  OutQueue queue;
  queue.add("gone", nullptr, {7, 0});
  queue.add("half", nullptr, {8, 0});
  queue.add("nobody asks", nullptr, {});
  queue.add("waits", nullptr, {9, 0});
  queue.consume(6);
  CHECK(unsent(queue) == std::vector<std::uint64_t>{8, 9});
}
