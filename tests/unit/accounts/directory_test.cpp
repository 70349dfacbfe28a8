// SPDX-License-Identifier: Apache-2.0
#include <rollcall/accounts/directory.hpp>

#include <support/people.hpp>

using namespace rollcall;
using namespace rollcall::tests;

namespace {

struct Book {
  base::MetricCells metrics;
  accounts::Directory directory{metrics};
  Book() {
    directory.apply(model::SaveDomain{{"example.com", {}}});
    directory.apply(model::SaveUser{user_named("alice@example.com")});
  }
};

}  // namespace

TEST_CASE("directory: users are found by their address, disabled ones not by SIP") {
  Book book;
  REQUIRE(book.directory.find_enabled("alice@example.com"));
  CHECK_FALSE(book.directory.find("Alice@example.com"));
  CHECK_FALSE(book.directory.find("bob@example.com"));
  auto disabled = user_named("alice@example.com");
  disabled.enabled = false;
  book.directory.apply(model::SaveUser{disabled});
  CHECK(book.directory.find("alice@example.com"));
  CHECK_FALSE(book.directory.find_enabled("alice@example.com"));
}

TEST_CASE("directory: domains compare without case [RFC 3261 §19.1.4]") {
  Book book;
  CHECK(book.directory.serves("example.com"));
  CHECK(book.directory.serves("EXAMPLE.Com"));
  CHECK_FALSE(book.directory.serves("example.org"));
  CHECK_FALSE(book.directory.serves(""));
  book.directory.apply(model::RemoveDomain{"example.com"});
  CHECK_FALSE(book.directory.serves("example.com"));
}

TEST_CASE("directory: it counts its users, by domain and for the metrics") {
  Book book;
  book.directory.apply(model::SaveUser{user_named("bob@example.org")});
  book.directory.apply(model::SaveUser{user_named("bob@example.org", "again")});
  CHECK(book.directory.user_count() == 2);
  CHECK(book.directory.users_in("example.com") == 1);
  CHECK(book.metrics.read(base::Metric::users) == 2);
  book.directory.apply(model::RemoveUser{aor("alice@example.com")});
  CHECK(book.directory.users_in("example.com") == 0);
  CHECK(book.metrics.read(base::Metric::users) == 1);
}
