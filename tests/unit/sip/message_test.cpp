// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <string>

#include <rollcall/sip/message.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

using testing::defect_of;
using testing::options_with;
using testing::parsed;
using testing::replaced;

namespace {

bool is_sip(std::string bytes) {
  return Message::parse(std::move(bytes), base::Limits{}).ok();
}

std::string joined(const std::vector<std::string_view>& values) {
  std::string text;
  for (const auto value : values)
    text.append(value).append("|");
  return text;
}

}  // namespace

TEST_CASE("message: a request falls into its parts [RFC 3261 §7.1]") {
  const auto message = parsed(options_with("Content-Length: 5\r\n", "hello"));
  CHECK(message->is_request());
  CHECK(message->method() == Method::options);
  CHECK(message->method_name() == "OPTIONS");
  CHECK(message->request_uri() == "sip:bob@example.com");
  CHECK(message->first(Header::call_id) == "c1@192.0.2.7");
  CHECK(message->body() == "hello");
  CHECK(defect_of(*message) == "none");
}

TEST_CASE("message: a response falls into its parts [RFC 3261 §7.2]") {
  const auto message =
      parsed(replaced(options_with(""), "OPTIONS sip:bob@example.com SIP/2.0", "SIP/2.0 480 Not here now"));
  CHECK_FALSE(message->is_request());
  CHECK(message->status() == 480);
  CHECK(message->reason() == "Not here now");
  CHECK_FALSE(message->defect().has_value());
}

TEST_CASE("message: the status line may lack a reason, and the space before it [RFC 4475 §3.1.1.13]") {
  CHECK(parsed(replaced(options_with(""), "OPTIONS sip:bob@example.com SIP/2.0", "SIP/2.0 100 "))
            ->reason()
            .empty());
  CHECK(parsed(replaced(options_with(""), "OPTIONS sip:bob@example.com SIP/2.0", "sip/2.0 100"))->status() ==
        100);
}

TEST_CASE("message: the bytes that are handed out lie in the message's own buffer") {
  const auto message = parsed(options_with("Subject: x\r\n", "body"));
  const auto inside = [&message](std::string_view view) {
    const auto bytes = message->bytes();
    return view.data() >= bytes.data() && view.data() + view.size() <= bytes.data() + bytes.size();
  };
  CHECK(inside(message->method_name()));
  CHECK(inside(message->request_uri()));
  CHECK(inside(message->body()));
  for (const auto& field : message->fields()) {
    CHECK(inside(field.name));
    CHECK(inside(field.value));
    CHECK(inside(field.line));
  }
}

TEST_CASE("message: empty lines before the start line are passed over [RFC 3261 §7.5]") {
  CHECK(parsed("\r\n\r\n" + options_with(""))->method() == Method::options);
  CHECK_FALSE(is_sip("\r\n\r\n"));
}

TEST_CASE("message: what is no SIP has nothing to answer") {
  for (const std::string_view text :
       {"", "hello", "hello\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\n", "OPTIONS sip:a@b\r\n\r\n",
        "OPTIONS sip:a@b SIP\r\n\r\n", "OPTIONS sip:a@b SIP/2\r\n\r\n", "OPTIONS sip:a@b SIP/x.y\r\n\r\n"}) {
    CAPTURE(text);
    CHECK_FALSE(is_sip(std::string(text)));
  }
  CHECK_FALSE(is_sip(std::string("\0\1\0\0\x21\x12\xa4\x42", 8)));
}

TEST_CASE("message: a response with a broken start line is dropped [RFC 4475 §3.1.2.19]") {
  for (const std::string_view line : {"SIP/2.0 4294967301 better not", "SIP/2.0 99 Low", "SIP/2.0 099 Low",
                                      "SIP/2.0 700 High", "SIP/2.0 2000 Long", "SIP/2.0 abc No",
                                      "SIP/2.0  200 OK", "SIP/3.0 200 OK", "SIP/2.0 200OK", "SIP/2.0"}) {
    CAPTURE(line);
    CHECK_FALSE(is_sip(replaced(options_with(""), "OPTIONS sip:bob@example.com SIP/2.0", line)));
  }
}

TEST_CASE("message: a version that we do not speak is answered 505 [RFC 3261 §8.2, RFC 4475 §3.1.2.16]") {
  const auto message = parsed(replaced(options_with(""), "SIP/2.0", "SIP/7.0"));
  REQUIRE(message->defect().has_value());
  CHECK(message->defect()->status == 505);
  CHECK(parsed(replaced(options_with(""), "SIP/2.0", "Sip/2.0"))->defect().has_value() == false);
}

