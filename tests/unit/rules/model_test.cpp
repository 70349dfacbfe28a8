// SPDX-License-Identifier: Apache-2.0
// Random rules, watchers and documents against a model that is slow and simple: nobody is shown more
// than the rules give, nor less.
#include "questions.hpp"
#include "support/presence_schema.hpp"

#include <algorithm>
#include <random>
#include <set>
#include <string>
#include <vector>

#include <rollcall/rules/transform.hpp>
#include <rollcall/xml/pidf.hpp>

#include <fmt/format.h>

using namespace rollcall;
using namespace std::chrono_literals;

namespace {

class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}

  /// 0 to below `sides`. Not by a distribution of the library, which may give others elsewhere.
  unsigned roll(unsigned sides) { return static_cast<unsigned>(engine_() % sides); }
  bool chance(unsigned of) { return roll(of) == 0; }
  template <class List>
  auto pick(const List& list) {
    return list[roll(static_cast<unsigned>(std::size(list)))];
  }

 private:
  std::mt19937 engine_;
};

const std::vector<std::string> users = {"u0", "u1", "u2", "u3"};
const std::vector<std::string> domains = {"a", "b", "c"};
const std::vector<std::string> schemes = {"sip", "sips", "pres"};
const std::vector<std::string> lists = {"l0", "l1"};
const std::vector<std::string> spheres = {"work", "home"};
const std::vector<std::string> booleans = {"activities", "class", "mood", "relationship", "sphere", "note"};
const std::vector<std::string> amounts = {"false", "bare", "thresholds", "full"};
const std::vector<std::string> handlings = {"block", "confirm", "polite-block", "allow"};

/// The model of a watcher: "user@domain", or "" for an anonymous one.
using Watcher = std::string;

std::string domain_of(const Watcher& watcher) {
  return watcher.substr(watcher.find('@') + 1);
}

struct ModelMany {
  std::string domain;  // "" for any
  std::set<std::string> but_users, but_domains;
};

struct ModelRule {
  bool has_identity = false;
  std::set<std::string> ones;
  std::vector<ModelMany> many;
  std::set<std::string> spheres;           // none: not asked
  std::vector<std::pair<int, int>> hours;  // none: not asked
  std::set<std::string> lists;             // none: not asked
  bool anonymous = false, other = false, strange = false;

  unsigned handling = 0;                             // index into handlings
  std::set<std::string> services, persons, devices;  // "all", or classes and ids
  std::set<std::string> given;                       // of booleans, and "unknown"
  unsigned input = 0;                                // index into amounts
  bool all_attributes = false;
};

struct Circumstances {
  Watcher watcher;
  std::string sphere;
  int hour = 0;
  std::set<std::pair<std::string, Watcher>> members;  // of lists
};

// The model: each function is one sentence of the RFCs.

bool many_has(const ModelMany& many, const Watcher& watcher) {
  if (!many.domain.empty() && domain_of(watcher) != many.domain) return false;
  return many.but_users.count(watcher) == 0 && many.but_domains.count(domain_of(watcher)) == 0;
}

bool identity_has(const ModelRule& rule, const Watcher& watcher) {
  if (watcher.empty()) return false;
  bool found = rule.ones.count(watcher) > 0;
  for (const auto& many : rule.many)
    found = found || many_has(many, watcher);
  return found;
}

bool list_has(const ModelRule& rule, const Circumstances& now) {
  return std::any_of(rule.lists.begin(), rule.lists.end(), [&](const auto& list) {
    return now.members.count({list, now.watcher}) > 0;
  });
}

bool is_about(const ModelRule& rule, const Circumstances& now) {
  return !rule.other && ((rule.has_identity && identity_has(rule, now.watcher)) || list_has(rule, now));
}

