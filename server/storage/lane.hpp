// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include <rollcall/model/change.hpp>
#include <rollcall/storage/database.hpp>

namespace rollcall::storage {

/// The way of one shard's rows from the database into its memory: lines of COPY are added on one
/// thread, decoded and applied on another.
class Lane {
 public:
  using Sink = std::function<void(model::Change&&)>;
  /// Decodes lines, each with its end, and counts what it gave to the sink.
  using Decode = void (*)(std::string& lines, const Sink& sink, Loaded& loaded);

  explicit Lane(Sink sink);
  /// Finishes.
  ~Lane();
  Lane(const Lane&) = delete;
  Lane& operator=(const Lane&) = delete;

  /// Waits when the other thread is far behind.
  void add(std::string_view line, Decode decode);
  /// No more will be added. finish() waits until everything is applied; what was, it returns.
  void end();
  const Loaded& finish();

 private:
  struct Page {
    std::string lines;
    Decode decode;
  };
  void hand_over();
  void work();

  const Sink sink_;
  Page page_{};       // being filled
  std::mutex mutex_;  // guards the next two; held to hand over and to take, never while decoding
  std::deque<Page> waiting_;
  bool ended_ = false;
  std::condition_variable changed_;
  Loaded loaded_;  // of the lane's thread, until it has ended
  std::thread thread_;
};

}  // namespace rollcall::storage
