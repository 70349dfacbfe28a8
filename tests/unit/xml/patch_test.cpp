// SPDX-License-Identifier: Apache-2.0
#include "patches.hpp"

#include <string>
#include <string_view>
#include <variant>

#include <rollcall/xml/patch.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using tests::attempt;
using tests::canonical;
using tests::patch_sample;
using tests::patched;
using xml::PatchFault;

namespace {

// RFC 5261 Appendix A: the document; the patch and the result are the next two. Not 47, below.
constexpr int triples[] = {2, 5, 8, 11, 14, 17, 20, 23, 26, 29, 32, 35, 38, 41, 44, 50, 53};

}  // namespace

TEST_CASE("patch: the examples of the RFC give what it prints [RFC 5261 Appendix A]") {
  for (const int document : triples) {
    CAPTURE(document);
    const auto result =
        xml::apply_patch(patch_sample(document, "doc"), patch_sample(document + 1, "diff"), {});
    REQUIRE(std::holds_alternative<std::string>(result));
    CHECK(canonical(std::get<std::string>(result)) == canonical(patch_sample(document + 2, "doc")));
  }
  // The RFC prints this one without the two spaces that stood before the instruction, which nothing
  // removes.
  const auto result = xml::apply_patch(patch_sample(47, "doc"), patch_sample(48, "diff"), {});
  REQUIRE(std::holds_alternative<std::string>(result));
  CHECK(canonical(std::get<std::string>(result)) ==
        "<doc>\n  <foo a=\"1\">This is a sample document</foo>\n  \n</doc>");
}

TEST_CASE("patch: selectors take names, attributes, values and positions, in any order [RFC 5261 §4.1]") {
  const std::string_view doc = "<d><e a='1' b='x'>t</e><e a='1'><c>v</c></e><e a='2'/><f/></d>";
  const auto marks = [&](std::string_view selector) {
    return patched(doc, fmt::format("<add sel=\"{}\" type=\"@m\">y</add>", selector));
  };
  const std::string first =
      "<d><e a=\"1\" b=\"x\" m=\"y\">t</e><e a=\"1\"><c>v</c></e><e a=\"2\"></e><f></f></d>";
  const std::string second =
      "<d><e a=\"1\" b=\"x\">t</e><e a=\"1\" m=\"y\"><c>v</c></e><e a=\"2\"></e><f></f></d>";
  const std::string third =
      "<d><e a=\"1\" b=\"x\">t</e><e a=\"1\"><c>v</c></e><e a=\"2\" m=\"y\"></e><f></f></d>";
  CHECK(marks("d/e[1]") == first);
  CHECK(marks("/d/e[1]") == first);
  CHECK(marks("*/*[1]") == first);
  CHECK(marks("d/e[@b='x']") == first);
  CHECK(marks("d/e[.='t']") == first);
  CHECK(marks("d/e[@a='1'][@b='x']") == first);
  CHECK(marks("*/ e[ @b = 'x' ]") == first);
  CHECK(marks("d/e[c='v']") == second);
  CHECK(marks("d/e[.='v']") == second);
  CHECK(marks("d/e[@a='1'][2]") == second);
  CHECK(marks("d/e[@a='2'][1]") == third);
  CHECK(marks("d/e[3][@a='2']") == third);
  CHECK(marks("d/e[1][@a='2']") == "unlocated-node");
  CHECK(marks("d/e[@a='1']") == "unlocated-node");  // two
  CHECK(marks("d/e[0]") == "unlocated-node");
  CHECK(marks("d/e[99999999999999999999]") == "unlocated-node");
  CHECK(marks("d/nothing") == "unlocated-node");
}

