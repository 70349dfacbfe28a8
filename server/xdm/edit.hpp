// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "parts.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/model/change.hpp>
#include <rollcall/xcap/request.hpp>

namespace rollcall::xdm {

/// One change of one document: takes the owner's turn, reads, lets decide, and commits on the owner's shard.
/// Lives on the thread of who asks.
class Service::Edit {
 public:
  Edit(Parts& parts, const sip::Aor& owner, std::string path)
      : parts_(parts), owner_(owner), path_(std::move(path)), deadline_(deadline_from_now()) {}

  /// What becomes of the document; an error leaves it as it is.
  struct Decision {
    xcap::Effect effect = xcap::Effect::none;
    std::string text;
    std::string etag;
  };
  using Decide = std::function<base::Result<Decision>(const std::optional<model::Document>& current)>;

  /// The document as it is then kept.
  base::Result<std::optional<model::Document>> run(const Decide& decide);

  /// What xcap::handle() has to know, for the checks of the document. Within `decide`.
  xcap::Context context();
  /// What kept context().surroundings from finding out; nullopt: nothing. Then what was decided counts for
  /// nothing.
  [[nodiscard]] const std::optional<base::Error>& fault() const { return fault_; }

 private:
  base::Result<> take_turns();
  [[nodiscard]] std::optional<base::Error> excess(std::size_t size,
                                                  const std::optional<model::Document>& current) const;
  base::Result<std::optional<model::Document>> store(Decision decision);
  base::Result<> commit(model::Change change);

  Parts& parts_;
  const sip::Aor& owner_;
  const std::string path_;
  const Deadline deadline_;
  std::vector<Turns::Held> turns_;
  std::vector<engine::DocumentRow> rows_;  // all documents of the owner
  std::optional<base::Error> fault_;
};

}  // namespace rollcall::xdm
