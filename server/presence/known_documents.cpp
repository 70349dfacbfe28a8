// SPDX-License-Identifier: Apache-2.0
#include "known_documents.hpp"

#include <limits>
#include <utility>

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/bodies/deflate.hpp>
#include <rollcall/bodies/recipient_list.hpp>
#include <rollcall/engine/outcome.hpp>
#include <rollcall/xml/writer.hpp>

namespace rollcall::presence {

namespace {

using sip::Header;

using Recipients = base::Result<std::vector<bodies::Recipient>>;

Recipients read_entries(std::string_view type, std::string_view text, const base::Limits& limits,
                        std::size_t most) {
  return bodies::read_recipient_list({type, "", text}, limits, most, bodies::EmptyUri::is_one);
}

std::uint64_t hash_of(const bodies::ComponentState& component) {
  std::string text = component.content;
  for (const auto& [prefix, uri] : component.namespaces)
    text.append("\n").append(prefix).append("\n").append(uri);
  return base::keyed_hash(text);
}

}  // namespace

base::Result<std::string> documents_in(const sip::Message& message, const base::Limits& limits) {
  const std::string type(message.first(Header::content_type).value_or(""));
  if (type.empty()) return base::Error{base::ErrorCode::unsupported, "a body without a type"};
  const auto plain = bodies::decode_content(message.first(Header::content_encoding).value_or(""),
                                            message.body(), static_cast<std::size_t>(limits.body_bytes));
  if (!plain) return plain.error();
  const auto entries = read_entries(type, *plain, limits, static_cast<std::size_t>(limits.xcap_diff_entries));
  if (!entries) return entries.error();
  xml::Writer out("resource-lists", bodies::resource_lists_namespace);
  out.open("list");
  for (const bodies::Recipient& entry : *entries)
    out.open("entry").attribute("uri", entry.uri).close();
  return out.take();
}

sip::Reply documents_refusal(const base::Error& error) {
  if (error.code == base::ErrorCode::not_found || error.code == base::ErrorCode::unsupported)
    return sip::Reply(415).with(Header::accept, std::string(bodies::resource_lists_media_type));
  if (error.code == base::ErrorCode::too_large) return engine::refusal(error);
  return sip::Reply(400, "Bad Request: list of documents: " + error.detail);
}

std::vector<std::string> document_uris(std::string_view resources, const base::Limits& limits) {
  std::vector<std::string> uris;
  auto entries = read_entries(bodies::resource_lists_media_type, resources, limits,
                              std::numeric_limits<std::size_t>::max());
  if (entries)
    for (bodies::Recipient& entry : *entries)
      uris.push_back(std::move(entry.uri));
  return uris;
}

std::optional<std::string> KnownDocuments::tell(const FollowedDocuments& now) {
  const bool all = std::exchange(all_, false);
  if (all) {
    documents_.clear();
    components_.clear();
  }
  const auto changes = take_documents(now);
  const auto components = take_components(now);
  if (!all && changes.empty() && components.empty()) return std::nullopt;
  return bodies::write_xcap_diff(now.root, changes, components);
}

// RFC 5874 §3, Figure 1.
std::vector<bodies::DocumentChange> KnownDocuments::take_documents(const FollowedDocuments& now) {
  std::vector<bodies::DocumentChange> changes;
  Tags tags;
  for (const FollowedDocuments::Document& document : now.documents) {
    const auto known = documents_.find(document.sel);
    const std::string before = known == documents_.end() ? "" : known->second;
    if (before != document.etag) changes.push_back({document.sel, before, document.etag});
    tags.emplace(document.sel, document.etag);
  }
  for (const auto& [sel, etag] : documents_)
    if (!tags.contains(sel)) changes.push_back({sel, etag, ""});
  documents_ = std::move(tags);
  return changes;
}

// RFC 5875 §4.7: of a component its newest state, and that it is gone.
std::vector<bodies::ComponentState> KnownDocuments::take_components(const FollowedDocuments& now) {
  std::vector<bodies::ComponentState> news;
  Components states;
  for (const bodies::ComponentState& component : now.components) {
    const Component state{component.kind, hash_of(component)};
    const auto known = components_.find(component.sel);
    if (known == components_.end() || known->second.hash != state.hash) news.push_back(component);
    states.emplace(component.sel, state);
  }
  for (const auto& [sel, component] : components_)
    if (!states.contains(sel)) news.push_back({component.kind, sel, false});
  components_ = std::move(states);
  return news;
}

}  // namespace rollcall::presence
