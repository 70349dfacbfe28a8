// SPDX-License-Identifier: Apache-2.0
#include <iterator>

#include <rollcall/presence/status.hpp>

namespace rollcall::presence {

namespace {

// In the order of the enumerations.
constexpr std::string_view status_words[] = {"offline",      "available", "idle", "away",
                                             "on-the-phone", "busy",      "dnd"};
constexpr std::string_view input_words[] = {"publication", "registrations", "hard-state", "administrator",
                                            "calls"};
constexpr std::string_view choice_words[] = {"manual_wins", "strongest", "newest"};

template <class Enumeration, std::size_t count>
std::optional<Enumeration> find(const std::string_view (&words)[count], std::string_view word) {
  for (std::size_t i = 0; i < count; ++i)
    if (words[i] == word) return static_cast<Enumeration>(i);
  return std::nullopt;
}

}  // namespace

std::string_view word_of(Status status) {
  return status_words[static_cast<std::size_t>(status)];
}

std::optional<Status> status_of(std::string_view word) {
  return find<Status>(status_words, word);
}

std::string_view word_of(Input input) {
  return input_words[static_cast<std::size_t>(input)];
}

std::string_view word_of(StatusChoice choice) {
  return choice_words[static_cast<std::size_t>(choice)];
}

std::optional<StatusChoice> choice_of(std::string_view word) {
  return find<StatusChoice>(choice_words, word);
}

CompositionPolicy CompositionSettings::policy_of(std::string_view domain) const {
  CompositionPolicy its = policy;
  for (const auto& [name, choice] : choices)
    if (name == domain) its.choice = choice;
  return its;
}

}  // namespace rollcall::presence
