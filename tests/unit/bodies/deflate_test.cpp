// SPDX-License-Identifier: Apache-2.0
#include <random>
#include <string>

#include <rollcall/bodies/deflate.hpp>

#include <doctest/doctest.h>
#include <zlib.h>

using namespace rollcall;

namespace {

base::ErrorCode fault(const base::Result<std::string>& result) {
  REQUIRE_FALSE(result.ok());
  return result.error().code;
}

/// Deflated data without header and checksum (RFC 1951), made by zlib itself.
std::string raw_deflate(const std::string& text) {
  z_stream stream{};
  REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) == Z_OK);
  std::string out(compressBound(text.size()) + 16, '\0');
  std::string in = text;
  stream.next_in = reinterpret_cast<Bytef*>(in.data());
  stream.avail_in = static_cast<uInt>(in.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  REQUIRE(::deflate(&stream, Z_FINISH) == Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

}  // namespace

TEST_CASE("deflate: what is deflated is inflated again [RFC 1950 §2.2]") {
  std::mt19937 random(1950);
  for (const std::size_t size : {0U, 1U, 2U, 100U, 4'096U, 70'000U}) {
    CAPTURE(size);
    std::string same(size, 'a');
    std::string noise(size, '\0');
    for (auto& c : noise)
      c = static_cast<char>(random());
    for (const auto& text : {same, noise}) {
      const auto data = bodies::deflate(text);
      CHECK((static_cast<unsigned char>(data[0]) & 0x0F) == 8);
      const auto back = bodies::inflate(data, size);
      REQUIRE(back.ok());
      CHECK(*back == text);
    }
  }
  CHECK(bodies::deflate(std::string(10'000, 'x')).size() < 100);
}

TEST_CASE("deflate: data without the zlib header are understood too [RFC 1951]") {
  const auto back = bodies::inflate(raw_deflate("<presence/> <presence/> <presence/>"), 1'000);
  REQUIRE(back.ok());
  CHECK(*back == "<presence/> <presence/> <presence/>");
}

TEST_CASE("deflate: a bomb is refused at the limit, however large it would be") {
  const auto bomb = bodies::deflate(std::string(50'000'000, '\0'));
  CHECK(bomb.size() < 65'536);
  CHECK(fault(bodies::inflate(bomb, 32'768)) == base::ErrorCode::too_large);
  CHECK(fault(bodies::inflate(raw_deflate(std::string(1'000'000, '\0')), 32'768)) ==
        base::ErrorCode::too_large);
  CHECK(bodies::inflate(bodies::deflate(std::string(32'768, 'x')), 32'768).ok());
  CHECK(fault(bodies::inflate(bodies::deflate(std::string(32'769, 'x')), 32'768)) ==
        base::ErrorCode::too_large);
}

TEST_CASE("deflate: what is broken, cut off or followed by more is refused") {
  const auto data = bodies::deflate("<presence>some text that is long enough</presence>");
  for (std::size_t size = 0; size < data.size(); ++size) {
    CAPTURE(size);
    CHECK(fault(bodies::inflate(data.substr(0, size), 1'000)) == base::ErrorCode::malformed);
  }
  CHECK(fault(bodies::inflate(data + "x", 1'000)) == base::ErrorCode::malformed);
  auto wrong = data;
  wrong.back() = static_cast<char>(wrong.back() ^ 1);  // the checksum
  CHECK(fault(bodies::inflate(wrong, 1'000)) == base::ErrorCode::malformed);
  CHECK(fault(bodies::inflate("no deflated data at all", 1'000)) == base::ErrorCode::malformed);
  CHECK(fault(bodies::inflate(std::string("\x78\x20\0\0\0\x01", 6), 1'000)) ==
        base::ErrorCode::malformed);  // asks for a dictionary
}

TEST_CASE("deflate: random bytes end in an answer") {
  std::mt19937 random(7);
  for (int round = 0; round < 2'000; ++round) {
    std::string noise(random() % 200, '\0');
    for (auto& c : noise)
      c = static_cast<char>(random());
    const auto result = bodies::inflate(noise, 10'000);
    CHECK((!result.ok() || result->size() <= 10'000));
  }
}

TEST_CASE("deflate: codings are told by their names, without case [RFC 3261 §20.12]") {
  const auto data = bodies::deflate("text");
  for (const auto* coding : {"deflate", "DEFLATE", " Deflate "}) {
    const auto result = bodies::decode_content(coding, data, 100);
    REQUIRE(result.ok());
    CHECK(*result == "text");
  }
  for (const auto* coding : {"", "identity"}) {
    const auto result = bodies::decode_content(coding, "text", 100);
    REQUIRE(result.ok());
    CHECK(*result == "text");
  }
  for (const auto* coding : {"gzip", "br", "deflate, deflate", "x"})
    CHECK(fault(bodies::decode_content(coding, data, 100)) == base::ErrorCode::unsupported);
  CHECK(fault(bodies::decode_content("", std::string(101, 'x'), 100)) == base::ErrorCode::too_large);
}
