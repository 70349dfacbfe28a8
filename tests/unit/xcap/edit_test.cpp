// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"

#include "xcap_world.hpp"

#include <string>
#include <variant>

using namespace rollcall;
using namespace rollcall::xcap;
using tests::document_of;
using tests::selector_of;

namespace {

// RFC 4825 §8.2.3
const char* const before = R"(<?xml version="1.0"?>
   <root>
    <el1 att="first"/>
    <el1 att="second"/>
    <!-- comment -->
    <el2 att="first"/>
   </root>)";

struct Result {
  std::string text;        // "" when it was refused
  ConflictKind kind = {};  // then: why
  int status = 0;          // 200, 201 or that of the refusal
};

Result result_of(const std::variant<Edit, Refusal>& edit) {
  if (const auto* done = std::get_if<Edit>(&edit))
    return {done->document.text(), {}, done->created ? 201 : 200};
  const auto& refusal = std::get<Refusal>(edit);
  return {"", refusal.conflict ? refusal.conflict->kind : ConflictKind::not_utf_8, refusal.status};
}

Result put(const std::string& text, const std::string& selector, const std::string& body,
           const std::string& query = "") {
  const auto document = document_of(text);
  const auto parsed = selector_of(selector, query);
  const std::span<const Step> steps = parsed.steps;
  const bool is_attribute = parsed.target == Target::attribute;
  const auto parent = select(document, is_attribute ? steps : steps.first(steps.size() - 1));
  REQUIRE(parent.is_one());
  if (is_attribute) return result_of(put_attribute(document, parsed, parent.element, body, {}));
  const auto fragment = read_fragment(document, parent.element, body, {});
  if (const auto* refusal = std::get_if<Refusal>(&fragment)) return result_of(*refusal);
  return result_of(put_element(document, parsed, parent.element, std::get<Fragment>(fragment), {}));
}

Result remove(const std::string& text, const std::string& selector) {
  return result_of(remove_node(document_of(text), selector_of(selector), {}));
}

}  // namespace

TEST_CASE("put: a new element follows the last of its name [RFC 4825 §8.2.3]") {
  const std::string after = R"(<?xml version="1.0"?>
   <root>
    <el1 att="first"/>
    <el1 att="second"/><el1 att="third"/>
    <!-- comment -->
    <el2 att="first"/>
   </root>)";
  for (const auto* selector : {"root/el1%5B@att=%22third%22%5D", "root/el1%5B3%5D%5B@att=%22third%22%5D",
                               "root/*%5B3%5D%5B@att=%22third%22%5D"}) {
    CAPTURE(selector);
    const auto result = put(before, selector, R"(<el1 att="third"/>)");
    CHECK(result.status == 201);
    CHECK(result.text == after);
  }
}

TEST_CASE("put: the first of its name goes behind everything [RFC 4825 §8.2.3]") {
  const auto result = put(before, "root/el3", R"(<el3 att="first"/>)");
  CHECK(result.status == 201);
  CHECK(result.text == R"(<?xml version="1.0"?>
   <root>
    <el1 att="first"/>
    <el1 att="second"/>
    <!-- comment -->
    <el2 att="first"/>
   <el3 att="first"/></root>)");
  CHECK(put(before, "root/el3%5B1%5D", R"(<el3 att="first"/>)").text == result.text);
  CHECK(put(before, "root/*%5B@att=%22x%22%5D", R"(<el3 att="x"/>)").text ==
        put(before, "root/el3", R"(<el3 att="x"/>)").text);
}

TEST_CASE("put: a second el2 follows the first one [RFC 4825 §8.2.3]") {
  const std::string after = R"(<?xml version="1.0"?>
   <root>
    <el1 att="first"/>
    <el1 att="second"/>
    <!-- comment -->
    <el2 att="first"/><el2 att="2"/>
   </root>)";
  CHECK(put(before, "root/el2%5B@att=%222%22%5D", R"(<el2 att="2"/>)").text == after);
  CHECK(put(before, "root/el2%5B2%5D%5B@att=%222%22%5D", R"(<el2 att="2"/>)").text == after);
}

