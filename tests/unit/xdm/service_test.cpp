// SPDX-License-Identifier: Apache-2.0
#include "house.hpp"

#include <rollcall/xcap/conditions.hpp>

using namespace rollcall;
using namespace rollcall::xdm::test;
using base::ErrorCode;
using Found = std::optional<model::Document>;
using Text = std::optional<std::string>;

namespace {

const std::string lists_path = "resource-lists/index";

auto always(const std::string& text) {
  return [text](const Found&) { return base::Result<Text>(Text(text)); };
}

// The code of what failed.
template <class T>
ErrorCode code_of(const base::Result<T>& result) {
  REQUIRE_FALSE(result.ok());
  return result.error().code;
}

}  // namespace

TEST_CASE("xdm: what was edited is read, listed and on disk, and then it is gone") {
  House house;
  const auto saved = house.service->edit(house.alice, lists_path, always(lists("<list/>")));
  REQUIRE(saved.ok());
  CHECK((*saved)->body == lists("<list/>"));
  CHECK((*saved)->etag == xcap::etag_of(lists("<list/>")));
  CHECK(house.service->read(house.alice, lists_path).value() == *saved);
  CHECK(house.tables.document(house.alice, lists_path).value() == *saved);
  const auto rows = house.service->list(house.alice);
  REQUIRE(rows.ok());
  REQUIRE(rows->size() == 1);
  CHECK(rows->front() ==
        engine::DocumentRow{lists_path, (*saved)->etag, (*saved)->body.size(), (*saved)->updated});
  CHECK(house.service->list(house.bob)->empty());
  CHECK(house.service->remove(house.alice, lists_path).ok());
  CHECK_FALSE(house.service->read(house.alice, lists_path).value());
  CHECK(house.tables.size() == 0);
  CHECK(code_of(house.service->remove(house.alice, lists_path)) == ErrorCode::not_found);
}

TEST_CASE("xdm: a change sees the document as it is, and an error of it changes nothing") {
  House house;
  CHECK(house.service->edit(house.alice, lists_path, always(lists("<list/>"))).ok());
  const auto refused =
      house.service->edit(house.alice, lists_path, [&](const Found& current) -> base::Result<Text> {
        CHECK(current->body == lists("<list/>"));
        return base::Error{ErrorCode::precondition, "no"};
      });
  CHECK(code_of(refused) == ErrorCode::precondition);
  CHECK(house.service->read(house.alice, lists_path).value()->body == lists("<list/>"));
}

TEST_CASE("xdm: a document that its schema or usage does not allow is not kept [RFC 4825 §8.2.5]") {
  House house;
  for (const std::string& text : {std::string("no XML"), lists("<entry/>"), services({"sip:x@example.com"}),
                                  lists("<list name=\"a\"/><list name=\"a\"/>")})
    CHECK(code_of(house.service->edit(house.alice, lists_path, always(text))) == ErrorCode::conflict);
  CHECK(code_of(house.service->edit(house.alice, "unknown/index", always(lists("")))) ==
        ErrorCode::malformed);
  CHECK(house.tables.size() == 0);
}

TEST_CASE("xdm: of somebody who is no user nothing is kept") {
  House house;
  CHECK(code_of(house.service->edit(tests::aor("carol@example.com"), lists_path, always(lists("")))) ==
        ErrorCode::not_found);
  CHECK(house.tables.size() == 0);
}

TEST_CASE("xdm: with a user the documents go, and a new user of that name has none") {
  House house;
  CHECK(house.service->edit(house.alice, lists_path, always(lists(""))).ok());
  House::commit(house.room_of(house.alice), model::RemoveUser{house.alice});
  CHECK_FALSE(house.service->read(house.alice, lists_path).value());
  CHECK(code_of(house.service->edit(house.alice, lists_path, always(lists("")))) == ErrorCode::not_found);
  House::commit(house.room_of(house.alice), model::SaveUser{tests::user_named("alice@example.com")});
  CHECK_FALSE(house.service->read(house.alice, lists_path).value());
}

