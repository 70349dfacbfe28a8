// SPDX-License-Identifier: Apache-2.0
#include "xcap_world.hpp"

#include <algorithm>
#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace rollcall;
using namespace rollcall::xcap;
using tests::document_of;
using tests::schemas;

namespace {

std::string fault(const std::string& text) {
  return schemas().fault(document_of(text)).value_or("");
}

std::string lists(const std::string& content) {
  return "<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists'>" + content + "</resource-lists>";
}

}  // namespace

TEST_CASE("schemas: valid documents pass") {
  CHECK(fault(lists("<list name='a'><entry uri='sip:a@b'><display-name "
                    "xml:lang='en'>A</display-name></entry></list>"))
            .empty());
  CHECK(fault("<rls-services xmlns='urn:ietf:params:xml:ns:rls-services' "
              "xmlns:rl='urn:ietf:params:xml:ns:resource-lists'><service uri='sip:x@y'><list name='l'>"
              "<rl:entry uri='sip:a@b'/></list><packages><package>presence</package></packages></service>"
              "</rls-services>")
            .empty());
  CHECK(fault("<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'><tuple id='t'><status>"
              "<basic>open</basic></status></tuple></presence>")
            .empty());
  CHECK(
      fault(
          "<cp:ruleset xmlns:cp='urn:ietf:params:xml:ns:common-policy' "
          "xmlns='urn:ietf:params:xml:ns:pres-rules'>"
          "<cp:rule id='a'><cp:conditions><cp:identity><cp:one id='sip:a@b'/></cp:identity></cp:conditions>"
          "<cp:actions><sub-handling>allow</sub-handling></cp:actions><cp:transformations>"
          "<provide-services><all-services/></provide-services></cp:transformations></cp:rule></cp:ruleset>")
          .empty());
}

TEST_CASE("schemas: invalid documents do not [RFC 4825 §8.2.5]") {
  const std::string documents[] = {
      lists("<entry uri='sip:a@b'/>"),
      lists("<list><entry/></list>"),
      lists("<list><external/></list>"),  // erratum 1477
      lists("<list other='1'/>"),
      lists("<list>text</list>"),
      lists("<list><entry uri='sip:a@b'/><display-name>late</display-name></list>"),
      "<other/>",
      "<resource-lists/>",
      "<presence xmlns='urn:ietf:params:xml:ns:pidf'/>",
      "<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'><tuple "
      "id='1'><status/></tuple></presence>",
      "<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'><tuple id='a'><status/></tuple>"
      "<tuple id='a'><status/></tuple></presence>",
      "<cp:ruleset xmlns:cp='urn:ietf:params:xml:ns:common-policy'><cp:rule/></cp:ruleset>",
      "<cp:ruleset xmlns:cp='urn:ietf:params:xml:ns:common-policy'><cp:rule id='a'/><cp:rule "
      "id='a'/></cp:ruleset>",
  };
  for (const auto& text : documents) {
    CAPTURE(text);
    CHECK_FALSE(fault(text).empty());
  }
}

TEST_CASE(
    "schemas: elements of unknown namespaces may stand where the schema allows others [RFC 4825 §5.8]") {
  CHECK(fault(lists("<list><entry uri='sip:a@b'><x:y xmlns:x='urn:x'><x:z/>t</x:y></entry></list>")).empty());
  CHECK(fault(lists("<list xmlns:x='urn:x' x:y='1'/>")).empty());
  CHECK_FALSE(fault(lists("<x:y xmlns:x='urn:x'/>")).empty());
}

TEST_CASE("schemas: a known namespace is checked inside another too [RFC 4825 §8.2.5]") {
  const std::string rpid = "xmlns:r='urn:ietf:params:xml:ns:pidf:rpid'";
  CHECK(fault(lists("<list " + rpid + "><entry uri='sip:a@b'><r:class>x</r:class></entry></list>")).empty());
  CHECK_FALSE(
      fault(lists("<list " + rpid + "><entry uri='sip:a@b'><r:mood>x</r:mood></entry></list>")).empty());
}

TEST_CASE("schemas: an element that its known namespace does not have is refused [RFC 4825 §8.2.5]") {
  CHECK(tests::contains(fault(lists("<list><x:y xmlns:x='urn:ietf:params:xml:ns:pidf'/></list>")),
                        "not in the schema of its namespace"));
  CHECK(tests::contains(fault(lists("<list xmlns:x='urn:ietf:params:xml:ns:pidf' x:y='1'/>")),
                        "not in the schema of its namespace"));
}

TEST_CASE("schemas: what a document says about schemas is not followed") {
  CHECK(fault("<resource-lists xmlns='urn:ietf:params:xml:ns:resource-lists' "
              "xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
              "xsi:schemaLocation='urn:ietf:params:xml:ns:resource-lists file:///etc/passwd urn:x "
              "http://127.0.0.1:1/'/>")
            .empty());
}

TEST_CASE("schemas: the namespaces are those with a schema, xcap-caps among them [RFC 4825 §12]") {
  const auto& names = schemas().namespaces();
  for (const auto* name : {"urn:ietf:params:xml:ns:xcap-caps", "urn:ietf:params:xml:ns:resource-lists",
                           "urn:ietf:params:xml:ns:rls-services", "urn:ietf:params:xml:ns:pres-rules",
                           "urn:ietf:params:xml:ns:common-policy", "urn:ietf:params:xml:ns:pidf"})
    CHECK(std::find(names.begin(), names.end(), name) != names.end());
  CHECK(std::is_sorted(names.begin(), names.end()));
}

TEST_CASE("schemas: threads share them") {
  std::atomic<int> wrong = 0;
  std::vector<std::thread> threads;
  const auto good = document_of(lists("<list name='a'><entry uri='sip:a@b'/></list>"));
  const auto bad = document_of(lists("<list name='a'><entry/></list>"));
  schemas();
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int j = 0; j < 200; ++j)
        if (schemas().fault(good) || !schemas().fault(bad)) ++wrong;
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(wrong == 0);
}