TEST_CASE("put: a position among all elements comes right after those before it [RFC 4825 §8.2.3]") {
  CHECK(put(before, "root/*%5B2%5D%5B@att=%222%22%5D", R"(<el2 att="2"/>)").text == R"(<?xml version="1.0"?>
   <root>
    <el1 att="first"/><el2 att="2"/>
    <el1 att="second"/>
    <!-- comment -->
    <el2 att="first"/>
   </root>)");
}

TEST_CASE("put: position 1 comes right before the first of its name [RFC 4825 §8.2.3]") {
  CHECK(put(before, "root/el2%5B1%5D%5B@att=%222%22%5D", R"(<el2 att="2"/>)").text == R"(<?xml version="1.0"?>
   <root>
    <el1 att="first"/>
    <el1 att="second"/>
    <!-- comment -->
    <el2 att="2"/><el2 att="first"/>
   </root>)");
}

TEST_CASE("put: *[1] comes before all existing elements [RFC 4825 §8.2.3]") {
  CHECK(put(before, "root/*%5B1%5D%5B@att=%222%22%5D", R"(<el2 att="2"/>)").text == R"(<?xml version="1.0"?>
   <root>
    <el2 att="2"/><el1 att="first"/>
    <el1 att="second"/>
    <!-- comment -->
    <el2 att="first"/>
   </root>)");
}

TEST_CASE("put: with * and an attribute an element stays with those of its name [RFC 4825 §8.2.3]") {
  CHECK(put(before, "root/*%5B@att=%22third%22%5D", R"(<el1 att="third"/>)").text ==
        put(before, "root/el1%5B@att=%22third%22%5D", R"(<el1 att="third"/>)").text);
}

TEST_CASE("put: a position that cannot be had is cannot-insert [RFC 4825 §8.2.3]") {
  for (const auto* selector :
       {"root/el1%5B4%5D%5B@att=%22x%22%5D", "root/el3%5B2%5D", "root/*%5B5%5D", "root/el1%5B0%5D",
        "root/*%5B4294967295%5D", "root/el1%5B99999999999999999999%5D"}) {
    CAPTURE(selector);
    const auto result = put(before, selector, R"(<el1 att="x"/>)");
    CHECK(result.status == 409);
    CHECK(result.kind == ConflictKind::cannot_insert);
  }
}

TEST_CASE("put: an element that the selector would not find is cannot-insert [RFC 4825 §7.4, §8.2.3]") {
  struct Row {
    const char* selector;
    const char* body;
  };
  const Row rows[] = {
      {"root/el1%5B@att=%22third%22%5D", "<el1 att='other'/>"},
      {"root/el1%5B@att=%22third%22%5D", "<el2 att='third'/>"},
      {"root/el1%5B@att=%22first%22%5D", "<el1 att='other'/>"},  // a replacement
      {"root/el1%5B@att=%22first%22%5D", "<el1 att='second'/>"},
      {"root/el2", "<el3/>"},
      {"root/el1", "<el1/>"},  // several are there
      {"root/*", "<el1/>"},
      {"root/el3", "<el3 xmlns='urn:x'/>"},
      {"root", "<other/>"},
      {"other", "<other/>"},  // a second root
      {"*%5B2%5D", "<other/>"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.selector);
    const auto result = put(before, row.selector, row.body);
    CHECK(result.status == 409);
    CHECK(result.kind == ConflictKind::cannot_insert);
  }
}

TEST_CASE("put: a replacement is complete, and nothing else changes [RFC 4825 §7.4, §8.2.4]") {
  const auto result = put(before, "root/el1%5B2%5D", "<el1 new='1'>\n text <!-- c --></el1>");
  CHECK(result.status == 200);
  CHECK(result.text == R"(<?xml version="1.0"?>
   <root>
    <el1 att="first"/>
    <el1 new='1'>
 text <!-- c --></el1>
    <!-- comment -->
    <el2 att="first"/>
   </root>)");
  CHECK(put(before, "root", "<root/>").text == "<?xml version=\"1.0\"?>\n   <root/>");
}

TEST_CASE("put: the same twice is the same as once [RFC 4825 §7]") {
  const auto once = put(before, "root/el1%5B@att=%22third%22%5D", R"(<el1 att="third"/>)");
  const auto twice = put(once.text, "root/el1%5B@att=%22third%22%5D", R"(<el1 att="third"/>)");
  CHECK(twice.status == 200);
  CHECK(twice.text == once.text);
}

