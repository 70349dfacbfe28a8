// SPDX-License-Identifier: Apache-2.0
// The examples that the RFCs print, request by request.
#include "xcap_world.hpp"

#include <string>

using namespace rollcall;
using namespace rollcall::xcap;
using tests::attribute_type;
using tests::element_type;
using tests::says;
using tests::XcapWorld;

namespace {

const std::string bill = "resource-lists/users/sip:bill@example.com/index";

}  // namespace

TEST_CASE("xcap: Bill's lists, from the new document to the fetched attribute [RFC 4825 §13]") {
  XcapWorld world;
  const std::string figure_24 = R"(<?xml version="1.0" encoding="UTF-8"?>
   <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">
     <list name="friends">
     </list>
   </resource-lists>)";
  CHECK(world.put(bill, {figure_24, tests::lists_type}).status == 201);

  const std::string figure_25 = R"(<?xml version="1.0" encoding="UTF-8"?>
   <rls-services xmlns="urn:ietf:params:xml:ns:rls-services">
   <service uri="sip:myfriends@example.com">
     <resource-list>http://xcap.example.com/resource-lists/users/
   sip:bill@example.com/index/~~/resource-lists/
   list%5b@name=%22friends%22%5d
   </resource-list>
     <packages>
      <package>presence</package>
     </packages>
    </service>
   </rls-services>)";
  CHECK(
      world.put("rls-services/users/sip:bill@example.com/index", {figure_25, tests::services_type}).status ==
      201);

  const std::string entry =
      "<entry uri=\"sip:bob@example.com\">\n       <display-name>Bob Jones</display-name>\n     </entry>";
  const auto figure_26 =
      world.put(bill + "/~~/resource-lists/list%5b@name=%22friends%22%5d/entry", {entry, element_type});
  CHECK(figure_26.status == 201);
  CHECK(figure_26.body.empty());

  const auto figure_28 = world.get(bill);
  CHECK(figure_28.status == 200);
  CHECK(figure_28.header("Content-Type") == "application/resource-lists+xml");
  CHECK(figure_28.header("ETag") == figure_26.header("ETag"));
  CHECK(figure_28.body == R"(<?xml version="1.0" encoding="UTF-8"?>
   <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">
     <list name="friends">
     )" + entry + R"(</list>
   </resource-lists>)");

  const std::string figure_29 = R"(<list name="close-friends">
      <entry uri="sip:joe@example.com">
        <display-name>Joe Smith</display-name>
      </entry>
      <entry uri="sip:nancy@example.com">
        <display-name>Nancy Gross</display-name>
      </entry>
      <entry uri="sip:petri@example.com">
        <display-name>Petri Aukia</display-name>
      </entry>
   </list>)";
  CHECK(
      world
          .put(bill + "/~~/resource-lists/list%5b@name=%22friends%22%5d/list%5b@name=%22close-friends%22%5d",
               {figure_29, element_type})
          .status == 201);

  const auto figure_30 =
      world.remove(bill + "/~~/resource-lists/list/list/entry%5b@uri=%22sip:petri@example.com%22%5d");
  CHECK(figure_30.status == 200);
  CHECK_FALSE(figure_30.header("ETag").empty());

  const auto figure_32 = world.get(bill + "/~~/resource-lists/list/list/entry%5b2%5d/@uri");
  CHECK(figure_32.status == 200);
  CHECK(figure_32.header("Content-Type") == "application/xcap-att+xml");
  CHECK(figure_32.header("ETag") == figure_30.header("ETag"));
  CHECK(figure_32.body == "\"sip:nancy@example.com\"");
}

TEST_CASE("xcap: a service under another name than its selector has is refused [RFC 4825 §7.4]") {
  XcapWorld world;
  const std::string index = "rls-services/users/sip:bill@example.com/index";
  world.keep(index, "<rls-services xmlns=\"urn:ietf:params:xml:ns:rls-services\"/>");
  const auto outcome =
      world.put(index + "/~~/rls-services/service%5b@uri=%22sip:good-friends@example.com%22%5d",
                {R"(<service uri="sip:mybuddies@example.com">
     <resource-list>http://xcap.example.com/resource-lists/users
   /sip:joe@example.com/index/~~/resource-lists/list%5b@name=%22l1%22%5d
   </resource-list>
     <packages>
      <package>presence</package>
     </packages>
   </service>)",
                 element_type});
  CHECK(says(outcome, ConflictKind::cannot_insert));
}