TEST_CASE("patch: id() finds xml:id, and the ids of presence documents [RFC 5261 §4.1, RFC 5262 §3]") {
  CHECK(patched("<d><e xml:id='a'/></d>", "<add sel=\"id('a')\">x</add>") == "<d><e xml:id=\"a\">x</e></d>");
  CHECK(patched("<d><e xml:id='a'><f/></e></d>", "<remove sel='id(\"a\")/f'/>") ==
        "<d><e xml:id=\"a\"></e></d>");
  CHECK(patched("<presence xmlns='urn:ietf:params:xml:ns:pidf'><tuple id='t' n='1'/></presence>",
                "<replace sel=\"id('t')/@n\">2</replace>") ==
        "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\"><tuple id=\"t\" n=\"2\"></tuple></presence>");
  // No schema says that this is an ID.
  CHECK(patched("<d><e id='a'/></d>", "<add sel=\"id('a')\">x</add>") == "unlocated-node");
  CHECK(patched("<d><e xml:id='a'/><e xml:id='a'/></d>", "<remove sel=\"id('a')\"/>") == "unlocated-node");
  CHECK(patched("<d/>", "<remove sel=\"id()\"/>") == "invalid-attribute-value");
  CHECK(patched("<id><e/></id>", "<remove sel=\"id/e\"/>") == "<id></id>");
}

TEST_CASE("patch: a selector that the grammar does not know is an invalid attribute value [RFC 5261 §8]") {
  for (const auto* selector : {"",
                               "/",
                               "//e",
                               "d//e",
                               "d/",
                               "d/e[",
                               "d/e[]",
                               "d/e[@a]",
                               "d/e[@a='1",
                               "d/e[last()]",
                               "d/..",
                               "d/.",
                               "d/e|d/f",
                               "d/text()/e",
                               "d/text()[.='x']",
                               "d/node()",
                               "descendant::e",
                               "@a",
                               "text(",
                               "d/e[-1]",
                               "d/e[local-name()='x']",
                               "d/@a/b",
                               "d/e[1]x",
                               "d/processing-instruction(a)",
                               "id('x'",
                               "$x"}) {
    CAPTURE(selector);
    CHECK(patched("<d a='1'><e a='1'/><f/></d>", fmt::format("<remove sel=\"{}\"/>", selector)) ==
          "invalid-attribute-value");
  }
}

TEST_CASE("patch: prefixes of selectors mean what they mean in the patch [RFC 5261 §4.2.1]") {
  const std::string_view doc = "<b:d xmlns:b='foo:'><b:e/></b:d>";
  CHECK(patched(doc, "<remove sel='a:d/a:e'/>", "xmlns:a='foo:'") == "<b:d xmlns:b=\"foo:\"></b:d>");
  CHECK(patched(doc, "<p:remove sel='d/e'/>", "xmlns:p='p:' xmlns='foo:'") == "invalid-diff-format");
  const auto with_default =
      xml::apply_patch(doc, "<p:diff xmlns='foo:' xmlns:p='p:'><p:remove sel='d/e'/></p:diff>", {});
  REQUIRE(std::holds_alternative<std::string>(with_default));
  CHECK(canonical(std::get<std::string>(with_default)) == "<b:d xmlns:b=\"foo:\"></b:d>");
  // Without a default namespace a bare name is in none, whatever the target's default is.
  CHECK(patched("<d xmlns='foo:'><e/></d>", "<remove sel='d/e'/>") == "unlocated-node");
  CHECK(patched(doc, "<remove sel='x:d'/>") == "invalid-namespace-prefix");
  CHECK(patched(doc, "<remove sel=\"*/*[@x:a='1']\"/>") == "invalid-namespace-prefix");
  // An attribute without a prefix is in no namespace.
  CHECK(patched("<d xmlns:q='foo:'><e q:a='1'/></d>", "<remove sel=\"*/*[@a='1']\"/>") == "unlocated-node");
  CHECK(patched("<d xmlns:q='foo:'><e q:a='1'/></d>", "<remove sel=\"*/*[@z:a='1']\"/>", "xmlns:z='foo:'") ==
        "<d xmlns:q=\"foo:\"></d>");
}

