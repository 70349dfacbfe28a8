// SPDX-License-Identifier: Apache-2.0
#include "support/schema.hpp"

#include <string>
#include <string_view>

#include <rollcall/bodies/dialog_info.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

using namespace rollcall;
using bodies::Coverage;
using bodies::Dialog;
using bodies::DialogDirection;
using bodies::DialogEvent;
using bodies::DialogInfo;
using bodies::DialogState;

namespace {

const base::Limits limits;

std::string document(std::string_view content, std::string_view attributes = "version=\"0\" state=\"full\"") {
  return fmt::format(
      "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" entity=\"sip:alice@example.com\" "
      "{}>{}</dialog-info>",
      attributes, content);
}

DialogInfo parse(std::string_view text) {
  auto read = DialogInfo::parse(text, limits);
  CAPTURE(text);
  CAPTURE((read ? std::string() : read.error().detail));
  REQUIRE(read.ok());
  return *read;
}

std::string fault(std::string_view text) {
  const auto read = DialogInfo::parse(text, limits);
  if (read) return "accepted";
  CHECK(read.error().code == base::ErrorCode::malformed);
  return read.error().detail;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

/// Valid, and the same when it is read and written again.
std::string written(const DialogInfo& info) {
  static tests::Schema schema("dialog-info.xsd");
  auto text = write(info);
  CAPTURE(text);
  CHECK(schema.faults(text) == "");
  CHECK(write(parse(text)) == text);
  return text;
}

enum class Expect { accepted, refused };
struct Row {
  int sample;
  Expect expect;
  std::size_t dialogs = 0;
};

// What the RFC prints, its errata in mind. 3 has "..." in the place of a state; 4 has no entity (erratum
// 780); 7 has two dialogs of one id (erratum 785).
constexpr Row rows[] = {
    {1, Expect::accepted, 1},  {2, Expect::accepted, 0},  {3, Expect::refused},
    {4, Expect::refused},      {5, Expect::accepted, 1},  {6, Expect::accepted, 1},
    {7, Expect::refused},      {8, Expect::accepted, 1},  {9, Expect::accepted, 1},
    {10, Expect::accepted, 0}, {11, Expect::accepted, 1}, {12, Expect::accepted, 1},
    {13, Expect::accepted, 1}, {14, Expect::accepted, 2}, {15, Expect::accepted, 2},
    {16, Expect::accepted, 1}, {18, Expect::accepted, 2}, {19, Expect::accepted, 0},
    {20, Expect::accepted, 0}, {21, Expect::accepted, 1}, {22, Expect::accepted, 0},
};

}  // namespace

TEST_CASE(
    "dialog-info: the documents of the RFC are read, or refused, and written validly [RFC 4235 §4, §6]") {
  for (const auto& row : rows) {
    CAPTURE(row.sample);
    const auto text = tests::read_data(fmt::format("event-bodies/rfc4235-{:02}-dialog-info.xml", row.sample));
    REQUIRE_FALSE(text.empty());
    const auto read = DialogInfo::parse(text, limits);
    CAPTURE((read ? std::string() : read.error().detail));
    REQUIRE(read.ok() == (row.expect == Expect::accepted));
    if (!read) continue;
    CHECK(read->dialogs.size() == row.dialogs);
    written(*read);
  }
}

TEST_CASE("dialog-info: a dialog is read into its parts [RFC 4235 §4.1]") {
  const auto info = parse(
      document("<dialog id=\"1\" call-id=\"c\" local-tag=\"l\" remote-tag=\"r\" direction=\"recipient\">"
               "<state event=\"rejected\" code=\"486\">terminated</state><duration>145</duration>"
               "<replaces call-id=\"hg287s98s89\" local-tag=\"6762h7\" remote-tag=\"09278hsb\"/>"
               "<referred-by display=\"Bob\">sip:bob@example.com</referred-by>"
               "<local><identity display=\"Anonymous\">\n sip:anonymous@anonymous.invalid</identity>"
               "<target uri=\"sip:alice@pc33.example.com\"><param pname=\"isfocus\" pval=\"true\"/>"
               "<param pname=\"description\" pval=\"Alice's desk &amp; office\"/></target>"
               "<session-description type=\"application/sdp\">v=0</session-description></local>"
               "<remote><identity>sip:bob@example.org</identity></remote></dialog>",
               "version=\"7\" state=\"partial\""));
  CHECK(info.version == 7);
  CHECK(info.coverage == Coverage::partial);
  CHECK(info.entity == "sip:alice@example.com");
  REQUIRE(info.dialogs.size() == 1);
  const auto& dialog = info.dialogs[0];
  CHECK(dialog.call_id == "c");
  CHECK(dialog.local_tag == "l");
  CHECK(dialog.remote_tag == "r");
  CHECK(dialog.direction == DialogDirection::recipient);
  CHECK(dialog.state == DialogState::terminated);
  CHECK(dialog.event == DialogEvent::rejected);
  CHECK(dialog.code == 486);
  CHECK(dialog.duration == 145);
  REQUIRE(dialog.replaces);
  CHECK(dialog.replaces->remote_tag == "09278hsb");
  REQUIRE(dialog.referred_by);
  CHECK(*dialog.referred_by == bodies::DialogName{"sip:bob@example.com", "Bob"});
  REQUIRE(dialog.local);
  CHECK(*dialog.local->identity == bodies::DialogName{"sip:anonymous@anonymous.invalid", "Anonymous"});
  CHECK(dialog.local->target == "sip:alice@pc33.example.com");
  REQUIRE(dialog.local->target_params.size() == 2);
  CHECK(dialog.local->target_params[1].second == "Alice's desk & office");
  CHECK(dialog.local->session_description_type == "application/sdp");
  CHECK(dialog.remote->identity->uri == "sip:bob@example.org");
  written(info);
}

TEST_CASE("dialog-info: what clients do wrong is forgiven [RFC 4235 errata 771, 788, 2861]") {
  const auto dialog = [](std::string_view text) { return parse(document(text)).dialogs.at(0); };
  CHECK(dialog("<dialog id=\"1\"><state>Confirmed</state></dialog>").state == DialogState::confirmed);
  CHECK(dialog("<dialog id=\"1\"><state> early\n</state></dialog>").state == DialogState::early);
  CHECK(dialog("<dialog id=\"1\" direction=\"receiver\"><state>early</state></dialog>").direction ==
        DialogDirection::recipient);
  CHECK(dialog("<dialog id=\"1\"><state reason=\"remote-bye\">terminated</state></dialog>").event ==
        DialogEvent::remote_bye);
  CHECK(dialog("<dialog id=\"1\"><state event=\"odd\" code=\"99\">terminated</state></dialog>").event ==
        DialogEvent::none);
  CHECK_FALSE(dialog("<dialog id=\"1\"><state code=\"700\">terminated</state></dialog>").code);
  const auto bare = parse(document("", ""));
  CHECK(bare.version == 0);
  CHECK(bare.coverage == Coverage::full);
}

TEST_CASE("dialog-info: what breaks the rules is refused [RFC 4235 §4.1]") {
  CHECK(contains(fault("<dialog-info entity=\"sip:a@b.c\"/>"), "root"));
  CHECK(contains(fault("<dialog xmlns=\"urn:ietf:params:xml:ns:dialog-info\"/>"), "root"));
  CHECK(contains(fault("<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\"/>"), "entity"));
  CHECK(contains(fault(document("", "version=\"4294967296\"")), "version"));
  CHECK(contains(fault(document("", "version=\"\"")), "version"));
  CHECK(contains(fault(document("", "state=\"all\"")), "state"));
  CHECK(contains(fault(document("<dialog><state>early</state></dialog>")), "id"));
  CHECK(contains(fault(document("<dialog id=\"1\"/>")), "without a state"));
  CHECK(contains(fault(document("<dialog id=\"1\"><state>busy</state></dialog>")), "unknown state"));
  CHECK(contains(fault(document("<dialog id=\"1\"><state/></dialog>")), "unknown state"));
  CHECK(contains(fault(document("<dialog id=\"1\"><state>early</state><state>early</state></dialog>")),
                 "second state"));
  const std::string one = "<dialog id=\"1\"><state>early</state></dialog>";
  CHECK(contains(fault(document(one + one)), "same id"));
}

TEST_CASE("dialog-info: elements of other namespaces travel along [RFC 4235 §4.4, RFC 7463 §5.2]") {
  const auto info = parse(document(
      "<dialog id=\"1\"><state>confirmed</state>"
      "<sa:appearance xmlns:sa=\"urn:ietf:params:xml:ns:sa-dialog-info\">2</sa:appearance>"
      "<x:y xmlns:x=\"urn:x\" xmlns:z=\"urn:z\" z:a=\"1\" xml:lang=\"en\"><x:w>t</x:w></x:y></dialog>"));
  REQUIRE(info.dialogs[0].extensions.size() == 2);
  const auto text = written(info);
  CHECK(contains(text, "<appearance xmlns=\"urn:ietf:params:xml:ns:sa-dialog-info\">2</appearance>"));
  const auto again = parse(text);
  REQUIRE(again.dialogs[0].extensions.size() == 2);
  CHECK(again.dialogs[0].extensions[1].is("urn:x", "y"));
  CHECK(again.dialogs[0].extensions[1].children[0].text == "t");
}

TEST_CASE("dialog-info: every state, event and direction is one that the schema knows [RFC 4235 §4.4]") {
  DialogInfo info;
  info.entity = "sip:a@b.c";
  info.version = 4'294'967'295U;
  int id = 0;
  for (int state = 0; state <= 4; ++state) {
    for (int event = 0; event <= 7; ++event) {
      Dialog dialog;
      dialog.id = std::to_string(++id);
      dialog.state = static_cast<DialogState>(state);
      dialog.event = static_cast<DialogEvent>(event);
      dialog.direction = static_cast<DialogDirection>(event % 3);
      info.dialogs.push_back(dialog);
    }
  }
  written(info);
}

TEST_CASE("dialog-info: partial documents change what is known by ids; ended dialogs go [RFC 4235 §4.3]") {
  const auto states = [](const std::vector<Dialog>& known) {
    std::string text;
    for (const auto& dialog : known)
      text += fmt::format("{}={} ", dialog.id, to_string(dialog.state));
    return text;
  };
  const auto one = [](std::string_view id, std::string_view state) {
    return fmt::format("<dialog id=\"{}\"><state>{}</state></dialog>", id, state);
  };
  const auto partial = "version=\"2\" state=\"partial\"";
  std::vector<Dialog> known;
  merge(known, parse(document(one("a", "early") + one("b", "trying"))));
  CHECK(states(known) == "a=early b=trying ");
  merge(known, parse(document(one("c", "early") + one("a", "confirmed"), partial)));
  CHECK(states(known) == "a=confirmed b=trying c=early ");
  merge(known, parse(document(one("b", "terminated") + one("x", "terminated"), partial)));
  CHECK(states(known) == "a=confirmed c=early ");
  merge(known, parse(document(one("d", "trying"))));
  CHECK(states(known) == "d=trying ");
}
