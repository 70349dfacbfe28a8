// SPDX-License-Identifier: Apache-2.0
#include "xcap_world.hpp"

#include <string>

using namespace rollcall;
using namespace rollcall::xcap;

TEST_CASE("conflict: the report of RFC 4825 §11.1") {
  Conflict report;
  report.kind = ConflictKind::uniqueness_failure;
  report.exists = {{"rls-services/service/@uri", {"sip:mybuddies@example.com"}}};
  CHECK(tests::canonical(write(report)) == tests::canonical(R"(<?xml version="1.0" encoding="UTF-8"?>
<xcap-error xmlns="urn:ietf:params:xml:ns:xcap-error"><uniqueness-failure><exists field="rls-services/service/@uri"><alt-value>sip:mybuddies@example.com</alt-value></exists></uniqueness-failure></xcap-error>
)"));
}

TEST_CASE("conflict: every report is valid, whatever stands in it [RFC 4825 §11.2]") {
  tests::Schema schema("xcap-error.xsd");
  for (const auto kind :
       {ConflictKind::not_well_formed, ConflictKind::not_xml_frag, ConflictKind::no_parent,
        ConflictKind::schema_validation_error, ConflictKind::not_xml_att_value, ConflictKind::cannot_insert,
        ConflictKind::cannot_delete, ConflictKind::uniqueness_failure, ConflictKind::constraint_failure,
        ConflictKind::not_utf_8}) {
    Conflict report;
    report.kind = kind;
    report.phrase = "a \"phrase\" with <markup> & a\nline";
    report.ancestor = "resource-lists/list%5B@name=%22a%22%5D";
    report.exists = {{"a/@b", {"<x>", "y & z"}}, {"a/@c", {}}};
    const auto text = write(report);
    CAPTURE(text);
    CHECK(schema.faults(text) == "");
    CHECK(tests::contains(text, to_string(kind).data()));
    report.phrase.clear();
    report.ancestor.clear();
    CHECK(schema.faults(write(report)) == "");
  }
}

TEST_CASE("conflict: an ancestor stands in no-parent alone [RFC 4825 §11.1]") {
  Conflict report;
  report.ancestor = "a";
  report.kind = ConflictKind::no_parent;
  CHECK(tests::contains(write(report), "<ancestor>a</ancestor>"));
  report.kind = ConflictKind::cannot_insert;
  CHECK_FALSE(tests::contains(write(report), "ancestor"));
}
