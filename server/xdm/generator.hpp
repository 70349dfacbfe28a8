// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parts.hpp"

#include <optional>
#include <string>
#include <string_view>

#include <rollcall/xcap/path.hpp>

namespace rollcall::xdm {

/// Writes the documents that the server makes itself, when they are asked for.
class Service::Generator {
 public:
  explicit Generator(Parts& parts) : parts_(parts) {}

  /// Is it one that nobody else may write?
  static bool makes(const xcap::Path& path);

  /// The document with its etag; nullopt: there is none at that path. `root`: see Service::handle(). Errors:
  /// those of the service; too_large for an index of too many services.
  base::Result<std::optional<model::Document>> make(const sip::Aor& owner, const xcap::Path& path,
                                                    std::string_view root);

 private:
  base::Result<std::optional<model::Document>> capabilities();
  base::Result<std::optional<model::Document>> directory(const sip::Aor& owner, std::string_view root);
  base::Result<std::optional<model::Document>> services();

  Parts& parts_;
};

}  // namespace rollcall::xdm
