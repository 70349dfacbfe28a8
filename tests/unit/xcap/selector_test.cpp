// SPDX-License-Identifier: Apache-2.0
#include "xcap_world.hpp"

#include <string>
#include <variant>

using namespace rollcall;
using namespace rollcall::xcap;
using tests::document_of;
using tests::selector_of;

namespace {

int refusal_of(const std::string& selector, const std::string& query = "") {
  auto parsed = parse_node_selector(selector, query, "");
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal ? refusal->status : 0;
}

/// The text that a selector selects, "" for none.
std::string selected(const Document& document, const std::string& selector, const std::string& query = "",
                     const std::string& default_namespace = "") {
  const auto parsed = selector_of(selector, query, default_namespace);
  if (parsed.target == Target::attribute) {
    const auto* attribute = select_attribute(document, parsed);
    return attribute ? std::string(document.quoted_value(*attribute)) : "";
  }
  const auto match = select(document, parsed.steps);
  return match.is_one() ? std::string(document.element_text(match.element)) : "";
}

// RFC 4825 §6.3, figure 3
const char* const watchers = R"(<?xml version="1.0"?>
   <watcherinfo xmlns="urn:ietf:params:xml:ns:watcherinfo"
                version="0" state="full">
     <watcher-list resource="sip:professor@example.net"
                   package="presence">
       <watcher status="active"
                id="8ajksjda7s"
                duration-subscribed="509"
                event="approved">sip:userA@example.net</watcher>
       <watcher status="pending"
                id="hh8juja87s997-ass7"
                display-name="Mr. Subscriber"
                event="subscribe">sip:userB@example.org</watcher>
     </watcher-list>
   </watcherinfo>)";
const char* const watcherinfo = "urn:ietf:params:xml:ns:watcherinfo";

// RFC 4825 §6.4
const char* const namespaces = R"(<?xml version="1.0"?>
   <foo xmlns="urn:test:default-namespace">
     <ns1:bar xmlns:ns1="urn:test:namespace1-uri"
              xmlns="urn:test:namespace1-uri">
       <baz/>
       <ns2:baz xmlns:ns2="urn:test:namespace2-uri"/>
     </ns1:bar>
     <ns3:hi xmlns:ns3="urn:test:namespace3-uri">
       <there/>
     </ns3:hi>
   </foo>)";
const char* const default_uri = "urn:test:default-namespace";

}  // namespace

TEST_CASE("selector: a watcher is selected by its id, with its bytes as they are [RFC 4825 §6.3]") {
  CHECK(selected(document_of(watchers), "watcherinfo/watcher-list/watcher%5B@id=%228ajksjda7s%22%5D", "",
                 watcherinfo) == R"(<watcher status="active"
                id="8ajksjda7s"
                duration-subscribed="509"
                event="approved">sip:userA@example.net</watcher>)");
}

TEST_CASE("selector: prefixes of the query count, not those of the document [RFC 4825 §6.4]") {
  const auto document = document_of(namespaces);
  CHECK(selected(document, "foo/a:bar/b:baz",
                 "xmlns(a=urn:test:namespace1-uri)xmlns(b=urn:test:namespace1-uri)",
                 default_uri) == "<baz/>");
  const std::string second = R"(<ns2:baz xmlns:ns2="urn:test:namespace2-uri"/>)";
  CHECK(selected(document, "foo/a:bar/b:baz",
                 "xmlns(a=urn:test:namespace1-uri)xmlns(b=urn:test:namespace2-uri)", default_uri) == second);
  CHECK(selected(document, "d:foo/a:bar/b:baz",
                 "xmlns(a=urn:test:namespace1-uri)xmlns(b=urn:test:namespace2-uri)"
                 "xmlns(d=urn:test:default-namespace)",
                 "urn:other") == second);
  CHECK(selected(document, "foo/bar", "", default_uri).empty());
}

