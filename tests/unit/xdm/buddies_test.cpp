// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/xcap/document.hpp>
#include <rollcall/xcap/schemas.hpp>
#include <rollcall/xdm/buddies.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using xdm::Buddy;

namespace {

const xcap::Limits limits;

std::string lists(const std::string& content, const std::string& attributes = "") {
  return "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"" + attributes + ">" + content +
         "</resource-lists>";
}

// The document after the change, which the schema allows.
std::string with(const std::optional<std::string>& document, const Buddy& buddy) {
  static const xcap::Schemas schemas;
  const auto text =
      xdm::with_buddy(document ? std::optional<std::string_view>(*document) : std::nullopt, buddy, limits);
  REQUIRE(text.ok());
  const auto parsed = xcap::Document::parse(*text, {text->size(), 32});
  REQUIRE(parsed.ok());
  CHECK(schemas.fault(*parsed).value_or("") == "");
  return *text;
}

std::vector<Buddy> in(const std::string& document) {
  return xdm::buddies_in(document, limits);
}

const Buddy bob{"sip:bob@example.org", "Bob", "friends"};

}  // namespace

TEST_CASE("buddy list: every entry of every list is shown, with the list's name [RFC 4826 §3]") {
  const std::string document = lists(
      "<list><entry uri=\"sip:a@x.org\"/></list>"
      "<list name=\"friends\"><display-name>Best</display-name><entry uri=\"sip:b@X.org;transport=tcp\">"
      "<display-name>B &amp; B</display-name></entry>"
      "<list name=\"close\"><entry uri=\"tel:+1234\"/></list>"
      "<entry-ref ref=\"resource-lists/users/sip:c@x.org/index/~~/x\"/>"
      "<external anchor=\"http://x.org/xcap/resource-lists/users/d/index\"/></list>");
  CHECK(in(document) == std::vector<Buddy>{{"sip:a@x.org", "", ""},
                                           {"sip:b@x.org", "B & B", "friends"},
                                           {"tel:+1234", "", "close"}});
  CHECK(in("rubbish").empty());
}

TEST_CASE("buddy list: somebody who is on several lists is shown once, on the first") {
  CHECK(in(lists("<list name=\"a\"><entry uri=\"sip:b@x.org\"/></list>"
                 "<list name=\"b\"><entry uri=\"sip:b@x.org\"/></list>")) ==
        std::vector<Buddy>{{"sip:b@x.org", "", "a"}});
}

