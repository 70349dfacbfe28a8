// SPDX-License-Identifier: Apache-2.0
#include "xcap_world.hpp"

#include <string>

using namespace rollcall;
using namespace rollcall::xcap;
using tests::attribute_type;
using tests::contains;
using tests::element_type;
using tests::lists_type;
using tests::says;
using tests::XcapWorld;

namespace {

const std::string joe = "resource-lists/users/sip:joe@example.com/index";
const std::string lists =
    "<?xml version=\"1.0\"?>\n<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">\n"
    " <!-- mine -->\n <list name=\"friends\">\n  <entry uri=\"sip:a@example.com\"/>\n "
    "</list>\n</resource-lists>\n";

XcapWorld world_with_lists() {
  XcapWorld world;
  CHECK(world.put(joe, {lists, lists_type}).status == 201);
  return world;
}

std::string node(const std::string& selector) {
  return joe + "/~~/" + selector;
}

const std::string in_friends = "resource-lists/list%5B@name=%22friends%22%5D/";

}  // namespace

TEST_CASE("xcap: a document is created, replaced and fetched, byte for byte [RFC 4825 §7.1, §7.3]") {
  auto world = world_with_lists();
  const auto fetched = world.get(joe);
  CHECK(fetched.status == 200);
  CHECK(fetched.body == lists);
  CHECK(fetched.header("Content-Type") == "application/resource-lists+xml");
  CHECK(fetched.header("ETag") == etag_of(lists));
  CHECK(fetched.header("Cache-Control") == "no-cache");
  const std::string other = "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"/>";
  const auto replaced = world.put(joe, {other, lists_type});
  CHECK(replaced.status == 200);
  CHECK(replaced.body.empty());
  CHECK(replaced.header("ETag") == etag_of(other));
  CHECK(world.get(joe).body == other);
}

TEST_CASE("xcap: a document is deleted once [RFC 4825 §7.2, §8.4]") {
  auto world = world_with_lists();
  const auto gone = world.remove(joe);
  CHECK(gone.status == 200);
  CHECK(gone.effect == Effect::remove);
  CHECK(gone.header("ETag").empty());
  CHECK(world.remove(joe).status == 404);
  CHECK(world.get(joe).status == 404);
}

TEST_CASE("xcap: an element is fetched without what is declared around it [RFC 4825 §8.3]") {
  auto world = world_with_lists();
  const auto outcome = world.get(node(in_friends + "entry"));
  CHECK(outcome.status == 200);
  CHECK(outcome.header("Content-Type") == "application/xcap-el+xml");
  CHECK(outcome.header("ETag") == world.get(joe).header("ETag"));
  CHECK(outcome.body == "<entry uri=\"sip:a@example.com\"/>");
}

TEST_CASE("xcap: what a selector does not find is 404 [RFC 4825 §8.3, §8.4]") {
  auto world = world_with_lists();
  for (const auto* selector : {"resource-lists/other", "other", "resource-lists/list/entry%5B2%5D",
                               "resource-lists/list/@other", "resource-lists/other/namespace::*"}) {
    CAPTURE(selector);
    CHECK(world.get(node(selector)).status == 404);
    const bool is_bindings = contains(selector, "namespace");
    CHECK(world.remove(node(selector)).status == (is_bindings ? 405 : 404));
  }
  CHECK(world.get("resource-lists/users/nobody/index/~~/resource-lists").status == 404);
  CHECK(world.remove("resource-lists/users/nobody/index/~~/resource-lists").status == 404);
}

TEST_CASE("xcap: a selector that is none is 404, an unbound prefix 400 [RFC 4825 §8]") {
  auto world = world_with_lists();
  for (const auto method : {Method::get, Method::put, Method::delete_}) {
    CHECK(world.send(method, node("resource-lists/list%5Bposition()=1%5D")).status == 404);
    CHECK(world.send(method, node("x:resource-lists")).status == 400);
    CHECK(world.send(method, node("")).status == 400);
    CHECK(world.send(method, node("resource-lists?x=y")).status == 400);
    CHECK(world.send(method, joe + "/~~").status == 400);
  }
  const auto refused = world.get(node("x:resource-lists"));
  CHECK(refused.header("Content-Type") == "text/plain; charset=utf-8");
  CHECK_FALSE(refused.body.empty());
}