TEST_CASE("selector: each kind of step [RFC 4825 §6.3]") {
  const auto document = document_of("<r><a i='1'/><b i='1'/><a i='2' j='x'/><a i='2' j='y'/></r>");
  struct Row {
    const char* selector;
    const char* text;
  };
  const Row rows[] = {
      {"r", "<r><a i='1'/><b i='1'/><a i='2' j='x'/><a i='2' j='y'/></r>"},
      {"*", "<r><a i='1'/><b i='1'/><a i='2' j='x'/><a i='2' j='y'/></r>"},
      {"r/b", "<b i='1'/>"},
      {"r/a", ""},  // several
      {"r/*", ""},
      {"r/c", ""},
      {"r/a%5B1%5D", "<a i='1'/>"},
      {"r/a%5B2%5D", "<a i='2' j='x'/>"},
      {"r/a%5B002%5D", "<a i='2' j='x'/>"},
      {"r/*%5B2%5D", "<b i='1'/>"},
      {"r/*%5B4%5D", "<a i='2' j='y'/>"},
      {"r/*%5B5%5D", ""},
      {"r/a%5B0%5D", ""},
      {"r/a%5B99999999999999999999999%5D", ""},
      {"r/a%5B@j=%22x%22%5D", "<a i='2' j='x'/>"},
      {"r/a%5B@j='y'%5D", "<a i='2' j='y'/>"},
      {"r/*%5B@j=%27y%27%5D", "<a i='2' j='y'/>"},
      {"r/a%5B@i=%222%22%5D", ""},  // several
      {"r/*%5B@i=%221%22%5D", ""},
      {"r/a%5B@i=%221%22%5D", "<a i='1'/>"},
      {"r/a%5B2%5D%5B@j=%22x%22%5D", "<a i='2' j='x'/>"},
      {"r/a%5B2%5D%5B@j=%22y%22%5D", ""},  // the position is applied first
      {"r/*%5B4%5D%5B@j=%22y%22%5D", "<a i='2' j='y'/>"},
      {"r/b/@i", "'1'"},
      {"r/b/@j", ""},
      {"r/a/@i", ""},
      {"r[1]/b", "<b i='1'/>"},  // brackets that a client forgot to escape
  };
  for (const auto& row : rows) {
    CAPTURE(row.selector);
    CHECK(selected(document, row.selector) == row.text);
  }
}

TEST_CASE("selector: a namespace declaration is no attribute [RFC 4825 §6.3]") {
  const auto document = document_of("<r xmlns='urn:x' xmlns:p='urn:y'/>");
  CHECK(selected(document, "r%5B@xmlns=%22urn:x%22%5D", "", "urn:x").empty());
  CHECK(selected(document, "r/@xmlns", "", "urn:x").empty());
  CHECK(refusal_of("r/@xmlns:p") == 400);
}

TEST_CASE("selector: unprefixed attributes are in no namespace [RFC 4825 §6.3]") {
  const auto document = document_of("<r xmlns='urn:x' xmlns:p='urn:x' p:a='1'/>");
  CHECK(selected(document, "r/@a", "", "urn:x").empty());
  CHECK(selected(document, "r/@q:a", "xmlns(q=urn:x)", "urn:x") == "'1'");
  CHECK(selected(document, "r%5B@q:a=%221%22%5D/@q:a", "xmlns(q=urn:x)", "urn:x") == "'1'");
}

TEST_CASE("selector: xml: is bound without being asked [XML Namespaces §3]") {
  CHECK(selected(document_of("<r xml:lang='en'/>"), "r/@xml:lang") == "'en'");
}

TEST_CASE("selector: values compare as XML reads them [RFC 4825 §6.3]") {
  const auto document =
      document_of("<r><a n='x &amp; y'/><a n='&#65;\tb'/><a n='\xC3\x80'/><a n='q\"r'/></r>");
  CHECK(selected(document, "r/a%5B@n=%22x%20&amp;%20y%22%5D") == "<a n='x &amp; y'/>");
  CHECK(selected(document, "r/a%5B@n=%22x%20%26%20y%22%5D") == "<a n='x &amp; y'/>");
  CHECK(selected(document, "r/a%5B@n=%22A%20b%22%5D") == "<a n='&#65;\tb'/>");
  CHECK(selected(document, "r/a%5B@n=%22%C3%80%22%5D") == "<a n='\xC3\x80'/>");
  CHECK(selected(document, "r/a%5B@n=%22q&quot;r%22%5D") == "<a n='q\"r'/>");
  CHECK(selected(document, "r/a%5B@n='q%22r'%5D") == "<a n='q\"r'/>");
}

TEST_CASE("selector: slashes and brackets within a value do not end a step [RFC 4825 §6.3]") {
  const auto document = document_of("<r><a n='a/b]/c'/></r>");
  CHECK(selected(document, "r/a%5B@n=%22a%2Fb%5D%2Fc%22%5D") == "<a n='a/b]/c'/>");
  CHECK(selected(document, "r/a%5B@n=%22a/b%5D/c%22%5D") == "<a n='a/b]/c'/>");
}

TEST_CASE("selector: namespace::* points at bindings [RFC 4825 §6.3]") {
  CHECK(selector_of("r/namespace::*").target == Target::namespaces);
  CHECK(selector_of("r/namespace::%2A").target == Target::namespaces);
}