bool model_matches(const ModelRule& rule, const std::vector<ModelRule>& all, const Circumstances& now) {
  if (rule.strange) return false;
  if (rule.has_identity && !identity_has(rule, now.watcher)) return false;
  if (!rule.spheres.empty() && rule.spheres.count(now.sphere) == 0) return false;
  if (!rule.lists.empty() && !list_has(rule, now)) return false;
  if (rule.anonymous && !now.watcher.empty()) return false;
  if (rule.other && (now.watcher.empty() || std::any_of(all.begin(), all.end(),
                                                        [&](const auto& one) { return is_about(one, now); })))
    return false;
  return rule.hours.empty() || std::any_of(rule.hours.begin(), rule.hours.end(), [&](const auto& hours) {
           return hours.first <= now.hour && now.hour < hours.second;
         });
}

/// What matching rules give together.
ModelRule model_combined(const std::vector<ModelRule>& all, const Circumstances& now) {
  ModelRule sum;
  for (const auto& rule : all) {
    if (!model_matches(rule, all, now)) continue;
    sum.handling = std::max(sum.handling, rule.handling);
    sum.input = std::max(sum.input, rule.input);
    sum.all_attributes = sum.all_attributes || rule.all_attributes;
    sum.services.insert(rule.services.begin(), rule.services.end());
    sum.persons.insert(rule.persons.begin(), rule.persons.end());
    sum.devices.insert(rule.devices.begin(), rule.devices.end());
    sum.given.insert(rule.given.begin(), rule.given.end());
  }
  return sum;
}

// Rules of the model as text.

base::Instant at(int hour) {
  return tests::noon + std::chrono::hours(hour);
}

std::string identity_text(const ModelRule& rule, Dice& dice) {
  std::string text;
  for (const auto& one : rule.ones)
    text += fmt::format("<cp:one id=\"{}:{}\"/>", dice.pick(schemes), one);
  for (const auto& many : rule.many) {
    text += many.domain.empty() ? "<cp:many>" : fmt::format("<cp:many domain=\"{}\">", many.domain);
    for (const auto& user : many.but_users)
      text += fmt::format("<cp:except id=\"{}:{}\"/>", dice.pick(schemes), user);
    for (const auto& domain : many.but_domains)
      text += fmt::format("<cp:except domain=\"{}\"/>", domain);
    text += "</cp:many>";
  }
  return "<cp:identity>" + text + "</cp:identity>";
}

std::string conditions_text(const ModelRule& rule, Dice& dice) {
  std::string text;
  if (rule.has_identity) text += identity_text(rule, dice);
  if (!rule.spheres.empty()) text += fmt::format("<cp:sphere value=\"{}\"/>", fmt::join(rule.spheres, " "));
  if (!rule.hours.empty()) {
    text += "<cp:validity>";
    for (const auto& [from, until] : rule.hours)
      text += fmt::format("<cp:from>{}</cp:from><cp:until>{}</cp:until>", base::to_rfc3339(at(from)),
                          base::to_rfc3339(at(until)));
    text += "</cp:validity>";
  }
  if (!rule.lists.empty()) {
    text += "<ocp:external-list>";
    for (const auto& list : rule.lists)
      text += fmt::format("<ocp:entry anc=\"{}\"/>", list);
    text += "</ocp:external-list>";
  }
  if (rule.anonymous) text += "<ocp:anonymous-request/>";
  if (rule.other) text += "<ocp:other-identity/>";
  return rule.strange ? text + "<x:at-full-moon/>" : text;
}

std::string selection_text(const std::string& kind, const std::set<std::string>& members) {
  std::string text;
  for (const auto& member : members) {
    if (member == "all")
      text += fmt::format("<pr:all-{}/>", kind);
    else
      text += fmt::format("<pr:{0}>{1}</pr:{0}>", member.starts_with("class") ? "class" : "occurrence-id",
                          member);
  }
  return fmt::format("<pr:provide-{0}>{1}</pr:provide-{0}>", kind, text);
}

