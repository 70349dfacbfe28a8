// SPDX-License-Identifier: Apache-2.0
// The schemas of presence documents, as the judge of those that we write.
#pragma once

#include "support/schema.hpp"

#include <string>

namespace rollcall::tests {

/// driver-presence.xsd, loaded once.
class PresenceSchema {
 public:
  static PresenceSchema& instance() {
    static PresenceSchema schema;
    return schema;
  }

  /// "" when `document` is valid, else what libxml2 says about it.
  std::string faults(const std::string& document) { return schema_.faults(document); }

 private:
  Schema schema_{"driver-presence.xsd"};
};

}  // namespace rollcall::tests
