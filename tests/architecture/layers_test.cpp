// SPDX-License-Identifier: Apache-2.0
#include "layers.hpp"

#include <doctest/doctest.h>

using namespace rollcall::architecture;

namespace {

const Arrows example{{"base", {}}, {"sip", {"base"}}, {"net", {"base", "sip"}}};

std::vector<File> sources() {
  return read_tree({"include", "server"}, {".hpp", ".cpp"});
}
Arrows table() {
  return arrows_of_document(read_file("docs/architecture.md").text);
}

}  // namespace

TEST_CASE("layers: every #include follows an arrow of docs/architecture.md") {
  const auto files = sources();
  REQUIRE(files.size() > 30);
  const auto findings = check_includes(files, table());
  CHECK_MESSAGE(findings.empty(), joined(findings));
}

TEST_CASE("layers: the arrows of docs/architecture.md are the DEPENDS of CMakeLists.txt") {
  const auto findings = compare_arrows(table(), arrows_of_cmake(read_file("CMakeLists.txt").text));
  CHECK(table().size() >= 16);
  CHECK_MESSAGE(findings.empty(), joined(findings));
}

TEST_CASE("layers: every arrow points one way") {
  const auto findings = check_no_circle(table());
  CHECK_MESSAGE(findings.empty(), joined(findings));
}

TEST_CASE("layers: no test includes by climbing") {
  const auto findings = check_includes(read_tree({"tests"}, {".hpp", ".cpp"}), table());
  CHECK_MESSAGE(findings.empty(), joined(findings));
}

TEST_CASE("layers: the reader of the document takes rows of fenced blocks only") {
  const auto arrows = arrows_of_document(
      "text -> base\n"
      "```\n"
      "base       -> -            result, clock\n"
      "sip        -> base         messages\n"
      "engine     -> base sip\n"
      "a picture ---> of something\n"
      "```\n"
      "net        -> base\n");
  CHECK(arrows == Arrows{{"base", {}}, {"sip", {"base"}}, {"engine", {"base", "sip"}}});
}

TEST_CASE("layers: the reader of CMakeLists.txt takes DEPENDS and leaves packages") {
  const auto arrows = arrows_of_cmake(
      "# comment\n"
      "rollcall_layer(base PACKAGES fmt::fmt)\n"
      "rollcall_layer(net DEPENDS base\n"
      "                           sip\n"
      "               PRIVATE_PACKAGES OpenSSL::SSL)\n"
      "rollcall_program(rollcall main.cpp)\n");
  CHECK(arrows == Arrows{{"base", {}}, {"net", {"base", "sip"}}});
}

TEST_CASE("layers: tables that differ are found") {
  CHECK(compare_arrows(example, example).empty());
  auto other = example;
  other["net"].erase("sip");
  CHECK(compare_arrows(example, other) ==
        Findings{"CMakeLists.txt: net -> base, docs/architecture.md says base sip"});
  other = example;
  other.erase("net");
  CHECK(compare_arrows(example, other) ==
        Findings{"CMakeLists.txt: no layer net, docs/architecture.md has one"});
  CHECK(compare_arrows(other, example) == Findings{"docs/architecture.md: no row for net"});
}

TEST_CASE("layers: an arrow to a layer without a row is found") {
  const Arrows arrows{{"sip", {"bas"}}};
  CHECK(compare_arrows(arrows, arrows) == Findings{"docs/architecture.md: sip -> bas, which has no row"});
}

TEST_CASE("layers: a circle is found") {
  CHECK(check_no_circle(example).empty());
  auto arrows = example;
  arrows["base"].insert("net");
  CHECK(check_no_circle(arrows).size() == 3);
}

TEST_CASE("layers: an #include against the arrows is found") {
  const std::vector<File> files{{"server/sip/uri.cpp", "\n#include <rollcall/net/socket.hpp>\n"},
                                {"include/rollcall/net/socket.hpp", "#include <rollcall/sip/uri.hpp>\n"}};
  CHECK(check_includes(files, example) ==
        Findings{"server/sip/uri.cpp:2: rollcall/net/socket.hpp: there is no arrow sip -> net"});
}

TEST_CASE("layers: spaces around the # word hide nothing") {
  const std::vector<File> files{{"server/sip/uri.cpp", "#  include   <rollcall/net/socket.hpp>  // why\n"}};
  CHECK(check_includes(files, example).size() == 1);
}

TEST_CASE("layers: a folder that is no layer is found") {
  const std::vector<File> files{{"server/tools/x.cpp", "#include <rollcall/base/clock.hpp>\n"}};
  CHECK(check_includes(files, example) ==
        Findings{"server/tools/x.cpp:1: rollcall/base/clock.hpp: tools is no layer of docs/architecture.md"});
}

TEST_CASE("layers: a climbing path is found, in tests too") {
  for (const char* path : {"server/sip/a.cpp", "tests/unit/sip/a_test.cpp"}) {
    const std::vector<File> files{{path, "#include \"../net/socket.hpp\"\n"}};
    CHECK(check_includes(files, example).size() == 1);
  }
}

TEST_CASE("layers: a quoted header of another folder, or in a public header, is found") {
  const std::vector<File> files{{"server/sip/scanner.hpp", ""},
                                {"server/sip/uri.cpp", "#include \"scanner.hpp\"\n"},
                                {"server/net/tcp.cpp", "#include \"scanner.hpp\"\n"},
                                {"include/rollcall/sip/uri.hpp", "#include \"scanner.hpp\"\n"}};
  CHECK(check_includes(files, example) ==
        Findings{"server/net/tcp.cpp:1: scanner.hpp: a quoted header stands in the same folder",
                 "include/rollcall/sip/uri.hpp:1: scanner.hpp: a public header quotes nothing"});
}
