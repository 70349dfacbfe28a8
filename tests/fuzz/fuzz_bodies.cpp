// SPDX-License-Identifier: Apache-2.0
// Any bytes as the bodies that others send us: several parts, deflated, a list, dialogs.
#include "expect.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <rollcall/bodies/deflate.hpp>
#include <rollcall/bodies/dialog_info.hpp>
#include <rollcall/bodies/multipart.hpp>
#include <rollcall/bodies/recipient_list.hpp>

using rollcall::fuzz::expect;
using rollcall::fuzz::expect_inside;
using namespace rollcall::bodies;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const rollcall::base::Limits limits;
  constexpr std::size_t most = 10'000;

  constexpr std::string_view mixed = "multipart/mixed;boundary=b";
  if (const auto parts = read_multipart(mixed, text)) {
    for (const auto& part : *parts)
      expect_inside(part.body, text, "a part lies within the body");
  }
  for (const auto type : {mixed, resource_lists_media_type}) {
    const auto list = read_recipient_list({type, "", text}, limits, most);
    expect(!list || list->size() <= most, "a list has no more entries than it may");
  }
  const auto plain = inflate(text, most);
  expect(!plain || plain->size() <= most, "no more comes out than may");
  const auto back = inflate(deflate(text), text.size());
  expect(back.ok() && *back == text, "what is deflated is inflated again");

  const std::vector<PartOut> out{{"root@h", "text/plain", text}, {"1@h", "text/plain", text}};
  const auto made = write_related(out);
  const auto read = read_multipart(made.content_type, made.body);
  expect(read.ok() && read->size() == 2 && (*read)[1].body == text, "a part comes back as it was");

  const auto dialogs = DialogInfo::parse(text, limits);
  if (!dialogs) return 0;
  const auto written = write(*dialogs);
  rollcall::base::Limits wide;
  wide.body_bytes = 10'000'000;
  wide.xml_depth = 64;
  const auto again = DialogInfo::parse(written, wide);
  expect(again.ok() && write(*again) == written, "dialogs are written as they are read");
  return 0;
}
