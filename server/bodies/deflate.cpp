// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdint>

#include <rollcall/bodies/deflate.hpp>
#include <rollcall/sip/headers/params.hpp>

#include <fmt/format.h>
#include <zlib.h>

namespace rollcall::bodies {

namespace {

// Bodies are small, and many are sent to each watcher of a list: time counts more than the last byte.
constexpr int level = 6;

enum class Format : std::uint8_t { zlib, raw };

/// zlib's state, given back whatever happens.
class Inflater {
 public:
  explicit Inflater(Format format) {
    ready_ = inflateInit2(&stream_, format == Format::zlib ? MAX_WBITS : -MAX_WBITS) == Z_OK;
  }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;
  ~Inflater() {
    if (ready_) inflateEnd(&stream_);
  }

  base::Result<std::string> run(std::string_view data, std::size_t most_bytes) {
    if (!ready_) return base::Error{base::ErrorCode::internal, "zlib is not available"};
    // zlib takes its input through a pointer that is not const, and does not write to it.
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(data.data()));  // NOLINT
    stream_.avail_in = static_cast<uInt>(data.size());
    std::string out;
    while (true) {
      std::array<char, 4'096> piece;
      stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
      stream_.avail_out = static_cast<uInt>(piece.size());
      const int result = ::inflate(&stream_, Z_NO_FLUSH);
      out.append(piece.data(), piece.size() - stream_.avail_out);
      if (out.size() > most_bytes)
        return base::Error{base::ErrorCode::too_large,
                           fmt::format("deflated body of more than {} bytes", most_bytes)};
      if (result == Z_STREAM_END && stream_.avail_in == 0) return out;
      if (result != Z_OK) return base::malformed("deflated body is broken");
    }
  }

 private:
  z_stream stream_{};
  bool ready_ = false;
};

/// RFC 1950 §2.2: method 8, a window that exists, and a checksum over both bytes.
bool has_zlib_header(std::string_view data) {
  if (data.size() < 2) return false;
  const auto first = static_cast<unsigned char>(data[0]);
  const auto second = static_cast<unsigned char>(data[1]);
  return (first & 0x0F) == 8 && first >> 4 <= 7 && (first * 256 + second) % 31 == 0;
}

}  // namespace

std::string deflate(std::string_view text) {
  std::string out(compressBound(static_cast<uLong>(text.size())), '\0');
  auto size = static_cast<uLongf>(out.size());
  compress2(reinterpret_cast<Bytef*>(out.data()), &size, reinterpret_cast<const Bytef*>(text.data()),
            static_cast<uLong>(text.size()), level);
  out.resize(size);
  return out;
}

base::Result<std::string> inflate(std::string_view data, std::size_t most_bytes) {
  return Inflater(has_zlib_header(data) ? Format::zlib : Format::raw).run(data, most_bytes);
}

base::Result<std::string> decode_content(std::string_view content_encoding, std::string_view body,
                                         std::size_t most_bytes) {
  const auto coding = sip::trim(content_encoding);
  if (coding.empty() || sip::equal_ignoring_case(coding, "identity")) {
    if (body.size() > most_bytes)
      return base::Error{base::ErrorCode::too_large, fmt::format("body of more than {} bytes", most_bytes)};
    return std::string(body);
  }
  if (sip::equal_ignoring_case(coding, deflate_coding)) return inflate(body, most_bytes);
  return base::Error{base::ErrorCode::unsupported, "unknown content coding"};
}

}  // namespace rollcall::bodies
