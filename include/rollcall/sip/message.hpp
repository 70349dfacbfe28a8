// SPDX-License-Identifier: Apache-2.0
// A received SIP message: one buffer, and where in it each header field is.
#pragma once

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
#include <rollcall/sip/method.hpp>

namespace rollcall::sip {

/// Owns the bytes that arrived. Everything it hands out is a view into them and lives as long as
/// it does (it may be moved: the bytes stay where they are). Header values are found when the
/// message is parsed and read when somebody asks: see headers/*.hpp.
class Message {
 public:
  /// One header field, in the order received. The value is trimmed and unfolded: each line fold has
  /// become spaces in the buffer (RFC 3261 §7.3.1).
  struct Field {
    Header id = Header::other;
    std::string_view name;   // as it was written
    std::string_view value;
    std::string_view line;   // the whole field with its CRLF, for copying
  };

  /// Takes a datagram, or a frame cut by the transport. Error malformed when it is not SIP at all
  /// (nothing to answer). A message that can be answered but has a fault is returned with defect()
  /// set: start line, field syntax, limits, Content-Length against the body, the fields that must be
  /// there exactly once (RFC 3261 §8.1.1, §18.3, §21.4.1), CSeq method, versions (505).
  static base::Result<std::unique_ptr<Message>> parse(std::string bytes, const base::Limits& limits);

  Message(const Message&) = delete;
  Message& operator=(const Message&) = delete;

  [[nodiscard]] bool is_request() const { return status_ == 0; }

  // Requests
  [[nodiscard]] Method method() const { return method_; }
  [[nodiscard]] std::string_view method_name() const { return method_name_; }
  [[nodiscard]] std::string_view request_uri() const { return request_uri_; }

  // Responses
  [[nodiscard]] int status() const { return status_; }
  [[nodiscard]] std::string_view reason() const { return reason_; }

  /// Why the message must be refused, with the status to refuse it with (400, 413, 416, 505, 513).
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

  [[nodiscard]] std::string_view body() const { return body_; }
  [[nodiscard]] std::string_view bytes() const { return *bytes_; }

 private:
  Message() = default;
  friend class MessageReader;

  std::unique_ptr<std::string> bytes_;  // behind a pointer, so that views survive a move
  Method method_ = Method::other;
  int status_ = 0;
  std::string_view method_name_, request_uri_, reason_, body_;
  std::vector<Field> fields_;
  std::optional<Defect> defect_;
};

/// Goes through a comma-separated list without allocating: commas inside quotes, angle brackets and
/// comments do not count. `for (ListCursor c(value); auto element = c.next();)`.
class ListCursor {
 public:
  explicit ListCursor(std::string_view list) : rest_(list) {}
  /// The next element, trimmed; nullopt at the end. Empty elements are passed over.
  std::optional<std::string_view> next();

 private:
  std::string_view rest_;
};

}  // namespace rollcall::sip