TEST_CASE("patch: added names take the target's prefix for their namespace [RFC 5261 §4.2.3]") {
  CHECK(patched("<d xmlns:b='foo:'/>", "<add sel='d'><a:bar a:x='1'/></add>", "xmlns:a='foo:'") ==
        "<d xmlns:b=\"foo:\"><b:bar b:x=\"1\"></b:bar></d>");
  // The first rule: the same prefix, if the target has it.
  CHECK(patched("<d xmlns:a='foo:' xmlns:b='foo:'/>", "<add sel='d'><b:bar/></add>", "xmlns:b='foo:'") ==
        "<d xmlns:a=\"foo:\" xmlns:b=\"foo:\"><b:bar></b:bar></d>");
  // The second: that of the element where it comes in.
  CHECK(patched("<y:d xmlns:x='foo:' xmlns:y='foo:'/>", "<add sel='*'><xx:bar/></add>", "xmlns:xx='foo:'") ==
        "<y:d xmlns:x=\"foo:\" xmlns:y=\"foo:\"><y:bar></y:bar></y:d>");
  // The third: the one just before it in the alphabet, or the first.
  const std::string_view xy = "<d xmlns:x='foo:' xmlns:y='foo:'/>";
  CHECK(patched(xy, "<add sel='*'><xx:bar/></add>", "xmlns:xx='foo:'").find("<x:bar>") != std::string::npos);
  CHECK(patched(xy, "<add sel='*'><z:bar/></add>", "xmlns:z='foo:'").find("<y:bar>") != std::string::npos);
  CHECK(patched(xy, "<add sel='*'><a:bar/></add>", "xmlns:a='foo:'").find("<x:bar>") != std::string::npos);
  const std::string_view with_default =
      "<d xmlns='foo:' xmlns:x='foo:' xmlns:y='foo:'><z:e xmlns:z='z:'/></d>";
  CHECK(patched(with_default, "<add sel='*/*'><a:bar/></add>", "xmlns:a='foo:'").find("<bar>") !=
        std::string::npos);
  // An attribute cannot use the default one.
  CHECK(patched(with_default, "<add sel='*/*'><w b:q='1'/></add>", "xmlns:b='foo:'").find("x:q=") !=
        std::string::npos);
  CHECK(patched("<d xmlns='foo:'/>", "<add sel='*' type='@b:q'>1</add>", "xmlns:b='foo:'") ==
        "invalid-namespace-uri");
}

TEST_CASE(
    "patch: a namespace that the target lacks is an error, unless it is declared locally [RFC 5261 §4.2.3]") {
  CHECK(patched("<d/>", "<add sel='d'><a:bar/></add>", "xmlns:a='foo:'") == "invalid-namespace-uri");
  CHECK(patched("<d xmlns:b='foo:'/>", "<add sel='d'><a:bar xmlns:a='foo:'><a:c/></a:bar></add>") ==
        "<d xmlns:b=\"foo:\"><a:bar xmlns:a=\"foo:\"><a:c></a:c></a:bar></d>");
  // A prefix that the content gave another meaning is not taken.
  CHECK(patched("<d xmlns:b='foo:' xmlns:c='foo:'/>", "<add sel='d'><q xmlns:b='other:'><a:r/></q></add>",
                "xmlns:a='foo:'") ==
        "<d xmlns:b=\"foo:\" xmlns:c=\"foo:\"><q xmlns:b=\"other:\"><c:r></c:r></q></d>");
  // Without a namespace it stays without.
  CHECK(patched("<d xmlns='foo:'/>", "<add sel='*'><e><f/></e></add>") ==
        "<d xmlns=\"foo:\"><e xmlns=\"\"><f></f></e></d>");
}

