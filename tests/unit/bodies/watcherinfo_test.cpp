// SPDX-License-Identifier: Apache-2.0
#include "support/schema.hpp"

#include <string>
#include <vector>

#include <rollcall/bodies/watcherinfo.hpp>
#include <rollcall/xml/element.hpp>

#include <doctest/doctest.h>

using namespace rollcall;
using bodies::Coverage;
using bodies::Watcher;
using bodies::WatcherEvent;
using bodies::WatcherList;
using bodies::WatcherPolicy;
using bodies::WatcherStatus;

namespace {

/// Valid, and handed back.
std::string written(std::uint32_t version, Coverage coverage, const std::vector<WatcherList>& lists) {
  static tests::Schema schema("watcherinfo.xsd");
  auto text = write_watcherinfo(version, coverage, lists);
  CAPTURE(text);
  CHECK(schema.faults(text) == "");
  return text;
}

/// Attributes by name and value, children in order: the same for what means the same.
std::string meaning(const xml::Element& element) {
  std::string text = element.name + "{";
  for (const auto* name : {"version", "state", "resource", "package", "id", "status", "event", "display-name",
                           "expiration", "duration-subscribed"}) {
    if (const auto* attribute = element.attribute(name))
      text += std::string(name) + "=" + attribute->value + ";";
  }
  text += element.text;
  for (const auto& child : element.children)
    text += meaning(child);
  return text + "}";
}

std::string meaning(const std::string& document) {
  const auto root = xml::read_document(document, {});
  REQUIRE(root.ok());
  CHECK(root->namespace_uri == bodies::watcherinfo_namespace);
  return meaning(*root);
}

std::string sample(const char* name) {
  return tests::read_data(std::string("event-bodies/") + name);
}

Watcher watcher(const char* id, const char* uri, WatcherStatus status, WatcherEvent event) {
  Watcher one;
  one.id = id;
  one.uri = uri;
  one.status = status;
  one.event = event;
  return one;
}

}  // namespace

TEST_CASE("watcherinfo: the documents of the RFCs are written [RFC 3858 §5, RFC 3857 §6]") {
  auto a = watcher("8ajksjda7s", "sip:userA@example.net", WatcherStatus::active, WatcherEvent::approved);
  a.duration_subscribed = 509;
  auto b =
      watcher("hh8juja87s997-ass7", "sip:userB@example.org", WatcherStatus::pending, WatcherEvent::subscribe);
  b.display_name = "Mr. Subscriber";
  CHECK(meaning(written(0, Coverage::full, {{"sip:professor@example.net", "presence", {a, b}}})) ==
        meaning(sample("rfc3858-01-watcherinfo.xml")));
  CHECK(meaning(written(0, Coverage::full,
                        {{"sip:joe@example.com",
                          "presence",
                          {watcher("77ajsyy76", "sip:A@example.com", WatcherStatus::pending,
                                   WatcherEvent::subscribe)}}})) ==
        meaning(sample("rfc3857-02-watcherinfo.xml")));
  CHECK(
      meaning(written(
          1, Coverage::partial,
          {{"sip:joe@example.com",
            "presence",
            {watcher("77ajsyy76", "sip:A@example.com", WatcherStatus::active, WatcherEvent::approved)}}})) ==
      meaning(sample("rfc3857-03-watcherinfo.xml")));
}

TEST_CASE("watcherinfo: nobody watches, several resources, the greatest numbers [RFC 3858 §3]") {
  written(0, Coverage::full, {});
  written(4'294'967'295U, Coverage::full, {{"sip:a@b.c", "presence", {}}, {"sip:a@b.c", "dialog", {}}});
  auto one = watcher("1", "sip:a@b.c", WatcherStatus::waiting, WatcherEvent::timeout);
  one.expiration = 18'446'744'073'709'551'615ULL;
  one.duration_subscribed = 0;
  one.language = "de-AT";
  one.display_name = "J\xC3\xBCrgen \"J.\" <&>";
  const auto text = written(1, Coverage::partial, {{"sip:b@c.d", "presence", {one}}});
  CHECK(text.find("expiration=\"18446744073709551615\"") != std::string::npos);
  CHECK(text.find("duration-subscribed=\"0\"") != std::string::npos);
}

TEST_CASE("watcherinfo: every status and event is one that the schema knows [RFC 3858 §6]") {
  for (int status = 0; status <= 3; ++status)
    for (int event = 0; event <= 7; ++event)
      written(0, Coverage::full,
              {{"sip:a@b.c",
                "presence",
                {watcher("1", "sip:b@c.d", static_cast<WatcherStatus>(status),
                         static_cast<WatcherEvent>(event))}}});
}

TEST_CASE("watcherinfo: a name that is no text does not break the document") {
  auto one = watcher("1", "sip:a@b.c", WatcherStatus::pending, WatcherEvent::subscribe);
  one.display_name = std::string("a\x01\xFF\xC3\0b", 6) + "\xED\xA0\x80";
  const auto text = written(0, Coverage::full, {{"sip:b@c.d", "presence", {one}}});
  CHECK(text.find("a\xEF\xBF\xBD\xEF\xBF\xBD") != std::string::npos);
}

TEST_CASE("watcherinfo: a subscription begins as policy says [RFC 3857 §4.7.1]") {
  CHECK(first_status(WatcherPolicy::none) == WatcherStatus::pending);
  CHECK(first_status(WatcherPolicy::accept) == WatcherStatus::active);
  CHECK(first_status(WatcherPolicy::reject) == WatcherStatus::terminated);
}

TEST_CASE("watcherinfo: a subscription goes where Figure 1 points, and nowhere else [RFC 3857 §4.7.1]") {
  using E = WatcherEvent;
  using S = WatcherStatus;
  CHECK(next_status(S::pending, E::approved) == S::active);
  CHECK(next_status(S::pending, E::timeout) == S::waiting);
  for (const auto event : {E::noresource, E::rejected, E::deactivated, E::probation, E::giveup})
    CHECK(next_status(S::pending, event) == S::terminated);
  for (const auto event : {E::noresource, E::rejected, E::deactivated, E::probation, E::timeout})
    CHECK(next_status(S::active, event) == S::terminated);
  for (const auto event : {E::noresource, E::rejected, E::giveup, E::approved})
    CHECK(next_status(S::waiting, event) == S::terminated);
  CHECK_FALSE(next_status(S::pending, E::subscribe));
  CHECK_FALSE(next_status(S::active, E::giveup));
  CHECK_FALSE(next_status(S::active, E::approved));
  for (const auto event : {E::subscribe, E::timeout, E::deactivated, E::probation})
    CHECK_FALSE(next_status(S::waiting, event));
  for (int event = 0; event <= 7; ++event)
    CHECK_FALSE(next_status(S::terminated, static_cast<E>(event)));
}
