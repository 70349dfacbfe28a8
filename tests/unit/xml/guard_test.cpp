// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include <rollcall/xml/guard.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using xml::Bounds;
using xml::guard;

namespace {

struct Row {
  const char* what;
  std::string_view document;
  const char* fault;  // a part of the detail
};

std::string nested(std::size_t depth) {
  std::string text;
  for (std::size_t i = 0; i < depth; ++i)
    text += "<a>";
  for (std::size_t i = 0; i < depth; ++i)
    text += "</a>";
  return text;
}

/// Characters that RFC 3261 §25.1 allows in a Reason-Phrase without escaping.
bool fits_reason_phrase(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view(" -_.!~*'();/?:@&=+$,").find(c) != std::string_view::npos;
  });
}

}  // namespace

TEST_CASE("guard: well-formed documents pass") {
  const std::string_view documents[] = {
      "<a/>",
      "<?xml version=\"1.0\"?><a/>",
      "<?xml version='1.0' encoding='utf-8' standalone='yes' ?>\r\n<a></a>\n",
      "\xEF\xBB\xBF<?xml version=\"1.0\" encoding=\"UTF-8\"?><a/>",
      "<!-- before --><?pi any thing?><a><!--in-->t<![CDATA[<&]] >]]></a><!-- after --> ",
      "<a b=\"1\" c = '2'\t/>",
      "<a xmlns:p=\"urn:x\" xmlns:q=\"urn:y\" p:b=\"1\" q:b=\"2\" b=\"3\"/>",
      "<p:a p:b='1' xmlns:p='urn:x'><p:c xmlns:p='urn:y'/><p:c/></p:a >",
      "<a xml:lang=\"en\" xml:id=\"x\">&lt;&gt;&amp;&quot;&apos;&#65;&#x1F600;</a>",
      "<\xC3\xA9l\xC3\xA9ment \xC3\xA0=\"1\"/>",
      "<a>gr\xC3\xBC\xC3\x9F \xF0\x9F\x98\x80 ] ]] ]></a>",
      "<a xmlns='urn:x'><b xmlns=''/></a>",
  };
  for (const auto document : documents) {
    CAPTURE(document);
    CHECK(guard(document, Bounds()).ok());
  }
}

