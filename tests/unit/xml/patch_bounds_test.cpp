// SPDX-License-Identifier: Apache-2.0
// Patches that want to cost more than they may.
#include "patches.hpp"

#include <random>
#include <string>
#include <string_view>
#include <variant>

#include <rollcall/xml/patch.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using tests::canonical;
using tests::patch_sample;
using tests::patched;

TEST_CASE("patch: selectors that look at everything again and again are cut off") {
  std::string target = "<d>";
  for (int i = 0; i < 2'500; ++i)
    target += "<e><f/></e>";
  target += "</d>";
  const std::string operation = "<replace sel=\"d/*[f=''][.=''][f=''][2500]\"><e><f/></e></replace>";
  CHECK(patched(target, operation) == canonical(target));
  std::string operations;
  for (int i = 0; i < 300; ++i)
    operations += operation;
  CHECK(patched(target, operations) == "past the bounds");
}

TEST_CASE("patch: a patch cannot make a document too deep or too long") {
  std::string nest, end, path = "d";
  for (int i = 0; i < 20; ++i) {
    nest += "<e>";
    end += "</e>";
    path += "/e";
  }
  CHECK(patched("<d/>", "<add sel='d'>" + nest + end + "</add>") == canonical("<d>" + nest + end + "</d>"));
  const auto target = "<d>" + nest + "<x/>" + end + "</d>";
  CHECK(patched(target, "<replace sel='" + path + "/x'><y/></replace>").find("<y>") != std::string::npos);
  CHECK(patched(target, "<replace sel='" + path + "/x'>" + nest + end + "</replace>") == "past the bounds");
  const std::string half(20'000, 'x');
  CHECK(patched("<d>" + half + "</d>", "<add sel='d'>" + half + "</add>") == "past the bounds");
  // A long prefix of the target, taken over by many short names.
  const std::string prefix(8'000, 'p');
  std::string many;
  for (int i = 0; i < 3'000; ++i)
    many += "<a:b/>";
  CHECK(patched("<d xmlns:" + prefix + "='a:'/>", "<add sel='d'>" + many + "</add>", "xmlns:a='a:'") ==
        "past the bounds");
}

TEST_CASE("patch: damaged patches end in an answer, and what is patched is well-formed") {
  std::mt19937 random(5261);
  const auto target = patch_sample(53, "doc");
  const auto whole = patch_sample(54, "diff");
  constexpr std::string_view bytes = "<>/'\"=[]@*.:!?&;()12abdelmn \n";
  int applied = 0;
  for (int round = 0; round < 20'000; ++round) {
    auto diff = whole;
    for (auto damage = 1 + random() % 3; damage > 0; --damage) {
      const auto at = random() % diff.size();
      if (random() % 2 == 0)
        diff[at] = bytes[random() % bytes.size()];
      else
        diff.erase(at, 1 + random() % 4);
    }
    const auto result = xml::apply_patch(target, diff, {});
    if (const auto* error = std::get_if<xml::PatchError>(&result)) {
      CHECK_FALSE(error->phrase.empty());
      continue;
    }
    ++applied;
    REQUIRE(xml::guard(std::get<std::string>(result), {}).ok());
  }
  CHECK(applied > 100);
}

TEST_CASE("patch: many prefixes for one namespace do not cost more than the bounds allow") {
  std::string target = "<d";
  std::string content = "<e";
  for (int i = 0; i < 60; ++i) {
    target += fmt::format(" xmlns:p{}='a:'", i);
    content += fmt::format(" xmlns:p{}='b:'", i);
  }
  // One prefix is left that the content does not give another meaning.
  target += " xmlns:q='a:'";
  content += ">";
  for (int i = 0; i < 2'000; ++i)
    content += "<a:b/>";
  CHECK(patched(target + "/>", "<add sel='d'>" + content + "</e></add>", "xmlns:a='a:'") ==
        "past the bounds");
}
