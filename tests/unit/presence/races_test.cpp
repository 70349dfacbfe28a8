// SPDX-License-Identifier: Apache-2.0
// Requests that cross each other, and a watcher who is slow: whatever the order, the last thing he is told is
// what is true.
#include "house.hpp"

#include <map>
#include <random>

#include <rollcall/bodies/dialog_info.hpp>

#include <doctest/doctest.h>

namespace rollcall::presence::test {

namespace {

using bodies::DialogState;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int rounds = 5'000;
#else
constexpr int rounds = 100'000;
#endif

std::string in_call(DialogState state, const std::string& call_id) {
  return "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"0\" state=\"full\""
         " entity=\"sip:alice@example.com\"><dialog id=\"1\" call-id=\"" +
         call_id + "\"><state>" + std::string(to_string(state)) + "</state></dialog></dialog-info>";
}

/// alice's devices publish their dialogs, bob's lamp shows them.
class Race {
 public:
  explicit Race(unsigned seed) : random_(seed) {
    house.judges = false;  // for the time that it takes
    house.subscribe("bob", "Expires: 600\r\n", "dialog");
    house.answer("SUBSCRIBE");
    hear(true);
  }

  bool chance() { return random_() % 2 == 0; }
  std::size_t below(std::size_t count) { return random_() % count; }

  std::string publish(const std::string& tag, const std::string& body, bool ends = false) {
    std::string lines = tag.empty() ? "" : "SIP-If-Match: " + tag + "\r\n";
    if (ends) lines += "Expires: 0\r\n";
    return house.begin_publish(lines, body, "dialog");
  }

  /// Something else happens in between, or not.
  void disturb() {
    if (chance()) house.shards.journal().commit();
    house.shards.settle();
    hear(chance());
  }

  /// bob looks at his NOTIFYs, and answers them or only later.
  void hear(bool answers) {
    while (house.notifies_to("bob") > 0)
      unanswered_.push_back(house.notify_to("bob"));
    while (answers && !unanswered_.empty()) {
      lamp_ = lamp_in(unanswered_.front());
      house.reply(unanswered_.front());
      unanswered_.erase(unanswered_.begin());
      while (house.notifies_to("bob") > 0)
        unanswered_.push_back(house.notify_to("bob"));
    }
  }

  /// What bob's lamp shows when everything has come to rest: the states, by Call-ID.
  std::map<std::string, DialogState> lamp() {
    house.shards.journal().release();
    house.shards.settle();
    hear(true);
    return lamp_;
  }

  House house;

 private:
  static std::map<std::string, DialogState> lamp_in(const Sent& notify) {
    std::map<std::string, DialogState> lamp;
    const auto document = bodies::DialogInfo::parse(notify.message->body(), base::Limits());
    REQUIRE(document.ok());
    for (const auto& dialog : document->dialogs)
      lamp[dialog.call_id] = dialog.state;
    return lamp;
  }

  std::mt19937 random_;
  std::vector<Sent> unanswered_;
  std::map<std::string, DialogState> lamp_;
};

}  // namespace

TEST_CASE("races: a call that has ended never goes on ringing, whichever PUBLISH comes first [RFC 3903 §6]") {
  Race race(1);
  std::string tag;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    race.house.shards.journal().hold();
    const bool early_first = race.chance();
    const auto send = [&](bool early) {
      return race.publish(tag, in_call(early ? DialogState::early : DialogState::terminated, "c"));
    };
    const std::string first = send(early_first);
    race.disturb();
    const std::string second = send(!early_first);
    race.disturb();
    race.house.shards.journal().release();
    const auto early = race.house.answer_to(early_first ? first : second);
    const auto terminated = race.house.answer_to(early_first ? second : first);
    REQUIRE(early);
    REQUIRE(terminated);
    if (tag.empty()) {  // both are publications of their own; the device goes on with one
      tag = terminated->header(Header::sip_etag);
      const auto removed = race.publish(early->header(Header::sip_etag), "", true);
      CHECK(race.house.answer_to(removed)->message->status() == 200);
    } else if (terminated->message->status() == 200) {
      CHECK(early->message->status() == 412);
      tag = terminated->header(Header::sip_etag);
    } else {  // it came second, and the device says it once more
      CHECK(terminated->message->status() == 412);
      const auto again = race.publish(early->header(Header::sip_etag), in_call(DialogState::terminated, "c"));
      tag = race.house.answer_to(again)->header(Header::sip_etag);
    }
    REQUIRE(race.lamp() == std::map<std::string, DialogState>{{"c", DialogState::terminated}});
  }
}

TEST_CASE("races: of two that change the same publication one wins, and its state stays [RFC 3903 §4.1]") {
  Race race(2);
  struct Device {
    std::string tag;      // "": it publishes nothing
    std::string call_id;  // of what it publishes
  };
  std::vector<Device> devices{{"", "a"}, {"", "b"}, {"", "c"}};
  std::map<std::string, DialogState> truth;
  for (int round = 0; round < rounds; ++round) {
    CAPTURE(round);
    race.house.shards.journal().hold();
    struct Try {
      Device* device;
      DialogState state;
      bool ends;
      std::string call_id;  // of the PUBLISH
    };
    std::vector<Try> tries;
    for (std::size_t i = 0; i < 2 + race.below(2); ++i) {
      Device& device = devices[race.below(devices.size())];
      const bool ends = !device.tag.empty() && race.below(4) == 0;
      const auto state = race.chance() ? DialogState::early : DialogState::confirmed;
      // A device that has nothing yet publishes once at a time: two of its own would both be kept.
      const bool begins = device.tag.empty();
      const bool begun = std::any_of(tries.begin(), tries.end(),
                                     [&](const Try& one) { return begins && one.device == &device; });
      if (begun) continue;
      tries.push_back(
          {&device, state, ends, race.publish(device.tag, ends ? "" : in_call(state, device.call_id), ends)});
      race.disturb();
    }
    if (race.below(16) == 0) race.house.shards.journal().fail();
    race.house.shards.journal().release();
    std::map<Device*, int> winners;
    for (const Try& one : tries) {
      const auto answer = race.house.answer_to(one.call_id);
      REQUIRE(answer);
      const int status = answer->message->status();
      CHECK_MESSAGE((status == 200 || status == 412 || status == 503), status);
      if (status != 200) continue;
      CHECK(++winners[one.device] == 1);
      one.device->tag = one.ends ? "" : answer->header(Header::sip_etag);
      if (one.ends)
        truth.erase(one.device->call_id);
      else
        truth[one.device->call_id] = one.state;
    }
    REQUIRE(race.lamp() == truth);
  }
}

}  // namespace rollcall::presence::test
