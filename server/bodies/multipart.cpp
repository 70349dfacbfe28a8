// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <cstdint>
#include <optional>

#include <rollcall/bodies/multipart.hpp>
#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/sip/headers/params.hpp>

#include <fmt/format.h>

namespace rollcall::bodies {

namespace {

constexpr auto npos = std::string_view::npos;

// Of fixed width, so that no boundary is the beginning of another.
constexpr std::string_view boundary_name = "rollcall-";
constexpr std::size_t boundary_digits = 8;
constexpr std::size_t longest_boundary = 70;  // RFC 2046 §5.1.1

std::string boundary(std::uint32_t number) {
  return fmt::format("{}{:08x}", boundary_name, number);
}

/// Puts the numbers of all boundaries like ours that stand in `text` into `numbers`.
void collect(std::string_view text, std::vector<std::uint32_t>& numbers) {
  for (auto at = text.find(boundary_name); at != npos; at = text.find(boundary_name, at + 1)) {
    const auto digits = text.substr(at + boundary_name.size(), boundary_digits);
    std::uint32_t number = 0;
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), number, 16);
    if (read.ptr == digits.data() + boundary_digits) numbers.push_back(number);
  }
}

/// The first number that none of the parts has.
std::string free_boundary(std::span<const PartOut> parts) {
  std::vector<std::uint32_t> taken;
  for (const auto& part : parts) {
    collect(part.body, taken);
    collect(part.content_type, taken);
    collect(part.content_id, taken);
  }
  std::sort(taken.begin(), taken.end());
  std::uint32_t number = 0;
  for (const auto one : taken)
    if (one == number) ++number;
  return boundary(number);
}

// Linphone finds "Content-Id" in this case only.
void append_part(std::string& out, const PartOut& part, std::string_view delimiter, IdForm ids) {
  out.append("--").append(delimiter).append("\r\nContent-Transfer-Encoding: binary\r\n");
  const bool bracketed = ids == IdForm::bracketed;
  if (!part.content_id.empty())
    out.append("Content-Id: ")
        .append(bracketed ? "<" : "")
        .append(part.content_id)
        .append(bracketed ? ">\r\n" : "\r\n");
  out.append("Content-Type: ").append(part.content_type).append("\r\n\r\n");
  out.append(part.body).append("\r\n");
}

/// "multipart/related" and the rest of a type's parameters.
std::string_view bare_type(std::string_view content_type) {
  return sip::trim(content_type.substr(0, content_type.find(';')));
}

/// A line without its end, taken off the front of `rest`.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  auto line = rest.substr(0, end);
  rest.remove_prefix(end == npos ? rest.size() : end + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

/// One boundary line of a body.
struct Delimiter {
  std::size_t begin = 0;  // where the line break before it begins, which belongs to it
  std::size_t end = 0;    // behind its own line break
  bool is_last = false;
};

/// The next line from `from` on that begins with `mark`, "--boundary" (RFC 2046 §5.1.1).
std::optional<Delimiter> next_delimiter(std::string_view body, std::string_view mark, std::size_t from) {
  for (auto at = body.find(mark, from); at != npos; at = body.find(mark, at + 1)) {
    if (at != 0 && body[at - 1] != '\n') continue;
    Delimiter found;
    auto rest = body.substr(at + mark.size());
    const auto size_before = rest.size();
    auto line = take_line(rest);
    found.is_last = line.starts_with("--");
    if (!sip::trim(found.is_last ? line.substr(2) : line).empty()) continue;
    found.end = at + mark.size() + (size_before - rest.size());
    found.begin = at == 0 ? 0 : at - 1;
    if (found.begin > 0 && body[found.begin - 1] == '\r') --found.begin;
    return found;
  }
  return std::nullopt;
}

/// The headers of a part that we look at.
struct HeaderRow {
  std::string_view name;
  std::string Part::*value;
};

constexpr HeaderRow header_rows[] = {
    {"Content-Type", &Part::content_type},
    {"Content-Disposition", &Part::content_disposition},
    {"Content-Encoding", &Part::content_encoding},
    {"Content-ID", &Part::content_id},
};

/// A header line of a part; false when it is none.
bool read_header(std::string_view line, Part& part) {
  const auto colon = line.find(':');
  if (colon == npos || colon == 0) return false;
  const auto name = sip::trim(line.substr(0, colon));
  for (const auto& row : header_rows)
    if (sip::equal_ignoring_case(name, row.name)) part.*row.value = sip::trim(line.substr(colon + 1));
  return true;
}

/// Header lines up to an empty one, then the body. A line that begins with white space goes on with the
/// one before.
std::optional<Part> read_part(std::string_view text) {
  Part part;
  std::string header;
  bool more = true;
  while (more) {
    const auto line = take_line(text);
    more = !line.empty();
    if (more && (line.front() == ' ' || line.front() == '\t')) {
      header.append(" ").append(sip::trim(line));
      continue;
    }
    if (!header.empty() && !read_header(header, part)) return std::nullopt;
    header = line;
  }
  if (part.content_id.starts_with('<') && part.content_id.ends_with('>'))
    part.content_id = part.content_id.substr(1, part.content_id.size() - 2);
  part.body = text;
  return part;
}

base::Result<std::string> boundary_of(std::string_view content_type) {
  const auto type = sip::MediaType::parse(content_type);
  if (!type) return type.error();
  if (!sip::equal_ignoring_case(type->type, "multipart")) return base::malformed("body is not multipart");
  const auto name = sip::unquote(type->params.get("boundary").value_or(""));
  if (name.empty() || name.size() > longest_boundary) return base::malformed("multipart without a boundary");
  return name;
}

}  // namespace

TypedBody write_related(std::span<const PartOut> parts, IdForm ids) {
  const auto delimiter = free_boundary(parts);
  const auto& root = parts.front();
  TypedBody made;
  // The boundary is a token. It stands last and without quotes, as Linphone takes all that follows the equals
  // sign for it.
  made.content_type = fmt::format("multipart/related;type=\"{}\";start=\"<{}>\";boundary={}",
                                  bare_type(root.content_type), root.content_id, delimiter);
  for (const auto& part : parts)
    append_part(made.body, part, delimiter, ids);
  made.body.append("--").append(delimiter).append("--\r\n");
  return made;
}

std::size_t part_overhead(std::string_view content_id, std::string_view content_type) {
  std::string empty;
  append_part(empty, {content_id, content_type, {}}, boundary(0), IdForm::bracketed);
  return empty.size();
}

std::size_t related_overhead() {
  return boundary(0).size() + std::string_view("----\r\n").size();
}

base::Result<std::vector<Part>> read_multipart(std::string_view content_type, std::string_view body) {
  const auto name = boundary_of(content_type);
  if (!name) return name.error();
  const auto mark = "--" + *name;
  std::vector<Part> parts;
  auto delimiter = next_delimiter(body, mark, 0);
  if (!delimiter) return base::malformed("multipart body without its boundary");
  while (!delimiter->is_last) {
    const auto next = next_delimiter(body, mark, delimiter->end);
    if (!next) return base::malformed("multipart body is cut off");
    const auto end = std::max(next->begin, delimiter->end);
    const auto part = read_part(body.substr(delimiter->end, end - delimiter->end));
    if (!part) return base::malformed("part with a broken header");
    if (parts.size() == most_parts)
      return base::Error{base::ErrorCode::too_large, fmt::format("body of more than {} parts", most_parts)};
    parts.push_back(*part);
    delimiter = next;
  }
  return parts;
}

}  // namespace rollcall::bodies
