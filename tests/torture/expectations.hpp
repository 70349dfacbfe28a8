// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace rollcall::torture {

enum class Outcome : std::uint8_t {
  accepted,  // parsed, and sound enough to be routed
  refused,   // a request that is answered with `status`
  dropped,   // not answered: no SIP, or a response with a fault
};

/// Something that must have been read out of an accepted message; see facts.hpp for the names.
struct Fact {
  std::string name, value;
};

struct Expectation {
  std::string file;  // "rfc4475/wsinv.dat"
  std::string section;
  Outcome outcome = Outcome::accepted;
  int status = 0;      // refused: with what
  std::string reason;  // refused: a part of the reason phrase
  std::vector<Fact> facts;
};

/// What the text of the two RFCs says about each of their messages.
std::span<const Expectation> expectations();

}  // namespace rollcall::torture
