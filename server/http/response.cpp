// SPDX-License-Identifier: Apache-2.0
#include <utility>

#include <rollcall/http/response.hpp>

#include <Poco/Net/HTTPResponse.h>

namespace rollcall::http {

std::string_view Response::header(std::string_view name) const {
  for (const NamedText& item : headers)
    if (item.name == name) return item.value;
  return {};
}

Response ok(const json::Value& value) {
  return {200, {{"Content-Type", "application/json"}}, json::write(value)};
}

Response created(std::string location, const json::Value& value) {
  Response response = ok(value);
  response.status = 201;
  response.headers.push_back({"Location", std::move(location)});
  return response;
}

Response no_content() {
  return {204, {}, ""};
}

Response text(std::string_view content_type, std::string body) {
  return {200, {{"Content-Type", std::string(content_type)}}, std::move(body)};
}

std::string_view reason_phrase(int status) {
  using Poco::Net::HTTPResponse;
  return HTTPResponse::getReasonForStatus(static_cast<HTTPResponse::HTTPStatus>(status));
}

}  // namespace rollcall::http
