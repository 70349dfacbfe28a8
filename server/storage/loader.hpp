// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "link.hpp"

#include <functional>

#include <rollcall/base/clock.hpp>
#include <rollcall/model/change.hpp>
#include <rollcall/storage/database.hpp>

namespace rollcall::storage {

/// Deletes what has expired and streams the rest, see Database::load(). A row that is no value of
/// ours is left out, with a line in the log. Throws what Link does.
Loaded load_all(Link& link, base::Instant now, const std::function<void(model::Change&&)>& sink);

}  // namespace rollcall::storage
