// SPDX-License-Identifier: Apache-2.0
#include "document_reader.hpp"

#include <doctest/doctest.h>

namespace rollcall::app {

TEST_CASE("documents: the XCAP root is what is configured, with a slash at its end [RFC 5874 §3]") {
  Configuration configuration;
  configuration.xcap_root = "https://xcap.example.org/xcap";
  CHECK(xcap_root_of(configuration) == "https://xcap.example.org/xcap/");
  configuration.xcap_root = "https://xcap.example.org/xcap/";
  CHECK(xcap_root_of(configuration) == "https://xcap.example.org/xcap/");
}

TEST_CASE("documents: an XCAP root that is not configured is on the address of the administration") {
  Configuration configuration;
  const auto root = [&](const char* address) {
    configuration.admin_listen = *parse_host_port(address);
    return xcap_root_of(configuration);
  };
  CHECK(root("127.0.0.1:8080") == "http://127.0.0.1:8080/xcap/");
  CHECK(root("[2001:db8::1]:80") == "http://[2001:db8::1]:80/xcap/");
  CHECK(root("0.0.0.0:8080") == "http://127.0.0.1:8080/xcap/");
  CHECK(root("[::]:8080") == "http://[::1]:8080/xcap/");
  configuration.advertise = "sip.example.org";
  CHECK(root("0.0.0.0:8080") == "http://sip.example.org:8080/xcap/");
}

}  // namespace rollcall::app
