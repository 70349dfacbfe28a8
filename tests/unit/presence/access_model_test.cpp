// SPDX-License-Identifier: Apache-2.0
// Random rules, watchers and changes against a model of a few lines: what each watcher was told last is what
// it may see now, whatever happened in between.
#include "house.hpp"
#include "rule_texts.hpp"

#include <map>
#include <optional>
#include <random>

#include <doctest/doctest.h>
#include <fmt/format.h>

namespace rollcall::presence::test {

using namespace std::chrono_literals;
using rules::Handling;

namespace {

constexpr const char* names[] = {"bob", "carol", "dave"};

std::string address(const std::string& name) {
  return name + (name == "dave" ? "@example.org" : "@example.com");
}

/// What a rule provides; each more than the one before.
enum class Provides : std::uint8_t { services, activities, everything };

std::string_view text_of(Provides provides) {
  constexpr std::string_view activities =
      "<pr:provide-services><pr:all-services/></pr:provide-services>"
      "<pr:provide-persons><pr:all-persons/></pr:provide-persons>"
      "<pr:provide-activities>true</pr:provide-activities>";
  if (provides == Provides::services) return services_only;
  return provides == Provides::activities ? activities : everything;
}

/// A rule, and the document that says the same.
struct Rule {
  std::string whom;  // "": anybody
  Handling handling = Handling::block;
  Provides provides = Provides::services;
  std::optional<base::Instant> until;

  [[nodiscard]] bool holds_for(const std::string& name, base::Instant now) const {
    return (whom.empty() || whom == name) && (!until || now < *until);
  }
  [[nodiscard]] std::string text(std::size_t number) const {
    std::string conditions = whom.empty() ? anybody() : one(address(whom));
    if (until)
      conditions += "<cr:validity><cr:from>2000-01-01T00:00:00Z</cr:from><cr:until>" +
                    base::to_rfc3339(*until) + "</cr:until></cr:validity>";
    return rule(fmt::format("r{}", number), conditions, rules::to_string(handling), text_of(provides));
  }
};

struct Sees {
  Handling handling = Handling::block;
  Provides provided = Provides::services;  // while handling is allow
};

/// RFC 4745 §10.2 and the default of the domain.
Sees expected(const std::vector<Rule>& rules, const std::string& name, base::Instant now) {
  Sees sees;
  bool matched = false;
  for (const Rule& one : rules) {
    if (!one.holds_for(name, now)) continue;
    matched = true;
    sees.handling = std::max(sees.handling, one.handling);
    if (one.handling == Handling::allow) sees.provided = std::max(sees.provided, one.provides);
  }
  if (matched) return sees;
  return name == "dave" ? Sees{Handling::confirm} : Sees{Handling::allow, Provides::everything};
}

class Play {
 public:
  explicit Play(unsigned seed) : random_(seed) {}

  void step() {
    switch (pick(9)) {
      case 0:
        return write_rules();
      case 1:
        return remove_rules();
      case 2:
      case 3:
        return publish();
      case 4:
        return subscribe();
      case 8:
        return call();
      case 5:
        return subscribe_again("Expires: 7200\r\n");
      case 6:
        return pick(4) == 0 ? subscribe_again("Expires: 0\r\n") : pass();
      default:
        return pass();
    }
  }

  /// Reads what came, and compares it with what may be seen.
  void check() {
    read();
    for (const auto& [key, watcher] : watchers_) {
      const auto& [name, event] = key;
      CAPTURE(name);
      CAPTURE(event);
      const Sees sees = expected(rules_, name, house_.shards.clock.now());
      REQUIRE(sees.handling != Handling::block);
      const bool active = sees.handling != Handling::confirm;
      REQUIRE(watcher.state == (active ? "active" : "pending"));
      REQUIRE(watcher.body.empty() == !active);
      if (!active) continue;
      const bool allowed = sees.handling == Handling::allow;
      const bool everything = allowed && sees.provided == Provides::everything;
      const bool activities = allowed && sees.provided >= Provides::activities;
      if (event == "dialog") {
        REQUIRE(shows(watcher, "<state>confirmed</state>") == (activities && in_call_));
        REQUIRE(shows(watcher, "sip:erin@") == (everything && !call_etag_.empty()));  // ended calls too
      } else {
        REQUIRE(shows(watcher, "<basic>open</basic>") == (allowed && open_));
        REQUIRE(shows(watcher, note_) == (everything && open_));
        if (!activities || !in_call_) REQUIRE_FALSE(shows(watcher, "on-the-phone"));
      }
    }
  }

 private:
  struct Watcher {
    House::Dialog dialog;
    std::string state, body;
  };