TEST_CASE("xcap: methods that a resource does not have are 405 with Allow [RFC 4825 §8.1, §8.2, §8.4]") {
  auto world = world_with_lists();
  const auto post = world.send(Method::other, joe);
  CHECK(post.status == 405);
  CHECK(post.header("Allow") == "GET, HEAD, PUT, DELETE");
  for (const auto method : {Method::put, Method::delete_, Method::other}) {
    const auto outcome = world.send(method, node("resource-lists/namespace::*"));
    CHECK(outcome.status == 405);
    CHECK(outcome.header("Allow") == "GET, HEAD");
    CHECK(world.send(method, "xcap-caps/global/index").status == 405);
    CHECK(world.send(method, "xcap-caps/users/joe/index").status == 405);
  }
}

TEST_CASE("xcap: HEAD is answered as GET is") {
  auto world = world_with_lists();
  const auto head = world.send(Method::head, joe);
  CHECK(head.status == 200);
  CHECK(head.headers == world.get(joe).headers);
}

TEST_CASE("xcap: the media type has to be that of the resource, or it is 415 [RFC 4825 §8.2.2]") {
  auto world = world_with_lists();
  const std::string entry = "<entry uri=\"sip:b@example.com\"/>";
  const auto entry_b = node(in_friends + "entry%5B@uri=%22sip:b@example.com%22%5D");
  for (const auto* type :
       {"", "application/xml", "text/xml", "application/xcap-att+xml", "application/xcap-el"}) {
    CAPTURE(type);
    CHECK(world.put(joe, {lists, type}).status == 415);
    CHECK(world.put(entry_b, {entry, type}).status == 415);
  }
  CHECK(world.put(node(in_friends + "@x"), {"\"1\"", element_type}).status == 415);
  CHECK(world.put(joe, {lists, element_type}).status == 415);
  CHECK(world.put(entry_b, {entry, "Application/XCAP-el+xml ; charset=\"UTF-8\"; x=y"}).status == 201);
}

TEST_CASE("xcap: a document that is not well-formed is 409 [RFC 4825 §8.2.2]") {
  XcapWorld world;
  for (const auto* text : {"", "text", "<resource-lists>", "<a/><b/>",
                           "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a b='&lt' />"}) {
    CAPTURE(text);
    CHECK(says(world.put(joe, {text, lists_type}), ConflictKind::not_well_formed));
  }
}

TEST_CASE("xcap: a body that is not UTF-8 is 409 [RFC 4825 §8.2.2]") {
  auto world = world_with_lists();
  const std::string utf16("\xFF\xFE<\0a\0/\0>\0", 10);
  const std::string bodies[] = {
      "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a/>",
      "<?xml version='1.0' encoding='utf-16'?><a/>",
      "<a>\xE9</a>",
      "<a>\xC0\x80</a>",
      utf16,
      utf16.substr(2),
  };
  for (const auto& body : bodies) {
    CHECK(says(world.put(joe, {body, lists_type}), ConflictKind::not_utf_8));
    CHECK(says(world.put(node(in_friends + "a"), {body, element_type}), ConflictKind::not_utf_8));
  }
  CHECK(says(world.put(node(in_friends + "@name"), {"\"\xE9\"", attribute_type}), ConflictKind::not_utf_8));
  CHECK(says(world.put(joe, {lists, std::string(lists_type) + ";charset=iso-8859-1"}),
             ConflictKind::not_utf_8));
  CHECK(world.put(joe, {"<?xml version='1.0' encoding='US-ASCII'?>" + lists.substr(22), lists_type}).status ==
        200);
}

TEST_CASE("xcap: a body that is not one element is 409 [RFC 4825 §8.2.2]") {
  auto world = world_with_lists();
  for (const auto* body :
       {"", "text", "<entry uri='a'/><entry uri='b'/>", "<entry uri='a'>", "</list><list>"})
    CHECK(
        says(world.put(node(in_friends + "entry%5B2%5D"), {body, element_type}), ConflictKind::not_xml_frag));
}

