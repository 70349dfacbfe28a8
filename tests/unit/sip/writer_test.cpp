// SPDX-License-Identifier: Apache-2.0
#include "messages.hpp"

#include <string>

#include <rollcall/sip/writer.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

using testing::options_with;
using testing::parsed;

TEST_CASE("writer: a request and its body") {
  Writer writer;
  writer.request_line("MESSAGE", "sip:bob@example.com")
      .header(Header::max_forwards, 70)
      .header("X-Odd", "1")
      .body("hello");
  CHECK(writer.take() ==
        "MESSAGE sip:bob@example.com SIP/2.0\r\nMax-Forwards: 70\r\nX-Odd: 1\r\nContent-Length: "
        "5\r\n\r\nhello");
}

TEST_CASE("writer: a header for a body that is sent beside it") {
  Writer writer;
  writer.status_line(200, "OK").end(12345);
  CHECK(writer.take() == "SIP/2.0 200 OK\r\nContent-Length: 12345\r\n\r\n");
}

TEST_CASE("writer: no value can bring a line of its own with it") {
  Writer writer;
  writer.request_line("OPT\r\nIONS", "sip:a@b SIP/2.0\r\nEvil: 1")
      .header(Header::subject, std::string_view("a\r\nEvil: 1\nEvil: 2\rEvil: 3\0", 27))
      .header("X\r\nEvil", "x")
      .header("", "x")
      .header("X Y", "x")
      .header(Header::from, "tab\tstays")
      .body("");
  CHECK(writer.take() ==
        "OPTIONS sip:a@bSIP/2.0Evil:1 SIP/2.0\r\nSubject: aEvil: 1Evil: 2Evil: 3\r\nFrom: tab\tstays\r\n"
        "Content-Length: 0\r\n\r\n");
  Writer reply;
  reply.status_line(400, "Bad\r\nEvil: 1").body("");
  CHECK(reply.take() == "SIP/2.0 400 BadEvil: 1\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("writer: a field is copied as it was received, and a fold becomes spaces") {
  const auto message = parsed(options_with("X-Fold : a\r\n b\r\nX-Fold: c\r\nk: path\r\n"));
  Writer writer;
  writer.copy(message->fields()[6])
      .copy(*message, Header::supported)
      .copy(message->fields()[7], ";t=", "1\r\n");
  CHECK(writer.take() == "X-Fold : a   b\r\nk: path\r\nX-Fold: c;t=1\r\n");
}

}  // namespace rollcall::sip
