// SPDX-License-Identifier: Apache-2.0
#include "head.hpp"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <optional>
#include <string>

#include <rollcall/http/text.hpp>

namespace rollcall::http {

namespace {

constexpr std::size_t most_fields = 64;
constexpr std::size_t longest_target = 8'192;

using Verdict = std::optional<Problem>;  // nullopt: go on

Problem bad(std::string detail) {
  return {400, std::move(detail), {}};
}

bool is_token(std::string_view text) {
  constexpr std::string_view marks = "!#$%&'*+-.^_`|~";
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](unsigned char c) {
    return std::isalnum(c) || marks.find(static_cast<char>(c)) != std::string_view::npos;
  });
}

std::string lower(std::string_view text) {
  std::string copy(text);
  std::transform(copy.begin(), copy.end(), copy.begin(),
                 [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  return copy;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
    text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
    text.remove_suffix(1);
  return text;
}

/// Cuts off the text before the next separator; all of it when there is none.
std::string_view cut(std::string_view& rest, std::string_view separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view piece = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + separator.size());
  return piece;
}

std::optional<std::string> form_decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

/// A dot segment, also one that was escaped, is refused and not resolved: what is matched is what
/// was sent.
Verdict read_path(std::string_view path, Request& request) {
  path.remove_prefix(1);
  if (path.empty()) return std::nullopt;
  for (bool more = true; more;) {
    more = path.find('/') != std::string_view::npos;
    auto segment = percent_decode(cut(path, "/"));
    if (!segment || has_control(*segment)) return bad("the path is not well escaped");
    if (*segment == "." || *segment == "..") return bad("the path must not hold dot segments");
    request.segments.push_back(std::move(*segment));
  }
  return std::nullopt;
}

Verdict read_query(std::string_view query, Request& request) {
  while (!query.empty()) {
    std::string_view value = cut(query, "&");
    auto name = form_decode(cut(value, "="));
    auto decoded = form_decode(value);
    if (!name || !decoded) return bad("the query is not well escaped");
    request.query.push_back({std::move(*name), std::move(*decoded)});
  }
  return std::nullopt;
}

/// RFC 9112 §3.2: origin-form, absolute-form (whose authority counts for nothing here), or "*".
Verdict read_target(std::string_view target, Request& request) {
  if (target.size() > longest_target) return Problem{414, "the address is too long", {}};
  request.target = target;
  if (target == "*" && request.method == Method::options) {
    request.segments = {"*"};
    return std::nullopt;
  }
  if (lower(target.substr(0, 7)) == "http://") {
    const std::size_t slash = target.find_first_of("/?", 7);
    target = slash == std::string_view::npos ? "/" : target.substr(slash);
  }
  const auto is_plain = [](unsigned char c) { return c > 0x20 && c < 0x7f && c != '#'; };
  if (target.empty() || target.front() != '/' || !std::all_of(target.begin(), target.end(), is_plain))
    return bad("the request target is not well formed");
  std::string_view query = target;
  const std::string_view path = cut(query, "?");
  if (auto problem = read_path(path, request)) return problem;
  return read_query(query, request);
}

/// RFC 9112 §3: exactly one space between the parts.
Verdict read_request_line(std::string_view line, Head& head) {
  const std::string_view name = cut(line, " ");
  const std::string_view target = cut(line, " ");
  if (!is_token(name)) return bad("the request line is not well formed");
  if (line != "HTTP/1.1" && line != "HTTP/1.0") {
    const bool is_version = line.size() == 8 && line.substr(0, 5) == "HTTP/" && line.find(' ') == line.npos;
    return is_version ? Problem{505, "this server speaks HTTP/1.1", {}}
                      : bad("the request line is not well formed");
  }
  head.keep_alive = line == "HTTP/1.1";
  const auto method = method_of(name);
  if (!method) return Problem{501, "this method is not known here", {}};
  head.request.method = *method;
  return read_target(target, head.request);
}

/// RFC 9112 §5.1: no space before the colon; §5.2: no folded lines.
Verdict read_field(std::string_view line, Request& request) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos || !is_token(line.substr(0, colon)))
    return bad("a header field is not well formed");
  const std::string_view value = trim(line.substr(colon + 1));
  const auto is_allowed = [](unsigned char c) { return c == '\t' || (c >= 0x20 && c != 0x7f); };
  if (!std::all_of(value.begin(), value.end(), is_allowed) || !is_clean_text(value))
    return bad("a header field holds control characters");
  if (request.headers.size() == most_fields) return Problem{431, "too many header fields", {}};
  request.headers.push_back({lower(line.substr(0, colon)), std::string(value)});
  return std::nullopt;
}

