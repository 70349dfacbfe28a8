// SPDX-License-Identifier: Apache-2.0
#include "methods.hpp"

#include <algorithm>

namespace rollcall::routing {

namespace {

using accounts::Challenger;
using sip::Method;

constexpr MethodRow rows[] = {
    {Method::register_, Handling::server, Challenger::server},
    {Method::publish, Handling::server, Challenger::server},
    {Method::subscribe, Handling::server, Challenger::server},
    {Method::options, Handling::server, Challenger::server},
    {Method::message, Handling::relay, Challenger::proxy},
    {Method::invite, Handling::relay, Challenger::proxy},
    {Method::ack, Handling::relay, Challenger::proxy},
    {Method::bye, Handling::relay, Challenger::proxy},
    {Method::cancel, Handling::relay, Challenger::proxy},
    {Method::info, Handling::relay, Challenger::proxy},
    {Method::refer, Handling::relay, Challenger::proxy},
    {Method::update, Handling::relay, Challenger::proxy},
    {Method::prack, Handling::relay, Challenger::proxy},
    {Method::notify, Handling::none, Challenger::proxy},
    {Method::other, Handling::none, Challenger::proxy},
};

}  // namespace

const MethodRow& row_of(Method method) {
  return *std::find_if(std::begin(rows), std::end(rows) - 1,
                       [&](const MethodRow& row) { return row.method == method; });
}

std::string allowed_methods() {
  std::string value;
  for (const MethodRow& row : rows)
    if (row.handling != Handling::none) value.append(value.empty() ? "" : ", ").append(to_string(row.method));
  return value;
}

}  // namespace rollcall::routing
