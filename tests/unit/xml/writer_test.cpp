// SPDX-License-Identifier: Apache-2.0
#include "support/schema.hpp"

#include <string>

#include <rollcall/xml/guard.hpp>
#include <rollcall/xml/writer.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using xml::Writer;

namespace {

std::string head(std::string_view rest) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + std::string(rest) + "\n";
}

}  // namespace

TEST_CASE("writer: elements nest, empty ones are short, and what is open is closed at the end") {
  Writer out("r", "urn:r");
  out.attribute("a", "1").attribute("n", 18'446'744'073'709'551'615ULL).attribute("none", std::nullopt);
  out.attribute_if_any("b", "").attribute_if_any("c", "x");
  out.open("e").close().element("f", "t").element("g", "").element_if_any("h", "").open("i").open("j").text(
      "");
  CHECK(out.take() ==
        head("<r xmlns=\"urn:r\" a=\"1\" n=\"18446744073709551615\" c=\"x\"><e/><f>t</f><g/><i><j/>"
             "</i></r>"));
}

TEST_CASE("writer: values come back as they were [XML 1.0 §2.11, §3.3.3]") {
  const std::string value = " a<b>&\"'\t\n\r\xC3\xA4\xF0\x9F\x98\x80 ";
  Writer out("r", "urn:r");
  out.attribute("a", value).text(value);
  const auto tree = tests::read_tree(out.take());
  REQUIRE(tree);
  const auto* root = xmlDocGetRootElement(tree.get());
  xmlChar* text = xmlNodeGetContent(root);
  CHECK(std::string(reinterpret_cast<const char*>(text)) == value);
  xmlFree(text);
  xmlChar* attribute = xmlGetProp(root, reinterpret_cast<const xmlChar*>("a"));
  CHECK(std::string(reinterpret_cast<const char*>(attribute)) == value);
  xmlFree(attribute);
}

TEST_CASE("writer: what no document may hold is replaced, so that it is well-formed whatever comes in") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string value = {'x', static_cast<char>(byte), 'y'};
    Writer out("r", "urn:r");
    out.attribute("a", value).element("e", value);
    CHECK(xml::guard(out.take(), {}).ok());
  }
  CHECK(xml::sound_text("a\x01"
                        "b") ==
        "a\xEF\xBF\xBD"
        "b");
  CHECK(xml::sound_text("\xED\xA0\x80") == "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");  // half a surrogate pair
  CHECK(xml::sound_text("\xEF\xBF\xBF") == "\xEF\xBF\xBD");                          // U+FFFF
  CHECK(xml::sound_text("\xC3") == "\xEF\xBF\xBD");
}

TEST_CASE("writer: an element from elsewhere keeps its namespaces") {
  const auto read = xml::read_document(
      "<a:x xmlns:a='urn:a' xmlns:b='urn:b' b:p='1' q='&lt;' xml:lang='en'><b:y>t</b:y><z "
      "xmlns='urn:r'/></a:x>",
      {});
  REQUIRE(read.ok());
  Writer out("r", "urn:r");
  out.element(*read);
  const auto text = out.take();
  CAPTURE(text);
  const auto again = xml::read_document(text, {});
  REQUIRE(again.ok());
  REQUIRE(again->children.size() == 1);
  const auto& x = again->children[0];
  CHECK(x.is("urn:a", "x"));
  REQUIRE(x.attributes.size() == 3);
  CHECK(x.attributes[0].namespace_uri == "urn:b");
  CHECK(x.attribute("q")->value == "<");
  CHECK(x.children[0].is("urn:b", "y"));
  CHECK(x.children[0].text == "t");
  CHECK(x.children[1].is("urn:r", "z"));
}
