// SPDX-License-Identifier: Apache-2.0
#include "document.hpp"

#include "administrator_status.hpp"

#include <optional>
#include <utility>

#include <rollcall/base/log.hpp>

#include <fmt/format.h>

namespace rollcall::presence {

namespace {

constexpr base::Log logger{"presence"};

// What composing can make of this many published bytes fits, whatever they say: the many small tuples that
// each get an id, a contact and a time grow most.
constexpr std::size_t surely_small = 4 * 1024;

/// What is kept as the composer wants it: parsed, each kind in its place.
class Parsed {
 public:
  Parsed(const Known& known, const CompositionPolicy& policy, const base::Limits& limits, base::Instant now) {
    input_.presentity = known.aor;
    input_.now = now;
    input_.policy = policy;
    input_.calls = known.calls;
    documents_.reserve(known.publications.size());
    for (const model::Publication* one : known.publications)
      if (auto document = parse(one->body, *known.aor, limits)) add(*one, std::move(*document));
    for (const model::Binding* binding : known.bindings)
      registered_.push_back({binding->device(), binding->user_agent, binding->q / 1000.0, binding->expires});
    if (known.hard_state) hard_state_ = parse(known.hard_state->body, *known.aor, limits);
    if (hard_state_) input_.hard_state = {&*hard_state_, known.hard_state->updated};
    input_.publications = published_;
    input_.registrations = registered_;
  }
  Parsed(const Parsed&) = delete;  // the input points into it
  Parsed& operator=(const Parsed&) = delete;

  [[nodiscard]] Composition compose(bool explain = false) {
    input_.explain = explain;
    return presence::compose(input_);
  }
  [[nodiscard]] bool has_hard_state() const { return input_.hard_state.document != nullptr; }
  void leave_out_hard_state() { input_.hard_state = {}; }

  /// The publication that an input is of.
  [[nodiscard]] const model::Publication* publication(std::size_t index) const { return kept_[index]; }
  [[nodiscard]] const model::Publication* of_administrator() const { return of_administrator_; }

 private:
  static std::optional<xml::PidfDocument> parse(const base::Text& body, const sip::Aor& aor,
                                                const base::Limits& limits) {
    auto document = xml::PidfDocument::parse(body, limits);
    if (document) return std::move(*document);
    logger.error("unreadable_publication", base::kv("aor", aor.text()));
    return std::nullopt;
  }

  void add(const model::Publication& one, xml::PidfDocument document) {
    documents_.push_back(std::move(document));
    if (is_of_administrator(one)) {
      of_administrator_ = &one;
      input_.administrator = {&documents_.back(), one.published, one.expires};
      return;
    }
    kept_.push_back(&one);
    published_.push_back(
        {one.id, one.entity_tag, one.device, &documents_.back(), one.published, one.expires});
  }

  std::vector<xml::PidfDocument> documents_;
  std::vector<PublicationInput> published_;
  std::vector<const model::Publication*> kept_;
  std::vector<RegistrationInput> registered_;
  std::optional<xml::PidfDocument> hard_state_;
  const model::Publication* of_administrator_ = nullptr;
  CompositionInput input_;
};

Composition compose_within_limit(Parsed& parsed, bool explain) {
  Composition composition = parsed.compose(explain);
  if (!parsed.has_hard_state() || xml::write(composition.document).size() <= most_document_bytes)
    return composition;
  parsed.leave_out_hard_state();
  return parsed.compose(explain);
}

std::string_view word_of(Origin::Part part) {
  constexpr std::string_view words[] = {"service", "person", "device", "document", "document"};
  return words[static_cast<std::size_t>(part)];
}

ViewedInput viewed(const Considered& considered, const Composition& composition, const Parsed& parsed,
                   const Known& known) {
  ViewedInput input{considered.input,
                    0,
                    "",
                    considered.status,
                    considered.by_hand,
                    considered.shown,
                    considered.why,
                    {},
                    {},
                    {}};
  const model::Publication* row = considered.input == Input::publication
                                      ? parsed.publication(considered.index)
                                  : considered.input == Input::administrator ? parsed.of_administrator()
                                                                             : nullptr;
  if (row) {
    input.id = row->id;
    input.from = row->device.str();
    input.since = row->published;
    input.expires = row->expires;
  } else if (considered.input == Input::hard_state) {
    input.since = known.hard_state->updated;
  } else if (considered.input == Input::calls) {
    input.since = known.calls.since;
  }
  for (const Origin& origin : composition.origins)
    if (origin.input == considered.input && origin.index == considered.index)
      input.gave.push_back(fmt::format("{} {}", word_of(origin.part), origin.name));
  return input;
}

/// The first line for people: the person's, else the document's.
std::string note_in(const xml::PidfDocument& document) {
  for (const xml::Person& person : document.persons)
    if (!person.notes.empty()) return person.notes.front().text;
  return document.notes.empty() ? "" : document.notes.front().text;
}

}  // namespace

xml::PidfDocument document_of(const Known& known, const CompositionPolicy& policy, const base::Limits& limits,
                              base::Instant now) {
  Parsed parsed(known, policy, limits, now);
  return compose_within_limit(parsed, false).document;
}

void explain(PresenceView& view, const Known& known, const CompositionPolicy& policy,
             const base::Limits& limits, base::Instant now) {
  Parsed parsed(known, policy, limits, now);
  const Composition composition = compose_within_limit(parsed, true);
  view.document = xml::write(composition.document);
  // The user's own address comes first, open before closed.
  view.open = composition.document.tuples.front().basic == xml::Basic::open;
  view.status = composition.status;
  view.note = note_in(composition.document);
  for (const Considered& considered : composition.considered)
    view.inputs.push_back(viewed(considered, composition, parsed, known));
}

bool is_too_large(const sip::Aor& aor, const std::vector<const model::Publication*>& publications,
                  const base::Limits& limits, base::Instant now) {
  std::size_t bytes = 0;
  for (const model::Publication* publication : publications)
    bytes += publication->body.size();
  if (bytes <= surely_small) return false;
  return xml::write(document_of({&aor, publications, {}}, {}, limits, now)).size() > most_document_bytes;
}

}  // namespace rollcall::presence