TEST_CASE("xcap: an attribute that its selector tests cannot change [RFC 4825 §7.7]") {
  XcapWorld world;
  const std::string index = "rls-services/users/sip:bill@example.com/index";
  world.keep(index,
             "<rls-services xmlns=\"urn:ietf:params:xml:ns:rls-services\">"
             "<service uri=\"sip:good-friends@example.com\"><list/></service></rls-services>");
  const auto outcome =
      world.put(index + "/~~/rls-services/service%5b@uri=%22sip:good-friends@example.com%22%5d/@uri",
                {"\"sip:bad-friends@example.com\"", attribute_type});
  CHECK(says(outcome, ConflictKind::cannot_insert));
}

TEST_CASE("xcap: bindings in scope come as an element of the same name [RFC 4825 §10]") {
  XcapWorld world;
  // The document of RFC 4825 §6.4 below another root, since its application usage is made up.
  world.keep("resource-lists/users/joe/index", R"(<?xml version="1.0"?>
   <foo xmlns="urn:test:default-namespace">
     <ns1:bar xmlns:ns1="urn:test:namespace1-uri"
              xmlns="urn:test:namespace1-uri">
       <baz/>
       <ns2:baz xmlns:ns2="urn:test:namespace2-uri"/>
     </ns1:bar>
   </foo>)");
  const auto outcome = world.get(
      "resource-lists/users/joe/index/~~/df:foo/df2:bar/df2:baz/namespace::*"
      "?xmlns(df=urn:test:default-namespace)xmlns(df2=urn:test:namespace1-uri)");
  CHECK(outcome.status == 200);
  CHECK(outcome.header("Content-Type") == "application/xcap-ns+xml");
  // The RFC prints "urn:tes:" for the second one, by mistake.
  CHECK(tests::canonical(outcome.body) ==
        tests::canonical(R"(<baz xmlns="urn:test:namespace1-uri" xmlns:ns1="urn:test:namespace1-uri"/>)"));
  const auto prefixed = world.get(
      "resource-lists/users/joe/index/~~/df:foo/df2:bar/namespace::*"
      "?xmlns(df=urn:test:default-namespace)xmlns(df2=urn:test:namespace1-uri)");
  CHECK(
      tests::canonical(prefixed.body) ==
      tests::canonical(R"(<ns1:bar xmlns="urn:test:namespace1-uri" xmlns:ns1="urn:test:namespace1-uri"/>)"));
}

TEST_CASE("xcap: the lists that RFC 4826 prints are accepted [RFC 4826 §3.3]") {
  XcapWorld world;
  CHECK(world
            .put(bill, {R"(<?xml version="1.0" encoding="UTF-8"?>
   <resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    <list name="friends">
     <entry uri="sip:bill@example.com">
      <display-name>Bill Doe</display-name>
     </entry>
     <entry-ref ref="resource-lists/users/sip:bill@example.com/index/~~/
      resource-lists/list%5b@name=%22list1%22%5d/entry%5b@uri=%22sip:pet
      ri@example.com%22%5d"/>
     <list name="close-friends">
      <display-name>Close Friends</display-name>
      <entry uri="sip:joe@example.com">
       <display-name>Joe Smith</display-name>
      </entry>
      <entry uri="sip:nancy@example.com">
       <display-name>Nancy Gross</display-name>
      </entry>
      <external anchor="http://xcap.example.org/resource-lists/users/
       sip:a@example.org/index/~~/resource-lists/list%5b@name=%22mkti
       ng%22%5d">
        <display-name>Marketing</display-name>
       </external>
     </list>
    </list>
   </resource-lists>)",
                        tests::lists_type})
            .status == 201);
}

TEST_CASE("xcap: the services that RFC 4826 prints are accepted from joe alone [RFC 4826 §4.3, §4.4.5]") {
  XcapWorld world;
  const std::string services = R"(<?xml version="1.0" encoding="UTF-8"?>
   <rls-services xmlns="urn:ietf:params:xml:ns:rls-services"
      xmlns:rl="urn:ietf:params:xml:ns:resource-lists"
      xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
    <service uri="sip:mybuddies@example.com">
     <resource-list>http://xcap.example.com/resource-lists/user
      s/sip:joe@example.com/index/~~/resource-lists/list%5b@nam
      e=%22l1%22%5d</resource-list>
     <packages>
      <package>presence</package>
     </packages>
    </service>
    <service uri="sip:marketing@example.com">
      <list name="marketing">
        <rl:entry uri="sip:joe@example.com"/>
        <rl:entry uri="sip:sudhir@example.com"/>
      </list>
      <packages>
        <package>presence</package>
      </packages>
    </service>
   </rls-services>)";
  CHECK(world.put("rls-services/users/sip:joe@example.com/index", {services, tests::services_type}).status ==
        201);
  CHECK(says(world.put("rls-services/users/sip:bob@example.com/index", {services, tests::services_type}),
             ConflictKind::constraint_failure));
}