TEST_CASE("guard: what is not XML 1.0 with sound namespaces is refused with a reason") {
  const Row rows[] = {
      {"nothing", "", "no root"},
      {"only space", " \n", "no root"},
      {"no XML", "hello", "outside the root"},
      {"two roots", "<a/><b/>", "second root"},
      {"text behind the root", "<a/>x", "outside the root"},
      {"text before the root", "x<a/>", "outside the root"},
      {"reference behind the root", "<a/>&amp;", "outside the root"},
      {"CDATA behind the root", "<a/><![CDATA[x]]>", "outside the root"},
      {"open root", "<a>", "cut off"},
      {"cut tag", "<a", "cut off"},
      {"cut attribute", "<a b=\"1", "quoted value"},
      {"cut comment", "<a><!-- x", "cut off"},
      {"cut CDATA", "<a><![CDATA[x]]", "cut off"},
      {"cut instruction", "<a><?x ", "cut off"},
      {"cut end tag", "<a></a", "cut off"},
      {"crossed tags", "<a><b></a></b>", "end tag"},
      {"lone end tag", "</a>", "end tag"},
      {"prefix differs in end tag", "<p:a xmlns:p='u:x' xmlns:q='u:x'></q:a>", "end tag"},
      {"DOCTYPE", "<!DOCTYPE a><a/>", "DOCTYPE"},
      {"DOCTYPE behind declaration", "<?xml version=\"1.0\"?>\n<!DOCTYPE a SYSTEM \"http://x/\"><a/>",
       "DOCTYPE"},
      {"declaration in content", "<a><!ENTITY x \"y\"></a>", "markup declaration"},
      {"entity nobody defined", "<a>&nbsp;</a>", "undefined entity"},
      {"entity in an attribute", "<a b=\"&lol9;\"/>", "undefined entity"},
      {"bare ampersand", "<a>fish & chips</a>", "ampersand"},
      {"reference to NUL", "<a>&#0;</a>", "reference"},
      {"reference to a surrogate", "<a>&#xD800;</a>", "reference"},
      {"reference past Unicode", "<a>&#99999999999999999999;</a>", "reference"},
      {"empty reference", "<a>&#;</a>", "reference"},
      {"capital X in a reference", "<a>&#X41;</a>", "reference"},
      {"double hyphen in a comment", "<a><!-- a -- b --></a>", "comment"},
      {"comment ending in three hyphens", "<a><!-- a ---></a>", "comment"},
      {"CDATA end in text", "<a>]]></a>", "CDATA"},
      {"attribute twice", "<a b=\"1\" b=\"2\"/>", "twice"},
      {"attribute twice by namespace", "<a xmlns:p='u:x' xmlns:q='u:x' p:b='1' q:b='2'/>", "twice"},
      {"declaration twice", "<a xmlns='u:x' xmlns='u:y'/>", "twice"},
      {"attributes without space", "<a b=\"1\"c=\"2\"/>", "bad tag"},
      {"attribute without value", "<a b/>", "without a value"},
      {"attribute without quotes", "<a b=1/>", "quoted value"},
      {"less-than in an attribute", "<a b=\"<\"/>", "less-than"},
      {"prefix of an element", "<p:a/>", "not declared"},
      {"prefix of an attribute", "<a p:b='1'/>", "not declared"},
      {"prefix out of scope", "<a><b xmlns:p='u:x'/><p:c/></a>", "not declared"},
      {"prefix bound to nothing", "<a xmlns:p=''/>", "without a namespace"},
      {"namespace written with a reference", "<a xmlns:p='u:&#120;'/>", "no plain URI"},
      {"namespace that needs escapes", "<a xmlns:p='u:>'/>", "no plain URI"},
      {"prefix xml bound anew", "<a xmlns:xml='u:x'/>", "reserved"},
      {"prefix xmlns bound", "<a xmlns:xmlns='u:x'/>", "reserved"},
      {"two colons", "<p:q:a xmlns:p='u:x'/>", "name"},
      {"name begins with a digit", "<1a/>", "name"},
      {"name begins with a hyphen", "<a -b='1'/>", "name"},
      {"space before the name", "< a/>", "name"},
      {"declaration not at the start", " <?xml version='1.0'?><a/>", "instruction"},
      {"declaration without a version", "<?xml encoding='UTF-8'?><a/>", "XML declaration"},
      {"version 2", "<?xml version='2.0'?><a/>", "not XML 1.0"},
      {"other encoding", "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "encoding"},
      {"control character", "<a>\x01</a>", "does not allow"},
      {"NUL", std::string_view("<a>\0</a>", 8), "does not allow"},
      {"U+FFFF", "<a>\xEF\xBF\xBF</a>", "does not allow"},
      {"lone continuation byte", "<a>\x80</a>", "UTF-8"},
      {"over-long slash", "<a>\xC0\xAF</a>", "UTF-8"},
      {"surrogate in UTF-8", "<a>\xED\xA0\x80</a>", "UTF-8"},
      {"past U+10FFFF", "<a>\xF4\x90\x80\x80</a>", "UTF-8"},
      {"cut character", "<a>\xE2\x82", "UTF-8"},
      {"UTF-16", std::string_view("\xFF\xFE<\0a\0/\0>\0", 10), "UTF-8"},
  };
  for (const auto& row : rows) {
    CAPTURE(row.what);
    const auto result = guard(row.document, Bounds());
    REQUIRE_FALSE(result.ok());
    CHECK(result.error().code == base::ErrorCode::malformed);
    CAPTURE(result.error().detail);
    CHECK(result.error().detail.find(row.fault) != std::string::npos);
    CHECK(fits_reason_phrase(result.error().detail));
  }
}

TEST_CASE("guard: the reason names the line of the fault") {
  const auto result = guard("<a>\n<b>\n</c></a>", Bounds());
  REQUIRE_FALSE(result.ok());
  CHECK(result.error().detail == "XML: end tag matches no start tag (line 3)");
}

TEST_CASE("guard: every cut of a document is refused") {
  const std::string_view document =
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?><p:a xmlns:p='u:x' p:b=\"&#65;\"><!--c--><?p i?>"
      "\xC3\xA9<![CDATA[x]]><p:c/>&amp;</p:a>";
  REQUIRE(guard(document, Bounds()).ok());
  for (std::size_t size = 0; size < document.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(guard(document.substr(0, size), Bounds()).ok());
  }
}

TEST_CASE("guard: size and depth are bounded") {
  CHECK(guard(nested(32), Bounds()).ok());
  CHECK_FALSE(guard(nested(33), Bounds()).ok());
  CHECK_FALSE(guard(nested(1'000'000), {10'000'000, 32}).ok());
  const auto large = guard(std::string(10'000'000, ' '), Bounds());
  REQUIRE_FALSE(large.ok());
  CHECK(large.error().code == base::ErrorCode::too_large);
}

TEST_CASE("guard: an entity bomb costs nothing") {
  std::string bomb = "<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol0 \"lol\">";
  for (int i = 1; i < 10; ++i)
    bomb += "<!ENTITY lol" + std::to_string(i) + " \"&lol" + std::to_string(i - 1) + ";&lol" +
            std::to_string(i - 1) + ";\">";
  bomb += "]><a>&lol9;</a>";
  CHECK_FALSE(guard(bomb, Bounds()).ok());
}

TEST_CASE("guard: no document of a body's size takes long") {
  const auto fill = [](std::string_view head, std::string_view piece, std::string_view tail) {
    std::string text(head);
    for (int i = 0; text.size() + piece.size() + tail.size() + 8 < Bounds().bytes; ++i)
      text.append(piece).append(std::to_string(i)).append("='u:x'");
    return text.append(tail);
  };
  const std::string documents[] = {
      fill("<a", " b", "/>"),        // attributes that are all compared
      fill("<a", " xmlns:b", "/>"),  // declarations that are all searched
      "<a>" + std::string(32'000, '&') + "</a>",
      "<a>" + std::string(32'000, ']') + "></a>",
      "<!--" + std::string(32'000, '-'),
      std::string(32'000, '<'),
  };
  for (const auto& document : documents) {
    const auto start = std::chrono::steady_clock::now();
    CHECK_FALSE(guard(document, Bounds()).ok());
    CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(100));
  }
}
