// SPDX-License-Identifier: Apache-2.0
// A small XCAP server for tests: documents in a map, and requests as text.
#pragma once

#include "support/schema.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <rollcall/xcap/request.hpp>
#include <rollcall/xcap/selector.hpp>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace rollcall::tests {

/// Compiled once for all tests.
inline const xcap::Schemas& schemas() {
  static const xcap::Schemas compiled;
  return compiled;
}

inline xcap::Document document_of(const std::string& text) {
  auto document = xcap::Document::parse(text, {text.size(), 64});
  REQUIRE_MESSAGE(document.ok(), text);
  return *document;
}

inline xcap::NodeSelector selector_of(const std::string& selector, const std::string& query = "",
                                      const std::string& default_namespace = "") {
  auto parsed = xcap::parse_node_selector(selector, query, default_namespace);
  REQUIRE_MESSAGE(std::holds_alternative<xcap::NodeSelector>(parsed), selector);
  return std::get<xcap::NodeSelector>(parsed);
}

/// What a request may carry beside its target.
struct Fields {
  std::string body = "";
  std::string type = "";
  std::optional<std::string> if_match = std::nullopt;
  std::optional<std::string> if_none_match = std::nullopt;
};

inline constexpr const char* element_type = "application/xcap-el+xml";
inline constexpr const char* attribute_type = "application/xcap-att+xml";
inline constexpr const char* lists_type = "application/resource-lists+xml";
inline constexpr const char* services_type = "application/rls-services+xml";
inline constexpr const char* policy_type = "application/auth-policy+xml";
inline constexpr const char* pidf_type = "application/pidf+xml";

class XcapWorld {
 public:
  xcap::Outcome send(xcap::Method method, const std::string& target, const Fields& fields = {}) {
    auto parsed = xcap::parse_path(target, limits);
    if (const auto* refusal = std::get_if<xcap::Refusal>(&parsed)) return judged(xcap::answer(*refusal));
    xcap::Request request{method, std::get<xcap::Path>(parsed), {}, {}, fields.body};
    if (!fields.type.empty()) request.content_type = fields.type;
    request.conditions = {fields.if_match, fields.if_none_match};
    const auto key = request.path.document_selector();
    const auto found = documents.find(key);
    std::optional<xcap::StoredDocument> current;
    if (found != documents.end()) current = {found->second, etags[key]};
    auto outcome = xcap::handle(request, current ? &*current : nullptr, {schemas(), limits, surroundings});
    if (outcome.effect == xcap::Effect::store) {
      documents[key] = outcome.document;
      etags[key] = outcome.etag;
    }
    if (outcome.effect == xcap::Effect::remove) documents.erase(key);
    return judged(std::move(outcome));
  }

  xcap::Outcome get(const std::string& target, const Fields& fields = {}) {
    return send(xcap::Method::get, target, fields);
  }
  xcap::Outcome put(const std::string& target, const Fields& fields) {
    return send(xcap::Method::put, target, fields);
  }
  xcap::Outcome remove(const std::string& target, const Fields& fields = {}) {
    return send(xcap::Method::delete_, target, fields);
  }

  /// Keeps a document without any check.
  void keep(const std::string& selector, const std::string& text) {
    documents[selector] = text;
    etags[selector] = xcap::etag_of(text);
  }

  xcap::Limits limits;
  xcap::Surroundings surroundings;
  std::map<std::string, std::string> documents, etags;

 private:
  /// Every report is valid against the schema of RFC 4825 §11.2, and every 409 has one.
  static xcap::Outcome judged(xcap::Outcome outcome) {
    static Schema schema("xcap-error.xsd");
    if (outcome.status == 409) {
      CHECK(outcome.header("Content-Type") == xcap::error_media_type);
      CHECK_MESSAGE(schema.faults(outcome.body) == "", outcome.body);
    }
    if (outcome.status >= 400) CHECK(outcome.effect == xcap::Effect::none);
    return outcome;
  }
};

/// Whether a 409 has this error element.
inline bool says(const xcap::Outcome& outcome, xcap::ConflictKind kind) {
  return outcome.status == 409 &&
         outcome.body.find(fmt::format("<{}", xcap::to_string(kind))) != std::string::npos;
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace rollcall::tests