TEST_CASE("put: an empty-element tag opens for its first child") {
  CHECK(put("<r><l a='1' /></r>", "r/l/e", "<e/>").text == "<r><l a='1' ><e/></l></r>");
  CHECK(put("<p:r xmlns:p='urn:p'/>", "p:r/e", "<e/>", "xmlns(p=urn:p)").text ==
        "<p:r xmlns:p='urn:p'><e/></p:r>");
  CHECK(put("<r/>", "r/*%5B1%5D%5B@a=%221%22%5D", "<e a='1'/>").text == "<r><e a='1'/></r>");
  CHECK(put("<r/>", "r/*", "<e/>").text == "<r><e/></r>");
}

TEST_CASE("put: bindings around the parent are in scope, declarations of the body stay [RFC 4825 §8.2.3]") {
  const std::string text = "<r xmlns='urn:a' xmlns:p='urn:p'><l/></r>";
  CHECK(put(text, "a:r/a:l/p:e", "<p:e xmlns:p='urn:p'/>", "xmlns(a=urn:a)xmlns(p=urn:p)").text ==
        "<r xmlns='urn:a' xmlns:p='urn:p'><l><p:e xmlns:p='urn:p'/></l></r>");
  CHECK(put(text, "a:r/a:l/x:e", "<p:e/>", "xmlns(a=urn:a)xmlns(x=urn:p)").status == 201);
  CHECK(put(text, "a:r/a:l/a:e", "<e/>", "xmlns(a=urn:a)").status == 201);
  CHECK(put(text, "a:r/a:l/e", "<q:e/>", "xmlns(a=urn:a)").kind == ConflictKind::not_xml_frag);
}

TEST_CASE("put: a body that is not one element is not-xml-frag [RFC 4825 §8.2.2]") {
  for (const auto* body : {"",
                           "   ",
                           "text",
                           "<a/><b/>",
                           "<a/>text",
                           "text<a/>",
                           "<!-- c --><a/>",
                           "<a/><!-- c -->",
                           "<a>",
                           "</a>",
                           "<a></b>",
                           "<?xml version='1.0'?><a/>",
                           "<!DOCTYPE a><a/>",
                           "<a>&unknown;</a>",
                           "<a b='1' b='2'/>",
                           "<a b=1/>",
                           "</root><root>",
                           "<a/></root><root><b/>",
                           "</root>",
                           "<![CDATA[<a/>]]>",
                           "<a><![CDATA[</a>",
                           "<p:a/>",
                           "\xEF\xBB\xBF<a/>",
                           "<a/>\x01"}) {
    CAPTURE(body);
    const auto result = put(before, "root/a", body);
    CHECK(result.status == 409);
    CHECK(result.kind == ConflictKind::not_xml_frag);
  }
}

TEST_CASE("put: white space around the element of a body is not a part of it") {
  CHECK(put("<r/>", "r/a", "\r\n <a> b </a>\n").text == "<r><a> b </a></r>");
}

TEST_CASE("put: attributes come and change, all else stays [RFC 4825 §8.2.3, §8.2.4]") {
  const std::string text = "<r  b = '1'\n ><c/><d e=\"2\" /></r>";
  CHECK(put(text, "r/@a", "\"x\"").text == "<r  b = '1' a=\"x\"\n ><c/><d e=\"2\" /></r>");
  CHECK(put(text, "r/@a", "\"x\"").status == 201);
  CHECK(put(text, "r/c/@a", "'x'").text == "<r  b = '1'\n ><c a='x'/><d e=\"2\" /></r>");
  CHECK(put(text, "r/d/@a", "'x'").text == "<r  b = '1'\n ><c/><d e=\"2\" a='x' /></r>");
  CHECK(put(text, "r/@b", "\"&lt;\"").text == "<r  b = \"&lt;\"\n ><c/><d e=\"2\" /></r>");
  CHECK(put(text, "r/@b", "\"&lt;\"").status == 200);
}

