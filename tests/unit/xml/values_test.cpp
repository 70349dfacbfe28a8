// SPDX-License-Identifier: Apache-2.0
#include "values.hpp"

#include <memory>
#include <random>
#include <string>
#include <string_view>

#include <doctest/doctest.h>
#include <libxml/uri.h>

using namespace rollcall;

namespace {

bool parses_as_uri(const std::string& text) {
  const std::unique_ptr<xmlURI, decltype(&xmlFreeURI)> uri(xmlParseURI(text.c_str()), &xmlFreeURI);
  return uri != nullptr;
}

}  // namespace

TEST_CASE("values: addresses that clients use are URIs") {
  for (const auto* text : {"sip:alice@example.com", "sip:alice@example.com:5060;transport=tcp;gr=urn:uuid:1",
                           "tel:+1-201", "mailto:a.b@c", "urn:uuid:d27459b7-8213-4395-aa77-ed859a3e5b3a",
                           "http://a@b:80/c?d=e", "mac:8asd7d7d70", "sip:%C3%A9@example.com"}) {
    CAPTURE(text);
    CHECK(xml::is_uri(text));
  }
}

TEST_CASE("values: what passes as a URI passes elsewhere too") {
  constexpr std::string_view alphabet = "ab1:/?@%%4F.-[]# \\&;";
  std::mt19937 random(3986);
  std::size_t passed = 0;
  for (int round = 0; round < 200'000; ++round) {
    std::string text = random() % 2 == 0 ? "x:" : "x://";
    for (auto left = random() % 10; left > 0; --left)
      text += alphabet[random() % alphabet.size()];
    if (!xml::is_uri(text)) continue;
    ++passed;
    CAPTURE(text);
    REQUIRE(parses_as_uri(text));
  }
  CHECK(passed > 1'000);
}

TEST_CASE("values: any text becomes an NCName") {
  CHECK(xml::as_nc_name("t4109") == "t4109");
  CHECK(xml::as_nc_name("432sd") == "_432sd");
  CHECK(xml::as_nc_name("a b:c") == "a_b_c");
  CHECK(xml::as_nc_name("-x") == "_-x");
  CHECK(xml::as_nc_name("") == "_");
}

TEST_CASE("values: languages are tags of letters and digits") {
  for (const auto* good : {"en", "en-GB", "x-klingon", "de-CH-1996"}) {
    CAPTURE(good);
    CHECK(xml::is_language(good));
  }
  for (const auto* bad : {"", "e n", "1a", "en-", "-en", "toolonglanguage", "en_GB"}) {
    CAPTURE(bad);
    CHECK_FALSE(xml::is_language(bad));
  }
}
