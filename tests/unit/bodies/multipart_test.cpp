// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/bodies/multipart.hpp>
#include <rollcall/sip/headers/media_type.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using bodies::PartOut;

namespace {

constexpr std::string_view mixed = "multipart/mixed;boundary=\"b\"";

std::vector<bodies::Part> parts_of(std::string_view type, std::string_view body) {
  auto parts = bodies::read_multipart(type, body);
  CAPTURE((parts ? std::string() : parts.error().detail));
  REQUIRE(parts.ok());
  return *parts;
}

base::ErrorCode fault(std::string_view type, std::string_view body) {
  const auto parts = bodies::read_multipart(type, body);
  REQUIRE_FALSE(parts.ok());
  return parts.error().code;
}

std::string param(const std::string& type, const char* name) {
  const auto read = sip::MediaType::parse(type);
  REQUIRE(read.ok());
  return sip::unquote(read->params.get(name).value_or(""));
}

}  // namespace

TEST_CASE("multipart: what is written is read back part by part [RFC 2046 §5.1.1, RFC 2387 §3]") {
  const std::vector<PartOut> parts{{"root@h", "application/rlmi+xml;charset=\"UTF-8\"", "<list/>"},
                                   {"1@h", "application/pidf+xml", "<presence>\r\n</presence>\r\n"},
                                   {"2@h", "text/plain", ""}};
  const auto made = bodies::write_related(parts);
  CHECK(made.content_type.starts_with("multipart/related;"));
  CHECK(param(made.content_type, "type") == "application/rlmi+xml");
  CHECK(param(made.content_type, "start") == "<root@h>");
  const auto read = parts_of(made.content_type, made.body);
  REQUIRE(read.size() == parts.size());
  for (std::size_t i = 0; i < parts.size(); ++i) {
    CHECK(read[i].content_id == parts[i].content_id);
    CHECK(read[i].content_type == parts[i].content_type);
    CHECK(read[i].body == parts[i].body);
  }
}

TEST_CASE(
    "multipart: Linphone finds the parts: the boundary last and bare, Content-Id in this case, as it "
    "stands") {
  const std::vector<PartOut> parts{{"root@h", "application/rlmi+xml", "<list/>"}, {"1@h", "text/plain", "x"}};
  const auto made = bodies::write_related(parts, bodies::IdForm::bare);
  const auto last = made.content_type.rfind(";boundary=");
  REQUIRE(last != std::string::npos);
  CHECK(made.content_type.find_first_of("\"; ", last + 1) == std::string::npos);
  CHECK(made.body.starts_with("--" + made.content_type.substr(last + 10) + "\r\n"));
  CHECK(made.body.find("\r\nContent-Id: 1@h\r\n") != std::string::npos);
  CHECK(parts_of(made.content_type, made.body)[1].content_id == "1@h");
}

TEST_CASE("multipart: the boundary occurs in no part, whatever the parts hold [RFC 2046 §5.1.1]") {
  std::string body = "x";
  for (int round = 0; round < 50; ++round) {
    const std::vector<PartOut> parts{{"a", "text/plain", body}, {"b", "text/plain", "short"}};
    const auto made = bodies::write_related(parts);
    const auto boundary = param(made.content_type, "boundary");
    REQUIRE(boundary.size() <= 70);
    CHECK(body.find(boundary) == std::string::npos);
    const auto read = parts_of(made.content_type, made.body);
    REQUIRE(read.size() == 2);
    CHECK(read[0].body == body);
    // The next one holds what would have been its boundary, and a line that ends it.
    body = (round % 2 == 0 ? made.body : body) + "\r\n--" + boundary + "--\r\n";
  }
}

TEST_CASE("multipart: the sizes around parts are told exactly") {
  const std::vector<PartOut> parts{{"root@h", "application/rlmi+xml", "<list/>"},
                                   {"1@h", "text/plain", "abc"}};
  auto size = bodies::related_overhead();
  for (const auto& part : parts)
    size += bodies::part_overhead(part.content_id, part.content_type) + part.body.size();
  CHECK(bodies::write_related(parts).body.size() == size);
}