  static bool shows(const Watcher& watcher, std::string_view text) {
    return watcher.body.find(text) != std::string::npos;
  }
  unsigned pick(unsigned below) { return static_cast<unsigned>(random_() % below); }
  std::string anyone() { return names[pick(3)]; }

  void write_rules() {
    constexpr Handling handlings[] = {Handling::block, Handling::confirm, Handling::polite_block,
                                      Handling::allow, Handling::allow};
    rules_.clear();
    std::string text;
    for (unsigned i = 0, count = 1 + pick(5); i < count; ++i) {
      Rule made{pick(4) == 0 ? "" : anyone(), handlings[pick(5)], static_cast<Provides>(pick(3)),
                std::nullopt};
      if (pick(3) == 0) {
        // Whole seconds, as time passes in them.
        const auto now = std::chrono::ceil<std::chrono::seconds>(house_.shards.clock.now());
        made.until = now + std::chrono::seconds(2 + pick(20));
      }
      rules_.push_back(made);
      text += made.text(i);
    }
    house_.set_rules(ruleset(text));
  }
  void remove_rules() {
    rules_.clear();
    house_.remove_rules();
  }
  void publish() {
    open_ = pick(3) != 0;
    note_ = fmt::format("note {}!", ++number_);
    const std::string person =
        "<p:person xmlns:p=\"urn:ietf:params:xml:ns:pidf:data-model\" id=\"p1\"><p:note>" + note_ +
        "</p:note></p:person>";
    const Sent answer = house_.publish(etag_.empty() ? "" : "SIP-If-Match: " + etag_ + "\r\n",
                                       pidf(open_ ? "open" : "closed", open_ ? person : std::string()));
    etag_ = answer.header(Header::sip_etag);
  }
  // alice's device begins a call, or ends it.
  void call() {
    in_call_ = !in_call_;
    const std::string state = in_call_ ? "confirmed" : "terminated";
    const Sent answer = house_.publish(
        call_etag_.empty() ? "" : "SIP-If-Match: " + call_etag_ + "\r\n",
        "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"0\" state=\"full\""
        " entity=\"sip:alice@example.com\"><dialog id=\"1\"><state>" +
            state +
            "</state><remote><identity>sip:erin@example.com</identity></remote></dialog></dialog-info>",
        "dialog");
    call_etag_ = answer.header(Header::sip_etag);
  }
  void subscribe() {
    const std::string name = anyone();
    const std::string event = pick(2) == 0 ? "presence" : "dialog";
    if (watchers_.contains({name, event})) return;
    const auto dialog = house_.subscribe(name, "Expires: 7200\r\n", event);
    const int status = house_.answer("SUBSCRIBE").message->status();
    const bool blocked = expected(rules_, name, house_.shards.clock.now()).handling == Handling::block;
    REQUIRE(status == (blocked ? 403 : 200));
    if (!blocked) watchers_[{name, event}] = {dialog, "", ""};
  }
  void subscribe_again(const char* expires) {
    if (watchers_.empty()) return;
    const auto chosen = std::next(watchers_.begin(), pick(static_cast<unsigned>(watchers_.size())));
    house_.subscribe_again(chosen->second.dialog, expires, chosen->first.second);
    REQUIRE(house_.answer("SUBSCRIBE").message->status() == 200);
  }
  // Until a second after a whole one, so that what ends then has ended.
  void pass() {
    read();
    const auto now = house_.shards.clock.now();
    const auto next = std::chrono::floor<std::chrono::seconds>(now) + 1s + std::chrono::seconds(pick(5));
    house_.shards.pass(next - now);
    read();
    house_.shards.pass(100ms);
  }
  void read() {
    for (const char* name : names) {
      while (house_.notifies_to(name) > 0) {
        const Sent notify = house_.notified(name);
        const auto found = watchers_.find({name, notify.header(Header::event)});
        if (found == watchers_.end()) continue;  // the last one of a subscription that has ended
        const std::string state = notify.header(Header::subscription_state);
        found->second.state = state.substr(0, state.find(';'));
        found->second.body = std::string(notify.message->body());
        if (found->second.state == "terminated") watchers_.erase(found);
      }
    }
  }

  std::mt19937 random_;
  House house_;
  std::vector<Rule> rules_;
  std::map<std::pair<std::string, std::string>, Watcher> watchers_;  // by name and event
  std::string note_ = "none", etag_, call_etag_;
  bool open_ = false, in_call_ = false;
  int number_ = 0;
};

}  // namespace

TEST_CASE("access: after random rules and changes each watcher was told last what it may see") {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    CAPTURE(seed);
    Play play(seed);
    for (int step = 0; step < 150; ++step) {
      CAPTURE(step);
      play.step();
      play.check();
    }
  }
}

}  // namespace rollcall::presence::test