TEST_CASE("xdm: limits hold for the number, the size of one, and the size of all documents of a user") {
  base::Limits limits;
  House house;
  house.limits.documents_per_user = 2;
  house.limits.document_bytes_per_user = 4'096;
  house.limits.document_bytes = 3'000;
  const auto list_of = [](std::size_t bytes) {
    return lists("<list name=\"" + std::string(bytes, 'x') + "\"/>");
  };
  CHECK(code_of(house.service->edit(house.alice, lists_path, always(list_of(3'000)))) ==
        ErrorCode::too_large);
  CHECK(house.service->edit(house.alice, lists_path, always(list_of(2'000))).ok());
  CHECK(code_of(house.service->edit(house.alice, "resource-lists/b", always(list_of(2'000)))) ==
        ErrorCode::too_large);
  CHECK(house.service->edit(house.alice, lists_path, always(list_of(2'500))).ok());  // in its own place
  CHECK(house.service->edit(house.alice, "resource-lists/b", always(lists(""))).ok());
  CHECK(code_of(house.service->edit(house.alice, "resource-lists/c", always(lists("")))) ==
        ErrorCode::conflict);
  CHECK(house.service->edit(house.bob, "resource-lists/c", always(lists(""))).ok());
}

TEST_CASE("xdm: a document that stays as it is is not written again") {
  House house;
  const auto first = house.service->edit(house.alice, lists_path, always(lists("")));
  const auto second = house.service->edit(house.alice, lists_path, always(lists("")));
  REQUIRE(second.ok());
  CHECK(*second == *first);
  house.tables.is_up = false;
  CHECK(house.service->edit(house.alice, lists_path, always(lists(""))).ok());
}

TEST_CASE("xdm: the global tree is nobody's, and needs no user [RFC 4825 §6.2]") {
  House house;
  CHECK(house.service->edit({}, lists_path, always(lists("<list/>"))).ok());
  CHECK(house.service->read({}, lists_path).value()->body == lists("<list/>"));
  CHECK_FALSE(house.service->read(house.alice, lists_path).value());
}

TEST_CASE("xdm: edits of one owner come one after the other, whoever makes them") {
  House house;
  CHECK(house.service->edit(house.alice, lists_path, always(lists(""))).ok());
  const auto add = [&](int thread) {
    for (int i = 0; i < 25; ++i) {
      const auto done =
          house.service->edit(house.alice, lists_path, [&](const Found& current) -> base::Result<Text> {
            const std::string text = current->body.str();
            const std::string list = "<list name=\"" + std::to_string(thread * 100 + i) + "\"/>";
            return Text(text.substr(0, text.size() - std::string("</resource-lists>").size()) + list +
                        "</resource-lists>");
          });
      CHECK(done.ok());
    }
  };
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back(add, i);
  for (std::thread& thread : threads)
    thread.join();
  const std::string text = house.service->read(house.alice, lists_path).value()->body.str();
  std::size_t count = 0;
  for (auto at = text.find("<list "); at != std::string::npos; at = text.find("<list ", at + 1))
    ++count;
  CHECK(count == 100);
}

TEST_CASE("xdm: without the database nothing is changed, and what is in memory is still read") {
  House house;
  CHECK(house.service->edit(house.alice, lists_path, always(lists("<list/>"))).ok());
  house.tables.is_up = false;
  CHECK(code_of(house.service->edit(house.alice, lists_path, always(lists("")))) == ErrorCode::unavailable);
  CHECK(house.service->read(house.alice, lists_path).value()->body == lists("<list/>"));
  CHECK(code_of(house.service->read(house.bob, "resource-lists/other")) == ErrorCode::unavailable);
  CHECK(code_of(house.service->list(house.bob)) == ErrorCode::unavailable);
  house.tables.is_up = true;
  CHECK(house.service->edit(house.alice, lists_path, always(lists(""))).ok());
}

TEST_CASE(
    "xdm: a document that was read lately is not asked of the database again, as long as there is room") {
  House house;
  CHECK(house.service->edit(house.alice, lists_path, always(lists("<list/>"))).ok());
  CHECK(house.service->read(house.alice, lists_path).ok());
  const int before = house.tables.documents_read;
  for (int i = 0; i < 5; ++i)
    CHECK(house.service->read(house.alice, lists_path).value()->body == lists("<list/>"));
  CHECK(house.tables.documents_read == before);
  house.limits.document_cache_bytes = 0;
  CHECK(house.service->edit(house.alice, lists_path, always(lists(""))).ok());
  for (int i = 0; i < 2; ++i)
    CHECK(house.service->read(house.alice, lists_path).value()->body == lists(""));
  CHECK(house.tables.documents_read >= before + 2);
}

TEST_CASE("xdm: a list service has one document, whoever defines it, and is no user [RFC 4826 §4.4.5]") {
  House house;
  const std::string mine = "rls-services/index";
  CHECK(house.service->edit(house.alice, mine, always(services({"sip:Friends@EXAMPLE.com"}))).ok());
  CHECK(house.service->service("sip:Friends@example.com").value()->owner == house.alice);
  CHECK_FALSE(house.service->service("sip:other@example.com").value());
  for (const std::string uri : {"sip:Friends@example.com", "sip:alice@example.com", "sip:bob@example.com"}) {
    CAPTURE(uri);
    CHECK(code_of(house.service->edit(house.bob, mine, always(services({uri})))) == ErrorCode::conflict);
  }
  CHECK(house.service->edit(house.bob, mine, always(services({"sip:work@example.com"}))).ok());
  CHECK(house.service->edit(house.alice, mine, always(services({"sip:Friends@example.com"}))).ok());
  CHECK(house.service->remove(house.alice, mine).ok());
  CHECK(house.service->edit(house.bob, mine, always(services({"sip:Friends@example.com"}))).ok());
}
