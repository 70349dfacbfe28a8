// SPDX-License-Identifier: Apache-2.0
// Between any two documents there is a diff that leads from one to the other.
#include "pidf_changes.hpp"

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/xml/pidf_diff.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using tests::ballast;
using tests::change;
using tests::limits;
using tests::parse;
using tests::presence;
using xml::PidfDocument;
using xml::PidfUpdate;

namespace {

/// Documents made at random out of few words, so that they have much in common.
class Maker {
 public:
  explicit Maker(std::uint32_t seed) : random_(seed) {}

  PidfDocument document() {
    std::string content;
    for (const auto* id : shuffled({"a", "b", "c", "d"}))
      if (chance(60)) content += tuple(id);
    for (int i = below(3); i > 0; --i)
      content += note("note");
    for (const auto* id : shuffled({"p", "q"}))
      if (chance(60)) content += person(id);
    if (chance(50)) content += device();
    for (int i = below(2); i > 0; --i)
      content += foreign();
    return parse(presence(content));
  }

 private:
  int below(int end) { return static_cast<int>(random_() % static_cast<std::uint32_t>(end)); }
  bool chance(int percent) { return below(100) < percent; }

  std::vector<const char*> shuffled(std::vector<const char*> words) {
    for (std::size_t i = words.size(); i > 1; --i)
      std::swap(words[i - 1], words[static_cast<std::size_t>(below(static_cast<int>(i)))]);
    return words;
  }
  std::string word() {
    constexpr const char* words[] = {
        "here", "p:there", " padded ", "a&amp;b &lt;c&gt;", "", "\xC3\xA4\xE2\x82\xAC"};
    return words[below(6)];
  }
  std::string note(std::string_view name) {
    constexpr const char* languages[] = {"", " xml:lang=\"en\"", " xml:lang=\"de\""};
    return fmt::format("<{0}{1}>{2}</{0}>", name, languages[below(3)], word());
  }
  std::string foreign() {
    constexpr const char* forms[] = {"<x:foo xmlns:x=\"urn:x\"><x:bar>1</x:bar></x:foo>",
                                     "<x:foo xmlns:x=\"urn:x\"><x:bar>2</x:bar></x:foo>",
                                     "<y:foo xmlns:y=\"urn:y\" y:a=\"1\">text<y:b/>more</y:foo>",
                                     "<x:foo xmlns:x=\"urn:other\"/>",
                                     "<foo xmlns=\"urn:z\"><bar xmlns=\"\"/></foo>"};
    return forms[below(5)];
  }
  std::string activities() {
    std::string all;
    for (const auto* name : shuffled({"away", "busy", "meal", "on-the-phone"}))
      if (chance(40)) all += fmt::format("<rpid:{}/>", name);
    if (chance(20)) all += fmt::format("<rpid:other>{}</rpid:other>", word());
    if (all.empty()) return {};
    constexpr const char* attributes[] = {"", " from=\"2026-01-01T00:00:00Z\"",
                                          " until=\"2026-02-01T00:00:00Z\""};
    return fmt::format("<rpid:activities{}>{}</rpid:activities>", attributes[below(3)], all);
  }
  std::string tuple(std::string_view id) {
    std::string text = fmt::format("<tuple id=\"{}\"><status>", id);
    if (chance(80)) text += chance(50) ? "<basic>open</basic>" : "<basic>closed</basic>";
    text += "</status>";
    if (chance(30)) text += foreign();
    if (chance(50))
      text += fmt::format("<contact priority=\"0.{}\">sip:{}@b.c</contact>", below(3), below(3));
    for (int i = below(3); i > 0; --i)
      text += note("note");
    return text + "</tuple>";
  }
  std::string person(std::string_view id) {
    auto text = fmt::format("<dm:person id=\"{}\">{}", id, activities());
    if (chance(30)) text += foreign();
    if (chance(50)) text += note("dm:note");
    return text + "</dm:person>";
  }
  std::string device() {
    return fmt::format(
        "<dm:device "
        "id=\"v\"><rpid:user-input>{}</rpid:user-input><dm:deviceID>urn:d:{}</dm:deviceID></dm:device>",
        chance(50) ? "idle" : "active", below(2));
  }

  std::mt19937 random_;
};

}  // namespace

TEST_CASE("pidf-diff: a diff leads from one document to the other, for 1,000 random pairs [RFC 5262 §4]") {
  Maker maker(5262);
  int diffs = 0;
  auto before = maker.document();
  xml::KnownPresence watcher;
  REQUIRE(watcher.take(write_pidf_full(before, 1), limits).ok());
  for (std::uint32_t version = 2; version < 1'002; ++version) {
    const auto after = maker.document();
    const auto made = write_pidf_change(before, after, version);
    CAPTURE(write(before));
    CAPTURE(write(after));
    CAPTURE(made.body);
    const auto taken = watcher.take(made.body, limits);
    CAPTURE((taken.ok() ? std::string() : taken.error().detail));
    REQUIRE(taken.ok());
    REQUIRE(parse(watcher.text()) == after);
    diffs += made.kind == PidfUpdate::Kind::diff ? 1 : 0;
    before = after;
  }
  CHECK(diffs > 100);
}

TEST_CASE("pidf-diff: even a diff that is longer than the whole document leads there") {
  Maker maker(77);
  for (int i = 0; i < 300; ++i) {
    // The same ballast on both sides makes the diff the shorter one.
    auto before = maker.document();
    auto after = maker.document();
    const auto heavy = parse(presence(ballast)).tuples[0];
    before.tuples.push_back(heavy);
    before.tuples.back().contact->uri = "sip:" + std::string(6'000, 'y') + "@b.c";
    after.tuples.push_back(before.tuples.back());
    const auto made = write_pidf_change(before, after, 2);
    REQUIRE(made.kind == PidfUpdate::Kind::diff);
    CHECK(change(before, after) == made.body);
  }
}
