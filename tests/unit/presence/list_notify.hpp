// SPDX-License-Identifier: Apache-2.0
// What a watcher of a list is told.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/bodies/multipart.hpp>
#include <rollcall/xml/element.hpp>

#include <doctest/doctest.h>
#include <support/people.hpp>

namespace rollcall::presence::test {

inline constexpr std::string_view with_lists = "Supported: eventlist\r\n";

/// A NOTIFY of a list, taken apart.
struct ListNotify {
  explicit ListNotify(const tests::Sent& sent) : state(sent.header(sip::Header::subscription_state)) {
    CHECK(sent.header(sip::Header::require) == "eventlist");
    const std::string type = sent.header(sip::Header::content_type);
    const auto parts = bodies::read_multipart(type, sent.message->body());
    REQUIRE(parts);
    CHECK(type.find("type=\"application/rlmi+xml\"") != std::string::npos);
    CHECK(type.find("start=\"<" + parts->front().content_id + ">\"") != std::string::npos);
    const auto read = xml::read_document(parts->front().body, {1 << 20, 16});
    REQUIRE(read);
    root = *read;
    for (const auto& part : *parts)
      texts.emplace_back(part.content_id, std::string(part.body));
  }

  [[nodiscard]] std::string attribute(const char* name) const { return root.attribute(name)->value; }
  [[nodiscard]] const xml::Element* resource(const std::string& uri) const {
    for (const auto& child : root.children)
      if (child.name == "resource" && child.attribute("uri")->value == uri) return &child;
    return nullptr;
  }
  [[nodiscard]] std::size_t resources() const {
    return static_cast<std::size_t>(
        std::count_if(root.children.begin(), root.children.end(),
                      [](const auto& child) { return child.name == "resource"; }));
  }
  [[nodiscard]] std::size_t told_about() const {
    return static_cast<std::size_t>(
        std::count_if(root.children.begin(), root.children.end(), [](const auto& child) {
          return std::any_of(child.children.begin(), child.children.end(),
                             [](const auto& inner) { return inner.name == "instance"; });
        }));
  }
  /// "active", "terminated rejected", "" for a resource without an instance.
  [[nodiscard]] std::string instance(const std::string& uri) const {
    const auto* one = resource(uri);
    REQUIRE(one);
    for (const auto& child : one->children) {
      if (child.name != "instance") continue;
      const auto* reason = child.attribute("reason");
      return child.attribute("state")->value + (reason ? " " + reason->value : "");
    }
    return "";
  }
  /// The document of a resource.
  [[nodiscard]] std::string document(const std::string& uri) const {
    const auto* one = resource(uri);
    REQUIRE(one);
    for (const auto& child : one->children)
      if (child.name == "instance")
        for (const auto& [id, text] : texts)
          if (child.attribute("cid") && child.attribute("cid")->value == id) return text;
    return "";
  }

  std::string state;
  xml::Element root;
  std::vector<std::pair<std::string, std::string>> texts;
};

/// So that a NOTIFY over UDP holds a whole list.
inline base::Limits roomy() {
  base::Limits limits;
  limits.udp_request_bytes = 20'000;
  return limits;
}

}  // namespace rollcall::presence::test
