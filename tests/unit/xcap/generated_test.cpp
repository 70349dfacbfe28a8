// SPDX-License-Identifier: Apache-2.0
#include "xcap_world.hpp"

#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xcap/generated.hpp>

using namespace rollcall;
using namespace rollcall::xcap;
using tests::contains;
using tests::document_of;
using tests::schemas;

TEST_CASE("xcap-caps: usages and namespaces, valid against its schema [RFC 4825 §12]") {
  const auto text = capabilities(schemas());
  CHECK_FALSE(schemas().fault(document_of(text)));
  for (const auto& usage : application_usages())
    CHECK(contains(text, fmt::format("<auid>{}</auid>", usage.auid)));
  CHECK(contains(text, "<auid>xcap-caps</auid>"));
  CHECK(contains(text, "<namespace>urn:ietf:params:xml:ns:xcap-caps</namespace>"));
}

TEST_CASE("xcap-caps: it is fetched like any other document, nodes and conditions too [RFC 4825 §12.7]") {
  tests::XcapWorld world;
  world.keep("xcap-caps/global/index", capabilities(schemas()));
  const auto whole = world.get("xcap-caps/global/index");
  CHECK(whole.status == 200);
  CHECK(whole.header("Content-Type") == "application/xcap-caps+xml");
  CHECK(
      world.get("xcap-caps/global/index", {"", "", std::nullopt, std::string(whole.header("ETag"))}).status ==
      304);
  CHECK(world.get("xcap-caps/global/index/~~/xcap-caps/auids/auid%5B1%5D").body ==
        "<auid>resource-lists</auid>");
  CHECK(world.get("xcap-caps/users/joe/index").status == 404);
}

TEST_CASE("xcap-directory: a folder for each application usage") {
  const auto text = directory({{"rls-services", "http://h/rls-services/users/a/index", "\"e1\"", 10},
                               {"resource-lists", "http://h/resource-lists/users/a/z", "\"e2\"", 20},
                               {"resource-lists", "http://h/resource-lists/users/a/b&c", "\"e3\"", 30}});
  CHECK(
      tests::canonical(text) ==
      tests::canonical("<xcap-directory xmlns=\"urn:oma:xml:xdm:xcap-directory\">\n"
                       " <folder auid=\"resource-lists\">\n"
                       "  <entry uri=\"http://h/resource-lists/users/a/b&amp;c\" etag=\"e3\" size=\"30\"/>\n"
                       "  <entry uri=\"http://h/resource-lists/users/a/z\" etag=\"e2\" size=\"20\"/>\n"
                       " </folder>\n"
                       " <folder auid=\"rls-services\">\n"
                       "  <entry uri=\"http://h/rls-services/users/a/index\" etag=\"e1\" size=\"10\"/>\n"
                       " </folder>\n"
                       "</xcap-directory>\n"));
  CHECK(document_of(directory({})).size() == 1);
}

TEST_CASE("services index: the services of all users in one document [RFC 4826 §4.4.8]") {
  const std::string joe = R"(<rls-services xmlns="urn:ietf:params:xml:ns:rls-services">
    <service uri="sip:mybuddies@example.com">
     <resource-list>http://xcap.example.com/resource-lists/users/sip:joe@example.com/index/~~/resource-lists/list%5b@name=%22l1%22%5d</resource-list>
     <packages>
      <package>presence</package>
     </packages>
    </service>
   </rls-services>)";
  const std::string bob = R"(<s:rls-services xmlns:s="urn:ietf:params:xml:ns:rls-services"
      xmlns:rl="urn:ietf:params:xml:ns:resource-lists">
    <s:service uri="sip:marketing@example.com" xmlns:x="urn:x" x:a="&lt;">
      <s:list name="marketing">
        <rl:entry uri="sip:joe@example.com"/>
        <rl:entry uri="sip:sudhir@example.com"><y/></rl:entry>
      </s:list>
    </s:service><s:service uri="sip:empty@example.com"><s:list/></s:service>
   </s:rls-services>)";
  const std::vector<std::string_view> texts{joe, "no document", "<other/>", bob};
  const auto index = document_of(services_index(texts, {}));
  const std::string ns = "urn:ietf:params:xml:ns:rls-services";
  const auto select_text = [&](const std::string& selector, const std::string& query) {
    const auto match = select(index, tests::selector_of(selector, query, ns).steps);
    return match.is_one() ? std::string(index.element_text(match.element)) : "";
  };
  CHECK(contains(
      select_text("rls-services/service%5B@uri=%22sip:mybuddies@example.com%22%5D/packages/package", ""),
      "presence"));
  CHECK(contains(select_text("rls-services/service%5B2%5D%5B@x:a=%22&lt;%22%5D/list/rl:entry%5B1%5D",
                             "xmlns(x=urn:x)xmlns(rl=urn:ietf:params:xml:ns:resource-lists)"),
                 "joe"));
  CHECK(select_text("rls-services/service%5B3%5D/@uri", "") != "");
  // <y/> was in no namespace, and still is.
  CHECK(select_text("rls-services/service%5B2%5D/list/rl:entry%5B2%5D/e:y",
                    "xmlns(e=)xmlns(rl=urn:ietf:params:xml:ns:resource-lists)") == "<y/>");
}
