// SPDX-License-Identifier: Apache-2.0
// Which services, persons and devices are shown (RFC 5025 §3.3.1).
#pragma once

#include <string>
#include <vector>

#include <rollcall/rules/permissions.hpp>
#include <rollcall/sip/uri.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::rules {

/// The services that a selection includes. Its URIs are read once for all tuples; it must outlive this.
class ServiceChoice {
 public:
  explicit ServiceChoice(const Selection& selection);

  [[nodiscard]] bool includes(const xml::Tuple& tuple) const;

 private:
  [[nodiscard]] bool includes_contact(const std::string& contact) const;

  const Selection& selection_;
  std::vector<sip::Uri> uris_;      // views into the selection
  std::vector<std::string> texts_;  // canonical_uri() of those of other schemes; sorted
};

bool includes(const Selection& selection, const xml::Person& person);
bool includes(const Selection& selection, const xml::Device& device);

}  // namespace rollcall::rules
