// SPDX-License-Identifier: Apache-2.0
#include "methods.hpp"

#include <algorithm>

namespace rollcall::routing {

namespace {

using accounts::Challenger;
using sip::Method;

constexpr MethodRow rows[] = {
    {Method::register_, Handling::server, Challenger::server, true},
    {Method::publish, Handling::server, Challenger::server, true},
    {Method::subscribe, Handling::server, Challenger::server, false},
    {Method::options, Handling::server, Challenger::server, false},
    {Method::message, Handling::relay, Challenger::proxy, false},
    {Method::invite, Handling::relay, Challenger::proxy, false},
    {Method::ack, Handling::relay, Challenger::proxy, false},
    {Method::bye, Handling::relay, Challenger::proxy, false},
    {Method::cancel, Handling::relay, Challenger::proxy, false},
    {Method::info, Handling::relay, Challenger::proxy, false},
    {Method::refer, Handling::relay, Challenger::proxy, false},
    {Method::update, Handling::relay, Challenger::proxy, false},
    {Method::prack, Handling::relay, Challenger::proxy, false},
    {Method::notify, Handling::none, Challenger::proxy, false},
    {Method::other, Handling::none, Challenger::proxy, false},
};

}  // namespace

const MethodRow& row_of(Method method) {
  return *std::find_if(std::begin(rows), std::end(rows) - 1, [&](const MethodRow& row) { return row.method == method; });
}

std::string allowed_methods() {
  std::string value;
  for (const MethodRow& row : rows)
    if (row.handling != Handling::none) value.append(value.empty() ? "" : ", ").append(to_string(row.method));
  return value;
}

}  // namespace rollcall::routing