std::string transformations_text(const ModelRule& rule) {
  auto text = selection_text("services", rule.services) + selection_text("persons", rule.persons) +
              selection_text("devices", rule.devices) +
              fmt::format("<pr:provide-user-input>{}</pr:provide-user-input>", amounts[rule.input]);
  for (const auto& name : booleans)
    text += fmt::format("<pr:provide-{0}>{1}</pr:provide-{0}>", name, rule.given.count(name) > 0);
  if (rule.given.count("unknown") > 0)
    text +=
        "<pr:provide-unknown-attribute ns=\"urn:example:x\" name=\"foo\">true</pr:provide-unknown-attribute>";
  return rule.all_attributes ? text + "<pr:provide-all-attributes/>" : text;
}

// Random things.

std::string random_user(Dice& dice) {
  return dice.pick(users) + "@" + dice.pick(domains);
}

void random_identity(ModelRule& rule, Dice& dice) {
  rule.has_identity = true;
  for (auto left = dice.roll(3); left > 0; --left)
    rule.ones.insert(random_user(dice));
  if (!dice.chance(2) && !rule.ones.empty()) return;
  ModelMany many;
  if (dice.chance(2)) many.domain = dice.pick(domains);
  if (dice.chance(2)) many.but_users.insert(random_user(dice));
  if (dice.chance(4)) many.but_domains.insert(dice.pick(domains));
  rule.many.push_back(many);
}

std::set<std::string> random_selection(Dice& dice, const std::string& id) {
  if (dice.chance(3)) return {"all"};
  std::set<std::string> members;
  if (dice.chance(2)) members.insert("class" + id + std::to_string(dice.roll(2)));
  if (dice.chance(2)) members.insert(id + std::to_string(dice.roll(2)));
  return members;
}

ModelRule random_rule(Dice& dice) {
  ModelRule rule;
  if (!dice.chance(4)) random_identity(rule, dice);
  if (dice.chance(4)) rule.spheres.insert(dice.pick(spheres));
  if (dice.chance(4)) rule.hours = {{0, 2}, {static_cast<int>(dice.roll(4)) + 3, 8}};
  if (dice.chance(5)) rule.lists.insert(dice.pick(lists));
  rule.anonymous = dice.chance(12);
  rule.other = dice.chance(8);
  rule.strange = dice.chance(12);
  rule.handling = dice.roll(4);
  rule.services = random_selection(dice, "t");
  rule.persons = random_selection(dice, "p");
  rule.devices = random_selection(dice, "d");
  for (const auto& name : booleans)
    if (dice.chance(3)) rule.given.insert(name);
  if (dice.chance(3)) rule.given.insert("unknown");
  rule.input = dice.roll(4);
  rule.all_attributes = dice.chance(8);
  return rule;
}

Circumstances random_circumstances(Dice& dice) {
  Circumstances now;
  if (!dice.chance(8)) now.watcher = random_user(dice);
  if (!dice.chance(3)) now.sphere = dice.pick(spheres);
  now.hour = static_cast<int>(dice.roll(10));
  for (const auto& list : lists)
    if (dice.chance(3) && !now.watcher.empty()) now.members.insert({list, now.watcher});
  return now;
}

// A document in which each piece of information is a word that stands nowhere else.

struct Piece {
  std::string word, component, id, occurrence_class, permission;
};

std::string attribute_text(const std::string& word, const std::string& name) {
  if (name == "activities" || name == "mood")
    return fmt::format("<r:{0}><r:note>{1}</r:note><r:unknown/></r:{0}>", name, word);
  if (name == "relationship")
    return fmt::format("<r:relationship><r:note>{}</r:note><r:self/></r:relationship>", word);
  if (name == "sphere") return fmt::format("<r:sphere><x:{}/></r:sphere>", word);
  if (name == "unknown") return fmt::format("<x:foo>{}</x:foo>", word);
  return fmt::format("<x:bar>{}</x:bar>", word);
}