TEST_CASE("selector: a step of another grammar is an extension that we do not know: 404 [RFC 4825 §8]") {
  for (const auto* selector : {"r/a%5B%5D",
                               "r/a%5B1",
                               "r/a%5B1%5D%5B2%5D",
                               "r/a%5B@n=%221%22%5D%5B1%5D",
                               "r/a%5B@n=1%5D",
                               "r/a%5B@n=%221%5D",
                               "r/a%5B@n%5D",
                               "r/a%5B@=%221%22%5D",
                               "r/a%5B-1%5D",
                               "r/a%5B%201%5D",
                               "r/a%5B1.0%5D",
                               "r/@a/b",
                               "@a",
                               "r/@",
                               "r/@a%5B1%5D",
                               "r/namespace::*/a",
                               "namespace::*",
                               "r/namespace::a",
                               "r/p:*",
                               "r/a:b:c",
                               "r/:a",
                               "r/a:",
                               "r/1a",
                               "r/text()",
                               "r/.",
                               "r/..",
                               "child::r",
                               "r%20",
                               "r/a%5B@n=%221%22%5Dx",
                               "r/a%5B1%5D%5B@n=%221%22%5D%5B@m=%221%22%5D",
                               "~~",
                               "r/~~"}) {
    CAPTURE(selector);
    CHECK(refusal_of(selector) == 404);
  }
}

TEST_CASE("selector: an empty step or a broken escape is 400 [RFC 4825 §6.3]") {
  for (const auto* selector : {"", "/", "/r", "r/", "r//a", "r%", "r%2", "r/%ff", "r/%00", "r/a%0"}) {
    CAPTURE(selector);
    CHECK(refusal_of(selector) == 400);
  }
}

TEST_CASE("selector: a prefix without a binding is 400 [RFC 4825 §8]") {
  CHECK(refusal_of("p:r") == 400);
  CHECK(refusal_of("r/p:a%5B1%5D") == 400);
  CHECK(refusal_of("r/a%5B@p:n=%221%22%5D") == 400);
  CHECK(refusal_of("r/@p:n") == 400);
  CHECK(refusal_of("p:r", "xmlns(q=urn:x)") == 400);
  CHECK(refusal_of("p:r", "xmlns(p=urn:x)") == 0);
}

TEST_CASE("query: it binds prefixes, the last one of a name counts [RFC 4825 §6.4]") {
  const auto parsed = parse_query("xmlns(a=urn:a)%20xmlns(b%20=%20urn:b)xmlns(a=urn:c)");
  REQUIRE(std::holds_alternative<SelectorBindings>(parsed));
  CHECK(std::get<SelectorBindings>(parsed) ==
        SelectorBindings{{"a", "urn:a"}, {"b", "urn:b"}, {"a", "urn:c"}});
  CHECK(selected(document_of("<r xmlns='urn:c'/>"), "a:r", "xmlns(a=urn:a)xmlns(a=urn:c)") ==
        "<r xmlns='urn:c'/>");
}

TEST_CASE("query: other schemes are ignored [RFC 4825 §6.4]") {
  for (const auto* query : {"", "element(/1/2)xmlns(a=urn:a)", "p:x(y(z)^)^^)xmlns(a=urn:a)", "name",
                            "xmlns(xml=urn:x)", "xmlns(xmlns=urn:x)"}) {
    CAPTURE(query);
    CHECK(std::holds_alternative<SelectorBindings>(parse_query(query)));
  }
}

TEST_CASE("query: circumflexes and parentheses in a namespace name [XPointer Framework §3.1]") {
  const auto parsed = parse_query("xmlns(a=urn:x^(1^^(b))");
  REQUIRE(std::holds_alternative<SelectorBindings>(parsed));
  CHECK(std::get<SelectorBindings>(parsed) == SelectorBindings{{"a", "urn:x(1^(b)"}});
}

TEST_CASE("query: what is no XPointer is 400 [RFC 4825 §6.4]") {
  for (const auto* query :
       {"a=b", "xmlns(a)", "xmlns(=urn:a)", "xmlns(a=urn:a", "xmlns(a=urn:a))", "xmlns a", "xmlns(1=urn:a)",
        "xmlns(a=urn:^a)", "xmlns(a=b)&xmlns(b=c)", "(a)", "xmlns(a=%zz)"}) {
    CAPTURE(query);
    const auto parsed = parse_query(query);
    REQUIRE(std::holds_alternative<Refusal>(parsed));
    CHECK(std::get<Refusal>(parsed).status == 400);
  }
}

TEST_CASE("selector: what is written reads back as the same") {
  for (const auto* selector : {"r", "*", "r/a%5B2%5D", "*%5B3%5D%5B@n=%22x%22%5D",
                               "p:r/p:a%5B@p:n=%22a&amp;&quot;&lt;/%5D'%22%5D/q:b"}) {
    const std::string query = "xmlns(p=urn:a^(b^))xmlns(q=urn:q)";
    const auto parsed = selector_of(selector, query);
    const auto text = write(parsed.steps);
    const auto question = std::min(text.find('?'), text.size());
    const auto again = parse_node_selector(text.substr(0, question),
                                           question == text.size() ? "" : text.substr(question + 1), "");
    CAPTURE(text);
    REQUIRE(std::holds_alternative<NodeSelector>(again));
    CHECK(std::get<NodeSelector>(again) == parsed);
  }
}