TEST_CASE(
    "message: white space where the start line has one space is a 400 [RFC 4475 §3.1.2.8 to §3.1.2.10]") {
  for (const std::string_view line :
       {"OPTIONS  sip:bob@example.com SIP/2.0", "OPTIONS sip:bob@example.com  SIP/2.0",
        "OPTIONS sip:bob@example.com SIP/2.0  ", " OPTIONS sip:bob@example.com SIP/2.0",
        "OPTIONS sip:bob@example.com; lr SIP/2.0", "OPTIONS sip:bob@example.com\t SIP/2.0"}) {
    CAPTURE(line);
    const auto message = parsed(replaced(options_with(""), "OPTIONS sip:bob@example.com SIP/2.0", line));
    CHECK(defect_of(*message) == "Bad Request: white space in the start line");
  }
  CHECK(defect_of(*parsed(replaced(options_with(""), "OPTIONS sip:bob@example.com SIP/2.0",
                                   "OPTIONS SIP/2.0"))) == "Bad Request: no Request-URI");
  CHECK(defect_of(*parsed(replaced(options_with(""), "OPTIONS sip", "OPT(IONS sip"))) ==
        "Bad Request: a method that is no token");
}

TEST_CASE(
    "message: names in any case and in compact form, with white space before the colon [RFC 3261 §7.3]") {
  const auto message =
      parsed(options_with("s  : hi\r\nSUPPORTED\t:path\r\nk:outbound\r\nX-Thing:  a b \t\r\n"));
  CHECK(message->first(Header::subject) == "hi");
  CHECK(joined(message->values(Header::supported)) == "path|outbound|");
  CHECK(message->first("x-thing") == "a b");
  CHECK(message->first("Subject") == "hi");
  CHECK_FALSE(message->first("Nothing").has_value());
  CHECK(message->fields()[6].name == "s");
}

TEST_CASE("message: a folded value is one line with spaces [RFC 3261 §7.3.1]") {
  const auto message = parsed(
      options_with("Subject: I know you're there,\r\n  pick up the phone\r\n\tand answer\r\nTo2:\r\n x\r\n"));
  CHECK(message->first(Header::subject) == "I know you're there,    pick up the phone  \tand answer");
  CHECK(message->first("To2") == "x");
  CHECK(message->fields()[6].line.find('\n') == std::string_view::npos);
}

TEST_CASE("message: lines of a datagram may end in an LF alone, as in the archive of RFC 5118") {
  std::string bytes = options_with("X-A: 1\r\n\t2\r\n", "the\nbody");
  std::erase(bytes, '\r');
  const auto message = parsed(bytes);
  CHECK(defect_of(*message) == "none");
  CHECK(message->first("X-A") == "1 \t2");
  CHECK(message->body() == "the\nbody");
}

TEST_CASE("message: fields keep their order and unknown ones their text [RFC 3261 §7.3.1]") {
  const auto message = parsed(options_with("X-B: ;;,,;;,;\r\nX-A: 1\r\nX-B: 2\r\n"));
  CHECK(message->fields()[6].line == "X-B: ;;,,;;,;");
  CHECK(message->fields()[7].line == "X-A: 1");
  CHECK(message->fields()[8].line == "X-B: 2");
}

TEST_CASE("message: a list header is the same in one field or in many [RFC 3261 §7.3.1]") {
  const std::string expected = "<sip:a@b>|\"x, y\" <sip:c@d,e>;q=1|<sip:f@g>|";
  CHECK(joined(parsed(options_with("Contact: <sip:a@b> ,\"x, y\" <sip:c@d,e>;q=1\r\nm: <sip:f@g>\r\n"))
                   ->values(Header::contact)) == expected);
  CHECK(joined(parsed(options_with("m:<sip:a@b>,, ,\"x, y\" <sip:c@d,e>;q=1,<sip:f@g>,\r\n"))
                   ->values(Header::contact)) == expected);
  // A header that is no list keeps its commas.
  CHECK(joined(parsed(options_with("Date: Sat, 13 Nov 2010 23:29:00 GMT\r\n"))->values(Header::date)) ==
        "Sat, 13 Nov 2010 23:29:00 GMT|");
}

TEST_CASE("list: quotes, escapes and brackets hide their commas, also unbalanced ones") {
  const auto elements = [](std::string_view list) {
    std::vector<std::string_view> found;
    for (ListCursor c(list); const auto element = c.next();)
      found.push_back(*element);
    return joined(found);
  };
  CHECK(elements("a, b ,c") == "a|b|c|");
  CHECK(elements("\"a\\\",b\",c") == "\"a\\\",b\"|c|");
  CHECK(elements("<a,\",b>,c\"") == "<a,\",b>|c\"|");
  CHECK(elements("\"a,b") == "\"a,b|");
  CHECK(elements("<a,b") == "<a,b|");
  CHECK(elements("\"a\\") == "\"a\\|");
  CHECK(elements(" , ,, ").empty());
  CHECK(elements("").empty());
}