class RandomDocument {
 public:
  explicit RandomDocument(Dice& dice) : dice_(dice) {
    for (const auto* id : {"t0", "t1"})
      text_ += fmt::format(
          "<tuple id=\"{}\"><status><basic>open</basic></status>{}<contact>sip:alice@a</contact></tuple>", id,
          content("services", id));
    const auto note = word({"", "document", "", "", "note"});
    text_ += fmt::format("<note>{}</note>", note);
    for (const auto* id : {"p0", "p1"})
      text_ += fmt::format("<dm:person id=\"{}\">{}</dm:person>", id, content("persons", id));
    for (const auto* id : {"d0", "d1"}) {
      const auto elements = content("devices", id);
      const auto device_notes = elements.find("<dm:note>");
      text_ += fmt::format("<dm:device id=\"{}\">{}<dm:deviceID>urn:x:{}</dm:deviceID>{}</dm:device>", id,
                           elements.substr(0, device_notes), word({"", "devices", id, class_, "always"}),
                           elements.substr(std::min(device_notes, elements.size())));
    }
  }

  [[nodiscard]] std::string text() const {
    return "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" "
           "xmlns:dm=\"urn:ietf:params:xml:ns:pidf:data-model\""
           " xmlns:r=\"urn:ietf:params:xml:ns:pidf:rpid\" xmlns:x=\"urn:example:x\" entity=\"sip:alice@a\">" +
           text_ + "</presence>";
  }
  [[nodiscard]] const std::vector<Piece>& pieces() const { return pieces_; }

 private:
  std::string word(Piece piece) {
    piece.word = fmt::format("word{:03}", pieces_.size());
    pieces_.push_back(piece);
    return piece.word;
  }

  /// The attributes of one component; its notes come last.
  std::string content(const std::string& component, const std::string& id) {
    class_ = "class" + id;
    pieces_.push_back({class_, component, id, class_, "class"});
    auto text = fmt::format("<r:class>{}</r:class>", class_);
    for (const auto* name : {"activities", "mood", "relationship", "sphere", "unknown", "secret"})
      if (fits(name, component) && dice_.chance(2))
        text += attribute_text(word({"", component, id, class_, name}), name);
    const auto bare = word({"", component, id, class_, "bare"}),
               full = word({"", component, id, class_, "full"});
    text += fmt::format(
        "<r:user-input idle-threshold=\"9{}\" last-input=\"2004-10-21T13:20:00Z\" "
        "x:w=\"{}\">idle</r:user-input>",
        bare.substr(4), full);
    const auto note = word({"", component, id, class_, "note"});
    return text + fmt::format("<{0}>{1}</{0}>", component == "services" ? "note" : "dm:note", note);
  }

  static bool fits(std::string_view name, std::string_view component) {
    if (name == "relationship") return component == "services";
    if (name == "unknown" || name == "secret") return true;
    return component == "persons";
  }

  Dice& dice_;
  std::string text_, class_;
  std::vector<Piece> pieces_;
};

bool selects(const std::set<std::string>& selection, const Piece& piece) {
  return selection.count("all") > 0 || selection.count(piece.id) > 0 ||
         selection.count(piece.occurrence_class) > 0;
}

/// May this piece be seen with these permissions?
bool model_shows(const ModelRule& sum, const Piece& piece) {
  if (piece.component == "document")
    return sum.persons.count("all") > 0 && (sum.all_attributes || sum.given.count("note") > 0);
  const auto& selection = piece.component == "services"  ? sum.services
                          : piece.component == "persons" ? sum.persons
                                                         : sum.devices;
  if (!selects(selection, piece)) return false;
  if (sum.all_attributes || piece.permission == "always") return true;
  if (piece.permission == "bare") return sum.input >= 2;  // its word is the threshold
  if (piece.permission == "full") return sum.input == 3;
  return sum.given.count(piece.permission) > 0;
}

/// How a piece stands in a document.
std::string trace_of(const Piece& piece) {
  return piece.permission == "bare" ? "idle-threshold=\"9" + piece.word.substr(4) + "\"" : piece.word;
}

}  // namespace

