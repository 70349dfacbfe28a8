// SPDX-License-Identifier: Apache-2.0
// Deciding about a REGISTER, without I/O.
#pragma once

#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/engine/outcome.hpp>
#include <rollcall/engine/request.hpp>
#include <rollcall/model/binding.hpp>

namespace rollcall::registrar {

/// What RFC 3261 §10.3 steps 6 to 8 make of a REGISTER for `aor`, whose bindings are `current`.
engine::Outcome decide_register(const engine::Request& request, const sip::Aor& aor,
                                const std::vector<const model::Binding*>& current, const base::Limits& limits,
                                base::Instant now);

}  // namespace rollcall::registrar
