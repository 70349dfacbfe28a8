// SPDX-License-Identifier: Apache-2.0
#include <rollcall/sip/status.hpp>

namespace rollcall::sip {

namespace {

struct PhraseRow {
  int status;
  std::string_view phrase;
};

constexpr PhraseRow phrases[] = {
    {100, "Trying"},
    {180, "Ringing"},
    {181, "Call Is Being Forwarded"},
    {182, "Queued"},
    {183, "Session Progress"},
    {199, "Early Dialog Terminated"},
    {200, "OK"},
    {202, "Accepted"},
    {204, "No Notification"},
    {300, "Multiple Choices"},
    {301, "Moved Permanently"},
    {302, "Moved Temporarily"},
    {305, "Use Proxy"},
    {380, "Alternative Service"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {407, "Proxy Authentication Required"},
    {408, "Request Timeout"},
    {410, "Gone"},
    {412, "Conditional Request Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request-URI Too Long"},
    {415, "Unsupported Media Type"},
    {416, "Unsupported URI Scheme"},
    {420, "Bad Extension"},
    {421, "Extension Required"},
    {422, "Session Interval Too Small"},
    {423, "Interval Too Brief"},
    {428, "Use Identity Header"},
    {429, "Provide Referrer Identity"},
    {430, "Flow Failed"},
    {439, "First Hop Lacks Outbound Support"},
    {440, "Max-Breadth Exceeded"},
    {469, "Bad Info Package"},
    {470, "Consent Needed"},
    {480, "Temporarily Unavailable"},
    {481, "Call/Transaction Does Not Exist"},
    {482, "Loop Detected"},
    {483, "Too Many Hops"},
    {484, "Address Incomplete"},
    {485, "Ambiguous"},
    {486, "Busy Here"},
    {487, "Request Terminated"},
    {488, "Not Acceptable Here"},
    {489, "Bad Event"},
    {491, "Request Pending"},
    {493, "Undecipherable"},
    {494, "Security Agreement Required"},
    {500, "Server Internal Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Server Time-out"},
    {505, "Version Not Supported"},
    {513, "Message Too Large"},
    {580, "Precondition Failure"},
    {600, "Busy Everywhere"},
    {603, "Decline"},
    {604, "Does Not Exist Anywhere"},
    {606, "Not Acceptable"},
};

std::string_view find_phrase(int status) {
  for (const auto& row : phrases) {
    if (row.status == status) return row.phrase;
  }
  return {};
}

}  // namespace

std::string_view reason_phrase(int status) {
  const auto phrase = find_phrase(status);
  return phrase.empty() ? find_phrase(status / 100 * 100) : phrase;
}

int status_of(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::malformed:
      return 400;
    case base::ErrorCode::unauthorized:
      return 401;
    case base::ErrorCode::forbidden:
      return 403;
    case base::ErrorCode::not_found:
      return 404;
    // SIP has no 409: what is older than what we know is answered as RFC 3261 §12.2.2 does it.
    case base::ErrorCode::conflict:
      return 500;
    case base::ErrorCode::precondition:
      return 412;
    case base::ErrorCode::too_large:
      return 413;
    case base::ErrorCode::unsupported:
      return 501;
    case base::ErrorCode::overloaded:
      return 503;
    case base::ErrorCode::unavailable:
      return 503;
    case base::ErrorCode::internal:
      return 500;
  }
  return 500;
}

}  // namespace rollcall::sip
