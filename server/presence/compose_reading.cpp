// SPDX-License-Identifier: Apache-2.0
// What a presence document says about a status: tables of what clients send.
#include "compose_elements.hpp"
#include "compose_status.hpp"

#include <string>
#include <string_view>

#include <rollcall/sip/headers/params.hpp>

namespace rollcall::presence {

namespace {

/// A word that clients use, what it means, and whether somebody chose it.
struct Word {
  std::string_view text;
  Status status;
  bool by_hand;
};

// Names of elements in <activities>, of whatever namespace: those of RFC 4480 §3.2 and some that clients have
// made. "available" is what Blink sends from its start on, and so nobody's choice; "extended-away" what it
// sends when nobody has touched it for long. Calendars set appointments.
constexpr Word activities[] = {
    {"on-the-phone", Status::on_the_phone, false},
    {"busy", Status::busy, true},
    {"away", Status::away, true},
    {"dnd", Status::do_not_disturb, true},
    {"do-not-disturb", Status::do_not_disturb, true},
    {"idle", Status::idle, false},
    {"available", Status::available, false},
    {"unknown", Status::available, false},
    {"extended-away", Status::away, false},
    {"appointment", Status::busy, false},
    {"meeting", Status::busy, true},
    {"performance", Status::busy, true},
    {"presentation", Status::busy, true},
    {"steering", Status::busy, true},
    {"worship", Status::busy, true},
    {"breakfast", Status::away, true},
    {"dinner", Status::away, true},
    {"holiday", Status::away, true},
    {"in-transit", Status::away, true},
    {"lunch", Status::away, true},
    {"meal", Status::away, true},
    {"permanent-absence", Status::away, true},
    {"shopping", Status::away, true},
    {"sleeping", Status::away, true},
    {"travel", Status::away, true},
    {"vacation", Status::away, true},
    {"looking-for-work", Status::available, true},
    {"playing", Status::available, true},
    {"spectator", Status::available, true},
    {"tv", Status::available, true},
    {"working", Status::available, true},
};

// Whole notes and the text of <other>. RPID has no word for do-not-disturb, so X-Lite and those who came
// after it publish busy with a note; the ones built on PJSIP say on the phone in that way too.
constexpr Word notes[] = {
    {"do not disturb", Status::do_not_disturb, true},
    {"dnd", Status::do_not_disturb, true},
    {"do-not-disturb", Status::do_not_disturb, true},
    {"on the phone", Status::on_the_phone, false},
    {"on a call", Status::on_the_phone, false},
    {"in a call", Status::on_the_phone, false},
    {"busy", Status::busy, true},
    {"away", Status::away, true},
    {"be right back", Status::away, true},
    {"idle", Status::idle, false},
};

template <std::size_t count>
const Word* find(const Word (&words)[count], std::string_view text) {
  for (const Word& word : words)
    if (sip::equal_ignoring_case(word.text, text)) return &word;
  return nullptr;
}

class Reader {
 public:
  Reader(const xml::PidfDocument& document, base::Instant now) : document_(document), now_(now) {}

  Reading read() {
    for (const xml::Fragment* one : activities_of(document_, now_))
      for_each_child(*one,
                     [this](std::string_view name, std::string_view text) { read_activity(name, text); });
    read_notes();
    read_user_input();
    read_basic();
    return reading_;
  }

 private:
  void read_activity(std::string_view name, std::string_view text) {
    if (name == "note") return;
    if (name == "other")
      take(find(notes, text));
    else
      take(find(activities, name));
  }

  // Of several the highest, but that busy beside on-the-phone says no more than that somebody is.
  void take(const Word* word) {
    if (!word) return;
    const bool is_call = word->status == Status::on_the_phone;
    on_the_phone_ |= is_call;
    if (!reading_.says || word->status > reading_.status) {
      reading_.status = word->status;
      reading_.by_hand = word->by_hand;
      reading_.says = word->status != Status::available || word->by_hand;
    }
    if (on_the_phone_ && reading_.status == Status::busy) {
      reading_.status = Status::on_the_phone;
      reading_.by_hand = false;
    }
  }

  // A note says what is meant by busy, or all there is.
  void read_notes() {
    if (reading_.says && reading_.status != Status::busy) return;
    const bool bare = !reading_.says;
    const auto read = [&](const std::vector<xml::Note>& lines) {
      for (const xml::Note& line : lines)
        if (const Word* word = find(notes, line.text); word && (bare || word->status >= Status::on_the_phone))
          take(word);
    };
    for (const xml::Person& person : document_.persons)
      read(person.notes);
    for (const xml::Tuple& tuple : document_.tuples)
      if (speaks_for_presentity(tuple)) read(tuple.notes);
    read(document_.notes);
  }

  // RFC 4480 §3.14. Who is away because nobody has touched the device did not choose to be.
  void read_user_input() {
    bool idle = false;
    const auto read = [&](const std::vector<xml::Fragment>& elements) {
      for (const xml::Fragment& element : elements) {
        if (!is_user_input(element)) continue;
        (says_active(element) ? reading_.active : idle) = true;
      }
    };
    for (const xml::Person& person : document_.persons)
      read(person.elements);
    for (const xml::Tuple& tuple : document_.tuples) {
      read(tuple.extensions);
      read(tuple.status);
    }
    for (const xml::Device& device : document_.devices)
      read(device.elements);
    if (!idle || reading_.active) return;
    if (!reading_.says) reading_ = {Status::idle, false, true, false};
    if (reading_.status == Status::away) reading_.by_hand = false;
  }

  // Linphone writes do-not-disturb as closed with an activity. Closed without one is offline, and no choice
  // against what other devices say: a phone that is put down publishes it too.
  void read_basic() {
    bool closed = false;
    for (const xml::Tuple& tuple : document_.tuples) {
      if (!speaks_for_presentity(tuple) || !tuple.basic) continue;
      if (*tuple.basic == xml::Basic::open) return;
      closed = true;
    }
    if (!closed) return;
    if (!reading_.says || reading_.status <= Status::idle)
      reading_ = {Status::offline, false, true, false};
    else if (reading_.status == Status::busy)
      reading_.status = Status::do_not_disturb;
  }

  const xml::PidfDocument& document_;
  base::Instant now_;
  Reading reading_;
  bool on_the_phone_ = false;
};

}  // namespace

Reading read_status(const xml::PidfDocument& document, base::Instant now) {
  return Reader(document, now).read();
}

std::vector<const xml::Fragment*> activities_of(const xml::PidfDocument& document, base::Instant now) {
  std::vector<const xml::Fragment*> found;
  const auto look = [&](const std::vector<xml::Fragment>& elements) {
    for (const xml::Fragment& element : elements)
      if (is_activities(element) && holds(element, now)) found.push_back(&element);
  };
  for (const xml::Person& person : document.persons)
    look(person.elements);
  if (!found.empty()) return found;
  for (const xml::Tuple& tuple : document.tuples) {
    if (!speaks_for_presentity(tuple)) continue;
    look(tuple.status);
    look(tuple.extensions);
    if (!found.empty()) return found;
  }
  return found;
}

}  // namespace rollcall::presence
