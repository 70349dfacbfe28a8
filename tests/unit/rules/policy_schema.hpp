// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "support/schema.hpp"

#include <string>

namespace rollcall::tests {

/// What is wrong with a document of presence rules by the schemas of RFC 4745 and RFC 5025; "" for a valid
/// one.
inline std::string policy_faults(const std::string& document) {
  static Schema schema("driver-policy.xsd");
  return schema.faults(document);
}

}  // namespace rollcall::tests
