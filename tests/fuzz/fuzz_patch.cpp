// SPDX-License-Identifier: Apache-2.0
// A document, a line of "====", and a patch for it: what comes out is well-formed and within bounds, and
// what goes wrong can be told in an error document.
#include "expect.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <rollcall/xml/patch.hpp>
#include <rollcall/xml/pidf_diff.hpp>

using rollcall::fuzz::expect;
using namespace rollcall::xml;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::string_view line = "\n====\n";
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto cut = text.find(line);
  if (cut == std::string_view::npos) return 0;
  const auto document = text.substr(0, cut);
  const auto patch = text.substr(cut + line.size());
  const auto patched = apply_patch(document, patch, {{32'768, 32}, 100'000});
  if (const auto* error = std::get_if<PatchError>(&patched)) {
    expect(guard(write_patch_error(*error), {1'000'000, 64}).ok(), "an error document is well-formed");
    return 0;
  }
  const auto& result = std::get<std::string>(patched);
  expect(guard(result, {32'768, 32}).ok(), "a patched document is well-formed");

  const rollcall::base::Limits limits;
  const auto before = PidfDocument::parse(document, limits);
  const auto after = PidfDocument::parse(result, limits);
  if (!before || !after) return 0;
  KnownPresence watcher;
  expect(
      watcher.take(write_pidf_full(*before, 1), limits).ok() || write_pidf_full(*before, 1).size() > 32'768,
      "a full document is taken");
  if (!watcher.version()) return 0;
  const auto change = write_pidf_change(*before, *after, 2);
  if (change.body.size() > 32'768) return 0;
  if (!watcher.take(change.body, limits)) return 0;  // the whole may be longer than its text was
  const auto seen = PidfDocument::parse(watcher.text(), limits);
  expect(seen.ok() && *seen == *after, "a diff leads from one document to the other");
  return 0;
}
