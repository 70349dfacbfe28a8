// SPDX-License-Identifier: Apache-2.0
#include "references.hpp"
#include "xcap_world.hpp"

#include <algorithm>
#include <set>
#include <span>
#include <string>
#include <vector>

using namespace rollcall;
using namespace rollcall::xcap;
using tests::contains;
using tests::says;
using tests::XcapWorld;

namespace {

Outcome put_lists(const std::string& content) {
  XcapWorld world;
  return world.put(
      "resource-lists/users/sip:joe@example.com/index",
      {"<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">" + content + "</resource-lists>",
       tests::lists_type});
}

Outcome put_services(XcapWorld& world, const std::string& content,
                     const std::string& target = "rls-services/users/sip:joe@example.com/index") {
  return world.put(target, {"<rls-services xmlns=\"urn:ietf:params:xml:ns:rls-services\" "
                            "xmlns:rl=\"urn:ietf:params:xml:ns:resource-lists\">" +
                                content + "</rls-services>",
                            tests::services_type});
}

Outcome put_services(const std::string& content) {
  XcapWorld world;
  return put_services(world, content);
}

Outcome put_reference(const std::string& uri, const std::vector<std::string>& roots = {},
                      const std::string& target = "rls-services/users/sip:joe@example.com/index") {
  XcapWorld world;
  world.surroundings.roots = roots;
  return put_services(world, "<service uri='sip:a@b'><resource-list>" + uri + "</resource-list></service>",
                      target);
}

}  // namespace

TEST_CASE("lists: siblings of one name are refused, with other names to take [RFC 4826 §3.4.5]") {
  const auto outcome = put_lists("<list name='a'/><list name='b'/><list name='a-2'/><list name='a'/>");
  CHECK(says(outcome, ConflictKind::uniqueness_failure));
  CHECK(contains(outcome.body,
                 "<exists field=\"resource-lists/list%5B4%5D/@name\">"
                 "<alt-value>a-3</alt-value><alt-value>a-4</alt-value><alt-value>a-5</alt-value></exists>"));
  CHECK(says(put_lists("<list><list name='a'/><list name='a'/></list>"), ConflictKind::uniqueness_failure));
}

TEST_CASE("lists: names are unique among siblings only, and case counts [RFC 4826 §3.4.5]") {
  CHECK(
      put_lists("<list name='a'><list name='a'><list name='a'/></list></list><list name='A'/><list/><list/>")
          .status == 201);
}

TEST_CASE("lists: entries, references and externals of one URI are refused [RFC 4826 §3.4.5]") {
  const auto outcome =
      put_lists("<list><entry uri='sip:a@b'/><entry uri='sip:c@d'/><entry uri='sip:a@b'/></list>");
  CHECK(says(outcome, ConflictKind::uniqueness_failure));
  CHECK(contains(outcome.body, "<exists field=\"resource-lists/list%5B1%5D/entry%5B3%5D/@uri\"></exists>"));
  CHECK(says(put_lists("<list><entry-ref ref='a/b'/><entry-ref ref='a/b'/></list>"),
             ConflictKind::uniqueness_failure));
  CHECK(says(put_lists("<list><external anchor='http://a/b'/><external anchor='http://a/b'/></list>"),
             ConflictKind::uniqueness_failure));
  CHECK(says(put_lists("<list><entry uri='sip:a&#64;b'/><entry uri='sip:a@b'/></list>"),
             ConflictKind::uniqueness_failure));
}

TEST_CASE("lists: equal URIs in different lists, or different in their bytes, are fine [RFC 4826 §3.1]") {
  CHECK(put_lists("<list name='a'><entry uri='sip:a@b'/><entry uri='sip:a@B'/></list>"
                  "<list name='b'><entry uri='sip:a@b'/></list>")
            .status == 201);
}

TEST_CASE("lists: a report names ten duplicates at most") {
  std::string content = "<list>";
  for (int i = 0; i < 100; ++i)
    content += "<entry uri='sip:a@b'/>";
  const auto outcome = put_lists(content + "</list>");
  std::size_t count = 0;
  for (auto at = outcome.body.find("<exists"); at != std::string::npos;
       at = outcome.body.find("<exists", at + 1))
    ++count;
  CHECK(count == 10);
}

TEST_CASE("lists: the ref of an entry-ref is a relative path [RFC 4826 §3.4.5]") {
  for (const auto* ref : {"/resource-lists/users/a/index", "http://a/b", "//a/b", "", "sip:a@b"})
    CHECK(says(put_lists(fmt::format("<list><entry-ref ref='{}'/></list>", ref)),
               ConflictKind::constraint_failure));
  CHECK(put_lists(
            "<list><entry-ref ref='resource-lists/users/sip:a@b/index/~~/resource-lists/list/entry'/></list>")
            .status == 201);
}

