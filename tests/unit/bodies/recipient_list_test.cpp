// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/bodies/deflate.hpp>
#include <rollcall/bodies/recipient_list.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using base::ErrorCode;
using bodies::BodyView;
using bodies::Recipient;

namespace {

const base::Limits limits;
constexpr std::string_view type = "application/resource-lists+xml";
constexpr std::string_view disposition = "recipient-list";

/// RFC 5367 Figure 1.
constexpr std::string_view figure =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\"\n"
    "               xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n"
    "  <list>\n"
    "    <entry uri=\"sip:bill@example.com\" />\n"
    "    <entry uri=\"sip:joe@example.org\" />\n"
    "    <entry uri=\"sip:ted@example.net\" />\n"
    "  </list>\n"
    "</resource-lists>\n";

const std::vector<Recipient> figure_list{
    {"sip:bill@example.com", ""}, {"sip:joe@example.org", ""}, {"sip:ted@example.net", ""}};

base::Result<std::vector<Recipient>> read(const BodyView& body, std::size_t most = 1'000) {
  return bodies::read_recipient_list(body, limits, most);
}

std::vector<Recipient> list_of(const BodyView& body) {
  auto list = read(body);
  CAPTURE((list ? std::string() : list.error().detail));
  REQUIRE(list.ok());
  return *list;
}

ErrorCode fault(const BodyView& body, std::size_t most = 1'000) {
  const auto list = read(body, most);
  REQUIRE_FALSE(list.ok());
  return list.error().code;
}

std::string lists(std::string_view content) {
  return fmt::format("<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\">{}</resource-lists>",
                     content);
}

}  // namespace

TEST_CASE("recipient list: the body of the RFC's SUBSCRIBE is read [RFC 5367 §4, §7]") {
  CHECK(list_of({type, disposition, figure}) == figure_list);
  CHECK(list_of({"Application/Resource-Lists+XML;charset=UTF-8", "Recipient-List;handling=optional",
                 figure}) == figure_list);
  CHECK(list_of({type, "", figure}) == figure_list);
}

TEST_CASE("recipient list: it is found among the parts of a body [RFC 5363 §3]") {
  const auto body = fmt::format(
      "--b\r\nContent-Type: application/simple-filter+xml\r\n\r\n<filter-set/>\r\n"
      "--b\r\nContent-Type: application/resource-lists+xml\r\nContent-Disposition: "
      "recipient-list\r\n\r\n{}\r\n--b--",
      figure);
  CHECK(list_of({"multipart/mixed;boundary=b", "", body}) == figure_list);
  // The one that says so comes before the one that says nothing.
  const auto two = fmt::format(
      "--b\r\nContent-Type: application/resource-lists+xml\r\n\r\n{}\r\n"
      "--b\r\nContent-Type: application/resource-lists+xml\r\nContent-Disposition: "
      "recipient-list\r\n\r\n{}\r\n--b--",
      lists("<list><entry uri=\"sip:other@b.c\"/></list>"), figure);
  CHECK(list_of({"multipart/mixed;boundary=b", "", two}) == figure_list);
  const auto nested =
      fmt::format("--a\r\nContent-Type: multipart/mixed;\r\n boundary=\"b\"\r\n\r\n{}\r\n--a--", two);
  CHECK(list_of({"multipart/mixed;boundary=a", "", nested}) == figure_list);
}

TEST_CASE("recipient list: a part may be deflated, and no bomb [RFC 3261 §20.12]") {
  const auto part = [](std::string_view text) {
    return fmt::format(
        "--b\r\nContent-Type: application/resource-lists+xml\r\nContent-Encoding: deflate\r\n"
        "Content-Disposition: recipient-list\r\n\r\n{}\r\n--b--",
        bodies::deflate(text));
  };
  CHECK(list_of({"multipart/mixed;boundary=b", "", part(figure)}) == figure_list);
  CHECK(fault({"multipart/mixed;boundary=b", "", part(std::string(5'000'000, ' '))}) == ErrorCode::too_large);
}

