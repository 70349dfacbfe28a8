// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

class PublishCase : public Case {
 public:
  PublishCase(const Options& options, World& world, Rounds rounds)
      : awaited_(options.watchers - options.silent_watchers),
        any_silent_(options.silent_watchers > 0),
        note_(world.run + " state "),
        world_(world),
        deal_(0, options.presentities, rounds) {}

  bool begin(Slot& slot) override {
    const auto dealt = deal_.take([this](auto presentity) { return !world_.users[presentity].busy; });
    if (!dealt) return false;
    slot.subject = *dealt;
    slot.awaited = awaited_;
    auto& publication = world_.publications[*dealt];
    auto& user = world_.users[*dealt];
    publication.slot = slot.index;
    ++publication.version;
    auto& draft = slot.draft;
    draft.user = *dealt;
    draft.method = "PUBLISH";
    draft.cseq = ++user.cseq;
    draft.uri = user.aor;
    set(draft.to, '<', user.aor, '>');
    set(draft.call_id, 'p', *dealt, '@', world_.run);
    set(draft.headers, "Event: presence\r\nExpires: 3600\r\nContent-Type: application/pidf+xml\r\n");
    if (!publication.entity_tag.empty()) put(draft.headers, "SIP-If-Match: ", publication.entity_tag, "\r\n");
    write_document(draft.body, user, publication.version);
    return true;
  }

  [[nodiscard]] bool used_up() const override { return deal_.used_up(); }

  std::string on_answer(Slot& slot, const Message& response) override {
    auto& publication = world_.publications[slot.subject];
    publication.entity_tag = response.status == 200 ? response.entity_tag : std::string_view{};
    if (response.status != 200) return refusal("PUBLISH", response);
    publication.published = publication.version;
    return publication.entity_tag.empty() ? "a 200 to PUBLISH has no SIP-ETag" : "";
  }

  void on_request(Load& load, std::uint32_t, const Message& request) override {
    auto* watch = newly_told(world_, request);
    if (!watch) return;
    const auto version = version_in(request.body);
    const bool news = version != watch->told;
    watch->told = version;
    const auto& publication = world_.publications[watch->presentity];
    if (watch->silent || publication.slot == no_slot) return;
    if (version == publication.version) {
      if (news) load.heard(load.slot(publication.slot));
    } else if (!watch->refreshed) {
      // Else it may be the NOTIFY of a refresh that came just before the PUBLISH.
      load.wrong(fmt::format("a watcher of {} was told an old state", world_.users[watch->presentity].aor));
    }
  }

  [[nodiscard]] bool answers(const Message& request) const override {
    if (!any_silent_) return true;
    const auto* watch = watch_of(world_, request);
    return !watch || !watch->silent;
  }

  void on_end(Slot& slot) override {
    world_.publications[slot.subject].slot = no_slot;
    deal_.give_back(slot.subject);
  }

 private:
  void write_document(std::string& text, const User& user, std::uint64_t version) const {
    set(text,
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" "
        "entity=\"",
        user.aor, "\"><tuple id=\"t1\"><status><basic>", version % 2 ? "open" : "closed",
        "</basic></status></tuple><note>", note_, version, "</note></presence>\n");
  }

  /// Which of this run's documents it is; 0: none.
  [[nodiscard]] std::uint64_t version_in(std::string_view document) const {
    const auto at = document.find(note_);
    return at == std::string_view::npos ? 0 : leading_number(document.substr(at + note_.size()));
  }

  std::uint32_t awaited_;
  bool any_silent_;
  std::string note_;  // what stands before the version in each document
  World& world_;
  Deal deal_;
};

}  // namespace

std::uint64_t stale_watchers(const World& world) {
  std::uint64_t stale = 0;
  for (std::uint32_t i = 0; i < world.publisher_watches; ++i) {
    const auto& watch = world.watches[i];
    stale += !watch.silent && watch.told != world.publications[watch.presentity].published;
  }
  return stale;
}

std::unique_ptr<Case> make_publish(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<PublishCase>(options, world, rounds);
}

}  // namespace bench
