// SPDX-License-Identifier: Apache-2.0
// The verbs of XCAP, one file each, and what they share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <rollcall/xcap/request.hpp>
#include <rollcall/xcap/selector.hpp>

namespace rollcall::xcap {

/// All that a verb decides on.
struct Case {
  const Request& request;
  const StoredDocument* current;  // nullptr: there is no such document
  const Context& context;
  const std::optional<NodeSelector>& selector;  // nullopt: the request is for the whole document

  [[nodiscard]] const Path& path() const { return request.path; }
  [[nodiscard]] const Limits& limits() const { return context.limits; }
};

Outcome get_resource(const Case& it);     // get.cpp, RFC 4825 §8.3
Outcome put_resource(const Case& it);     // put.cpp, RFC 4825 §8.2
Outcome remove_resource(const Case& it);  // remove.cpp, RFC 4825 §8.4

/// The index of the current document, which must be there. Refusal: 500, since what is stored was checked.
std::variant<Document, Refusal> open_current(const Case& it);

/// 304, 412 or 400 when the conditions of the request say so; nullopt to go on.
std::optional<Outcome> check_conditions(const Case& it, bool reads);

/// The refusal of a document that the usage does not allow (RFC 4825 §8.2.5); nullopt when it may be kept.
std::optional<Refusal> check_document(const Case& it, const Document& document);

/// 200 or 201 with the entity tag of a document that is to be kept.
Outcome stored(std::string text, bool created);

}  // namespace rollcall::xcap
