// SPDX-License-Identifier: Apache-2.0
#include "compose_status.hpp"

#include "compose_draft.hpp"
#include "compose_elements.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>

namespace rollcall::presence {

namespace {

/// An input with a say about the status. The newest publication comes first, the calls last.
struct Candidate {
  Reading reading;
  base::Instant since{};
  const Source* source = nullptr;  // null: the calls
};

std::vector<Candidate> candidates_in(const Draft& draft) {
  std::vector<Candidate> candidates;
  for (const Source& source : draft.sources)
    if (source.has_a_say) candidates.push_back({source.reading, source.since, &source});
  const CallsInput& calls = draft.input.calls;
  if (calls.confirmed > 0)
    candidates.push_back({{Status::on_the_phone, false, true, false}, calls.since, nullptr});
  return candidates;
}

// One device that nobody touches says nothing about somebody who types at another.
void wake_who_is_active_elsewhere(std::vector<Candidate>& candidates) {
  const bool active = std::any_of(candidates.begin(), candidates.end(),
                                  [](const Candidate& one) { return one.reading.active; });
  if (!active) return;
  for (Candidate& one : candidates)
    if (!one.reading.by_hand && (one.reading.status == Status::idle || one.reading.status == Status::away))
      one.reading = {Status::available, false, false, false};
}

const Candidate* newest_by_hand(const std::vector<Candidate>& candidates) {
  const auto found = std::find_if(candidates.begin(), candidates.end(),
                                  [](const Candidate& one) { return one.reading.by_hand; });
  return found == candidates.end() ? nullptr : &*found;
}

const Candidate* strongest(const std::vector<Candidate>& candidates) {
  return &*std::max_element(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    return a.reading.status < b.reading.status;
  });
}

const Candidate* newest(const std::vector<Candidate>& candidates) {
  return &*std::max_element(candidates.begin(), candidates.end(),
                            [](const Candidate& a, const Candidate& b) { return a.since < b.since; });
}

const Candidate* choose(const std::vector<Candidate>& candidates, const Draft& draft) {
  if (candidates.empty()) return nullptr;
  if (draft.pinned) return &candidates.front();
  switch (draft.input.policy.choice) {
    case StatusChoice::newest:
      return newest(candidates);
    case StatusChoice::strongest:
      return strongest(candidates);
    case StatusChoice::manual_wins:
      break;
  }
  const Candidate* by_hand = newest_by_hand(candidates);
  return by_hand ? by_hand : strongest(candidates);
}

std::string why_not(const Candidate& one, const Candidate& shown, const Draft& draft) {
  if (draft.pinned) return "an administrator's status stands above";
  if (draft.input.policy.choice == StatusChoice::newest) return "older than what is shown";
  const bool manual_wins = draft.input.policy.choice == StatusChoice::manual_wins;
  if (manual_wins && shown.reading.by_hand)
    return one.reading.by_hand ? "older than what is shown" : "automatic, and another one was set by hand";
  if (one.reading.status < shown.reading.status)
    return fmt::format("{} counts more than {}", word_of(shown.reading.status), word_of(one.reading.status));
  return "the same was published later";
}

std::string why_no_say(const Source& source) {
  if (source.input == Input::hard_state) return "publications count more";
  return "older than another publication of the same device";
}

void explain(Draft& draft, const std::vector<Candidate>& candidates, const Candidate* shown) {
  for (const Candidate& one : candidates) {
    const Input input = one.source ? one.source->input : Input::calls;
    draft.consider(input, one.source ? one.source->index : 0, one.reading,
                   &one == shown ? "" : why_not(one, *shown, draft));
  }
  for (const Source& source : draft.sources)
    if (!source.has_a_say) draft.consider(source.input, source.index, source.reading, why_no_say(source));
  const auto& administrator = draft.input.administrator;
  if (administrator.document && !draft.pinned)
    draft.consider(Input::administrator, 0, read_status(*administrator.document, draft.input.now),
                   "it has expired");
  const Reading of_registrations{draft.registered ? Status::available : Status::offline, false, false, false};
  draft.consider(Input::registrations, 0, of_registrations,
                 candidates.empty() ? "" : "they count when nothing else says more");
}

}  // namespace

void choose_status(Draft& draft) {
  auto candidates = candidates_in(draft);
  wake_who_is_active_elsewhere(candidates);
  const Candidate* shown = choose(candidates, draft);
  draft.result.status = shown              ? shown->reading.status
                        : draft.registered ? Status::available
                                           : Status::offline;
  // Who was woken does not show what he published.
  const bool as_published = shown && shown->source && shown->source->reading.status == shown->reading.status;
  draft.winner = as_published ? shown->source : nullptr;
  draft.on_the_phone = shown && !shown->source;
  if (draft.input.explain) explain(draft, candidates, shown);
  // Whom an administrator calls offline has nothing else to show.
  if (draft.pinned && draft.result.status == Status::offline) {
    draft.sources.resize(1);
    draft.registered = false;
  }
}

void settle_status(Draft& draft) {
  const auto& tuples = draft.result.document.tuples;
  const bool open = std::any_of(tuples.begin(), tuples.end(), [](const xml::Tuple& tuple) {
    return tuple.basic == xml::Basic::open && speaks_for_presentity(tuple);
  });
  if (!open && draft.result.status <= Status::idle) draft.result.status = Status::offline;
}

}  // namespace rollcall::presence