TEST_CASE("buddy list: document and list are made where they are missing") {
  const std::string made = with(std::nullopt, bob);
  CHECK(in(made) == std::vector<Buddy>{bob});
  const std::string two = with(made, {"sip:carol@example.org", "", ""});
  CHECK(in(two) == std::vector<Buddy>{bob, {"sip:carol@example.org", "", ""}});
  CHECK(in(with("<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"/>", bob)) ==
        std::vector<Buddy>{bob});
}

TEST_CASE("buddy list: an entry is added to the list of its group, and every other byte stays") {
  const std::string before =
      "<!-- mine -->\n<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">\n <list  "
      "name='friends' >"
      "<display-name>F</display-name> <entry uri=\"sip:a@x.org\"/>";
  const std::string after = "<x:y xmlns:x=\"urn:x\"/></list><list name=\"z\"/>\n</resource-lists>";
  CHECK(with(before + after, bob) ==
        before + "<entry uri=\"sip:bob@example.org\"><display-name>Bob</display-name></entry>" + after);
}

TEST_CASE("buddy list: elements are made with the prefix that the document has for them") {
  const std::string document =
      "<r:resource-lists xmlns:r=\"urn:ietf:params:xml:ns:resource-lists\"><r:list "
      "name=\"friends\"/></r:resource-lists>";
  const std::string after = with(document, bob);
  CHECK(in(after) == std::vector<Buddy>{bob});
  CHECK(after.find("<r:entry uri=\"sip:bob@example.org\"><r:display-name>Bob</r:display-name></r:entry>") !=
        std::string::npos);
  CHECK(in(with(document, {"sip:bob@example.org", "Bob", "others"})).front().group == "others");
}

TEST_CASE("buddy list: a name is replaced, made and taken away within its entry") {
  const std::string before = lists(
      "<list name=\"friends\"><entry uri=\"sip:bob@example.org\" x:y=\"z\"><display-name "
      "xml:lang=\"en\">Robert</display-name><x:more/></entry></list>",
      " xmlns:x=\"urn:x\"");
  CHECK(with(before, bob) ==
        lists("<list name=\"friends\"><entry uri=\"sip:bob@example.org\" x:y=\"z\"><display-name "
              "xml:lang=\"en\">Bob</display-name><x:more/></entry></list>",
              " xmlns:x=\"urn:x\""));
  CHECK(with(before, {bob.uri, "", bob.group}) ==
        lists("<list name=\"friends\"><entry uri=\"sip:bob@example.org\" x:y=\"z\"><x:more/></entry></list>",
              " xmlns:x=\"urn:x\""));
  CHECK(with(with(before, {bob.uri, "", bob.group}), bob).find("<display-name>Bob</display-name><x:more/>") !=
        std::string::npos);
  CHECK(with(lists("<list name=\"friends\"><entry uri=\"sip:bob@example.org\" /></list>"), bob) ==
        lists("<list name=\"friends\"><entry uri=\"sip:bob@example.org\" "
              "><display-name>Bob</display-name></entry></list>"));
  CHECK(with(before, {bob.uri, "Robert", bob.group}) == before);
}

TEST_CASE("buddy list: an entry that goes to another group takes all that it has with it") {
  const std::string before = lists(
      "<list name=\"a\" xmlns:x=\"urn:x\"><entry uri=\"sip:bob@example.org\" "
      "x:since=\"1\"><display-name>Bob</display-name>"
      "<x:more/></entry></list><list name=\"friends\"/>");
  const std::string after = with(before, bob);
  CHECK(in(after) == std::vector<Buddy>{bob});
  CHECK(after.find("x:since=\"1\"") != std::string::npos);
  CHECK(after.find("<x:more/>") != std::string::npos);
  CHECK(in(with(before, {bob.uri, "B", "new"})) == std::vector<Buddy>{{bob.uri, "B", "new"}});
}

TEST_CASE("buddy list: the group that was asked for is the one, however many lists name the person") {
  const std::string before = lists(
      "<list name=\"a\"><entry uri=\"sip:bob@example.org\"/></list>"
      "<list name=\"friends\"><entry uri=\"sip:Bob@example.org\"/><entry uri=\"sip:bob@example.org\"/></list>"
      "<list name=\"c\"><entry uri=\"sip:bob@EXAMPLE.org\"/></list>");
  const std::string after = with(before, bob);
  CHECK(in(after) == std::vector<Buddy>{{"sip:Bob@example.org", "", "friends"}, bob});
  const std::string same = with(before, {bob.uri, "", "a"});
  CHECK(same == before);
}

TEST_CASE("buddy list: a removal takes every entry of the person, and nothing else") {
  const std::string before = lists(
      "\n <list name=\"a\">\n  <entry uri=\"sip:bob@example.org\"/>\n  <entry uri=\"sip:c@x.org\"/>\n </list>"
      "<list><entry uri=\"sip:bob@EXAMPLE.org\">text is no matter</entry></list>");
  const auto after = xdm::without_buddy(before, bob.uri, limits);
  REQUIRE(after.ok());
  CHECK(*after == lists("\n <list name=\"a\">\n  <entry uri=\"sip:c@x.org\"/>\n </list><list></list>"));
}

TEST_CASE("buddy list: texts that mean something in XML are texts") {
  const Buddy odd{"sip:a'&@example.org", "<b>&amp;\"'", "]]>&<\"'"};
  CHECK(in(with(std::nullopt, odd)) == std::vector<Buddy>{odd});
  CHECK(in(with(with(std::nullopt, bob), odd)).back() == odd);
}
