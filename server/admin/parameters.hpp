// SPDX-License-Identifier: Apache-2.0
// What handlers read out of addresses, in one way for all of them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/admin/api.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/engine/readers.hpp>
#include <rollcall/http/request.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::admin {

/// The user of the path, {aor}. Error malformed.
base::Result<sip::Aor> aor_in(const http::Request& request);

/// The same; error not_found when there is no such user.
base::Result<sip::Aor> user_in(const Services& services, const http::Request& request);

/// cursor, limit (1 to 1000, else 100) and search of the query. Error malformed.
base::Result<engine::PageRequest> page_in(const http::Request& request);

/// The number of the path, {id}; nullopt for what cannot be one.
std::optional<std::uint64_t> id_in(const http::Request& request);

/// A domain as it is kept.
std::string lower_case(std::string_view domain);

/// "/api/v1/users/alice%40example.org"
std::string path_of(const sip::Aor& aor);

}  // namespace rollcall::admin
