// SPDX-License-Identifier: Apache-2.0
// A received SIP message: one buffer, and where in it each header field is.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/base/limits.hpp>
#include <rollcall/base/result.hpp>
#include <rollcall/sip/header.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/method.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::sip {

/// Owns the bytes that arrived. Everything it hands out is a view into them and lives as long as
/// it does. Header values are found when the message is parsed. Those that everybody on the way asks
/// for are read then too, the others when somebody asks: see headers/*.hpp.
class Message {
 public:
  /// One header field, in the order received. The value is trimmed and unfolded: each line fold has
  /// become spaces in the buffer (RFC 3261 §7.3.1).
  struct Field {
    Header id = Header::other;
    std::string_view name;  // as it was written
    std::string_view value;
    std::string_view line;  // the whole field without its CRLF, for copying
  };

  /// Takes a datagram, or a frame cut by the transport. Error malformed when it is not SIP at all
  /// (nothing to answer), or a response with a broken start line. A message that can be answered but
  /// has a fault is returned with defect() set: start line, field syntax, limits, Content-Length
  /// against the body, the fields that must be there exactly once (RFC 3261 §8.1.1, §18.3, §21.4.1),
  /// CSeq method, versions (505).
  ///
  /// Lines end in CRLF. A lone LF ends a line too (so are the lines in the archive of RFC 5118), which
  /// is safe as what is copied from here always ends in CRLF; a lone CR is a control character.
  /// Empty lines before the start line are passed over (§7.5), and the one after the header may be
  /// missing when nothing follows (as in RFC 5118 §4.10). Bytes after the Content-Length are
  /// dropped; without one the body is the rest (§18.3). A control character in a field is a defect
  /// unless a backslash in a quoted string stands before it, and is replaced by a space.
  static base::Result<std::unique_ptr<Message>> parse(std::string bytes, const base::Limits& limits);

  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  [[nodiscard]] bool is_request() const { return status_ == 0; }

  // Requests
  [[nodiscard]] Method method() const { return method_; }
  [[nodiscard]] std::string_view method_name() const { return method_name_; }
  [[nodiscard]] std::string_view request_uri() const { return request_uri_; }
  /// The Request-URI, read; nullopt when it is not sound.
  [[nodiscard]] const std::optional<Uri>& target() const { return target_; }

  // Responses
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string_view reason() const { return reason_; }

  /// Why the message must be refused, with the status to refuse it with (400, 413, 414, 416, 505, 513).
  struct Defect {
    int status = 400;
    std::string reason;  // "Bad Request: no Call-ID": what stands in the status line
  };
  [[nodiscard]] const std::optional<Defect>& defect() const { return defect_; }

  [[nodiscard]] std::span<const Field> fields() const { return fields_; }

  /// The value of the first field of a kind; nullopt when there is none. For a list header, the
  /// whole comma list of that first field: use Values to go through all of them.
  [[nodiscard]] std::optional<std::string_view> first(Header id) const;
  [[nodiscard]] bool has(Header id) const { return first(id).has_value(); }
  /// The value of the first field with this name, for headers without a row.
  [[nodiscard]] std::optional<std::string_view> first(std::string_view name) const;

  /// Every element of a list header, over all its fields and their commas, in order. For a header
  /// that is no list: one element a field.
  [[nodiscard]] std::vector<std::string_view> values(Header id) const;
  /// The same as one text, with commas between them; "" when there are none.
  [[nodiscard]] std::string joined(Header id) const;

  // Values read once. nullopt: the field is not there or not sound; check_request tells what is wrong.
  [[nodiscard]] const std::optional<Via>& via() const { return via_; }  // the topmost
  [[nodiscard]] const std::optional<NameAddr>& from() const { return from_; }
  [[nodiscard]] const std::optional<NameAddr>& to() const { return to_; }
  [[nodiscard]] const std::optional<CSeq>& cseq() const { return cseq_; }

  /// Is it sent within a dialog (RFC 3261 §12.2)?
  [[nodiscard]] bool has_to_tag() const { return to_ && !to_->tag().empty(); }
  /// For whomever they are.
  [[nodiscard]] bool has_credentials() const {
    return has(Header::authorization) || has(Header::proxy_authorization);
  }

  [[nodiscard]] std::string_view body() const { return body_; }
  [[nodiscard]] std::string_view bytes() const { return bytes_; }

 private:
  Message() = default;
  friend class MessageReader;

  std::string bytes_;
  Method method_ = Method::other;
  int status_ = 0;
  std::string_view method_name_, request_uri_, reason_, body_;
  std::vector<Field> fields_;
  std::array<std::uint16_t, static_cast<std::size_t>(Header::other)> first_{};  // index + 1; 0: none
  std::optional<Defect> defect_;
  std::optional<Uri> target_;
  std::optional<Via> via_;
  std::optional<NameAddr> from_, to_;
  std::optional<CSeq> cseq_;
};

/// What is wrong with the values that every request must have, so that it must be refused before it
/// is routed: defect(), else the Request-URI (416 for a scheme that we do not know), Via, From, To,
/// Call-ID and Max-Forwards, and Contact, Route and Record-Route where they are present (RFC 3261
/// §8.2.1 to §8.2.3, §16.3). Call it once for each new request.
std::optional<Message::Defect> check_request(const Message& request);

/// The same for a response that a client transaction received; a faulty one is dropped (§18.1.2).
std::optional<Message::Defect> check_response(const Message& response);

/// Goes through a comma-separated list without allocating: commas inside quotes and angle brackets
/// do not count. `for (ListCursor c(value); auto element = c.next();)`. (No list header of RFC 3261
/// has comments.)
class ListCursor {
 public:
  explicit ListCursor(std::string_view list) : rest_(list) {}
  /// The next element, trimmed; nullopt at the end. Empty elements are passed over.
  std::optional<std::string_view> next();

 private:
  std::string_view rest_;
};

}  // namespace rollcall::sip
