// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace rollcall::proxy {

/// Of two final answers, is the first the one to send back (RFC 3261 §16.7 step 6)? A 2xx before a
/// 6xx before the lowest class; within 4xx first what lets the caller mend the request and try again.
bool is_better(int status, int than);

}  // namespace rollcall::proxy
