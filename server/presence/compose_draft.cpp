// SPDX-License-Identifier: Apache-2.0
#include "compose_draft.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

#include <fmt/format.h>

namespace rollcall::presence {

namespace {

// Long enough to recognise a published id by, short enough for a NOTIFY.
constexpr std::size_t recognisable = 32;

/// FNV-1a. Only needs to spread: ids that still meet are told apart by make_ids_unique().
std::uint32_t hash(std::uint32_t state, std::string_view text) {
  for (const char c : text)
    state = (state ^ static_cast<unsigned char>(c)) * 16'777'619U;
  return state;
}

constexpr std::uint32_t hash_start = 2'166'136'261U;

}  // namespace

Draft::Draft(const CompositionInput& input) : input(input), address(input.presentity->uri()) {
  for (std::size_t index = 0; index < input.publications.size(); ++index) {
    if (publication(index).expires > input.now) live.push_back(index);
  }
  std::sort(live.begin(), live.end(), [this](std::size_t a, std::size_t b) {
    const auto age = [this](std::size_t index) {
      return std::pair(publication(index).published, publication(index).id);
    };
    return age(a) > age(b);
  });
  registered = std::any_of(input.registrations.begin(), input.registrations.end(),
                           [&](const RegistrationInput& binding) { return binding.expires > input.now; });
}

void Draft::tell_origin(Origin::Part part, std::string name, std::size_t publication) {
  result.origins.push_back({part, std::move(name), Origin::Input::publication, publication});
}

std::string published_id(const PublicationInput& publication, std::string_view id) {
  auto state = publication.device.empty() ? hash(hash_start, fmt::format("#{}", publication.id))
                                          : hash(hash_start, publication.device);
  state = hash(hash(state, std::string_view("\0", 1)), id);
  return fmt::format("{}-{:08x}", id.substr(0, recognisable), state);
}

void adopt_ids(xml::Fragment& fragment, const PublicationInput& publication) {
  rename_ids(fragment, [&](std::string_view id) { return published_id(publication, id); });
}

void adopt_ids(std::vector<xml::Fragment>& fragments, const PublicationInput& publication) {
  for (auto& fragment : fragments)
    adopt_ids(fragment, publication);
}

bool NewestOfEachKind::admits(const xml::Fragment& fragment, std::size_t source) {
  const auto kind = fmt::format("{} {}", fragment.namespace_uri, fragment.name);
  return sources_.try_emplace(kind, source).first->second == source;
}

}  // namespace rollcall::presence