TEST_CASE("patch: nodes are added at the end, in front, before and after [RFC 5261 §4.3.4, §4.3.5]") {
  const std::string_view doc = "<d>one<e/>two</d>";
  CHECK(patched(doc, "<add sel='d'>x<f/></add>") == "<d>one<e></e>twox<f></f></d>");
  CHECK(patched(doc, "<add sel='d' pos='prepend'>x<f/></add>") == "<d>x<f></f>one<e></e>two</d>");
  CHECK(patched(doc, "<add sel='d/e' pos='before'>x<f/></add>") == "<d>onex<f></f><e></e>two</d>");
  CHECK(patched(doc, "<add sel='d/e' pos='after'><f/><!--c--><?p i?></add>") ==
        "<d>one<e></e><f></f><!--c--><?p i?>two</d>");
  CHECK(patched(doc, "<add sel='d/text()[2]' pos='after'>new<g/>elem</add>") ==
        "<d>one<e></e>twonew<g></g>elem</d>");
  CHECK(patched(doc, "<add sel='d/text()[1]' pos='before'>new</add><remove sel='d/text()[1]'/>") ==
        "<d><e></e>two</d>");  // the two had become one
  CHECK(patched("<d>a<![CDATA[b]]>c<e/></d>", "<replace sel='d/text()[1]'>x</replace>") == "<d>x<e></e></d>");
  CHECK(patched("<d/>", "<add sel='d' pos='middle'>x</add>") == "invalid-attribute-value");
  CHECK(patched("<d><!--c--></d>", "<add sel='d/comment()'>x</add>") == "invalid-node-types");
}

TEST_CASE("patch: attributes and namespaces are added once [RFC 5261 §4.3.2, §4.3.3]") {
  CHECK(patched("<d a='1'/>", "<add sel='d' type='@a'>2</add>") == "invalid-patch-directive");
  CHECK(patched("<d/>", "<add sel='d' type='@a'><e/></add>") == "invalid-attribute-value");
  CHECK(patched("<d/>", "<add sel='d' type='@a'><![CDATA[x]]></add>") == "invalid-attribute-value");
  CHECK(patched("<d/>", "<add sel='d' type='@'>x</add>") == "invalid-attribute-value");
  CHECK(patched("<d/>", "<add sel='d' type='a'>x</add>") == "invalid-attribute-value");
  CHECK(patched("<d/>", "<add sel='d' type='@xmlns'>x:</add>") == "invalid-attribute-value");
  CHECK(patched("<d/>", "<add sel='d' type='@xml:lang'>en</add>") == "<d xml:lang=\"en\"></d>");
  CHECK(patched("<d xmlns:q='foo:'/>", "<add sel='d' type='@z:a'>1</add>", "xmlns:z='foo:'") ==
        "<d xmlns:q=\"foo:\" q:a=\"1\"></d>");
  CHECK(patched("<d a='1'/>", "<add sel='d/@a'>2</add>") == "invalid-attribute-value");
  CHECK(patched("<d/>", "<add sel='d' type='namespace::p'>x:</add>") == "<d xmlns:p=\"x:\"></d>");
  CHECK(patched("<d/>", "<add sel='d' type='namespace::p'/>") == "invalid-namespace-uri");
  CHECK(patched("<d/>", "<add sel='d' type='namespace::xml'>x:</add>") == "invalid-namespace-uri");
  CHECK(patched("<d xmlns:p='y:'/>", "<add sel='d' type='namespace::p'>x:</add>") ==
        "invalid-namespace-prefix");
  // It would turn <p:f> into something else.
  CHECK(patched("<d xmlns:p='y:'><e><p:f/></e></d>", "<add sel='d/e' type='namespace::p'>x:</add>") ==
        "invalid-namespace-prefix");
}

