// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <rollcall/sip/headers/event.hpp>

namespace rollcall::sip {

namespace {

/// token *( SEMI param ), which both headers are.
template <class T>
base::Result<T> parse_word(std::string_view value, std::string_view T::*word) {
  Scanner in(trim(value));
  T parsed;
  parsed.*word = in.token();
  if ((parsed.*word).empty()) return base::malformed("no value");
  auto params = Params::parse(in.rest());
  if (!params) return params.error();
  parsed.params = *params;
  return parsed;
}

}  // namespace

base::Result<Event> Event::parse(std::string_view value) {
  auto event = parse_word(value, &Event::package);
  if (!event) return event;
  // token-nodot *( "." token-nodot )
  const auto package = event->package;
  if (package.starts_with('.') || package.ends_with('.') || package.find("..") != std::string_view::npos) {
    return base::malformed("an empty part in the event package");
  }
  return event;
}

base::Result<SubscriptionState> SubscriptionState::parse(std::string_view value) {
  return parse_word(value, &SubscriptionState::state);
}

}  // namespace rollcall::sip
