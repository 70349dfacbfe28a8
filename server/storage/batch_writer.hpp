// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "link.hpp"
#include "run.hpp"
#include "statements.hpp"
#include "submitted.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

namespace rollcall::storage {

/// Writes batches for one journal, each in one transaction together with its number (the mark). Lives
/// on the scribe's thread.
class BatchWriter {
 public:
  BatchWriter(std::string url, std::int32_t journal, std::uint64_t run, Watchdog& watchdog)
      : url_(std::move(url)), journal_(journal), run_(run), watchdog_(watchdog) {}

  /// Makes a connection and takes the mark over, so that nothing that an older connection sent can
  /// take effect any more. Afterwards last_committed() is known. Kind fenced: a newer run has it.
  std::optional<Trouble> connect();
  void disconnect() { link_.reset(); }
  [[nodiscard]] bool connected() const { return link_ && link_->is_open(); }
  /// The connection's socket, to be watched while idle.
  [[nodiscard]] int socket() const { return link_->socket(); }
  /// Looks what the socket brought. False: the connection is lost.
  bool alive() { return link_->alive(); }

  /// All entries, or none. After Kind::lost it is unknown which, until connect() has succeeded.
  std::optional<Trouble> write(std::span<const Submitted> entries);

  /// The number of the batch last written, and of the last one known to be committed.
  [[nodiscard]] std::uint64_t last_written() const { return batch_; }
  [[nodiscard]] std::uint64_t last_committed() const { return committed_; }

 private:
  void take_mark();
  void write_together(std::span<const Run> runs);
  void execute(const Run& run);
  void refuse_domains_with_users(const Run& run);

  std::string url_;
  std::int32_t journal_;
  std::uint64_t run_;
  Watchdog& watchdog_;
  std::unique_ptr<Link> link_;
  std::uint64_t link_number_ = 0;
  std::uint64_t batch_ = 0;
  std::uint64_t committed_ = 0;
  PreparedStatements prepared_;
};

}  // namespace rollcall::storage