TEST_CASE("multipart: preamble, epilogue and padding are left out [RFC 2046 §5.1.1]") {
  const auto read =
      parts_of(mixed,
               "This is a preamble.\r\n--b not this\r\n--b  \t\r\nContent-Type: text/plain\r\n\r\none"
               "\r\n--b\r\n\r\ntwo\r\n\r\n--b--  \r\nepilogue\r\n--b\r\n\r\nthree\r\n--b--");
  REQUIRE(read.size() == 2);
  CHECK(read[0].content_type == "text/plain");
  CHECK(read[0].body == "one");
  CHECK(read[1].content_type.empty());
  CHECK(read[1].body == "two\r\n");
}

TEST_CASE("multipart: headers are read without case and over folds; bare line feeds end lines") {
  const auto read = parts_of(mixed,
                             "--b\ncontent-type: multipart/related;\n type=\"a/b\";\n\tboundary=\"c\"\n"
                             "CONTENT-DISPOSITION:recipient-list\nContent-Encoding: deflate\nX-Other: 1\n"
                             "Content-Id: <i@h>\n\nbody\nline\n--b--\n");
  REQUIRE(read.size() == 1);
  CHECK(read[0].content_type == "multipart/related; type=\"a/b\"; boundary=\"c\"");
  CHECK(read[0].content_disposition == "recipient-list");
  CHECK(read[0].content_encoding == "deflate");
  CHECK(read[0].content_id == "i@h");
  CHECK(read[0].body == "body\nline");
}

TEST_CASE("multipart: empty parts and no parts are what they are") {
  CHECK(parts_of(mixed, "--b--").empty());
  const auto read = parts_of(mixed, "--b\r\n--b\r\n\r\n--b--");
  REQUIRE(read.size() == 2);
  CHECK(read[0].body.empty());
  CHECK(read[1].body.empty());
}

TEST_CASE("multipart: what is broken is refused") {
  using base::ErrorCode;
  CHECK(fault("text/plain;boundary=b", "--b--") == ErrorCode::malformed);
  CHECK(fault("multipart/mixed", "--b--") == ErrorCode::malformed);
  CHECK(fault("multipart/mixed;boundary=\"\"", "----") == ErrorCode::malformed);
  CHECK(fault("multipart/mixed;boundary=\"" + std::string(71, 'b') + "\"", "x") == ErrorCode::malformed);
  CHECK(fault(mixed, "") == ErrorCode::malformed);
  CHECK(fault(mixed, "--b\r\n\r\nno end") == ErrorCode::malformed);
  CHECK(fault(mixed, "--b\r\nno header\r\n\r\nx\r\n--b--") == ErrorCode::malformed);
  std::string many;
  for (std::size_t i = 0; i <= bodies::most_parts; ++i)
    many += "--b\r\n\r\n\r\n";
  CHECK(fault(mixed, many + "--b--") == ErrorCode::too_large);
}

TEST_CASE("multipart: damaged bodies end in an answer whose parts lie within the body") {
  std::mt19937 random(2046);
  const std::string whole =
      "pre\r\n--b\r\nContent-Type: a/b;\r\n c=d\r\n\r\none\r\n--b\r\nContent-ID: <x>\r\n\r\ntwo\r\n--b--\r\n";
  constexpr std::string_view bytes = "-b\r\n: <>\t";
  for (int round = 0; round < 20'000; ++round) {
    auto body = whole;
    for (auto damage = 1 + random() % 4; damage > 0; --damage)
      body[random() % body.size()] = bytes[random() % bytes.size()];
    const auto parts = bodies::read_multipart(mixed, body);
    if (!parts) continue;
    for (const auto& part : *parts) {
      REQUIRE(part.body.data() >= body.data());
      REQUIRE(part.body.data() + part.body.size() <= body.data() + body.size());
    }
  }
}
