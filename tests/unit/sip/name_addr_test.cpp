// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <rollcall/sip/headers/name_addr.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

namespace {

NameAddr read(std::string_view text) {
  const auto address = NameAddr::parse(text);
  REQUIRE_MESSAGE(address.ok(), std::string(text));
  return *address;
}

}  // namespace

TEST_CASE("name-addr: the examples of From fall into their parts [RFC 3261 §20.20]") {
  const auto quoted = read("\"A. G. Bell\" <sip:agb@bell-telephone.com> ;tag=a48s");
  CHECK(quoted.display_name == "\"A. G. Bell\"");
  CHECK(quoted.uri.user == "agb");
  CHECK(quoted.tag() == "a48s");
  CHECK(quoted.bracketed);

  const auto bare = read("sip:+12125551212@server.phone2net.com;tag=887s");
  CHECK(bare.display_name.empty());
  CHECK(bare.uri.text == "sip:+12125551212@server.phone2net.com");
  CHECK(bare.tag() == "887s");
  CHECK_FALSE(bare.bracketed);

  const auto tokens = read("Anonymous <sip:c8oqz84zk7z@privacy.org>;tag=hyh8");
  CHECK(tokens.display_name == "Anonymous");
  CHECK(read("token1~` token2'+_ token3*%!.- <sip:m@example.com>").display_name ==
        "token1~` token2'+_ token3*%!.-");
}

TEST_CASE("name-addr: without brackets every parameter is the header's [RFC 3261 §20.10, RFC 4475 §3.3.12]") {
  const auto bare = read("sip:a@b.com;unknownparam");
  CHECK(bare.params.has("unknownparam"));
  CHECK_FALSE(bare.uri.param("unknownparam").has_value());

  const auto bracketed = read("<sip:a@b.com;unknownparam>;q=0.5");
  CHECK(bracketed.uri.param("unknownparam").has_value());
  CHECK_FALSE(bracketed.params.has("unknownparam"));
  CHECK(bracketed.params.get("q") == "0.5");
}

TEST_CASE("name-addr: no space is needed before the bracket [RFC 4475 §3.1.1.6]") {
  CHECK(read("caller<sip:caller@example.com>;tag=323").display_name == "caller");
  CHECK(read("\"x\"<sip:caller@example.com>").display_name == "\"x\"");
}

TEST_CASE("name-addr: quoted strings may hold anything that is escaped [RFC 3261 §25.1]") {
  CHECK(read("\"J Rosenberg \\\\\\\"\"       <sip:jdrosen@example.com>\t;\ttag = 98asjd8").tag() ==
        "98asjd8");
  CHECK(read("\"<sip:fake@x>, ;\" <sip:real@example.com>").uri.user == "real");
  CHECK(read(std::string_view("\"\\\0\" <sip:a@b>", 14)).uri.user == "a");
  CHECK(read("\"\xc3\xa4\xe2\x82\xac\" <sip:a@b>").display_name == "\"\xc3\xa4\xe2\x82\xac\"");
}

TEST_CASE("name-addr: a URI of any scheme may stand there [RFC 4475 §3.3.4]") {
  CHECK(read("isbn:2983792873").uri.scheme == Scheme::other);
  CHECK(read("<http://www.example.com>;tag=3234233").tag() == "3234233");
  CHECK(read("<tel:+12015550123>").uri.scheme == Scheme::tel);
}

TEST_CASE("name-addr: what the grammar does not allow is malformed [RFC 4475 §3.1.2]") {
  for (const std::string_view text : {
           "",
           "*",
           "alice",
           "<>",
           "<sip:a@b",
           "sip:a@b>",
           "\"Mr. J. User <sip:j.user@example.com>",
           "\"x\" sip:a@b",
           "\"x\\\" <sip:a@b>",
           "Bell, Alexander <sip:a.g.bell@example.com>;tag=43",
           "Watson, Thomas <sip:t.watson@example.org>",
           "\"Watson, Thomas\" < sip:t.watson@example.org >",
           "sip:user@example.com?Route=%3Csip:sip.example.com%3E",
           "sip:a,b@example.com",
           "<sip:a@b> x",
           "<sip:a@b>;",
           "<sip:a@b>;;;;",
           "<sip:a@b>;tag=1;tag=2",
           "<sip:a@b><sip:c@d>",
           "\"x\" \"y\" <sip:a@b>",
           "J\xc3\xb6rg <sip:a@b>",
       }) {
    CAPTURE(text);
    CHECK_FALSE(NameAddr::parse(text).ok());
  }
}

}  // namespace rollcall::sip