TEST_CASE("recipient list: lists in lists are one list, and each URI counts once [RFC 5367 §4]") {
  const auto list = list_of(
      {type, disposition,
       lists("<list name=\"a\"><display-name>A</display-name><entry uri=\" sip:a@b.c \"><display-name>Ann"
             "</display-name></entry><list><entry uri=\"sip:b@b.c\"/><entry uri=\"sip:a@b.c\"/></list></list>"
             "<list><entry-ref ref=\"resource-lists/users/x/index/~~/y\"/><external anchor=\"http://h/x\"/>"
             "<entry uri=\"sip:c@b.c\"/><x:entry xmlns:x=\"urn:x\" uri=\"sip:d@b.c\"/></list>")});
  CHECK(list == std::vector<Recipient>{{"sip:a@b.c", "Ann"}, {"sip:b@b.c", ""}, {"sip:c@b.c", ""}});
}

TEST_CASE("recipient list: what is none is told apart from what is broken") {
  CHECK(fault({"application/pidf+xml", "", "<presence/>"}) == ErrorCode::not_found);
  CHECK(fault({type, "render", figure}) == ErrorCode::not_found);
  CHECK(fault({"multipart/mixed;boundary=b", "", "--b--"}) == ErrorCode::not_found);
  CHECK(fault({"text/plain", disposition, "sip:a@b.c"}) == ErrorCode::unsupported);
  CHECK(fault({"nonsense", "", figure}) == ErrorCode::malformed);
  CHECK(fault({type, disposition, ""}) == ErrorCode::malformed);
  CHECK(fault({type, disposition, "<resource-lists/>"}) == ErrorCode::malformed);
  CHECK(fault({type, disposition, lists("<list><entry/></list>")}) == ErrorCode::malformed);
  CHECK(fault({type, disposition, lists("<list><entry uri=\" \"/></list>")}) == ErrorCode::malformed);
  CHECK(fault({"multipart/mixed;boundary=b", "", "--b\r\nContent-Type: x\r\n\r\n"}) == ErrorCode::malformed);
}

TEST_CASE(
    "recipient list: of relative references the empty one is one, if the reader says so [RFC 5875 §4.4]") {
  const std::string text = lists("<list><entry uri=\"\"/><entry uri=\"a/\"/></list>");
  CHECK(fault({type, "", text}) == ErrorCode::malformed);
  const auto read = bodies::read_recipient_list({type, "", text}, limits, 10, bodies::EmptyUri::is_one);
  REQUIRE(read.ok());
  CHECK(*read == std::vector<Recipient>{{"", ""}, {"a/", ""}});
  const std::string without = lists("<list><entry/></list>");
  CHECK_FALSE(bodies::read_recipient_list({type, "", without}, limits, 10, bodies::EmptyUri::is_one).ok());
}

TEST_CASE("recipient list: too many entries, too deep and too long are refused") {
  CHECK(fault({type, disposition, figure}, 2) == ErrorCode::too_large);
  CHECK(read({type, disposition, figure}, 3).ok());
  std::string deep;
  for (int i = 0; i < 100; ++i)
    deep += "<list>";
  for (int i = 0; i < 100; ++i)
    deep += "</list>";
  CHECK(fault({type, disposition, lists(deep)}) == ErrorCode::malformed);
  CHECK(fault({type, disposition, lists(std::string(40'000, ' '))}) == ErrorCode::too_large);
  std::string nested(figure);
  for (int i = 0; i < 6; ++i)
    nested = fmt::format("--b{0}\r\nContent-Type: multipart/mixed;boundary=b{1}\r\n\r\n{2}\r\n--b{0}--", i,
                         i - 1, nested);
  CHECK(fault({"multipart/mixed;boundary=b5", "", nested}) == ErrorCode::too_large);
}