TEST_CASE("model: random rules give each watcher what the model says, and the document shows no more") {
  Dice dice(20'261'121);
  for (int round = 0; round < 400; ++round) {
    std::vector<ModelRule> model(dice.roll(8));
    std::string text;
    for (auto& rule : model) {
      rule = random_rule(dice);
      text +=
          tests::rule_text(conditions_text(rule, dice), handlings[rule.handling], transformations_text(rule));
    }
    const auto ruleset = tests::read_rules_text(tests::ruleset_text(text));
    const RandomDocument written(dice);
    const auto document = xml::PidfDocument::parse(written.text(), base::Limits());
    REQUIRE(document.ok());
    for (int asked = 0; asked < 12; ++asked) {
      const auto now = random_circumstances(dice);
      const auto sum = model_combined(model, now);
      tests::Question question{{}, now.sphere, at(now.hour), {}};
      if (!now.watcher.empty()) question.watcher = {"sip:" + now.watcher};
      question.member_of = [&](std::string_view list, const rules::Identity&) {
        return now.members.count({std::string(list), now.watcher}) > 0;
      };
      const auto verdict = tests::ask(ruleset, question);
      CAPTURE(text);
      CAPTURE(now.watcher);
      REQUIRE(to_string(verdict.handling) == handlings[sum.handling]);
      const auto shown = write(rules::transform(*document, verdict.grant->permissions));
      CAPTURE(shown);
      for (const auto& piece : written.pieces()) {
        CAPTURE(piece.word);
        REQUIRE((shown.find(trace_of(piece)) != std::string::npos) == model_shows(sum, piece));
      }
    }
  }
}

TEST_CASE("model: what random rules leave of a document is valid, and one key is one body") {
  Dice dice(4);
  for (int round = 0; round < 100; ++round) {
    std::string text;
    for (auto left = 1 + dice.roll(4); left > 0; --left) {
      const auto rule = random_rule(dice);
      text += tests::rule_text("", "allow", transformations_text(rule));
    }
    const auto verdict = tests::ask(tests::read_rules_text(tests::ruleset_text(text)), {});
    const auto document = *xml::PidfDocument::parse(RandomDocument(dice).text(), base::Limits());
    const auto shown = write(rules::transform(document, verdict.grant->permissions));
    CAPTURE(shown);
    CHECK(tests::PresenceSchema::instance().faults(shown) == "");
    const auto again = tests::ask(tests::read_rules_text(tests::ruleset_text(text)), {{"sip:bob@a"}});
    CHECK(again.body_key() == verdict.body_key());
    CHECK(write(rules::transform(document, again.grant->permissions)) == shown);
  }
}

TEST_CASE("model: adding a rule never takes anything away [RFC 4745 §10.2, RFC 5025 §10]") {
  Dice dice(7);
  for (int round = 0; round < 300; ++round) {
    std::vector<ModelRule> model(1 + dice.roll(6));
    std::string text;
    for (auto& rule : model) {
      rule = random_rule(dice);
      rule.other = false;  // a rule about somebody takes him out of "everybody else"
      text +=
          tests::rule_text(conditions_text(rule, dice), handlings[rule.handling], transformations_text(rule));
    }
    auto added = random_rule(dice);
    added.other = false;
    const auto more = text + tests::rule_text(conditions_text(added, dice), handlings[added.handling],
                                              transformations_text(added));
    const auto before = tests::read_rules_text(tests::ruleset_text(text));
    const auto after = tests::read_rules_text(tests::ruleset_text(more));
    const auto now = random_circumstances(dice);
    tests::Question question{{}, now.sphere, at(now.hour), {}};
    if (!now.watcher.empty()) question.watcher = {"sip:" + now.watcher};
    const auto less = tests::ask(before, question), greater = tests::ask(after, question);
    CHECK(less.handling <= greater.handling);
    auto sum = greater.grant->permissions;
    sum.add(less.grant->permissions);
    CHECK(sum == greater.grant->permissions);
  }
}
