// SPDX-License-Identifier: Apache-2.0
#include "verbs.hpp"

#include <algorithm>
#include <utility>

namespace rollcall::xcap {

namespace {

constexpr const char* reading = "GET, HEAD";
constexpr const char* all_methods = "GET, HEAD, PUT, DELETE";

Outcome not_allowed(const char* allow) {
  return answer({405, "the resource has no such method", {}, allow});
}

bool writes(Method method) {
  return method == Method::put || method == Method::delete_;
}

/// The methods of a resource: nobody writes namespaces, or a document that the server makes.
const char* methods_of(const Path& path, const std::optional<NodeSelector>& selector) {
  const bool is_fixed = path.usage->is_generated || (selector && selector->target == Target::namespaces);
  return is_fixed ? reading : all_methods;
}

}  // namespace

std::string_view Outcome::header(std::string_view name) const {
  const auto found =
      std::find_if(headers.begin(), headers.end(), [name](const auto& row) { return row.first == name; });
  return found == headers.end() ? std::string_view() : found->second;
}

Outcome answer(const Refusal& refusal) {
  Outcome outcome;
  outcome.status = refusal.status;
  if (!refusal.allow.empty()) outcome.headers.emplace_back("Allow", refusal.allow);
  outcome.headers.emplace_back("Content-Type",
                               refusal.conflict ? error_media_type : "text/plain; charset=utf-8");
  outcome.body = refusal.conflict ? write(*refusal.conflict) : refusal.detail + "\n";
  return outcome;
}

std::variant<Document, Refusal> open_current(const Case& it) {
  // It passed when it was stored, perhaps under larger limits.
  constexpr std::size_t deepest = 256;
  auto document = Document::parse(std::string(it.current->text), {it.current->text.size(), deepest});
  if (document) return std::move(*document);
  return Refusal{500, "the stored document cannot be read", {}, {}};
}

std::optional<Outcome> check_conditions(const Case& it, bool reads) {
  std::optional<std::string_view> etag;
  if (it.current) etag = it.current->etag;
  switch (evaluate(it.request.conditions, etag, reads)) {
    case Verdict::proceed:
      return std::nullopt;
    case Verdict::not_modified: {
      Outcome outcome;
      outcome.status = 304;
      outcome.headers.emplace_back("ETag", *etag);
      return outcome;
    }
    case Verdict::failed:
      return answer({412, "the document is not what the condition says", {}, {}});
    case Verdict::malformed:
      break;
  }
  return answer({400, "If-Match or If-None-Match is no list of entity tags", {}, {}});
}

std::optional<Refusal> check_document(const Case& it, const Document& document) {
  const auto& usage = *it.path().usage;
  if (document.element(0).expanded != usage.root)
    return conflict(ConflictKind::schema_validation_error,
                    "the root element is not that of this application");
  if (usage.has_schema)
    if (auto fault = it.context.schemas.fault(document))
      return conflict(ConflictKind::schema_validation_error, std::move(*fault));
  if (!usage.constraint) return std::nullopt;
  auto report = usage.constraint(document, it.path(), it.context.surroundings, it.limits());
  if (!report) return std::nullopt;
  return Refusal{409, report->phrase, std::move(*report), {}};
}

Outcome stored(std::string text, bool created) {
  Outcome outcome;
  outcome.status = created ? 201 : 200;
  outcome.effect = Effect::store;
  outcome.document = std::move(text);
  outcome.etag = etag_of(outcome.document);
  outcome.headers.emplace_back("ETag", outcome.etag);
  return outcome;
}

Outcome handle(const Request& request, const StoredDocument* current, const Context& context) {
  const auto& path = request.path;
  std::optional<NodeSelector> selector;
  if (path.node) {
    auto parsed = parse_node_selector(*path.node, path.query, path.usage->default_namespace);
    if (auto* refusal = std::get_if<Refusal>(&parsed)) return answer(*refusal);
    selector = std::move(std::get<NodeSelector>(parsed));
  }
  const auto* const allow = methods_of(path, selector);
  const Case it{request, current, context, selector};
  if (request.method == Method::get || request.method == Method::head) return get_resource(it);
  if (!writes(request.method) || allow == reading) return not_allowed(allow);
  return request.method == Method::put ? put_resource(it) : remove_resource(it);
}

}  // namespace rollcall::xcap