TEST_CASE("xcap: a body that is no attribute value is 409 [RFC 4825 §8.2.2]") {
  auto world = world_with_lists();
  for (const auto* body :
       {"", "friends", "\"friends", "friends\"", "'friends\"", "\"a\"b\"", "\"<\"", "\"a & b\"",
        "\"&unknown;\"", "\"a\" b=\"c\"", "\"\x01\"", "\"", "\"a\"/><x y=\"b\""}) {
    CAPTURE(body);
    CHECK(says(world.put(node("resource-lists/list/@name"), {body, attribute_type}),
               ConflictKind::not_xml_att_value));
  }
  CHECK(world.put(node("resource-lists/list/@name"), {"'a &amp; &#x42;\"'\r\n", attribute_type}).status ==
        200);
  CHECK(world.get(node("resource-lists/list/@name")).body == "'a &amp; &#x42;\"'");
}

TEST_CASE("xcap: what has no parent is 409 with the closest one that there is [RFC 4825 §8.2.1, §11.1]") {
  auto world = world_with_lists();
  const tests::Fields entry{"<entry uri=\"sip:b@example.com\"/>", element_type};
  const auto element = world.put(node(in_friends + "list%5B@name=%22none%22%5D/entry"), entry);
  CHECK(says(element, ConflictKind::no_parent));
  CHECK(contains(element.body, "<ancestor>resource-lists/list%5B@name=%22friends%22%5D</ancestor>"));
  const auto attribute = world.put(node("resource-lists/list%5B2%5D/@name"), {"\"x\"", attribute_type});
  CHECK(says(attribute, ConflictKind::no_parent));
  CHECK(contains(attribute.body, "<ancestor>resource-lists</ancestor>"));
  const auto root = world.put(node("other/list"), entry);
  CHECK(says(root, ConflictKind::no_parent));
  CHECK_FALSE(contains(root.body, "ancestor"));
  const auto prefixed = world.put(
      node("r:resource-lists/r:list/r:list/r:entry?xmlns(r=urn:ietf:params:xml:ns:resource-lists)"), entry);
  CHECK(contains(
      prefixed.body,
      "<ancestor>r:resource-lists/r:list?xmlns(r=urn:ietf:params:xml:ns:resource-lists)</ancestor>"));
  CHECK(says(world.put("resource-lists/users/nobody/index/~~/resource-lists/list", entry),
             ConflictKind::no_parent));
  CHECK(says(world.put("resource-lists/users/joe/directory/index", {lists, lists_type}),
             ConflictKind::no_parent));
}

TEST_CASE("xcap: a parent that is several is none [RFC 4825 §8.2.1]") {
  auto world = world_with_lists();
  CHECK(world.put(node("resource-lists/list%5B@name=%22b%22%5D"), {"<list name=\"b\"/>", element_type})
            .status == 201);
  CHECK(says(world.put(node("resource-lists/list/entry"), {"<entry uri=\"sip:b@c\"/>", element_type}),
             ConflictKind::no_parent));
}

TEST_CASE("xcap: a change that the schema does not allow is 409, and nothing is changed [RFC 4825 §8.2.5]") {
  auto world = world_with_lists();
  CHECK(says(world.put(joe, {"<other/>", lists_type}), ConflictKind::schema_validation_error));
  CHECK(says(
      world.put(joe, {"<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"sip:a@b\"/>", lists_type}),
      ConflictKind::schema_validation_error));
  CHECK(says(world.put(node(in_friends + "other"), {"<other/>", element_type}),
             ConflictKind::schema_validation_error));
  CHECK(says(world.put(node(in_friends + "@other"), {"\"1\"", attribute_type}),
             ConflictKind::schema_validation_error));
  CHECK(says(world.remove(node(in_friends + "entry/@uri")), ConflictKind::schema_validation_error));
  CHECK(says(world.remove(node("resource-lists")), ConflictKind::schema_validation_error));
  CHECK(world.get(joe).body == lists);
}

TEST_CASE("xcap: attributes are created, replaced and deleted [RFC 4825 §7.7, §7.8]") {
  auto world = world_with_lists();
  const auto name = node("resource-lists/list/@name");
  CHECK(world.put(name, {"\"others\"", attribute_type}).status == 200);
  CHECK(world.get(name).body == "\"others\"");
  CHECK(world.remove(name).status == 200);
  CHECK(world.get(name).status == 404);
  CHECK(world.put(name, {"\"friends\"", attribute_type}).status == 201);
  CHECK(world.get(joe).body == lists);
}

