// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace rollcall::storage {

/// Keys of session-level advisory locks; the numbers are ours alone in a database that is ours.
/// Held while the schema is changed, and by a tool as long as it runs.
constexpr std::int64_t schema_lock = 5060'0001;
/// Held in common by the connections of a running server, so that a tool sees it.
constexpr std::int64_t serving_lock = 5060'0002;

}  // namespace rollcall::storage
