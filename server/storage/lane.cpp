// SPDX-License-Identifier: Apache-2.0
#include "lane.hpp"

#include <utility>

namespace rollcall::storage {

namespace {

// Large enough that handing over costs nothing, small enough to be still in the processor's cache.
constexpr std::size_t page_bytes = 64 << 10;
constexpr std::size_t most_waiting = 64;

}  // namespace

Lane::Lane(Sink sink) : sink_(std::move(sink)), thread_([this] { work(); }) {}

Lane::~Lane() {
  end();
  if (thread_.joinable()) thread_.join();
}

void Lane::add(std::string_view line, Decode decode) {
  if (page_.decode != decode || page_.lines.size() + line.size() > page_bytes) {
    hand_over();
    page_.decode = decode;
    page_.lines.reserve(page_bytes);
  }
  page_.lines.append(line).push_back('\n');
}

void Lane::hand_over() {
  if (page_.lines.empty()) return;
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return waiting_.size() < most_waiting; });
    waiting_.push_back(std::exchange(page_, {}));
  }
  changed_.notify_all();
}

void Lane::end() {
  hand_over();
  {
    const std::lock_guard lock(mutex_);
    ended_ = true;
  }
  changed_.notify_all();
}

const Loaded& Lane::finish() {
  end();
  thread_.join();
  return loaded_;
}

void Lane::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return ended_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    Page page = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    changed_.notify_all();
    page.decode(page.lines, sink_, loaded_);
    lock.lock();
  }
}

}  // namespace rollcall::storage