std::size_t count(const Request& request, std::string_view name) {
  return static_cast<std::size_t>(std::count_if(request.headers.begin(), request.headers.end(),
                                                [&](const NamedText& field) { return field.name == name; }));
}

/// RFC 9112 §3.2: exactly one Host, and a well-formed one.
Verdict check_host(const Head& head) {
  const std::size_t hosts = count(head.request, "host");
  if (hosts == 0 && !head.keep_alive) return std::nullopt;  // HTTP/1.0 had none
  if (hosts != 1) return bad("exactly one Host is needed");
  constexpr std::string_view marks = "-._~:[]";
  const std::string_view host = *head.request.header("host");
  const bool sound = !host.empty() && std::all_of(host.begin(), host.end(), [&](unsigned char c) {
    return std::isalnum(c) || marks.find(static_cast<char>(c)) != std::string_view::npos;
  });
  return sound ? Verdict() : bad("Host is not well formed");
}

/// RFC 9112 §6.3 and §11.2: one way only to tell where the body ends.
Verdict read_framing(bool is_http_1_1, Head& head) {
  const std::size_t lengths = count(head.request, "content-length");
  const std::size_t codings = count(head.request, "transfer-encoding");
  if (lengths > 1) return bad("more than one Content-Length");
  if (codings > 1) return bad("more than one Transfer-Encoding");
  if (lengths + codings > 1) return bad("Content-Length together with Transfer-Encoding");
  if (codings == 1) {
    if (!is_http_1_1) return bad("Transfer-Encoding needs HTTP/1.1");
    head.chunked = lower(*head.request.header("transfer-encoding")) == "chunked";
    return head.chunked ? Verdict() : Problem{501, "only the transfer coding chunked is known here", {}};
  }
  if (lengths == 0) return std::nullopt;
  const std::string_view value = *head.request.header("content-length");
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), head.length);
  const bool sound = error == std::errc() && end == value.data() + value.size();
  return sound ? Verdict() : bad("Content-Length is not a length");
}

Verdict read_connection(Head& head) {
  for (const NamedText& field : head.request.headers) {
    if (field.name == "expect") {
      if (lower(field.value) != "100-continue") return Problem{417, "this expectation is not known here", {}};
      head.expects_continue = head.keep_alive;  // HTTP/1.0 knows no 100
    }
  }
  for (const NamedText& field : head.request.headers) {
    std::string_view options = field.value;
    while (field.name == "connection" && !options.empty())
      if (lower(trim(cut(options, ","))) == "close") head.keep_alive = false;
  }
  return std::nullopt;
}

}  // namespace

std::variant<Head, Problem> parse_head(std::string_view bytes) {
  Head head;
  if (auto problem = read_request_line(cut(bytes, "\r\n"), head)) return *problem;
  while (bytes != "\r\n") {
    if (bytes.empty()) return bad("the head does not end");
    if (auto problem = read_field(cut(bytes, "\r\n"), head.request)) return *problem;
  }
  const bool is_http_1_1 = head.keep_alive;
  if (auto problem = check_host(head)) return *problem;
  if (auto problem = read_framing(is_http_1_1, head)) return *problem;
  if (auto problem = read_connection(head)) return *problem;
  return head;
}

}  // namespace rollcall::http
