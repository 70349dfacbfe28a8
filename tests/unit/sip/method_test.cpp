// SPDX-License-Identifier: Apache-2.0
#include <rollcall/sip/method.hpp>
#include <rollcall/sip/status.hpp>

#include <doctest/doctest.h>

namespace rollcall::sip {

TEST_CASE("method: every method comes back from its name") {
  for (int i = 0; i < static_cast<int>(Method::other); ++i) {
    const auto method = static_cast<Method>(i);
    CAPTURE(to_string(method));
    CHECK_FALSE(to_string(method).empty());
    CHECK(method_of(to_string(method)) == method);
  }
  CHECK(to_string(Method::other).empty());
}

TEST_CASE("method: names are case-sensitive [RFC 3261 §7.1]") {
  CHECK(method_of("REGISTER") == Method::register_);
  CHECK(method_of("register") == Method::other);
  CHECK(method_of("Invite") == Method::other);
  CHECK(method_of("") == Method::other);
  CHECK(method_of("INVITES") == Method::other);
}

TEST_CASE("status: a phrase for each code, and that of its class for an unknown one [RFC 3261 §21]") {
  CHECK(reason_phrase(200) == "OK");
  CHECK(reason_phrase(404) == "Not Found");
  CHECK(reason_phrase(489) == "Bad Event");
  CHECK(reason_phrase(412) == "Conditional Request Failed");
  CHECK(reason_phrase(499) == "Bad Request");
  CHECK(reason_phrase(599) == "Server Internal Error");
  CHECK(reason_phrase(150) == "Trying");
}

TEST_CASE("status: each of our errors has its status") {
  using base::ErrorCode;
  CHECK(status_of(ErrorCode::malformed) == 400);
  CHECK(status_of(ErrorCode::unauthorized) == 401);
  CHECK(status_of(ErrorCode::forbidden) == 403);
  CHECK(status_of(ErrorCode::not_found) == 404);
  CHECK(status_of(ErrorCode::conflict) == 500);
  CHECK(status_of(ErrorCode::precondition) == 412);
  CHECK(status_of(ErrorCode::too_large) == 413);
  CHECK(status_of(ErrorCode::unsupported) == 501);
  CHECK(status_of(ErrorCode::overloaded) == 503);
  CHECK(status_of(ErrorCode::unavailable) == 503);
  CHECK(status_of(ErrorCode::internal) == 500);
}

}  // namespace rollcall::sip
