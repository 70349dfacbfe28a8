// SPDX-License-Identifier: Apache-2.0
#include "host.hpp"

#include <rollcall/sip/headers/via.hpp>

namespace rollcall::sip {

base::Result<Via> Via::parse(std::string_view value) {
  Via via;
  via.text = trim(value);
  Scanner in(via.text);
  if (in.token().empty() || !in.separator('/')) return base::malformed("no protocol name");
  if (in.token().empty() || !in.separator('/')) return base::malformed("no protocol version");
  via.transport = in.token();
  if (via.transport.empty() || !in.skip_space()) return base::malformed("no transport");
  via.host = take_host(in);
  if (via.host.empty()) return base::malformed("no valid sent-by host");
  if (in.separator(':')) {
    const auto port = take_port(in);
    if (!port) return base::malformed("no valid sent-by port");
    via.port = *port;
  }
  auto params = Params::parse(in.rest());
  if (!params) return params.error();
  via.params = *params;
  return via;
}

}  // namespace rollcall::sip
