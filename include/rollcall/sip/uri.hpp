// SPDX-License-Identifier: Apache-2.0
// URIs as SIP uses them: sip:, sips:, tel:, im: and pres: (RFC 3261 §19.1, 3966, 3860, 3859).
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/base/result.hpp>
#include <rollcall/sip/endpoint.hpp>

namespace rollcall::sip {

enum class Scheme : std::uint8_t { sip, sips, tel, im, pres, other };

/// A parsed URI: views into the text that it was parsed from, which must outlive it. What is kept
/// longer is kept as text (or as an Aor) and parsed again.
struct Uri {
  Scheme scheme = Scheme::other;
  std::string_view text;      // the whole URI
  std::string_view user;      // as written, escapes kept; the number for tel:
  bool has_user = false;      // "sip:@host" is not valid, "sip:host" has none
  std::string_view password;  // without the colon
  std::string_view host;      // IPv6 with its brackets; "" for tel: and other
  std::uint16_t port = 0;     // 0: none written
  std::string_view params;    // without the first semicolon
  std::string_view headers;   // without the question mark

  /// Strict by the ABNF of RFC 3261 §25.1 (and RFC 5118 for IPv6). An unknown scheme parses as
  /// Scheme::other with only `text` filled; error malformed otherwise. A parameter that stands twice
  /// is malformed (§19.1.1), and so are more than 64 parameters or headers. No allocation.
  static base::Result<Uri> parse(std::string_view text);

  /// Value of a parameter, its name compared without case; "" for one without a value.
  [[nodiscard]] std::optional<std::string_view> param(std::string_view name) const;

  /// From the transport parameter, the scheme, else UDP. nullopt: a transport that we do not know.
  [[nodiscard]] std::optional<Transport> transport() const;

  /// The port written, else the default of scheme and transport: 5060 or 5061, and for WebSocket 80
  /// or 443 (RFC 7118 §5.5).
  [[nodiscard]] std::uint16_t effective_port() const;

  /// The host as an address with effective_port(), when it is an IP literal. maddr counts first.
  [[nodiscard]] std::optional<Endpoint> literal_address() const;
};

/// Comparison by RFC 3261 §19.1.4 (for tel: RFC 3966 §4; im:, pres: and others by their text, host
/// without case).
bool equivalent(const Uri& a, const Uri& b);

/// A URI without what a Request-URI must not hold: headers and the method parameter.
std::string as_request_uri(const Uri& uri);

/// Undoes %HH escapes.
std::string unescape(std::string_view text);

/// An address-of-record: user and domain, nothing else. The domain is in lower case and the user
/// without needless escapes, so that equal texts mean the same user. Copies share the text, which never
/// changes; they may be on several threads.
class Aor {
 public:
  Aor() = default;

  /// From a sip:, sips:, im: or pres: URI with a user. Port and parameters are dropped. Error
  /// malformed when there is no user, or it holds a control character or is no UTF-8.
  static base::Result<Aor> from(const Uri& uri);
  /// From "user@domain", as administrators write it and the database keeps it (not escaped).
  static base::Result<Aor> parse(std::string_view text);

  [[nodiscard]] const std::string& text() const {
    return shared_ ? shared_->text : nobody;
  }  // "user@domain", user unescaped
  [[nodiscard]] std::string_view user() const {
    return shared_ ? std::string_view(shared_->text).substr(0, shared_->at) : std::string_view();
  }
  [[nodiscard]] std::string_view domain() const {
    return shared_ ? std::string_view(shared_->text).substr(shared_->at + 1) : std::string_view();
  }
  [[nodiscard]] bool empty() const { return !shared_; }

  /// "sip:user@domain", the user escaped as RFC 3261 §25.1 asks.
  [[nodiscard]] std::string uri() const;

  friend bool operator==(const Aor& a, const Aor& b) {
    return a.shared_ == b.shared_ || a.text() == b.text();
  }
  friend auto operator<=>(const Aor& a, const Aor& b) { return a.text() <=> b.text(); }

 private:
  struct Shared {
    std::string text;
    std::size_t at = 0;  // where the last '@' is
  };
  static const std::string nobody;

  Aor(std::string_view user, std::string_view domain);

  std::shared_ptr<const Shared> shared_;  // null: empty
};

/// Transparent hashing of AORs by text, for maps that are searched with a string_view.
struct AorHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  std::size_t operator()(const Aor& aor) const { return (*this)(aor.text()); }
};

}  // namespace rollcall::sip
