// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <rollcall/base/text_pool.hpp>

#include <doctest/doctest.h>

namespace rollcall::base {

TEST_CASE("text: it holds any bytes, and nothing where there are none") {
  const std::string bytes("a\0b", 3);
  const Text text(bytes);
  CHECK(text == bytes);
  CHECK(text.size() == 3);
  CHECK(text.str() == bytes);
  for (const Text& nothing : {Text(), Text("")}) {
    CHECK(nothing.empty());
    CHECK(nothing == "");
    CHECK(nothing.view().empty());
  }
  CHECK(sizeof(Text) == sizeof(void*));
}

TEST_CASE("text: copies share the characters, and outlive each other") {
  Text copy;
  {
    const Text first("sip:alice@example.org");
    CHECK(first.is_alone());
    copy = first;
    CHECK_FALSE(first.is_alone());
    CHECK(copy.view().data() == first.view().data());
  }
  CHECK(copy == "sip:alice@example.org");
  CHECK(copy.is_alone());
  Text moved = std::move(copy);
  CHECK(moved == "sip:alice@example.org");
  const Text& itself = moved;
  moved = itself;
  CHECK(moved == "sip:alice@example.org");
  CHECK(moved != Text("sip:bob@example.org"));
  CHECK(moved == Text("sip:alice@example.org"));
}

TEST_CASE("text pool: equal texts share their characters, and are forgotten when nobody holds them") {
  TextPool pool;
  Text one("Phone 1.0"), other("Phone 1.0"), none;
  pool.share(one);
  pool.share(other);
  pool.share(none);
  CHECK(one.view().data() == other.view().data());
  CHECK(none.empty());
  CHECK(pool.size() == 1);
  for (int i = 0; i < 10'000; ++i) {
    Text passing("Phone " + std::to_string(i));
    pool.share(passing);
  }
  CHECK(pool.size() < 100);
  Text again("Phone 1.0");
  pool.share(again);
  CHECK(again.view().data() == one.view().data());
}

}  // namespace rollcall::base
