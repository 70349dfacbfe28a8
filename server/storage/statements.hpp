// SPDX-License-Identifier: Apache-2.0
// The statements that a journal writes with. Each does everything that one run of changes asks for,
// in every table, in one round trip.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <string>

namespace rollcall::storage {

/// What a statement can do. Each part is one data-modifying CTE (remove_user is several) with arrays
/// as parameters, a row in each position.
enum class Part : std::uint8_t {
  save_domain,
  save_user,
  save_binding,
  refresh_binding,
  remove_binding,
  save_publication,
  refresh_publication,
  remove_publication,
  save_subscription,
  refresh_subscription,
  remove_subscription,
  save_waiting,
  remove_waiting,
  save_document,
  remove_document,
  save_device,
  remove_device,
  save_message,
  trim_message,
  remove_message,
  remove_user,
  remove_domain,
  count_,
};

/// A set of parts, a bit each.
using Parts = std::uint32_t;
constexpr Parts bit(Part part) {
  return Parts{1} << static_cast<unsigned>(part);
}
constexpr Parts ordinary_parts = bit(Part::remove_user) - 1;

/// $1 to $4 of every statement: number, run, link and batch, see schema/0001_server.sql.
constexpr std::size_t mark_params = 4;

/// The statement for a set of parts. Its parameters are the mark's, then those of each part in the
/// order of the enumeration. It fails with division_by_zero (22012) when the mark is not ours.
std::string statement_for(Parts parts);

/// Which statements one connection has prepared. A mix of traffic could ask for thousands of
/// different ones; past a limit a statement that does everything serves, with empty arrays.
class PreparedStatements {
 public:
  struct Choice {
    Parts parts;  // the ones needed, or all
    bool is_new;  // to be prepared first
  };
  Choice choose(Parts needed);

 private:
  static constexpr std::size_t most = 64;
  std::set<Parts> prepared_;
};

}  // namespace rollcall::storage
