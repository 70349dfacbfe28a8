// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "link.hpp"

#include <rollcall/base/clock.hpp>
#include <rollcall/storage/database.hpp>

namespace rollcall::storage {

/// Deletes what has expired and streams the rest, see Database::load(). A row that is no value of
/// ours is left out, with a line in the log. Throws what Link does.
Loaded load_all(Link& link, base::Instant now, const LoadTarget& target);

}  // namespace rollcall::storage
