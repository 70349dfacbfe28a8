// SPDX-License-Identifier: Apache-2.0
#include <map>

#include <rollcall/xdm/selection.hpp>

#include <doctest/doctest.h>

namespace rollcall::xdm {

namespace {

const sip::Aor alice = *sip::Aor::parse("alice@example.com");

using Uris = std::vector<std::string>;
using Documents = std::vector<SelectedDocument>;

/// Documents by owner and path; the tag of one is its path's length, so that it is not that of another by
/// name.
struct Store {
  std::map<std::string, std::map<std::string, std::string>> texts;
  int listed = 0, fetched = 0;
  bool is_down = false;

  void put(const std::string& owner, const std::string& path, const std::string& text = "<x/>") {
    texts[owner][path] = text;
  }
  [[nodiscard]] static std::string tag(const std::string& path) { return "t" + std::to_string(path.size()); }
  DocumentSource source() {
    return {[this](const sip::Aor& owner,
                   const std::string& path) -> base::Result<std::optional<model::Document>> {
              ++fetched;
              if (is_down) return base::unavailable("down");
              const auto& documents = texts[owner.text()];
              const auto found = documents.find(path);
              if (found == documents.end()) return std::optional<model::Document>();
              model::Document document;
              document.body = found->second;
              return std::optional<model::Document>(document);
            },
            [this](const sip::Aor& owner) -> base::Result<std::vector<engine::DocumentRow>> {
              ++listed;
              if (is_down) return base::unavailable("down");
              std::vector<engine::DocumentRow> rows;
              for (const auto& [path, text] : texts[owner.text()])
                rows.push_back({path, "\"" + tag(path) + "\"", text.size(), {}});
              return rows;
            }};
  }
  Selection select(const Uris& uris, const SelectionBounds& bounds = {}) {
    const auto selected = select_resources(alice, uris, source(), bounds);
    REQUIRE(selected);
    return *selected;
  }
  Uris sels(const Uris& uris) {
    Uris all;
    for (const SelectedDocument& document : select(uris).documents)
      all.push_back(document.sel);
    return all;
  }
};

Store full() {
  Store store;
  store.put("alice@example.com", "resource-lists/index");
  store.put("alice@example.com", "resource-lists/my work");
  store.put("alice@example.com", "org.openmobilealliance.pres-content/oma_status-icon/me");
  store.put("bob@example.com", "resource-lists/index");
  store.put("", "resource-lists/index");
  store.put("", "rls-services/index");
  return store;
}

const std::string home = "resource-lists/users/sip:alice@example.com/";
const std::string icon = "org.openmobilealliance.pres-content/users/sip:alice@example.com/oma_status-icon/me";

const std::string lists =
    "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists' xmlns:x='urn:x'><list name='a &amp; b'>"
    "<entry uri='sip:bob@example.com' x:y='z'><display-name>Bob</display-name></entry></list>"
    "<list name='c'/></resource-lists>";

}  // namespace

TEST_CASE("A document is selected by its path, and keeps the name that was used [RFC 5875 §4.6]") {
  Store store = full();
  const Selection selection = store.select({home + "index"});
  CHECK(selection.documents == Documents{{home + "index", Store::tag("resource-lists/index")}});
  CHECK_FALSE(selection.uses_global);
  const Uris written = {"resource-lists/users/alice%40example.com/index", "/" + home + "my%20work",
                        "https://xcap.example.com/xcap/" + home + "none",
                        "http://x.example.com/xcap/" + icon};
  CHECK(store.sels(written) == Uris{written[0], written[1], written[3]});
}

TEST_CASE("A collection is all documents below it [RFC 5875 §4.1]") {
  Store store = full();
  CHECK(store.sels({home}) == Uris{home + "index", home + "my%20work"});
  CHECK(store.sels({"resource-lists/users/alice@example.com/"}) == Uris{home + "index", home + "my%20work"});
  CHECK(store.sels({"resource-lists/users/"}) == Uris{home + "index", home + "my%20work"});
  CHECK(store.sels({"resource-lists/"}) ==
        Uris{home + "index", home + "my%20work", "resource-lists/global/index"});
  CHECK(store.sels({"resource-lists/global/"}) == Uris{"resource-lists/global/index"});
  CHECK(store.sels({icon.substr(0, icon.size() - 2)}) == Uris{icon});
  CHECK(store.sels({""}) == Uris{icon, home + "index", home + "my%20work", "resource-lists/global/index"});
  CHECK(store.sels({"http://x.example.com/xcap/"}).size() == 4);
  CHECK(store.sels({"resource-lists/users/sip:alice@example.com/ind/"}).empty());
  CHECK(store.sels({"nothing/", "resource-lists/other/"}).empty());
}

TEST_CASE("What is selected in two ways is there once, by its name if it was named [RFC 5875 §4.7]") {
  Store store = full();
  const std::string named = "resource-lists/users/alice%40example.com/index";
  CHECK(store.sels({home, named, home + "index", ""}) ==
        Uris{named, home + "my%20work", icon, "resource-lists/global/index"});
}

TEST_CASE("What one may not read is left out [RFC 5875 §4.7, RFC 4825 §5.7]") {
  Store store = full();
  const std::string bob = "resource-lists/users/sip:bob@example.com/";
  const Selection selection = store.select({bob, bob + "index", bob + "index/~~/x",
                                            "rls-services/global/index", "rls-services/global/index/~~/x"});
  CHECK(selection.documents.empty());
  CHECK(selection.nodes.empty());
  CHECK(store.fetched == 0);
  for (const std::string& sel : store.sels({"", "rls-services/"}))
    CHECK(sel.find("rls-services") == std::string::npos);
}

TEST_CASE("What is no XCAP URI selects nothing, and is no error [RFC 5875 §4.7]") {
  Store store = full();
  CHECK(
      store
          .sels({"sip:alice@example.com", "%%%", "http://x.example.com/other/" + home + "index", "~~/",
                 home + "../index", std::string(20'000, 'a'), home + "index/~~/[", home + "index/~~/p:x",
                 home + "none/~~/x", "resource-lists/users/sip:alice@example.com", "xcap-caps/global/index"})
          .empty());
}

TEST_CASE("Documents of the global tree count when one of them is named, there or not") {
  Store store = full();
  CHECK(store.select({"resource-lists/global/none"}).uses_global);
  CHECK(store.select({"pidf-manipulation/"}).uses_global);
  CHECK_FALSE(store.select({"pidf-manipulation/users/"}).uses_global);
  CHECK_FALSE(store.select({"rls-services/global/index"}).uses_global);
}

TEST_CASE(
    "An element is told as it stands in its document, with the namespaces that it needs [RFC 5874 §3]") {
  Store store;
  store.put("alice@example.com", "resource-lists/index", lists);
  const std::string uri = home + "index/~~/resource-lists/list%5b1%5d/entry";
  const Selection selection = store.select({uri});
  REQUIRE(selection.nodes.size() == 1);
  CHECK(selection.documents.empty());
  const SelectedNode& node = selection.nodes.front();
  CHECK(node.sel == uri);
  CHECK_FALSE(node.is_attribute);
  CHECK(node.content == "<entry uri='sip:bob@example.com' x:y='z'><display-name>Bob</display-name></entry>");
  CHECK(node.namespaces == std::vector<std::pair<std::string, std::string>>{
                               {"", "urn:ietf:params:xml:ns:resource-lists"}, {"x", "urn:x"}});
}

TEST_CASE("An attribute is told by its value; prefixes are what the query says [RFC 5875 §4.6]") {
  Store store;
  store.put("alice@example.com", "resource-lists/index", lists);
  const std::string plain = home + "index/~~/resource-lists/list%5b1%5d/@name";
  const std::string prefixed = home + "index/~~/resource-lists/list%5b1%5d/entry/@q:y?xmlns(q=urn:x)";
  const Selection selection = store.select({plain, prefixed});
  REQUIRE(selection.nodes.size() == 2);
  CHECK(selection.nodes[0] == SelectedNode{plain, true, "a & b"});
  CHECK(selection.nodes[1] == SelectedNode{prefixed, true, "z"});
}

TEST_CASE("A node that is not there, that is several, or that is a namespace is not told [RFC 5875 §4.1]") {
  Store store;
  store.put("alice@example.com", "resource-lists/index", lists);
  store.put("alice@example.com", "resource-lists/broken", "<x");
  CHECK(store
            .select({home + "index/~~/resource-lists/list", home + "index/~~/resource-lists/list%5b9%5d",
                     home + "index/~~/resource-lists/list%5b1%5d/@none",
                     home + "index/~~/resource-lists/namespace::*", home + "broken/~~/x"})
            .nodes.empty());
  CHECK(store.fetched == 2);  // each document once
}

TEST_CASE("Elements past the limit are told without content, attributes not at all [RFC 5875 §4.7]") {
  Store store;
  store.put("alice@example.com", "resource-lists/index", lists);
  SelectionBounds bounds;
  bounds.content_bytes = 20;
  const std::string list = home + "index/~~/resource-lists/list";
  const Selection selection = store.select({home + "index/~~/resource-lists", list + "%5b2%5d",
                                            list + "%5b1%5d/entry/@uri", list + "%5b2%5d/@name"},
                                           bounds);
  REQUIRE(selection.nodes.size() == 3);
  CHECK(selection.nodes[0].content == "");
  CHECK(selection.nodes[1].content == "<list name='c'/>");
  CHECK(selection.nodes[2] == SelectedNode{list + "%5b2%5d/@name", true, "c"});
}

TEST_CASE("All of one's own documents are those of the home directory") {
  Store store = full();
  const auto selection = select_own_documents(alice, store.source());
  REQUIRE(selection);
  CHECK(selection->documents.size() == 3);
  CHECK_FALSE(selection->uses_global);
}

TEST_CASE("Without the database nothing is selected, and that is an error") {
  Store store = full();
  store.is_down = true;
  const auto code = [&](const Uris& uris) {
    return select_resources(alice, uris, store.source(), {}).error().code;
  };
  CHECK(code({""}) == base::ErrorCode::unavailable);
  CHECK(code({home + "index"}) == base::ErrorCode::unavailable);
  CHECK(code({home + "index/~~/x"}) == base::ErrorCode::unavailable);
  CHECK(select_own_documents(alice, store.source()).error().code == base::ErrorCode::unavailable);
}

TEST_CASE("However many URIs there are, each list of documents is read once") {
  Store store = full();
  Uris uris;
  for (int i = 0; i < 500; ++i)
    uris.push_back(home + std::to_string(i));
  uris.emplace_back();
  store.select(uris);
  CHECK(store.listed == 2);
}

}  // namespace rollcall::xdm
