// SPDX-License-Identifier: Apache-2.0
#include "own_rules.hpp"
#include "words.hpp"

#include <algorithm>
#include <unordered_map>
#include <utility>
#include <vector>

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/rules/edit.hpp>
#include <rollcall/rules/identity.hpp>
#include <rollcall/xml/element.hpp>

#include <fmt/format.h>

namespace rollcall::rules {

namespace {

/// A stretch of the text that goes.
struct Cut {
  std::size_t begin, end;
};

/// The element with the white space before it, so that no empty lines are left where rules were.
Cut cut_of(std::string_view document, const xml::Element& element) {
  const auto text_end = document.find_last_not_of(xml_space, element.begin == 0 ? 0 : element.begin - 1);
  return {text_end == std::string_view::npos ? element.begin : text_end + 1,
          xml::end_of_element(document, element.begin)};
}

std::string without(std::string_view document, const std::vector<Cut>& cuts) {
  std::string text;
  std::size_t done = 0;
  for (const auto& cut : cuts) {
    text.append(document, done, cut.begin - done);
    done = cut.end;
  }
  return text.append(document, done);
}

std::string with(std::string_view document, std::size_t at, std::string_view inserted) {
  return std::string(document.substr(0, at)).append(inserted).append(document.substr(at));
}

/// Reads the document to be edited. Only what evaluate() could read is edited.
base::Result<xml::Element> read(std::string_view document, const RulesetBounds& bounds) {
  if (auto rules = Ruleset::parse(document, bounds); !rules) return rules.error();
  return xml::read_document(document, {bounds.bytes, bounds.depth});
}

std::string remove(std::string_view document, const xml::Element& root, const Identity& watcher) {
  std::vector<Cut> cuts;
  for (const auto& rule : root.children) {
    const auto* identity = identity_of_own_rule(rule);
    if (!identity) continue;
    std::vector<Cut> leaving;
    for (const auto& one : identity->children)
      if (names(one, watcher)) leaving.push_back(cut_of(document, one));
    if (leaving.size() == identity->children.size()) leaving.assign(1, cut_of(document, rule));
    cuts.insert(cuts.end(), leaving.begin(), leaving.end());
  }
  return without(document, cuts);
}

/// Is he named once in our rules, and by the one for that handling?
bool is_decided(const xml::Element& root, const Identity& watcher, Handling handling) {
  std::size_t times = 0;
  bool as_wanted = false;
  for (const auto& rule : root.children) {
    const auto* identity = identity_of_own_rule(rule);
    if (!identity) continue;
    for (const auto& one : identity->children) {
      if (!names(one, watcher)) continue;
      ++times;
      as_wanted = gives(rule, handling);
    }
  }
  return times == 1 && as_wanted;
}

/// As the last <one> of our rule, with the prefix that is good for <identity>.
std::string add_to(std::string_view document, const xml::Element& identity, const sip::Aor& watcher) {
  auto name = name_in_tag(document, identity.begin);
  name.remove_suffix(identity.name.size());
  const auto end = xml::end_of_element(document, identity.children.back().begin);
  return with(document, end, fmt::format("<{}one id=\"{}\"/>", name, xml::attribute_text(watcher.uri())));
}

/// As the last rule of the document.
std::string add_rule(std::string_view document, const xml::Element& root, const Decision& decision) {
  const auto rule =
      write_rule(free_rule_id(root, decision.handling), decision.handling, {decision.watcher.uri()});
  const auto end = xml::end_of_element(document, root.begin);
  if (document[end - 2] != '/') return with(document, document.rfind("</", end), rule);
  const auto name = name_in_tag(document, root.begin);
  auto text = std::string(document.substr(0, end - 2));
  return text.append(">\n").append(rule).append("</").append(name).append(">").append(document.substr(end));
}

base::Result<std::string> add(const std::string& document, const Decision& decision,
                              const RulesetBounds& bounds) {
  const auto root = read(document, bounds);
  if (!root) return root.error();
  const xml::Element* own = nullptr;
  for (const auto& rule : root->children) {
    const auto* identity = identity_of_own_rule(rule);
    if (identity && gives(rule, decision.handling)) own = identity;
  }
  auto text = own ? add_to(document, *own, decision.watcher) : add_rule(document, *root, decision);
  if (auto rules = Ruleset::parse(text, bounds); !rules) return rules.error();
  return text;
}

}  // namespace

std::string document_of(std::span<const Decision> decisions) {
  std::unordered_map<std::string_view, Handling, base::KeyedHash> last;
  for (const auto& decision : decisions)
    last[decision.watcher.text()] = decision.handling;
  std::string text = document_start();
  for (const auto handling : {Handling::allow, Handling::polite_block, Handling::confirm, Handling::block}) {
    std::vector<std::string> uris;
    for (const auto& decision : decisions) {
      const auto found = last.find(decision.watcher.text());
      if (found == last.end() || found->second != handling) continue;
      uris.push_back(decision.watcher.uri());
      last.erase(found);
    }
    if (!uris.empty()) text += write_rule(own_rule_id(handling), handling, uris);
  }
  return text += document_end();
}

base::Result<std::string> without_decision(std::string_view document, const sip::Aor& watcher,
                                           const RulesetBounds& bounds) {
  if (document.empty()) return std::string();
  const auto root = read(document, bounds);
  if (!root) return root.error();
  return remove(document, *root, Identity(watcher));
}

base::Result<std::string> with_decision(std::string_view document, const sip::Aor& watcher, Handling handling,
                                        const RulesetBounds& bounds) {
  const Decision decision{watcher, handling};
  if (document.empty()) return document_of({&decision, 1});
  const auto root = read(document, bounds);
  if (!root) return root.error();
  const Identity identity(watcher);
  if (is_decided(*root, identity, handling)) return std::string(document);
  return add(remove(document, *root, identity), decision, bounds);
}

}  // namespace rollcall::rules
