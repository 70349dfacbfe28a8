// SPDX-License-Identifier: Apache-2.0
// The rules that we write, and how they are told from those of clients.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rollcall/rules/identity.hpp>
#include <rollcall/rules/permissions.hpp>
#include <rollcall/xml/element.hpp>

namespace rollcall::rules {

std::string own_rule_id(Handling handling);

/// own_rule_id(), or with a number behind it when a rule of the document has it already.
std::string free_rule_id(const xml::Element& root, Handling handling);

/// The <identity> of a rule that is as we write it: our id, one <identity> as its only condition, and
/// nothing but <one>s in it. nullptr for any other, one that a client has added a condition to say.
const xml::Element* identity_of_own_rule(const xml::Element& rule);

/// Is this what the rule does, and all that it does? To allow is to show everything.
bool gives(const xml::Element& rule, Handling handling);

bool names(const xml::Element& one, const Identity& watcher);

/// The name of the element that begins there, with its prefix.
std::string_view name_in_tag(std::string_view document, std::size_t begin);

/// A whole rule, which declares the namespaces that it uses.
std::string write_rule(const std::string& id, Handling handling, const std::vector<std::string>& uris);

std::string document_start();
std::string document_end();

}  // namespace rollcall::rules