TEST_CASE("put: an attribute gets the prefix that its namespace has there, or brings it") {
  CHECK(put("<r xmlns:p='urn:x'><c/></r>", "r/c/@q:a", "'1'", "xmlns(q=urn:x)").text ==
        "<r xmlns:p='urn:x'><c p:a='1'/></r>");
  CHECK(put("<r/>", "r/@q:a", "'1'", "xmlns(q=urn:x)").text == "<r xmlns:q=\"urn:x\" q:a='1'/>");
  CHECK(put("<r/>", "r/@xml:lang", "'en'").text == "<r xml:lang='en'/>");
  CHECK(put("<r/>", "r/@x:lang", "'en'", "xmlns(x=http://www.w3.org/XML/1998/namespace)").text ==
        "<r xml:lang='en'/>");
  // The default namespace does not count for attributes.
  CHECK(put("<r/>", "r/@q:a", "'1'", "xmlns(q=urn:x)").status == 201);
}

TEST_CASE("put: an attribute that cannot be named there is cannot-insert [RFC 4825 §8.2.3]") {
  CHECK(put("<q:r xmlns:q='urn:r'/>", "z:r/@q:a", "'1'", "xmlns(q=urn:x)xmlns(z=urn:r)").kind ==
        ConflictKind::cannot_insert);
  CHECK(put("<r/>", "r/@xmlns", "'urn:x'").kind == ConflictKind::cannot_insert);
  CHECK(put("<r/>", "r/@q:a", "'1'", "xmlns(q=urn:%22/%3e)").kind == ConflictKind::cannot_insert);
}

TEST_CASE("put: an attribute that its own selector tests is cannot-insert [RFC 4825 §7.7]") {
  const auto result = put("<r><s uri='good'/></r>", "r/s%5B@uri=%22good%22%5D/@uri", "'bad'");
  CHECK(result.status == 409);
  CHECK(result.kind == ConflictKind::cannot_insert);
  CHECK(put("<r><s uri='good'/></r>", "r/s%5B@uri=%22good%22%5D/@uri", "\"good\"").status == 200);
  CHECK(put("<r><s uri='good'/></r>", "r/s%5B1%5D/@uri", "'bad'").text == "<r><s uri='bad'/></r>");
}

TEST_CASE("delete: an element goes, the white space around it stays [RFC 4825 §8.4]") {
  const auto result = remove(before, "root/el1%5B@att=%22second%22%5D");
  CHECK(result.status == 200);
  CHECK(result.text == R"(<?xml version="1.0"?>
   <root>
    <el1 att="first"/>
    
    <!-- comment -->
    <el2 att="first"/>
   </root>)");
  CHECK(remove("<r><a/></r>", "r/a").text == "<r></r>");
}

TEST_CASE("delete: an attribute goes, with the space that kept it apart [RFC 4825 §7.8]") {
  const std::string text = "<r a='1'\n b=\"2\"><c  d='3' /></r>";
  CHECK(remove(text, "r/@a").text == "<r\n b=\"2\"><c  d='3' /></r>");
  CHECK(remove(text, "r/@b").text == "<r a='1'><c  d='3' /></r>");
  CHECK(remove(text, "r/c/@d").text == "<r a='1'\n b=\"2\"><c /></r>");
  CHECK(remove("<r><c d='3'/></r>", "r/c%5B@d=%223%22%5D/@d").text == "<r><c/></r>");
}

TEST_CASE("delete: a selector that would find another node afterwards is cannot-delete [RFC 4825 §7.5]") {
  for (const auto* selector : {"root/el1%5B1%5D", "root/*%5B1%5D", "root/*%5B2%5D"}) {
    CAPTURE(selector);
    const auto result = remove(before, selector);
    CHECK(result.status == 409);
    CHECK(result.kind == ConflictKind::cannot_delete);
  }
}

TEST_CASE("delete: the last of its name, or of all, may be named by its position [RFC 4825 §7.5]") {
  CHECK(remove(before, "root/el1%5B2%5D").status == 200);
  CHECK(remove(before, "root/*%5B3%5D").status == 200);
  CHECK(remove(before, "root/*%5B1%5D%5B@att=%22first%22%5D").status == 200);
}

TEST_CASE("delete: what is not there, or not one, is 404 [RFC 4825 §8.4]") {
  for (const auto* selector :
       {"root/el3", "root/el1", "root/*", "other", "root/el1%5B3%5D", "root/el2/@other"}) {
    CAPTURE(selector);
    CHECK(remove(before, selector).status == 404);
  }
}

TEST_CASE("delete: a document keeps its root element") {
  const auto result = remove(before, "root");
  CHECK(result.status == 409);
  CHECK(result.kind == ConflictKind::schema_validation_error);
}
