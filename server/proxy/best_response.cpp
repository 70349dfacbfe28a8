// SPDX-License-Identifier: Apache-2.0
#include <rollcall/proxy/best_response.hpp>

namespace rollcall::proxy {

namespace {

// Within its class; the lower the better.
int rank_in_class(int status) {
  switch (status) {
    case 401:
    case 407:
    case 415:
    case 420:
    case 484:
      return 0;  // information affecting resubmission
    case 404:
    case 430:
    case 480:
    case 481:
    case 487:
      return 2;  // nothing that a busy or unwilling device has not said better
    case 408:
      return 3;
    case 503:
      return 4;  // about a server, not about the one who is called
    default:
      return 1;
  }
}

int rank(int status) {
  const int status_class = status / 100;
  if (status_class == 2) return 0;
  if (status_class == 6) return 1;
  return status_class * 10 + rank_in_class(status);
}

}  // namespace

bool is_better(int status, int than) {
  return rank(status) < rank(than);
}

}  // namespace rollcall::proxy