TEST_CASE("xcap: services without their namespace are refused [RFC 4826 §4.4.8]") {
  // RFC 4826 prints these two documents without declarations.
  XcapWorld world;
  CHECK(says(
      world.put("rls-services/users/joe/index",
                {"<rls-services><service uri=\"sip:mybuddies@example.com\"><list/></service></rls-services>",
                 tests::services_type}),
      ConflictKind::schema_validation_error));
  CHECK(says(world.put("rls-services/users/bob/index",
                       {"<rls-services><service uri=\"sip:marketing@example.com\"><list name=\"marketing\">"
                        "<rl:entry uri=\"sip:joe@example.com\"/></list></service></rls-services>",
                        tests::services_type}),
             ConflictKind::not_well_formed));
}

TEST_CASE("xcap: the rules that RFC 5025 prints are accepted, under both names [RFC 5025 §9]") {
  XcapWorld world;
  const std::string rules = R"(<?xml version="1.0" encoding="UTF-8"?>
<cr:ruleset xmlns="urn:ietf:params:xml:ns:pres-rules"
 xmlns:pr="urn:ietf:params:xml:ns:pres-rules"
 xmlns:cr="urn:ietf:params:xml:ns:common-policy">
 <cr:rule id="a">
  <cr:conditions>
   <cr:identity>
    <cr:one id="sip:user@example.com"/>
   </cr:identity>
  </cr:conditions>
  <cr:actions>
   <pr:sub-handling>allow</pr:sub-handling>
  </cr:actions>
  <cr:transformations>
   <pr:provide-services>
     <pr:service-uri-scheme>sip</pr:service-uri-scheme>
     <pr:service-uri-scheme>mailto</pr:service-uri-scheme>
   </pr:provide-services>
   <pr:provide-persons>
     <pr:all-persons/>
   </pr:provide-persons>
   <pr:provide-activities>true</pr:provide-activities>
   <pr:provide-user-input>bare</pr:provide-user-input>
    <pr:provide-unknown-attribute
     ns="urn:vendor-specific:foo-namespace"
     name="foo">true</pr:provide-unknown-attribute>
  </cr:transformations>
 </cr:rule>
</cr:ruleset>)";
  CHECK(world.put("pres-rules/users/joe/index", {rules, tests::policy_type}).status == 201);
  CHECK(world.put("org.openmobilealliance.pres-rules/users/joe/pres-rules", {rules, tests::policy_type})
            .status == 201);
  // The default namespace of selectors is not that of the root element.
  CHECK(world.get("pres-rules/users/joe/index/~~/ruleset").status == 404);
  CHECK(world
            .get("pres-rules/users/joe/index/~~/cr:ruleset/cr:rule%5b@id=%22a%22%5d/cr:actions/sub-handling"
                 "?xmlns(cr=urn:ietf:params:xml:ns:common-policy)")
            .body == "<pr:sub-handling>allow</pr:sub-handling>");
}

TEST_CASE("xcap: a last status, and its note changed under a condition [RFC 4827 §11]") {
  XcapWorld world;
  const std::string index = "pidf-manipulation/users/sip:someone@example.com/index";
  const auto stored = world.put(index, {R"(<?xml version="1.0" encoding="UTF-8"?>
        <presence xmlns="urn:ietf:params:xml:ns:pidf"
             xmlns:rp="urn:ietf:params:xml:ns:pidf:rpid"
             xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"
             xmlns:ci="urn:ietf:params:xml:ns:pidf:cipid"
             entity="sip:someone@example.com">

          <tuple id="x8eg92m">
            <status>
              <basic>closed</basic>
            </status>
            <rp:user-input>idle</rp:user-input>
            <rp:class>auth-1</rp:class>
            <contact priority="0.5">sip:user@example.com</contact>
            <note>I'm available only by e-mail.</note>
            <timestamp>2004-02-06T16:49:29Z</timestamp>
          </tuple>

          <tuple id="x8eg92n">
            <status>
              <basic>open</basic>
            </status>
            <rp:class>auth-1</rp:class>
            <contact priority="1.0">mailto:someone@example.com</contact>
            <note>I'm reading mail a couple of times a week</note>
          </tuple>

          <dm:person id="p1">
             <rp:class>auth-A</rp:class>
             <ci:homepage>http://www.example.com/~someone</ci:homepage>
             <rp:activities>
                 <rp:vacation/>
             </rp:activities>
          </dm:person>

        </presence>)",
                                        tests::pidf_type});
  CHECK(stored.status == 201);
  const std::string note = index + "/~~/presence/tuple%5b@id='x8eg92n'%5d/note";
  const tests::Fields change{"<note>I'm reading mails on Tuesdays and Fridays</note>", element_type,
                             std::string(stored.header("ETag"))};
  CHECK(world.put(note, change).status == 200);
  CHECK(world.get(note).body == change.body);
  CHECK(world.put(note, change).status == 412);
}
