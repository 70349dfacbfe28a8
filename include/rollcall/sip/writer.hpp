// SPDX-License-Identifier: Apache-2.0
// Writing messages: new ones field by field, forwarded ones by copying slices of the original.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/sip/endpoint.hpp>
#include <rollcall/sip/header.hpp>
#include <rollcall/sip/message.hpp>
#include <rollcall/sip/method.hpp>

namespace rollcall::sip {

/// How the server names itself in Server and User-Agent.
inline constexpr std::string_view product = "Rollcall";

/// A request, or its head, that lacks the value of its topmost Via: whoever sends it puts that in.
struct Unsent {
  std::string bytes;
  std::size_t via_at = 0;  // where the value goes

  [[nodiscard]] std::string with_via(std::string_view value) && {
    bytes.insert(via_at, value);
    return std::move(bytes);
  }
};

/// Appends a message to a string. Header values must hold no CR, LF or NUL: a value that does is
/// written with those bytes left out, so that nobody can smuggle a header field in. So are spaces in
/// the words of a request line; a header name that is no token is not written at all.
class Writer {
 public:
  Writer() { bytes_.reserve(1024); }

  Writer& request_line(std::string_view method, std::string_view uri);
  Writer& status_line(int status, std::string_view reason);
  /// A Via without a value: see Unsent.
  Writer& open_via();
  Writer& header(Header id, std::string_view value);
  Writer& header(Header id, std::int64_t value);
  Writer& header(std::string_view name, std::string_view value);
  /// Copies a field as it was received, and adds a parameter to its value: `name` is ";tag=".
  Writer& copy(const Message::Field& field, std::string_view name = "", std::string_view value = "");
  /// Copies every field of a kind.
  Writer& copy(const Message& from, Header id);
  /// Ends the header: Content-Length, the empty line and the body.
  Writer& body(std::string_view body);
  /// Ends the header for a body of this length, which is sent beside these bytes or follows.
  Writer& end(std::size_t body_length);
  Writer& append(std::string_view body) {
    bytes_.append(body);
    return *this;
  }

  std::string take() { return std::move(bytes_); }
  Unsent take_unsent() { return {std::move(bytes_), via_at_}; }

 private:
  std::string bytes_;
  std::size_t via_at_ = 0;
};

/// A decided answer: what is not copied from the request.
struct Reply {
  int status = 500;
  std::string reason;  // "": the phrase of the status
  std::vector<std::pair<Header, std::string>> headers;
  std::string body;  // with a Content-Type among the headers

  Reply() = default;
  explicit Reply(int status, std::string reason = "") : status(status), reason(std::move(reason)) {}
  Reply& with(Header id, std::string value) {
    headers.emplace_back(id, std::move(value));
    return *this;
  }
};

/// The bytes of an answer (RFC 3261 §8.2.6): Via (with received and rport filled in from the source,
/// RFC 3581 §4), From, To (with `to_tag` when it has none and the status is not 100), Call-ID, CSeq
/// and, for dialog-forming and 2xx answers, Record-Route, from the request; then the reply's own
/// headers, Server and Content-Length. Works for any message that can be answered, also with defects.
std::string write_reply(const Message& request, const Reply& reply, std::string_view to_tag,
                        const Endpoint& source);

/// The same for an answer that no transaction remembers (RFC 3261 §8.2.7): its To tag is made of the
/// request, so that it is the same when the request comes again.
std::string write_stateless_reply(const Message& request, const Reply& reply, const Endpoint& source);

/// The request as it was before a strict router put our URI into its Request-URI (RFC 3261 §16.4): the
/// last Route value takes that place, and is no Route any more. "" when there is no Route.
std::string write_restored(const Message& request);

/// What changes in a request on its way through (RFC 3261 §16.6).
struct Forward {
  std::string_view request_uri;            // the new one
  std::vector<std::string> record_routes;  // put on top, first one topmost
  std::vector<std::string> routes;         // the whole new Route set, replaces what was there
  int max_forwards = 70;
  int max_breadth = 0;              // replaces Max-Breadth (RFC 5393 §5.3.1); 0: stays as it is
  Endpoint source;                  // where it came from, for received and rport (RFC 3581)
  bool drop_authorization = false;  // our realm's credentials are not for the next hop
  std::string_view realm;           // which realm is ours; "": all credentials are dropped
};
/// `with_body` false: the head alone, for a body that is sent beside it.
Unsent write_forward(const Message& request, const Forward& forward, bool with_body = true);

/// A response on its way back: the topmost Via taken off (RFC 3261 §16.7 step 3), and these fields put
/// in (step 7: the challenges of other devices).
std::string write_backward(const Message& response,
                           std::span<const std::pair<Header, std::string>> added = {});

/// ACK for a final answer that is no 2xx (RFC 3261 §17.1.1.3), and CANCEL (§9.1): made from the
/// request as it was sent.
std::string write_ack(const Message& invite, const Message& response);
std::string write_cancel(const Message& invite);

}  // namespace rollcall::sip
