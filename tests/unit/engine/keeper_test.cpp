// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/engine/keeper.hpp>

#include <doctest/doctest.h>
#include <support/fake_journal.hpp>

using namespace rollcall;
using namespace rollcall::tests;
using engine::Topic;

namespace {

/// Memory whose state is a log of what was applied.
class LogStore final : public engine::Store {
 public:
  explicit LogStore(std::string& log) : log_(log) {}
  void apply(const model::Change& change) override { log_ += "apply " + engine::event_of(change).key + "; "; }

 private:
  std::string& log_;
};

struct House {
  explicit House(const base::Limits& with_limits = {}) : limits(with_limits) {
    keeper.add_store(store);
    for (const Topic topic : {Topic::domain, Topic::user})
      keeper.listen(topic, [this](const engine::Event& event) { log += "announce " + event.key + "; "; });
  }
  engine::Keeper::Done done(const std::string& name) {
    return [this, name](const base::Result<>& kept) {
      log += name + " " + (kept ? "kept" : base::to_string(kept.error().code)) + "; ";
    };
  }
  std::string take_log() { return std::exchange(log, {}); }

  std::string log;
  FakeJournal journal;
  base::Limits limits;
  engine::Keeper keeper{journal, limits};
  LogStore store{log};
};

model::Changes domain(const std::string& name) {
  return {model::SaveDomain{{name, {}}}};
}

}  // namespace

TEST_CASE("keeper: what is committed is applied, then told to who asked, then announced") {
  House house;
  house.journal.hold();
  house.keeper.commit(domain("a"), house.done("asker"));
  CHECK(house.take_log().empty());
  CHECK(house.keeper.pending() == 1);
  house.journal.commit();
  CHECK(house.take_log() == "apply a; asker kept; announce a; ");
  CHECK(house.keeper.pending() == 0);
}

TEST_CASE("keeper: what could not be committed is not applied and nobody but who asked hears of it") {
  House house;
  house.journal.fail_nth(2);
  house.keeper.commit(domain("a"), house.done("first"));
  house.keeper.commit(domain("b"), house.done("second"));
  house.keeper.commit(domain("c"), house.done("third"));
  CHECK(house.take_log() ==
        "apply a; first kept; announce a; second unavailable; apply c; third kept; announce c; ");
  CHECK(house.keeper.pending() == 0);
}

TEST_CASE("keeper: entries of one commit are told one after the other, in the order they were asked for") {
  House house;
  house.journal.hold();
  house.keeper.commit(domain("a"), house.done("first"));
  house.keeper.commit(domain("b"), house.done("second"));
  house.journal.commit();
  CHECK(house.take_log() == "apply a; first kept; announce a; apply b; second kept; announce b; ");
}

TEST_CASE("keeper: a late verdict is applied and announced, without an answer to anybody") {
  House house;
  house.journal.hold();
  house.keeper.commit(domain("a"), house.done("asker"));
  engine::JournalEntry entry = house.journal.waiting().front();
  house.journal.fail();
  CHECK(house.take_log() == "asker unavailable; ");
  house.journal.commit_late(std::move(entry));
  CHECK(house.take_log() == "apply a; announce a; ");
}

TEST_CASE("keeper: without changes who asks is told at once and nothing is submitted") {
  House house;
  house.journal.hold();
  house.keeper.commit({}, house.done("asker"));
  CHECK(house.take_log() == "asker kept; ");
  CHECK(house.journal.submitted() == 0);
}

TEST_CASE("keeper: while the database is away changes are refused at once") {
  House house;
  house.journal.set_available(false);
  CHECK_FALSE(house.keeper.can_commit());
  house.keeper.commit(domain("a"), house.done("asker"));
  CHECK(house.take_log() == "asker unavailable; ");
  CHECK(house.journal.submitted() == 0);
  house.journal.set_available(true);
  house.keeper.commit(domain("a"), house.done("asker"));
  CHECK(house.take_log() == "apply a; asker kept; announce a; ");
}

TEST_CASE("keeper: past the limit of the queue changes are refused as overload") {
  base::Limits limits;
  limits.journal_queue = 1;
  House house(limits);
  house.journal.hold();
  house.keeper.commit(domain("a"), house.done("first"));
  house.keeper.commit(domain("b"), house.done("second"));
  CHECK(house.take_log() == "second overloaded; ");
  house.journal.release();
  CHECK(house.take_log() == "apply a; first kept; announce a; ");
}

TEST_CASE("keeper: changes of one outcome about the same thing are announced once") {
  House house;
  model::Changes changes = domain("a");
  changes.emplace_back(model::RemoveDomain{"a"});
  changes.emplace_back(model::RemoveDomain{"b"});
  house.keeper.commit(std::move(changes), house.done("asker"));
  CHECK(house.take_log() == "apply a; apply a; apply b; asker kept; announce a; announce b; ");
}

TEST_CASE("keeper: who is told may commit again at once") {
  House house;
  house.keeper.commit(domain("a"),
                      [&](const base::Result<>&) { house.keeper.commit(domain("b"), house.done("b")); });
  CHECK(house.take_log() == "apply a; apply b; b kept; announce b; announce a; ");
}

TEST_CASE("keeper: rows that are loaded at start are applied and not announced") {
  House house;
  house.keeper.apply(domain("a"));
  CHECK(house.take_log() == "apply a; ");
}