TEST_CASE("xcap: every resource of a document has its entity tag [RFC 4825 §8.5]") {
  auto world = world_with_lists();
  const auto first = std::string(world.get(joe).header("ETag"));
  const auto put = world.put(node(in_friends + "entry%5B@uri=%22sip:b@c%22%5D"),
                             {"<entry uri=\"sip:b@c\"/>", element_type});
  CHECK(put.status == 201);
  const auto second = std::string(put.header("ETag"));
  CHECK(second != first);
  for (const auto& target :
       {joe, node("resource-lists"), node("resource-lists/list/@name"), node("resource-lists/namespace::*")})
    CHECK(world.get(target).header("ETag") == second);
  const auto removed = world.remove(node(in_friends + "entry%5B@uri=%22sip:b@c%22%5D"));
  CHECK(removed.header("ETag") == first);
}

TEST_CASE("xcap: a client that has the document gets 304, for its parts too [RFC 4825 §7.11]") {
  auto world = world_with_lists();
  const auto etag = etag_of(lists);
  for (const auto& target : {joe, node("resource-lists/list/@name")}) {
    const auto outcome = world.get(target, {"", "", std::nullopt, etag});
    CHECK(outcome.status == 304);
    CHECK(outcome.header("ETag") == etag);
    CHECK(outcome.body.empty());
    CHECK(world.get(target, {"", "", std::nullopt, "\"other\""}).status == 200);
    CHECK(world.get(target, {"", "", "\"other\""}).status == 412);
  }
  // What is not there is 404, whatever the client has.
  CHECK(world.get(node("resource-lists/other"), {"", "", std::nullopt, etag}).status == 404);
}

TEST_CASE("xcap: a client that missed a change gets 412 [RFC 4825 §7.11]") {
  auto world = world_with_lists();
  const auto etag = etag_of(lists);
  const auto entry = node(in_friends + "entry%5B@uri=%22sip:b@c%22%5D");
  const tests::Fields fields{"<entry uri=\"sip:b@c\"/>", element_type, etag};
  CHECK(world.put(entry, fields).status == 201);
  CHECK(world.put(entry, fields).status == 412);
  CHECK(world.put(joe, {lists, lists_type, etag}).status == 412);
  CHECK(world.remove(entry, {"", "", etag}).status == 412);
  CHECK(world.remove(joe, {"", "", etag}).status == 412);
  // Even one whose parent has gone meanwhile.
  CHECK(world.put(node("resource-lists/list%5B9%5D/entry"), fields).status == 412);
  CHECK(world.remove(entry, {"", "", std::string(world.get(joe).header("ETag"))}).status == 200);
  CHECK(world.remove(entry, {"", "", "\"old\""}).status == 404);
}

TEST_CASE("xcap: If-None-Match * creates a document, and never a node [RFC 4825 §8.2.6]") {
  XcapWorld world;
  CHECK(world.put(joe, {lists, lists_type, std::nullopt, "*"}).status == 201);
  CHECK(world.put(joe, {lists, lists_type, std::nullopt, "*"}).status == 412);
  CHECK(world
            .put(node(in_friends + "entry%5B2%5D"),
                 {"<entry uri=\"sip:b@c\"/>", element_type, std::nullopt, "*"})
            .status == 412);
  CHECK(world.put("resource-lists/users/b/index", {lists, lists_type, "*"}).status == 412);
  CHECK(world.put(joe, {lists, lists_type, "nonsense"}).status == 400);
}

TEST_CASE("xcap: what a body adds past a limit is refused") {
  auto world = world_with_lists();
  world.limits.document_bytes = lists.size() + 40;
  CHECK(world.put(joe, {lists + std::string(41, ' '), lists_type}).status == 413);
  CHECK(
      world
          .put(node(in_friends + "entry%5B@uri=%22sip:b@c%22%5D"), {"<entry uri=\"sip:b@c\"/>", element_type})
          .status == 201);
  CHECK(
      world
          .put(node(in_friends + "entry%5B@uri=%22sip:c@c%22%5D"), {"<entry uri=\"sip:c@c\"/>", element_type})
          .status == 413);
  CHECK(
      world.put(node("resource-lists/list/@name"), {fmt::format("\"{:a>60}\"", ""), attribute_type}).status ==
      413);
  CHECK(world.put(node("resource-lists/list/@name"), {fmt::format("\"{:a>600}\"", ""), attribute_type})
            .status == 413);
}
