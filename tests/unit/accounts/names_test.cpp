// SPDX-License-Identifier: Apache-2.0
// What may be a name, a password, a label.
#include <string>

#include <rollcall/accounts/service.hpp>

#include <doctest/doctest.h>

using namespace rollcall::accounts;

TEST_CASE("names: a user name is 1 to 64 bytes of UTF-8 that need no quotes anywhere") {
  for (const char* name : {"a", "alice", "alice.b-c_d", "50%", "a:b", "*", "zo\xc3\xab", "+15551234"})
    CHECK(fault_in_username(name) == "");
  CHECK(fault_in_username(std::string(64, 'a')) == "");
  CHECK(fault_in_username("") == "empty");
  CHECK(fault_in_username(std::string(65, 'a')) == "longer than 64 bytes");
  CHECK(fault_in_username("zo\xeb") == "not UTF-8");
  CHECK(fault_in_username("a\xed\xa0\x80") == "not UTF-8");
  for (const std::string& name : {std::string("a\tb"), std::string("a\0b", 3), std::string("a\x7f")})
    CHECK(fault_in_username(name) == "holds a control character");
  for (const char* name : {"a b", "a@b", "a/b", "a\"b", "<a>", "a\\b"})
    CHECK(fault_in_username(name).starts_with("holds one of the characters"));
}

TEST_CASE("names: a domain is made of labels of letters, digits and hyphens, or is an IP literal") {
  for (const char* domain :
       {"example.com", "localhost", "a-b.EXAMPLE", "1.example", "192.0.2.1", "[2001:db8::1]"})
    CHECK(fault_in_domain(domain) == "");
  CHECK(fault_in_domain(std::string(63, 'a') + ".example") == "");
  CHECK(fault_in_domain("") == "empty");
  CHECK(fault_in_domain(std::string(254, 'a')) == "longer than 253 bytes");
  CHECK(fault_in_domain("2001:db8::1") == "an IPv6 address without brackets");
  for (const char* domain :
       {"a..b", ".a", "a.", "-a.b", "a-.b", "a_b", "a b", "ex\xc3\xa4mple.com", "a.b:5060"})
    CHECK(fault_in_domain(domain).starts_with("not a domain name"));
  CHECK(fault_in_domain(std::string(64, 'a') + ".example").starts_with("not a domain name"));
}

TEST_CASE("names: a password is 1 to 256 bytes of UTF-8 without control characters") {
  CHECK(fault_in_password("a b\"c:\xe2\x82\xac") == "");
  CHECK(fault_in_password(std::string(256, 'x')) == "");
  CHECK(fault_in_password("") == "empty");
  CHECK(fault_in_password(std::string(257, 'x')) == "longer than 256 bytes");
  CHECK(fault_in_password("a\nb") == "holds a control character");
  CHECK(fault_in_password("\xff") == "not UTF-8");
}

TEST_CASE("names: a label may be empty, and is at most 256 bytes of UTF-8") {
  CHECK(fault_in_label("") == "");
  CHECK(fault_in_label("Zo\xc3\xab \"the boss\" <x>") == "");
  CHECK(fault_in_label(std::string(257, 'x')) == "longer than 256 bytes");
  CHECK(fault_in_label("a\r\nb") == "holds a control character");
}
