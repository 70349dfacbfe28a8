// SPDX-License-Identifier: Apache-2.0
#include "document.hpp"

#include <rollcall/base/log.hpp>
#include <rollcall/presence/compose.hpp>

namespace rollcall::presence {

namespace {

constexpr base::Log logger{"presence"};

// What composing can make of this many published bytes fits, whatever they say: the many small tuples that
// each get an id, a contact and a time grow most.
constexpr std::size_t surely_small = 4 * 1024;

}  // namespace

std::string document_of(const sip::Aor& aor, const std::vector<const model::Publication*>& publications,
                        const std::vector<const model::Binding*>& bindings, const base::Limits& limits,
                        base::Instant now) {
  std::vector<xml::PidfDocument> documents;
  std::vector<PublicationInput> published;
  std::vector<RegistrationInput> registered;
  documents.reserve(publications.size());
  for (const model::Publication* one : publications) {
    auto document = xml::PidfDocument::parse(one->body, limits);
    if (!document) {
      logger.error("unreadable_publication", base::kv("aor", aor.text()));
      continue;
    }
    documents.push_back(std::move(*document));
    published.push_back(
        {one->id, one->entity_tag, one->device, &documents.back(), one->published, one->expires});
  }
  registered.reserve(bindings.size());
  for (const model::Binding* binding : bindings)
    registered.push_back({binding->device(), binding->user_agent, binding->q / 1000.0, binding->expires});
  return xml::write(compose({&aor, published, registered, now}).document);
}

bool is_too_large(const sip::Aor& aor, const std::vector<const model::Publication*>& publications,
                  const base::Limits& limits, base::Instant now) {
  std::size_t bytes = 0;
  for (const model::Publication* publication : publications)
    bytes += publication->body.size();
  return bytes > surely_small && document_of(aor, publications, {}, limits, now).size() > most_document_bytes;
}

}  // namespace rollcall::presence
