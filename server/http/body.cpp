// SPDX-License-Identifier: Apache-2.0
#include "body.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include <fmt/format.h>

namespace rollcall::http {

namespace {

constexpr std::size_t longest_chunk_line = 256;
constexpr std::size_t longest_trailer = 4'096;

/// One body on its way in. Reads end at the first problem.
class BodyReader {
 public:
  BodyReader(Channel& channel, std::size_t limit, const Deadline& deadline)
      : channel_(channel), limit_(limit), deadline_(deadline) {}

  std::variant<std::string, Problem> read_length(std::uint64_t length) {
    if (length > limit_) return too_large();
    if (!append(static_cast<std::size_t>(length))) return *problem_;
    return std::move(body_);
  }

  std::variant<std::string, Problem> read_chunks() {
    while (true) {
      const auto size = chunk_size();
      if (!size) return *problem_;
      if (*size == 0) break;
      if (*size > limit_ - body_.size()) return too_large();
      if (!append(static_cast<std::size_t>(*size)) || !end_of_chunk()) return *problem_;
    }
    if (!skip_trailer()) return *problem_;
    return std::move(body_);
  }

 private:
  Problem too_large() const {
    return {413,
            limit_ == 0 ? "no body is taken here" : fmt::format("the body may have at most {} bytes", limit_),
            {}};
  }

  bool fail(Problem problem) {
    problem_ = std::move(problem);
    return false;
  }

  bool fill() {
    switch (channel_.fill(deadline_)) {
      case Channel::Fill::more:
        return true;
      case Channel::Fill::end:
        return fail({400, "the body was cut short", {}});
      case Channel::Fill::late:
        break;
    }
    return fail({408, "the body did not arrive in time", {}});
  }

  bool append(std::size_t size) {
    for (std::size_t left = size; left > 0;) {
      if (channel_.buffer().empty() && !fill()) return false;
      const std::string piece = channel_.take(std::min(left, channel_.buffer().size()));
      body_ += piece;
      left -= piece.size();
    }
    return true;
  }

  /// A line without its CRLF.
  std::optional<std::string> line(std::size_t longest) {
    while (true) {
      const std::size_t end = channel_.buffer().find('\n');
      if (end != std::string_view::npos) {
        std::string text = channel_.take(end + 1);
        const bool sound = text.size() >= 2 && text[text.size() - 2] == '\r' && text.size() <= longest;
        if (!sound) {
          fail({400, "a chunk is not well formed", {}});
          return std::nullopt;
        }
        return text.substr(0, text.size() - 2);
      }
      if (channel_.buffer().size() > longest) fail({400, "a chunk is not well formed", {}});
      if (problem_ || !fill()) return std::nullopt;
    }
  }

  /// RFC 9112 §7.1: chunk-size [ chunk-ext ]; extensions are passed over.
  std::optional<std::uint64_t> chunk_size() {
    const auto text = line(longest_chunk_line);
    if (!text) return std::nullopt;
    std::uint64_t size = 0;
    const char* const last = text->data() + text->size();
    const auto [end, error] = std::from_chars(text->data(), last, size, 16);
    if (error == std::errc() && (end == last || *end == ';')) return size;
    fail({400, "a chunk is not well formed", {}});
    return std::nullopt;
  }

  bool end_of_chunk() {
    const auto text = line(longest_chunk_line);
    if (!text) return false;
    return text->empty() || fail({400, "a chunk is not well formed", {}});
  }

  /// RFC 9112 §7.1.2: trailer fields are read and not used.
  bool skip_trailer() {
    for (std::size_t size = 0; size <= longest_trailer;) {
      const auto text = line(longest_trailer);
      if (!text) return false;
      if (text->empty()) return true;
      size += text->size();
    }
    return fail({431, "the trailer is too long", {}});
  }

  Channel& channel_;
  std::size_t limit_;
  const Deadline& deadline_;
  std::string body_;
  std::optional<Problem> problem_;
};

}  // namespace

std::variant<std::string, Problem> read_body(Channel& channel, const Head& head, std::size_t limit,
                                             const Deadline& deadline) {
  BodyReader reader(channel, limit, deadline);
  return head.chunked ? reader.read_chunks() : reader.read_length(head.length);
}

}  // namespace rollcall::http
