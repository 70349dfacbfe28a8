// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <string>
#include <string_view>

#include <rollcall/base/table.hpp>

#include <doctest/doctest.h>

namespace rollcall::base {

namespace {

struct Person {
  std::string name;
  int number = 0;
};
struct ByName {
  std::string_view operator()(const Person& person) const { return person.name; }
};
struct ByNumber {
  int operator()(const Person& person) const { return person.number; }
};

std::unique_ptr<Person> person(std::string name, int number) {
  return std::make_unique<Person>(Person{std::move(name), number});
}

}  // namespace

TEST_CASE("table: a record is found by the key that it holds, also after many others have come") {
  Table<std::unique_ptr<Person>, ByName> table;
  const Person* alice = &table.insert(person("alice", 1));
  for (int i = 2; i <= 1000; ++i)
    table.insert(person("u" + std::to_string(i), i));
  CHECK(table.size() == 1000);
  CHECK(table.find("alice") == alice);
  REQUIRE(table.find("u77"));
  CHECK(table.find("u77")->number == 77);
  CHECK(table.find("bob") == nullptr);
}

TEST_CASE("table: what is erased is gone, and what never was there is no matter") {
  Table<std::unique_ptr<Person>, ByName> table;
  const Person& alice = table.insert(person("alice", 1));
  table.erase(std::string_view(alice.name));  // a view into the record itself
  table.erase("bob");
  CHECK(table.find("alice") == nullptr);
  CHECK(table.size() == 0);
}

TEST_CASE("table: of two records with one key the first stays") {
  Table<std::unique_ptr<Person>, ByName> table;
  table.insert(person("alice", 1));
  CHECK(table.insert(person("alice", 2)).number == 1);
  CHECK(table.size() == 1);
}

TEST_CASE("table: numbers may be keys, and the records somebody else's") {
  Person alice{"alice", 7}, bob{"bob", 8};
  Table<Person*, ByNumber> table;
  table.insert(&alice);
  table.insert(&bob);
  CHECK(table.find(7) == &alice);
  table.erase(7);
  CHECK(table.find(7) == nullptr);
  int sum = 0;
  for (const Person* one : table)
    sum += one->number;
  CHECK(sum == 8);
}

}  // namespace rollcall::base
