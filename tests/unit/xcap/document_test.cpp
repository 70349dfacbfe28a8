// SPDX-License-Identifier: Apache-2.0
#include "xcap_world.hpp"

#include <string>
#include <vector>

using namespace rollcall;
using namespace rollcall::xcap;
using tests::document_of;

TEST_CASE("document: elements know where they stand") {
  const std::string text =
      "\xEF\xBB\xBF<?xml version='1.0'?><!-- <no/> -->\n<r a='>' b = \"/\" ><![CDATA[<no/>]]><x/><?p <no/>?>"
      "<y c='1' >t</y >\n</r><!-- end -->";
  const auto document = document_of(text);
  REQUIRE(document.size() == 3);
  CHECK(document.element_text(1) == "<x/>");
  CHECK(document.element_text(2) == "<y c='1' >t</y >");
  CHECK(document.element(0).parent == Document::none);
  CHECK(document.first_child(Document::none) == 0);
  CHECK(document.first_child(0) == 1);
  CHECK(document.element(1).next == 2);
  CHECK(document.element(1).is_empty_tag());
  CHECK_FALSE(document.element(2).is_empty_tag());
  CHECK(document.element(2).next == Document::none);
  REQUIRE(document.attributes(0).size() == 2);
  CHECK(document.quoted_value(document.attributes(0)[0]) == "'>'");
  CHECK(document.quoted_value(document.attributes(0)[1]) == "\"/\"");
  CHECK(document.text() == text);
}

TEST_CASE("document: names are expanded, the default counts for elements alone") {
  const auto document =
      document_of("<r xmlns='urn:a' b='1' p:b='2' xmlns:p='urn:p'><p:x/><y xmlns=''/><z/></r>");
  CHECK(document.element(0).expanded == ExpandedName{"urn:a", "r"});
  CHECK(document.element(1).expanded == ExpandedName{"urn:p", "x"});
  CHECK(document.element(2).expanded == ExpandedName{"", "y"});
  CHECK(document.element(3).expanded == ExpandedName{"urn:a", "z"});
  CHECK(document.find_attribute(0, {"", "b"}) == &document.attributes(0)[0]);
  CHECK(document.find_attribute(0, {"urn:p", "b"}) == &document.attributes(0)[1]);
  CHECK(document.find_attribute(0, {"urn:a", "b"}) == nullptr);
}

TEST_CASE("document: bindings in scope, the innermost of each prefix [RFC 4825 §10]") {
  const auto document =
      document_of("<r xmlns='urn:a' xmlns:q='urn:q' xmlns:p='urn:p'><x xmlns:p='urn:z' xmlns=''/></r>");
  CHECK(document.bindings(0) ==
        std::vector<Document::Binding>{{"", "urn:a"}, {"p", "urn:p"}, {"q", "urn:q"}});
  CHECK(document.bindings(1) == std::vector<Document::Binding>{{"p", "urn:z"}, {"q", "urn:q"}});
}

TEST_CASE("document: characters and values as XML reads them [XML 1.0 §2.11, §3.3.3]") {
  const auto document = document_of(
      "<r a='x\r\ny\tz&#9;&lt;&#x20AC;&#128512;'>a&amp;b<!-- c --><x>d</x><![CDATA[<e>]]><?f g?>\r\nh</r>");
  CHECK(document.value(0, "a") == "x y z\t<\xE2\x82\xAC\xF0\x9F\x98\x80");
  CHECK(document.characters(0) == "a&b<e>\nh");
  CHECK(document.has_value(document.attributes(0)[0], "x y z\t<\xE2\x82\xAC\xF0\x9F\x98\x80"));
  CHECK_FALSE(document.value(0, "b"));
}

TEST_CASE("document: what the guard refuses is no document") {
  for (const auto* text :
       {"", "<a>", "<a/><b/>", "<!DOCTYPE a><a/>", "<a b='1' b='2'/>", "<p:a/>", "<a>&b;</a>"}) {
    CAPTURE(text);
    CHECK_FALSE(Document::parse(text, {}).ok());
  }
}