TEST_CASE("lists: the anchor of an external is an absolute HTTP URI [RFC 4826 §3.4.5]") {
  for (const auto* anchor :
       {"resource-lists/users/a/index", "/a", "ftp://a/b", "http:/a", "http://", "http:///a", ""})
    CHECK(says(put_lists(fmt::format("<list><external anchor='{}'/></list>", anchor)),
               ConflictKind::constraint_failure));
  CHECK(put_lists("<list><external anchor='HTTPS://example.com:8443/a/b'/></list>").status == 201);
}

TEST_CASE("services: one URI twice is refused, with others to take [RFC 4826 §4.4.5]") {
  const auto outcome =
      put_services("<service uri='sip:a@b'><list/></service><service uri='sip:a@b'><list/></service>");
  CHECK(says(outcome, ConflictKind::uniqueness_failure));
  CHECK(contains(outcome.body,
                 "<exists field=\"rls-services/service%5B2%5D/@uri\"><alt-value>sip:a-2@b</alt-value>"
                 "<alt-value>sip:a-3@b</alt-value><alt-value>sip:a-4@b</alt-value></exists>"));
}

TEST_CASE("services: a URI that is taken elsewhere is refused, with others that are free [RFC 4826 §4.4.5]") {
  XcapWorld world;
  std::vector<std::string> asked;
  const std::set<std::string> taken{"sip:friends@example.com", "sip:friends-2@example.com",
                                    "sip:friends-4@example.com"};
  world.surroundings.taken = [&](std::span<const std::string> uris) {
    std::vector<std::string> found;
    for (const auto& uri : uris) {
      asked.push_back(uri);
      if (taken.contains(uri)) found.push_back(uri);
    }
    return found;
  };
  const auto outcome = put_services(world,
                                    "<service uri='sip:mine@example.com'><list/></service><service "
                                    "uri='sip:friends@example.com'><list/></service>");
  CHECK(says(outcome, ConflictKind::uniqueness_failure));
  CHECK(contains(outcome.body,
                 "<exists field=\"rls-services/service%5B2%5D/@uri\">"
                 "<alt-value>sip:friends-3@example.com</alt-value><alt-value>sip:friends-5@example.com"
                 "</alt-value><alt-value>sip:friends-6@example.com</alt-value></exists>"));
  CHECK(std::find(asked.begin(), asked.end(), "sip:mine@example.com") != asked.end());
  CHECK(put_services(world, "<service uri='sip:mine@example.com'><list/></service>").status == 201);
}

TEST_CASE("services: lists within them follow the rules of lists [RFC 4826 §4.4.5]") {
  const auto outcome = put_services(
      "<service uri='sip:a@b'><list><rl:entry uri='sip:c@d'/><rl:entry uri='sip:c@d'/></list></service>");
  CHECK(says(outcome, ConflictKind::uniqueness_failure));
  CHECK(contains(outcome.body,
                 "field=\"rls-services/service%5B1%5D/list%5B1%5D/ns1:entry%5B2%5D/@uri"
                 "?xmlns(ns1=urn:ietf:params:xml:ns:resource-lists)\""));
  CHECK(says(put_services("<service uri='sip:a@b'><list><rl:external anchor='a'/></list></service>"),
             ConflictKind::constraint_failure));
}

TEST_CASE("services: a resource-list is in the same user's lists [RFC 4826 §4.4.5]") {
  const std::string rest = "/index/~~/resource-lists/list%5b@name=%22l1%22%5d";
  CHECK(put_reference("http://xcap.example.com/resource-lists/users/sip:joe@example.com" + rest).status ==
        201);
  CHECK(put_reference("https://h/any/root/resource-lists/users/sip%3Ajoe%40example.com" + rest).status ==
        201);
  CHECK(put_reference("http://h/resource-lists/users/joe@example.com" + rest).status == 201);
  for (const auto* uri :
       {"http://h/resource-lists/users/sip:bob@example.com", "http://h/pres-rules/users/sip:joe@example.com",
        "http://h/resource-lists/global", "resource-lists/users/sip:joe@example.com",
        "/resource-lists/users/sip:joe@example.com", "sip:joe@example.com",
        "http:///resource-lists/users/sip:joe@example.com"})
    CHECK(says(put_reference(uri + rest), ConflictKind::constraint_failure));
}

