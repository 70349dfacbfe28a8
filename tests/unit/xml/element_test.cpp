// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/xml/element.hpp>
#include <rollcall/xml/pidf.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using xml::Element;

namespace {

Element read(const std::string& text) {
  auto root = xml::read_document(text, {100'000, 32});
  CAPTURE(text);
  REQUIRE(root.ok());
  return *root;
}

}  // namespace

TEST_CASE("element: names have their namespaces, declared anywhere above") {
  const auto root = read(
      "<a xmlns='u:1' xmlns:p='u:2'><b/><p:c p:x='1' y='2'/><d xmlns='' xmlns:p='u:3'><p:e/></d><f/></a>");
  CHECK(root.is("u:1", "a"));
  REQUIRE(root.children.size() == 4);
  CHECK(root.children[0].is("u:1", "b"));
  CHECK(root.children[1].is("u:2", "c"));
  CHECK(root.children[2].is("", "d"));
  CHECK(root.children[2].children[0].is("u:3", "e"));
  CHECK(root.children[3].is("u:1", "f"));
}

TEST_CASE("element: attributes without a prefix have no namespace, declarations are no attributes") {
  const auto root = read("<a xmlns='u:1' xmlns:p='u:2' p:x='1' y='&lt;2'/>");
  REQUIRE(root.attributes.size() == 2);
  CHECK(root.attributes[0].namespace_uri == "u:2");
  REQUIRE(root.attribute("y"));
  CHECK(root.attribute("y")->value == "<2");
  CHECK(root.attribute("x") == nullptr);
  CHECK(root.attribute("z") == nullptr);
}

TEST_CASE("element: text is what stands directly in it, in however many pieces") {
  const auto root = read("<a> one<!-- no -->&#32;<![CDATA[<two>]]><b>three</b>\n</a>");
  CHECK(root.text == "one <two>");
  CHECK(root.children[0].text == "three");
}

TEST_CASE("element: knows where it begins and ends, whatever stands in between") {
  const std::string text =
      "\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<!-- <a> --><a x='/a>' y=\"/>\"><b/><!-- </a> "
      "--><![CDATA[</a>]]>"
      "<?pi </a>?><b  >x<c></c></b ></a >\n";
  const auto root = read(text);
  const auto part = [&](const Element& element) {
    return text.substr(element.begin, xml::end_of_element(text, element.begin) - element.begin);
  };
  CHECK(part(root).starts_with("<a x="));
  CHECK(part(root).ends_with("</a >"));
  CHECK(part(root.children[0]) == "<b/>");
  CHECK(part(root.children[1]) == "<b  >x<c></c></b >");
  CHECK(part(root.children[1].children[0]) == "<c></c>");
}

TEST_CASE("element: what guard() refuses is refused") {
  CHECK(xml::read_document("<a>", {100, 32}).error().code == base::ErrorCode::malformed);
  CHECK(xml::read_document("<!DOCTYPE a><a/>", {100, 32}).error().code == base::ErrorCode::malformed);
  CHECK(xml::read_document("<a/>", {3, 32}).error().code == base::ErrorCode::too_large);
}

TEST_CASE("element: a fragment is read with its known prefixes") {
  const auto document = xml::PidfDocument::parse(
      "<presence xmlns='urn:ietf:params:xml:ns:pidf' xmlns:q='urn:ietf:params:xml:ns:pidf:rpid' "
      "xmlns:z='u:z' entity='sip:a@a'>"
      "<tuple id='t'><status/><q:user-input idle-threshold='600' "
      "z:w='&quot;'>idle</q:user-input><z:own><z:x/></z:own></tuple></presence>",
      base::Limits());
  REQUIRE(document.ok());
  const auto& parts = document->tuples[0].extensions;
  const auto input = xml::element_of(parts[0]);
  CHECK(input.is("urn:ietf:params:xml:ns:pidf:rpid", "user-input"));
  CHECK(input.text == "idle");
  CHECK(input.attribute("idle-threshold")->value == "600");
  CHECK(xml::element_of(parts[1]).children[0].is("u:z", "x"));
}

TEST_CASE("element: a value can be put between quotes") {
  CHECK(xml::attribute_text("a<b>&\"c'\n") == "a&lt;b&gt;&amp;&quot;c'&#10;");
}