TEST_CASE("message: a field without a name or colon is a 400, and the rest is still read") {
  for (const std::string_view line :
       {"no colon here\r\n", ": no name\r\n", "bad(name): x\r\n", "\xc3\xa4: x\r\n"}) {
    CAPTURE(line);
    const auto message =
        parsed(replaced(options_with(""), "Max-Forwards", std::string(line) + "Max-Forwards"));
    CHECK(defect_of(*message) == "Bad Request: a header field without a name and colon");
    CHECK(message->has(Header::call_id));
  }
  const auto message = parsed(replaced(options_with(""), "Via: ", " Via: "));
  CHECK(defect_of(*message) == "Bad Request: a header field without a name and colon");
}

TEST_CASE("message: control characters are a 400 unless escaped in a quoted string [RFC 3261 §25.1]") {
  for (const std::string& text :
       {std::string("a\rb"), std::string("a\0b", 3), std::string("a\x01"), std::string("\\\x01"),
        std::string("\"a\rb\""), std::string("\"a\\\rb\"")}) {
    const auto message = parsed(options_with("Subject: " + text + "\r\n"));
    CHECK(defect_of(*message) == "Bad Request: a control character in the header");
    CHECK_FALSE(message->first(Header::subject)->find_first_of(std::string_view("\r\0\x01", 3)) !=
                std::string_view::npos);
  }
  const auto message = parsed(options_with(std::string("Subject: \"a\\\0b\"\ttab\r\n", 21)));
  CHECK(defect_of(*message) == "none");
  CHECK(message->first(Header::subject) == std::string_view("\"a\\\0b\"\ttab", 10));
}

TEST_CASE("message: a header that breaks off is a 400, one that only lacks the empty line is not") {
  auto bytes = options_with("Subject: x\r\n");
  bytes.resize(bytes.size() - 2);
  CHECK(defect_of(*parsed(bytes)) == "none");
  bytes.resize(bytes.size() - 2);
  CHECK(defect_of(*parsed(bytes)) == "Bad Request: the header breaks off");
}

TEST_CASE(
    "message: what every request needs, and is not there, is named [RFC 3261 §8.1.1, RFC 4475 §3.3.1]") {
  CHECK(defect_of(*parsed(replaced(options_with(""), "Call-ID: c1@192.0.2.7\r\n", ""))) ==
        "Bad Request: no Call-ID");
  const auto message = parsed("OPTIONS sip:a@b SIP/2.0\r\nVia: SIP/2.0/UDP a.b\r\nCSeq: 1 OPTIONS\r\n\r\n");
  CHECK(defect_of(*message) == "Bad Request: no From, To, Call-ID");
  CHECK(defect_of(*parsed(replaced(options_with(""), "Max-Forwards: 70\r\n", ""))) == "none");
}

TEST_CASE("message: what may be there once is there once [RFC 4475 §3.3.8]") {
  for (const std::string_view line :
       {"From: <sip:x@y>;tag=1\r\n", "t: <sip:x@y>\r\n", "i: other\r\n", "CSeq: 7 OPTIONS\r\n",
        "Max-Forwards: 70\r\n", "Content-Length: 0\r\nl: 0\r\n", "Expires: 1\r\nExpires: 1\r\n",
        "Event: presence\r\no: presence\r\n"}) {
    CAPTURE(line);
    CHECK(defect_of(*parsed(options_with(line))).starts_with("Bad Request: more than one "));
  }
  CHECK(defect_of(*parsed(options_with("Via: SIP/2.0/UDP a.b\r\nRoute: <sip:a>\r\nRoute: <sip:b>\r\n"))) ==
        "none");
}

TEST_CASE(
    "message: the method in CSeq is the request's, if we know the method [RFC 3261 §8.1.1.5, RFC 4475 "
    "§3.1.2.18]") {
  CHECK(defect_of(*parsed(replaced(options_with(""), "7 OPTIONS", "7 INVITE"))) ==
        "Bad Request: the method in CSeq is another one");
  CHECK(defect_of(*parsed(replaced(options_with(""), "7 OPTIONS", "7 options"))) ==
        "Bad Request: the method in CSeq is another one");
  CHECK(defect_of(*parsed(replaced(options_with(""), "OPTIONS sip", "NEWMETHOD sip"))) == "none");
  CHECK(defect_of(*parsed(replaced(options_with(""), "7 OPTIONS", "99999999999 OPTIONS"))) ==
        "Bad Request: CSeq: the number is not below 2^31");
}

}  // namespace rollcall::sip
