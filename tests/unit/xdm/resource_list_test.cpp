// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <rollcall/xdm/resource_list.hpp>

#include <doctest/doctest.h>

namespace rollcall::xdm {

namespace {

const sip::Aor bill = *sip::Aor::parse("bill@example.com");

std::string lists(const std::string& inside) {
  return "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'>" + inside + "</resource-lists>";
}

std::string services(const std::string& inside) {
  return "<rls-services xmlns='urn:ietf:params:xml:ns:rls-services'"
         " xmlns:rl='urn:ietf:params:xml:ns:resource-lists'>" +
         inside + "</rls-services>";
}

/// Documents by "owner path".
struct Store {
  std::map<std::string, std::string> texts;
  int fetched = 0;

  void put(const std::string& owner, const std::string& path, const std::string& text) {
    texts[owner + " " + path] = text;
  }
  FetchDocument fetch() {
    return [this](const sip::Aor& owner,
                  const std::string& path) -> base::Result<std::optional<model::Document>> {
      ++fetched;
      const auto found = texts.find(owner.text() + " " + path);
      if (found == texts.end()) return std::optional<model::Document>();
      model::Document document;
      document.owner = owner;
      document.path = path;
      document.body = found->second;
      return std::optional<model::Document>(document);
    };
  }
};

std::vector<std::string> uris(const ResourceList& list) {
  std::vector<std::string> all;
  for (const auto& entry : list.entries)
    all.push_back(entry.uri);
  return all;
}

using Uris = std::vector<std::string>;

ResourceList buddies(Store& store, const ListBounds& bounds = {}) {
  auto list = read_buddy_list(bill, store.fetch(), bounds);
  REQUIRE(list);
  return *list;
}

model::Document service_document(const std::string& text) {
  model::Document document;
  document.owner = bill;
  document.path = std::string(services_path);
  document.body = text;
  return document;
}

}  // namespace

TEST_CASE("A user without a document has an empty buddy list") {
  Store store;
  const auto list = buddies(store);
  CHECK(list.entries.empty());
  CHECK(list.documents == std::vector<DocumentName>{{bill, "resource-lists/index"}});
}

TEST_CASE(
    "A buddy list has the entries of all lists, each person once, with the first name (RFC 4826 §3.1)") {
  Store store;
  store.put(
      "bill@example.com", "resource-lists/index",
      lists("<list name='friends'><entry uri='sip:joe@example.com'><display-name> Joe </display-name></entry>"
            "<list name='close'><entry uri='SIP:nancy@EXAMPLE.com;transport=tcp'/></list>"
            "<entry uri='sip:joe@example.com'><display-name>again</display-name></entry></list>"
            "<list><entry uri='tel:+1-201-555-0123'/></list>"));
  CHECK(buddies(store).entries == std::vector<ListedUri>{{"sip:joe@example.com", "Joe"},
                                                         {"sip:nancy@example.com", ""},
                                                         {"tel:+1-201-555-0123", ""}});
}

TEST_CASE(
    "An external list and a reference to an entry are followed into the user's own documents (RFC 4826 "
    "§3.3)") {
  Store store;
  store.put(
      "bill@example.com", "resource-lists/index",
      lists(
          "<list><external anchor='http://xcap.example.com/xcap/resource-lists/users/sip:bill@example.com/"
          "work/~~/resource-lists/list%5b@name=%22team%22%5d'/>"
          "<entry-ref ref='resource-lists/users/bill@example.com/work/~~/resource-lists/list%5b1%5d/entry'/>"
          "</list>"));
  store.put(
      "bill@example.com", "resource-lists/work",
      lists("<list name='boss'><entry uri='sip:ann@example.com'/></list>"
            "<list name='team'><entry uri='sip:joe@example.com'/><entry uri='sip:kim@example.com'/></list>"));
  const auto list = buddies(store);
  CHECK(uris(list) == Uris{"sip:joe@example.com", "sip:kim@example.com", "sip:ann@example.com"});
  CHECK(list.documents ==
        std::vector<DocumentName>{{bill, "resource-lists/index"}, {bill, "resource-lists/work"}});
}

TEST_CASE("A reference to another user's document, to another usage or to nothing is left out") {
  Store store;
  const std::string node = "/index/~~/resource-lists/list'/>";
  store.put("bill@example.com", "resource-lists/index",
            lists("<list><external anchor='http://x/resource-lists/users/sip:eve@example.com" + node +
                  "<external anchor='http://x/pres-rules/users/sip:bill@example.com" + node +
                  "<external "
                  "anchor='http://x/resource-lists/users/sip:bill@example.com/none/~~/resource-lists/list'/>"
                  "<external anchor='http://x/resource-lists/users/sip:bill@example.com/index'/>"
                  "<external anchor='%%%'/><external anchor=''/><external/>"
                  "<entry uri='sip:joe@example.com'/></list>"));
  store.put("eve@example.com", "resource-lists/index",
            lists("<list><entry uri='sip:secret@example.com'/></list>"));
  CHECK(uris(buddies(store)) == Uris{"sip:joe@example.com"});
}

TEST_CASE("A shared list of the global tree may be used by everybody") {
  Store store;
  store.put("bill@example.com", "resource-lists/index",
            lists("<list><external "
                  "anchor='https://x/xcap/resource-lists/global/index/~~/resource-lists/list'/></list>"));
  store.put("", "resource-lists/index", lists("<list><entry uri='sip:desk@example.com'/></list>"));
  CHECK(uris(buddies(store)) == Uris{"sip:desk@example.com"});
}

TEST_CASE("Lists that refer to each other have an end") {
  Store store;
  const std::string self =
      "<external anchor='http://x/resource-lists/users/sip:bill@example.com/index/~~/resource-lists/list'/>";
  store.put("bill@example.com", "resource-lists/index",
            lists("<list><entry uri='sip:joe@example.com'/>" + self + self + "</list>"));
  CHECK(uris(buddies(store)) == Uris{"sip:joe@example.com"});
  CHECK(store.fetched == 2);
}

TEST_CASE("A list is cut at the limit of its entries, and of what it refers to") {
  Store store;
  std::string many;
  for (int i = 0; i < 30; ++i)
    many += "<entry uri='sip:u" + std::to_string(i) + "@example.com'/>";
  store.put("bill@example.com", "resource-lists/index", lists("<list>" + many + "</list>"));
  ListBounds bounds;
  bounds.entries = 20;
  const auto cut = buddies(store, bounds);
  CHECK(cut.entries.size() == 20);
  CHECK(cut.cut);
  bounds.entries = 30;
  CHECK_FALSE(buddies(store, bounds).cut);

  std::string references;
  for (int i = 0; i < 10; ++i)
    references += "<external anchor='http://x/resource-lists/users/sip:bill@example.com/d" +
                  std::to_string(i) + "/~~/resource-lists/list'/>";
  store.put("bill@example.com", "resource-lists/index", lists("<list>" + references + "</list>"));
  bounds.references = 4;
  store.fetched = 0;
  CHECK(buddies(store, bounds).cut);
  CHECK(store.fetched == 5);
}

TEST_CASE("A service lists what stands in it (RFC 4826 §4.1)") {
  Store store;
  const auto document = service_document(services(
      "<service "
      "uri='sip:mybuddies@example.com'><list><rl:display-name>Mine</rl:display-name></list></service>"
      "<service uri='sip:good-friends@example.com'><list name='x'><rl:display-name>Mine</rl:display-name>"
      "<rl:entry "
      "uri='sip:joe@example.com'/></list><packages><package>presence</package></packages></service>"));
  const auto list =
      read_list_service(document, "sip:good-friends@example.com;x=y", "presence", store.fetch(), {});
  REQUIRE(list);
  CHECK(uris(*list) == Uris{"sip:joe@example.com"});
}

TEST_CASE("A service lists what it refers to (RFC 4826 §4.1)") {
  Store store;
  store.put("bill@example.com", "resource-lists/index",
            lists("<list name='l1'><entry uri='sip:joe@example.com'/></list>"));
  const auto document = service_document(services(
      "<service uri='sip:mybuddies@example.com'><resource-list>\n"
      "http://xcap.example.com/xcap/resource-lists/users/sip:bill@example.com/index/~~/resource-lists/"
      "list%5b@name=%22l1%22%5d\n</resource-list></service>"));
  const auto list = read_list_service(document, "sip:mybuddies@example.com", "presence", store.fetch(), {});
  REQUIRE(list);
  CHECK(uris(*list) == Uris{"sip:joe@example.com"});
  CHECK(list->documents ==
        std::vector<DocumentName>{{bill, "rls-services/index"}, {bill, "resource-lists/index"}});
}

TEST_CASE("A service is for the packages that it names, and one that is not there is not found") {
  Store store;
  const auto document = service_document(services(
      "<service uri='sip:a@example.com'><list/><packages><package>presence</package></packages></service>"
      "<service uri='sip:b@example.com'><list/><packages/></service>"));
  const auto read = [&](const std::string& uri, const std::string& event) {
    return read_list_service(document, uri, event, store.fetch(), {});
  };
  CHECK(read("sip:a@example.com", "presence"));
  CHECK(read("sip:a@example.com", "dialog").error().code == base::ErrorCode::unsupported);
  CHECK(read("sip:b@example.com", "dialog"));
  CHECK(read("sip:c@example.com", "presence").error().code == base::ErrorCode::not_found);
}

TEST_CASE("Without the database no list is read, and a broken document is no empty list") {
  const FetchDocument down = [](const sip::Aor&,
                                const std::string&) -> base::Result<std::optional<model::Document>> {
    return base::unavailable("down");
  };
  CHECK(read_buddy_list(bill, down, {}).error().code == base::ErrorCode::unavailable);
  Store store;
  store.put("bill@example.com", "resource-lists/index", "<resource-lists");
  CHECK(read_buddy_list(bill, store.fetch(), {}).error().code == base::ErrorCode::malformed);
}

}  // namespace rollcall::xdm
