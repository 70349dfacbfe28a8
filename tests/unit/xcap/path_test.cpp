// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <variant>
#include <vector>

#include <rollcall/xcap/path.hpp>

#include <doctest/doctest.h>

using namespace rollcall::xcap;

namespace {

Path path_of(const std::string& target) {
  auto parsed = parse_path(target, {});
  REQUIRE_MESSAGE(std::holds_alternative<Path>(parsed), target);
  return std::get<Path>(parsed);
}

int refusal_of(const std::string& target) {
  auto parsed = parse_path(target, {});
  const auto* refusal = std::get_if<Refusal>(&parsed);
  return refusal ? refusal->status : 0;
}

}  // namespace

TEST_CASE("path: a document selector names application, user and document [RFC 4825 §6.2]") {
  const auto path = path_of("/resource-lists/users/sip:joe@example.com/index");
  CHECK(path.usage->auid == "resource-lists");
  CHECK(path.tree == Tree::users);
  CHECK(path.xui == "sip:joe@example.com");
  CHECK(path.directories.empty());
  CHECK(path.document == "index");
  CHECK_FALSE(path.node);
  CHECK(path.query.empty());
  CHECK(path.document_selector() == "resource-lists/users/sip:joe@example.com/index");
}

TEST_CASE("path: global documents have no user [RFC 4825 §6.2]") {
  const auto path = path_of("rls-services/global/index");
  CHECK(path.tree == Tree::global);
  CHECK(path.xui.empty());
  CHECK(path.document_selector() == "rls-services/global/index");
}

TEST_CASE("path: characters that a segment cannot hold are escaped in an XUI [RFC 4825 §6.2]") {
  const auto path = path_of("resource-lists/users/sip:a%2Fb%3f%c3%80@example.com/index");
  CHECK(path.xui == "sip:a/b?\xC3\x80@example.com");
  CHECK(path.document_selector() == "resource-lists/users/sip:a%2Fb%3F%C3%80@example.com/index");
  CHECK(path_of("resource%2Dlists/users/%73ip:joe@example.com/ind%65x").document_selector() ==
        "resource-lists/users/sip:joe@example.com/index");
}

TEST_CASE("path: the first ~~ separates document and node, escaped or not [RFC 4825 §6]") {
  for (const std::string separator : {"~~", "%7E%7E", "~%7e"}) {
    const auto path =
        path_of("resource-lists/users/a/index/" + separator + "/resource-lists/~~/x?xmlns(a=b)");
    CHECK(path.document == "index");
    CHECK(path.node == "resource-lists/~~/x");
    CHECK(path.query == "xmlns(a=b)");
  }
  CHECK(path_of("resource-lists/users/a/index/~~").node == "");
}

TEST_CASE("path: the node selector stays escaped, so that slashes in values stay apart [RFC 4825 §6.3]") {
  CHECK(path_of("resource-lists/users/a/index/~~/x%5b@u=%22a%2fb%22%5d").node == "x%5b@u=%22a%2fb%22%5d");
}

TEST_CASE("path: directories are told from the document [RFC 4825 §6.2]") {
  const auto path = path_of("org.openmobilealliance.pres-content/users/a/oma_status-icon/icon");
  CHECK(path.directories == std::vector<std::string>{"oma_status-icon"});
  CHECK(path.document == "icon");
}

TEST_CASE("path: what names no document is 404 [RFC 4825 §8]") {
  const char* const targets[] = {
      "",
      "/",
      "nothing/users/a/index",
      "Resource-Lists/users/a/index",
      "resource-lists",
      "resource-lists/",
      "resource-lists/others/a/index",
      "resource-lists/users",
      "resource-lists/users/",
      "resource-lists/users/a",
      "resource-lists/users/a/",
      "resource-lists/users//index",
      "resource-lists/users/a/index/",
      "resource-lists/users/a//index",
      "resource-lists/users/a/../index",
      "resource-lists/users/a/%2e%2e/index",
      "resource-lists/users/a/.",
      "resource-lists/users/a/b%2findex",
      "resource-lists/global",
      "resource-lists/global/",
      "resource-lists/~~/users/a/index",
      "resource-lists/users/a/~~/x",
      "//resource-lists/users/a/index",
  };
  for (const auto* target : targets) {
    CAPTURE(target);
    CHECK(refusal_of(target) == 404);
  }
}

TEST_CASE("path: a broken escape is 400 [RFC 3986 §2.1]") {
  for (const auto* target : {"resource-lists/users/a%/index", "resource-lists/users/a%4/index",
                             "resource-lists/users/a%zz/index", "resource-lists/users/%ff/index",
                             "resource-lists/users/%00/index", "resource-lists/users/%c0%80/index",
                             "resource-lists/users/%ed%a0%80/index", "resource-lists/users/a%0a/index"}) {
    CAPTURE(target);
    CHECK(refusal_of(target) == 400);
  }
}

TEST_CASE("path: a URI past the limit is 414") {
  const Limits limits;
  CHECK(refusal_of("resource-lists/users/" + std::string(limits.target_bytes, 'a') + "/index") == 414);
}

TEST_CASE("path: owners have their home directory, users read global documents [RFC 4825 §5.7]") {
  const auto own = path_of("resource-lists/users/a/index");
  CHECK(may_read(own, Requester::owner));
  CHECK(may_write(own, Requester::owner));
  CHECK_FALSE(may_read(own, Requester::other_user));
  CHECK_FALSE(may_write(own, Requester::other_user));
  CHECK(may_read(own, Requester::administrator));
  CHECK(may_write(own, Requester::administrator));
  const auto global = path_of("xcap-caps/global/index");
  CHECK(may_read(global, Requester::other_user));
  CHECK_FALSE(may_write(global, Requester::owner));
  CHECK_FALSE(may_write(global, Requester::other_user));
}

TEST_CASE("path: the index of all services is for administrators [RFC 4826 §4.4.9]") {
  const auto index = path_of("rls-services/global/index");
  CHECK_FALSE(may_read(index, Requester::owner));
  CHECK_FALSE(may_read(index, Requester::other_user));
  CHECK(may_read(index, Requester::administrator));
}
