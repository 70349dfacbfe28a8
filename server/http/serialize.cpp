// SPDX-License-Identifier: Apache-2.0
#include "serialize.hpp"

#include <algorithm>
#include <sstream>

#include <Poco/Net/HTTPResponse.h>
#include <Poco/Timestamp.h>

namespace rollcall::http {

namespace {

// Nothing here is meant for a browser to keep, to guess a type of, or to run.
constexpr std::pair<const char*, const char*> security_headers[] = {
    {"X-Content-Type-Options", "nosniff"},
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
    {"Referrer-Policy", "no-referrer"},
};

/// A line break in a value would begin a header of somebody else's choosing.
std::string one_line(std::string value) {
  std::replace_if(
      value.begin(), value.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, ' ');
  return value;
}

}  // namespace

std::string serialize(const Response& response, bool is_head, bool keep) {
  using Poco::Net::HTTPResponse;
  HTTPResponse message(HTTPResponse::HTTP_1_1, static_cast<HTTPResponse::HTTPStatus>(response.status));
  message.setDate(Poco::Timestamp());
  for (const auto& [name, value] : security_headers)
    message.set(name, value);
  // In place of what is always set, but each of a name that the answer itself has several times.
  for (const NamedText& field : response.headers)
    message.erase(field.name);
  for (const NamedText& field : response.headers)
    message.add(field.name, one_line(field.value));
  // RFC 9110 §8.6: no length with 204.
  if (response.status != 204) message.setContentLength64(static_cast<Poco::Int64>(response.body.size()));
  if (!keep) message.set("Connection", "close");
  std::ostringstream out;
  message.write(out);
  if (!is_head) out << response.body;
  return out.str();
}

}  // namespace rollcall::http
