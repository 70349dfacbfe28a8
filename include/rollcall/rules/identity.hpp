// SPDX-License-Identifier: Apache-2.0
// Who a rule speaks of, and who asks: URIs in the one form that equal texts mean the same user.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <rollcall/base/result.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::rules {

/// An identity of a watcher, or one that a rule names (RFC 4745 §7.2, RFC 5025 §3.1.1.2).
///
/// sip:, sips:, pres: and im: URIs name the account of their address-of-record, so they compare as
/// such: user without needless escapes, domain in lower case, port and parameters dropped. tel: is
/// compared by RFC 3966 §4 and is never equal to a SIP URI with the same number (RFC 5025 §3.1.1.2).
/// Other schemes compare by their text, scheme and domain in lower case. A value; any thread.
class Identity {
 public:
  explicit Identity(const sip::Aor& aor);

  /// From a URI with white space around it, or from "user@domain", which some clients write. Error
  /// malformed for anything else.
  static base::Result<Identity> parse(std::string_view text);

  /// The canonical form.
  [[nodiscard]] const std::string& text() const { return text_; }
  /// In lower case; "" for an identity that has none, as tel:.
  [[nodiscard]] std::string_view domain() const { return std::string_view(text_).substr(domain_at_); }

  friend bool operator==(const Identity& a, const Identity& b) { return a.text_ == b.text_; }

 private:
  Identity(std::string text, std::size_t domain_at) : text_(std::move(text)), domain_at_(domain_at) {}
  static Identity of_tel(const sip::Uri& uri);
  static Identity of_other(std::string_view uri);

  std::string text_;
  std::size_t domain_at_ = 0;  // the size of the text for none
};

/// The domain that a rule names, in the form that Identity::domain() has: escapes undone, lower case
/// (RFC 4745 §7.1.3). nullopt for one that is no host in ASCII: it equals no domain.
std::optional<std::string> canonical_domain(std::string_view text);

/// A URI that is no SIP address, so that equal texts mean equal URIs: scheme in lower case, for
/// urn: its namespace too, for urn:uuid: all of it (RFC 3986 §6.2.2.1, RFC 9562 §4).
std::string canonical_uri(std::string_view text);

}  // namespace rollcall::rules
