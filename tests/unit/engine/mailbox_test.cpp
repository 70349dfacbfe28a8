// SPDX-License-Identifier: Apache-2.0
#include <atomic>
#include <thread>
#include <vector>

#include <rollcall/engine/mailbox.hpp>

#include <doctest/doctest.h>

using rollcall::engine::Mailbox;

TEST_CASE("mailbox: tasks run in the order posted, and only the first post wakes") {
  Mailbox mailbox;
  int wakes = 0;
  mailbox.set_waker([&] { ++wakes; });
  std::vector<int> ran;
  for (int i = 0; i < 5; ++i)
    mailbox.post([&ran, i] { ran.push_back(i); });
  CHECK(wakes == 1);
  CHECK(mailbox.run() == 5);
  CHECK(ran == std::vector{0, 1, 2, 3, 4});
  CHECK(mailbox.run() == 0);
}

TEST_CASE("mailbox: nothing is lost between many posters and one reader") {
  Mailbox mailbox;
  std::atomic<bool> woken{false};
  mailbox.set_waker([&] { woken = true; });
  constexpr int each = 20'000;
  std::vector<int> last(4, -1);
  std::atomic<int> done{0};
  bool ordered = true;
  std::vector<std::thread> posters;
  posters.reserve(4);
  for (int p = 0; p < 4; ++p)
    posters.emplace_back([&, p] {
      for (int i = 0; i < each; ++i)
        mailbox.post([&, p, i] {
          ordered = ordered && last[p] == i - 1;
          last[p] = i;
        });
      ++done;
    });
  std::size_t ran = 0;
  while (ran < 4 * each) {
    if (!woken.exchange(false)) std::this_thread::yield();
    ran += mailbox.run();
  }
  for (auto& poster : posters)
    poster.join();
  CHECK(ordered);
  CHECK(done == 4);
}