TEST_CASE("patch: what replaces is of the type of what it replaces [RFC 5261 §4.4]") {
  const std::string_view doc = "<d a='1'><e/>t<!--c--><?p i?></d>";
  CHECK(patched(doc, "<replace sel='d/e'>text</replace>") == "invalid-node-types");
  CHECK(patched(doc, "<replace sel='d/e'><f/><g/></replace>") == "invalid-node-types");
  CHECK(patched(doc, "<replace sel='d/e'/>") == "invalid-node-types");
  CHECK(patched(doc, "<replace sel='d/e'><!--x--></replace>") == "invalid-node-types");
  CHECK(patched(doc, "<replace sel='d/comment()'><?p i?></replace>") == "invalid-node-types");
  CHECK(patched(doc, "<replace sel='d/text()'><e/></replace>") == "invalid-node-types");
  CHECK(patched(doc, "<replace sel='d/@a'><e/></replace>") == "invalid-node-types");
  CHECK(patched(doc, "<replace sel='d/@a'><![CDATA[x]]></replace>") == "invalid-attribute-value");
  CHECK(patched(doc, "<replace sel='d/@a'/>") == "<d a=\"\"><e></e>t<!--c--><?p i?></d>");
  CHECK(patched(doc, "<replace sel='d/text()'/>") == "<d a=\"1\"><e></e><!--c--><?p i?></d>");
  CHECK(patched(doc, "<replace sel='d/e'>\n <f/>\n</replace>") == "<d a=\"1\"><f></f>t<!--c--><?p i?></d>");
  CHECK(patched(doc, "<replace sel=\"d/processing-instruction('p')\"><?q j?></replace>") ==
        "<d a=\"1\"><e></e>t<!--c--><?q j?></d>");
  CHECK(patched("<d xmlns:p='x:'><p:e/></d>", "<replace sel='d/namespace::p'/>") == "invalid-namespace-uri");
  CHECK(patched("<d xmlns:p='x:'><e/></d>", "<replace sel='d/e/namespace::p'>y:</replace>") ==
        "invalid-namespace-prefix");  // it is declared elsewhere
  CHECK(
      patched("<d xmlns:p='x:' xmlns:q='y:' p:a='' q:a=''/>", "<replace sel='d/namespace::p'>y:</replace>") ==
      "invalid-patch-directive");  // two attributes would become one
}

TEST_CASE("patch: ws takes white space along, which must be there [RFC 5261 §4.5]") {
  const std::string_view doc = "<d> <e/> <f/>x<g/></d>";
  CHECK(patched(doc, "<remove sel='d/e' ws='before'/>") == "<d> <f></f>x<g></g></d>");
  CHECK(patched(doc, "<remove sel='d/e' ws='after'/>") == "<d> <f></f>x<g></g></d>");
  CHECK(patched(doc, "<remove sel='d/e' ws='both'/>") == "<d><f></f>x<g></g></d>");
  CHECK(patched(doc, "<remove sel='d/e'/>") == "<d>  <f></f>x<g></g></d>");
  CHECK(patched(doc, "<remove sel='d/f' ws='both'/>") == "invalid-whitespace-directive");
  CHECK(patched(doc, "<remove sel='d/g' ws='before'/>") == "invalid-whitespace-directive");
  CHECK(patched(doc, "<remove sel='d/g' ws='after'/>") == "invalid-whitespace-directive");
  CHECK(patched(doc, "<remove sel='d/text()[1]' ws='after'/>") == "invalid-whitespace-directive");
  CHECK(patched(doc, "<remove sel='d/e' ws='none'/>") == "invalid-attribute-value");
  CHECK(patched("<d>x<e/>y</d>", "<remove sel='d/e'/><replace sel='d/text()'>z</replace>") == "<d>z</d>");
}

TEST_CASE("patch: a namespace in use is not removed [RFC 5261 §4.5.3]") {
  CHECK(patched("<d xmlns:p='x:'><p:e/></d>", "<remove sel='d/namespace::p'/>") ==
        "invalid-namespace-prefix");
  CHECK(patched("<d xmlns:p='x:'><e p:a=''/></d>", "<remove sel='d/namespace::p'/>") ==
        "invalid-namespace-prefix");
  CHECK(patched("<d xmlns:p='x:'><e xmlns:p='y:'><p:f/></e></d>", "<remove sel='d/namespace::p'/>") ==
        "<d><e xmlns:p=\"y:\"><p:f></p:f></e></d>");
}

TEST_CASE("patch: the document keeps its one root; beside it stand comments only [RFC 5261 §3]") {
  CHECK(patched("<d/>", "<remove sel='d'/>") == "invalid-root-element-operation");
  CHECK(patched("<d/>", "<add sel='d' pos='after'><e/></add>") == "invalid-root-element-operation");
  CHECK(patched("<d/>", "<add sel='d' pos='before'>text</add>") == "invalid-xml-prolog-operation");
  CHECK(patched("<d/>", "<add sel='d' pos='before'> <!--c--> </add>") == "<!--c-->\n<d></d>");
  CHECK(patched("<!--c--><d/>", "<remove sel='comment()'/>") == "<d></d>");
  CHECK(patched("<!--c--> <d/>", "<remove sel='comment()' ws='after'/>") == "invalid-whitespace-directive");
  CHECK(patched("<!--c--><d/>", "<replace sel='comment()[1]'><!--e--></replace>") == "<!--e-->\n<d></d>");
}

