// SPDX-License-Identifier: Apache-2.0
#include "compose_draft.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <unordered_set>
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

/// Has the device of a publication that ran out published since? Then that is what it says now.
bool is_superseded(const PublicationInput& lapsed, const CompositionInput& input) {
  return std::any_of(input.publications.begin(), input.publications.end(), [&](const PublicationInput& one) {
    return one.expires > input.now && one.device == lapsed.device && one.published >= lapsed.expires;
  });
}

/// Why a publication does not count; nullopt when it does.
std::optional<std::string_view> passed_over(const PublicationInput& publication,
                                            const CompositionInput& input) {
  if (publication.expires > input.now) return std::nullopt;
  if (publication.expires + input.policy.hysteresis <= input.now) return "it has expired";
  if (is_superseded(publication, input)) return "it has expired, and the device has published anew";
  return std::nullopt;
}

}  // namespace

Draft::Draft(const CompositionInput& input) : input(input), address(input.presentity->uri()) {
  const AdministratorInput& administrator = input.administrator;
  if (administrator.document && administrator.expires > input.now) {
    sources.push_back({Input::administrator, 0, administrator.document, "", 0, administrator.set, false, true,
                       read_status(*administrator.document, input.now)});
    pinned = true;
  }
  take_publications();
  take_hard_state();
  registered = input.policy.show_registrations &&
               std::any_of(input.registrations.begin(), input.registrations.end(),
                           [&](const RegistrationInput& binding) {
                             return binding.expires + input.policy.hysteresis > input.now;
                           });
}

void Draft::take_publications() {
  const auto& publications = input.publications;
  std::vector<std::size_t> order;
  for (std::size_t index = 0; index < publications.size(); ++index) {
    const auto why = passed_over(publications[index], input);
    if (!why)
      order.push_back(index);
    else if (input.explain)
      consider(Input::publication, index, read_status(*publications[index].document, input.now),
               std::string(*why));
  }
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const auto age = [&](std::size_t index) {
      return std::pair(publications[index].published, publications[index].id);
    };
    return age(a) > age(b);
  });
  std::unordered_set<std::string_view> devices;
  for (const auto index : order) {
    const PublicationInput& one = publications[index];
    const bool newest = one.device.empty() || devices.insert(one.device).second;
    sources.push_back({Input::publication, index, one.document, one.device, one.id, one.published, false,
                       newest, read_status(*one.document, input.now)});
  }
}

void Draft::take_hard_state() {
  const HardStateInput& hard_state = input.hard_state;
  if (!hard_state.document) return;
  const bool alone = sources.size() == (pinned ? 1 : 0);
  Reading reading = read_status(*hard_state.document, input.now);
  reading.by_hand = reading.says;
  sources.push_back({Input::hard_state, 0, hard_state.document, "hard-state", 0, hard_state.updated, !alone,
                     alone, reading});
}

void Draft::tell_origin(Origin::Part part, std::string name, const Source& source) {
  if (input.explain) result.origins.push_back({part, std::move(name), source.input, source.index});
}

void Draft::tell_origin(Origin::Part part, std::string name, Input from) {
  if (input.explain) result.origins.push_back({part, std::move(name), from, 0});
}

void Draft::consider(Input from, std::size_t index, const Reading& reading, std::string why) {
  const bool shown = why.empty();
  result.considered.push_back({from, index, reading.status, reading.by_hand, shown, std::move(why)});
}

std::string published_id(const Source& source, std::string_view prefix, std::string_view id) {
  auto state = source.device.empty() ? hash(hash_start, fmt::format("#{}", source.id))
                                     : hash(hash_start, source.device);
  state = hash(hash(state, std::string_view("\0", 1)), id);
  return fmt::format("{}-{:08x}", prefix, state);
}

std::string published_id(const Source& source, std::string_view id) {
  return published_id(source, id.substr(0, recognisable), id);
}

std::string common_id(std::string_view prefix, std::string_view what) {
  return fmt::format("{}-{:08x}", prefix, hash(hash_start, what));
}

void adopt_ids(xml::Fragment& fragment, const Source& source) {
  rename_ids(fragment, [&](std::string_view id) { return published_id(source, id); });
}

void adopt_ids(std::vector<xml::Fragment>& fragments, const Source& source) {
  for (auto& fragment : fragments)
    adopt_ids(fragment, source);
}

bool NewestOfEachKind::admits(const xml::Fragment& fragment, std::size_t source) {
  const auto kind = fmt::format("{} {}", fragment.namespace_uri, fragment.name);
  return sources_.try_emplace(kind, source).first->second == source;
}

}  // namespace rollcall::presence