TEST_CASE("services: a resource-list is below an XCAP root of ours, when these are known [RFC 4826 §4.1]") {
  const std::string list = "/resource-lists/users/sip:joe@example.com/index/~~/resource-lists/list";
  const std::vector<std::string> roots{"http://xcap.example.com/xcap/", "https://xcap.example.com"};
  CHECK(put_reference("http://xcap.example.com/xcap" + list, roots).status == 201);
  CHECK(put_reference("HTTPS://XCAP.example.com" + list, roots).status == 201);
  for (const auto* root :
       {"http://xcap.example.com", "http://xcap.example.com/xcap/more", "http://other.example.com/xcap",
        "http://xcap.example.com/xcapital", "https://xcap.example.community"})
    CHECK(says(put_reference(root + list, roots), ConflictKind::constraint_failure));
}

TEST_CASE("services: global ones may refer to any user's lists [RFC 4826 §4.1]") {
  CHECK(put_reference("http://h/resource-lists/users/sip:bob@example.com/index/~~/resource-lists/list", {},
                      "rls-services/global/own")
            .status == 201);
  CHECK(says(put_reference("http://h/resource-lists/global/index", {}, "rls-services/global/own"),
             ConflictKind::constraint_failure));
}

TEST_CASE("rules: times name their zone [RFC 4745 §7.4, erratum 1455]") {
  const auto put = [](const std::string& from, const std::string& until) {
    XcapWorld world;
    return world.put(
        "pres-rules/users/joe/index",
        {"<ruleset xmlns='urn:ietf:params:xml:ns:common-policy'><rule id='a'><conditions><validity><from>" +
             from + "</from><until>" + until + "</until></validity></conditions></rule></ruleset>",
         tests::policy_type});
  };
  CHECK(put("2003-08-15T10:20:00.000-05:00", "2003-09-15T10:20:00.000-05:00").status == 201);
  CHECK(says(put("2003-08-15T10:20:00", "2003-09-15T10:20:00Z"), ConflictKind::constraint_failure));
  CHECK(says(put("2003-08-15T10:20:00Z", "2003-09-15T10:20:00"), ConflictKind::constraint_failure));
  CHECK(says(put("yesterday", "2003-09-15T10:20:00Z"), ConflictKind::schema_validation_error));
}

TEST_CASE("presence: a user has one document, index [RFC 4827 §9]") {
  XcapWorld world;
  const tests::Fields presence{"<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'/>",
                               tests::pidf_type};
  CHECK(world.put("pidf-manipulation/users/a/index", presence).status == 201);
  CHECK(says(world.put("pidf-manipulation/users/a/other", presence), ConflictKind::constraint_failure));
  CHECK(says(world.put("pidf-manipulation/global/index", presence), ConflictKind::constraint_failure));
}

TEST_CASE("presence: what PUBLISH would not take is not kept either") {
  XcapWorld world;
  world.limits.presence_bytes = 100;
  CHECK(says(world.put("pidf-manipulation/users/a/index",
                       {"<presence xmlns='urn:ietf:params:xml:ns:pidf' entity='sip:a@b'><note>" +
                            std::string(100, 'a') + "</note></presence>",
                        tests::pidf_type}),
             ConflictKind::constraint_failure));
}

TEST_CASE("icons: a picture in base64, in its directory") {
  XcapWorld world;
  const auto put = [&](const std::string& type, const std::string& encoding, const std::string& data) {
    return world.put(
        "org.openmobilealliance.pres-content/users/a/oma_status-icon/icon",
        {"<content xmlns='urn:oma:xml:prs:pres-content'><mime-type>" + type + "</mime-type><encoding>" +
             encoding + "</encoding><data>" + data + "</data></content>",
         "application/vnd.oma.pres-content+xml"});
  };
  CHECK(put("image/png", "base64", "iVBORw0KGgo=\n").status == 201);
  CHECK(says(put("text/html", "base64", "iVBORw0KGgo="), ConflictKind::constraint_failure));
  CHECK(says(put("image/png", "binary", "iVBORw0KGgo="), ConflictKind::constraint_failure));
  CHECK(says(put("image/png", "base64", "&lt;script>"), ConflictKind::constraint_failure));
  CHECK(says(put("image/png", "base64", ""), ConflictKind::constraint_failure));
  CHECK(says(
      world.put("org.openmobilealliance.pres-content/users/a/other/icon",
                {"<content xmlns='urn:oma:xml:prs:pres-content'/>", "application/vnd.oma.pres-content+xml"}),
      ConflictKind::no_parent));
}

TEST_CASE("references: users with and without sip: are the same") {
  CHECK(is_same_user("sip:a@b", "a@b"));
  CHECK(is_same_user("a@b", "SIP:a@b"));
  CHECK_FALSE(is_same_user("sip:a@b", "sip:c@b"));
  CHECK_FALSE(is_same_user("sip:a@b", "sips:a@b"));
}
