// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <rollcall/http/json.hpp>
#include <rollcall/http/request.hpp>

namespace rollcall::http {

/// One answer. Date, Content-Length, Connection and the security headers are added when it is
/// written; the last ones only where the answer does not set them itself.
struct Response {
  int status = 200;
  std::vector<NamedText> headers;
  std::string body;

  [[nodiscard]] std::string_view header(std::string_view name) const;  // "" when it is not set
};

Response ok(const json::Value& value);
/// 201; `location` is the path of what was made, percent-encoded already.
Response created(std::string location, const json::Value& value);
Response no_content();
Response text(std::string_view content_type, std::string body);

/// "Not Found" for 404.
std::string_view reason_phrase(int status);

}  // namespace rollcall::http
