// SPDX-License-Identifier: Apache-2.0
#include <optional>
#include <unordered_set>
#include <utility>

#include <rollcall/bodies/deflate.hpp>
#include <rollcall/bodies/multipart.hpp>
#include <rollcall/bodies/recipient_list.hpp>
#include <rollcall/sip/headers/media_type.hpp>
#include <rollcall/sip/headers/params.hpp>
#include <rollcall/xml/element.hpp>

#include <fmt/format.h>

namespace rollcall::bodies {

namespace {

constexpr std::string_view list_disposition = "recipient-list";

std::string_view bare(std::string_view value) {
  return sip::trim(value.substr(0, value.find(';')));
}

/// Collects what the lists of a document name.
class Entries {
 public:
  Entries(std::size_t most, EmptyUri empty_uri) : most_(most), empty_uri_(empty_uri) {}

  /// Goes as deep as guard() lets a document go. False past the most.
  bool collect(const xml::Element& list) {
    for (const auto& child : list.children) {
      if (child.is(resource_lists_namespace, "list") && !collect(child)) return false;
      if (child.is(resource_lists_namespace, "entry") && !add(child)) return false;
    }
    return true;
  }

  std::vector<Recipient> take() { return std::move(found_); }
  [[nodiscard]] bool is_broken() const { return broken_; }

 private:
  bool add(const xml::Element& entry) {
    const auto* attribute = entry.attribute("uri");
    const auto uri = attribute ? sip::trim(attribute->value) : std::string_view();
    broken_ = broken_ || !attribute || (uri.empty() && empty_uri_ == EmptyUri::is_malformed);
    if (broken_) return false;
    if (!seen_.insert(std::string(uri)).second) return true;
    if (found_.size() == most_) return false;
    auto& recipient = found_.emplace_back();
    recipient.uri = uri;
    for (const auto& child : entry.children)
      if (child.is(resource_lists_namespace, "display-name")) recipient.display_name = child.text;
    return true;
  }

  std::size_t most_;
  EmptyUri empty_uri_;
  std::vector<Recipient> found_;
  std::unordered_set<std::string> seen_;
  bool broken_ = false;
};

base::Result<std::vector<Recipient>> read_lists(std::string_view text, const base::Limits& limits,
                                                std::size_t most_entries, EmptyUri empty_uri) {
  const xml::Bounds bounds{static_cast<std::size_t>(limits.body_bytes),
                           static_cast<std::size_t>(limits.xml_depth)};
  const auto root = xml::read_document(text, bounds);
  if (!root) return root.error();
  if (!root->is(resource_lists_namespace, "resource-lists"))
    return base::malformed("root is not resource-lists");
  Entries entries(most_entries, empty_uri);
  const bool all = entries.collect(*root);
  if (entries.is_broken()) return base::malformed("entry without a uri");
  if (!all)
    return base::Error{base::ErrorCode::too_large, fmt::format("list of more than {} entries", most_entries)};
  return entries.take();
}

/// Where the list is, and whether it says so itself.
struct Found {
  std::string content_type;
  std::string content_encoding;
  std::string_view body;
  bool named = false;
};

using MaybeFound = std::optional<Found>;

base::Result<MaybeFound> find(const Part& body, std::size_t depth);

/// The first part with the right disposition wins over one of the right type that has none.
base::Result<MaybeFound> find_in_parts(const Part& body, std::size_t depth) {
  if (depth == most_multipart_depth)
    return base::Error{base::ErrorCode::too_large, "multiparts nested too deep"};
  const auto parts = read_multipart(body.content_type, body.body);
  if (!parts) return parts.error();
  MaybeFound best;
  for (const auto& part : *parts) {
    if (part.content_type.empty()) continue;  // plain text (RFC 2046 §5.1)
    const auto found = find(part, depth + 1);
    if (!found) return found.error();
    if (*found && (!best || ((*found)->named && !best->named))) best = *found;
  }
  return best;
}

base::Result<MaybeFound> find(const Part& body, std::size_t depth) {
  const auto type = sip::MediaType::parse(body.content_type);
  if (!type) return type.error();
  if (sip::equal_ignoring_case(type->type, "multipart")) return find_in_parts(body, depth);
  const auto disposition = bare(body.content_disposition);
  const bool named = sip::equal_ignoring_case(disposition, list_disposition);
  if (!named && !(disposition.empty() && type->is(resource_lists_media_type))) return MaybeFound();
  return MaybeFound(Found{body.content_type, body.content_encoding, body.body, named});
}

}  // namespace

base::Result<std::vector<Recipient>> read_recipient_list(const BodyView& body, const base::Limits& limits,
                                                         std::size_t most_entries, EmptyUri empty_uri) {
  Part whole;
  whole.content_type = body.content_type;
  whole.content_disposition = body.content_disposition;
  whole.body = body.body;
  const auto found = find(whole, 0);
  if (!found) return found.error();
  if (!*found) return base::not_found("no recipient list");
  const auto& list = **found;
  const auto type = sip::MediaType::parse(list.content_type);
  if (!type) return type.error();
  if (!type->is(resource_lists_media_type))
    return base::Error{base::ErrorCode::unsupported, "recipient list of an unknown type"};
  const auto plain =
      decode_content(list.content_encoding, list.body, static_cast<std::size_t>(limits.body_bytes));
  if (!plain) return plain.error();
  return read_lists(*plain, limits, most_entries, empty_uri);
}

}  // namespace rollcall::bodies
