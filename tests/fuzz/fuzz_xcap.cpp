// SPDX-License-Identifier: Apache-2.0
// XCAP requests on one document. The input is a line "PUT <target>" (or GET, DELETE), then the body.
#include "expect.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <rollcall/xcap/request.hpp>
#include <rollcall/xcap/selector.hpp>

namespace {

using namespace rollcall;
using namespace rollcall::xcap;
using fuzz::expect;

constexpr std::string_view kept =
    "<?xml version=\"1.0\"?>\n<resource-lists xmlns=\"urn:ietf:params:xml:ns:resource-lists\" "
    "xmlns:x=\"urn:x\">\n"
    " <!-- c --><list name=\"a\"><entry uri=\"sip:a@b\" x:y='1'/><entry "
    "uri=\"sip:c@d\"><x:z/></entry></list>\n"
    " <list name=\"b\"/><![CDATA[ ]]></resource-lists>\n";

const Context& context() {
  static const Schemas schemas;
  static const Context all{schemas, {}, {}};
  return all;
}

Method method_of(std::string_view line) {
  if (line.starts_with("PUT ")) return Method::put;
  if (line.starts_with("DELETE ")) return Method::delete_;
  return line.starts_with("GET ") ? Method::get : Method::other;
}

/// The type that a body for that path has to have.
std::string type_for(const Path& path) {
  if (!path.node) return std::string(path.usage->media_type);
  const auto selector = parse_node_selector(*path.node, path.query, path.usage->default_namespace);
  const auto* parsed = std::get_if<NodeSelector>(&selector);
  return parsed && parsed->target == Target::attribute ? "application/xcap-att+xml"
                                                       : "application/xcap-el+xml";
}

std::string_view trimmed(std::string_view text) {
  const auto begin = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// What was put can be got, and what was deleted cannot (RFC 4825 §7).
void check_stored(Request request, const Outcome& outcome) {
  expect(Document::parse(outcome.document, {outcome.document.size(), 256}).ok(), "what is kept is sound");
  expect(outcome.etag == etag_of(outcome.document), "the entity tag is that of the document");
  const StoredDocument stored{outcome.document, outcome.etag};
  const auto method = request.method;
  request.method = Method::get;
  const auto again = handle(request, &stored, context());
  expect(again.status == (method == Method::put ? 200 : 404),
         "a selector finds what was put and nothing else");
  if (method == Method::put && request.path.node)
    expect(again.body == trimmed(request.body), "what is got is what was put");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = input.substr(0, input.find('\n'));
  auto parsed = parse_path(line.substr(std::min(line.find(' ') + 1, line.size())), {});
  if (!std::holds_alternative<Path>(parsed)) return 0;
  Request request{method_of(line), std::get<Path>(parsed), {}, {}, {}};
  request.body = input.substr(std::min(line.size() + 1, input.size()));
  request.content_type = type_for(request.path);
  const StoredDocument current{kept, "\"kept\""};
  const auto outcome = handle(request, &current, context());
  expect(outcome.status >= 200 && outcome.status < 500, "every request has an answer");
  expect((outcome.status == 409) == (outcome.header("Content-Type") == error_media_type),
         "a conflict is reported");
  if (outcome.effect == Effect::store) check_stored(request, outcome);
  return 0;
}