TEST_CASE("patch: what is no patch is told apart from what cannot be applied [RFC 5261 §5.1]") {
  const auto fault = [](std::string_view diff) {
    const auto result = xml::apply_patch("<d/>", diff, {});
    REQUIRE(std::holds_alternative<xml::PatchError>(result));
    return std::get<xml::PatchError>(result).fault;
  };
  CHECK(fault("<diff>") == PatchFault::invalid_diff_format);
  CHECK(fault("<diff>text</diff>") == PatchFault::invalid_diff_format);
  CHECK(fault("<diff><x:add xmlns:x='x:' sel='d'/></diff>") == PatchFault::invalid_diff_format);
  CHECK(fault("<diff><add>x</add></diff>") == PatchFault::invalid_diff_format);
  CHECK(fault("<diff><remove sel='d/e'>x</remove></diff>") == PatchFault::invalid_diff_format);
  CHECK(fault("<diff><move sel='d'/></diff>") == PatchFault::invalid_patch_directive);
  CHECK(fault("<diff><replace sel='d' pos='before'/></diff>") == PatchFault::invalid_patch_directive);
  CHECK(fault("<diff>&who;</diff>") == PatchFault::invalid_entity_declaration);
  CHECK(fault("<?xml version='1.0' encoding='ISO-8859-1'?><diff/>") == PatchFault::invalid_character_set);
  CHECK(fault("<!DOCTYPE d [<!ENTITY a 'b'>]><diff/>") == PatchFault::invalid_diff_format);
}

TEST_CASE("patch: the first fault ends it [RFC 5261 §5]") {
  const auto result = attempt("<d/>", "<add sel='d'><e/></add><remove sel='x'/><add sel='y'/>");
  REQUIRE(std::holds_alternative<xml::PatchError>(result));
  const auto& error = std::get<xml::PatchError>(result);
  CHECK(error.fault == PatchFault::unlocated_node);
  CHECK(error.operation.find("sel=\"x\"") != std::string::npos);
}

TEST_CASE("patch: the error document is valid, and shows the operation [RFC 5261 §5.1, §9]") {
  tests::Schema schema("patch-ops-error.xsd");
  for (const auto* operation : {"<remove sel='x'/>", "<a:add xmlns:a='' sel='x'/>", "<q:z xmlns:q='q:'/>",
                                "<replace sel='d/e'><b:f xmlns:b='b:'>x&amp;y</b:f></replace>"}) {
    CAPTURE(operation);
    const auto result = attempt("<d/>", operation, "xmlns:n='n:'");
    REQUIRE(std::holds_alternative<xml::PatchError>(result));
    const auto text = write_patch_error(std::get<xml::PatchError>(result));
    CAPTURE(text);
    CHECK(schema.faults(text) == "");
  }
  const auto result =
      xml::apply_patch("<presence xmlns='urn:ietf:params:xml:ns:pidf'/>",
                       "<p:pidf-diff xmlns:p='urn:ietf:params:xml:ns:pidf-diff'><p:add sel='id(\"ert4773\")'>"
                       "<p:note>some text added</p:note></p:add></p:pidf-diff>",
                       {});
  const auto text = write_patch_error(std::get<xml::PatchError>(result));
  CHECK(schema.faults(text) == "");
  CHECK(text.find("<unlocated-node") != std::string::npos);
  CHECK(text.find("<p:note>some text added</p:note>") != std::string::npos);
}

TEST_CASE("patch: a long operation is shown without its content, so that the answer stays short") {
  const auto result = attempt("<d/>", "<add sel='x'>" + std::string(20'000, 'x') + "</add>");
  CHECK(std::get<xml::PatchError>(result).operation.size() < 200);
}
