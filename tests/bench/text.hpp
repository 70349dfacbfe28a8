// SPDX-License-Identifier: Apache-2.0
// Just enough reading of SIP text for a load generator. Nothing here is shared with the server.
#pragma once

#include <cstdint>
#include <string_view>

namespace bench {

/// Value of the first header of that name (`compact` is its one-letter form, 0 for none), "" if none.
std::string_view header(std::string_view message, std::string_view name, char compact = 0);

/// Value of a parameter such as `branch` in ";branch=x", or `nonce` in `nonce="x"`; without quotes.
std::string_view parameter(std::string_view value, std::string_view name);

/// What stands between < and >, else all up to the first ';'.
std::string_view uri_of(std::string_view value);

/// The status of a response; 0 for a request.
int status_of(std::string_view message);

std::string_view method_of(std::string_view request);
std::string_view body_of(std::string_view message);
std::uint32_t leading_number(std::string_view text);

}  // namespace bench
