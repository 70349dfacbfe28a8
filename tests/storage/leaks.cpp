// SPDX-License-Identifier: Apache-2.0
// For the leak checker of the address sanitizer, which calls this by its name.

// libpqxx 6.4.5 loses the last result of a connection that breaks during a statement: make_result()
// asks for the connection's encoding, which throws, before anything owns the result.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:PQmakeEmptyPGresult";
}
