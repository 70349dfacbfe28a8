// SPDX-License-Identifier: Apache-2.0
#include "cases.hpp"
#include "text.hpp"

#include <fmt/format.h>

namespace bench {
namespace {

class PublishCase : public Case {
 public:
  PublishCase(const Options& options, World& world, Rounds rounds)
      : watchers_(options.watchers),
        world_(world),
        deal_(options.in_flight, world.publications.size(), rounds) {}

  bool begin(Slot& slot) override {
    const auto dealt = deal_.next(slot.index);
    if (!dealt) return false;
    slot.subject = *dealt;
    slot.awaited = watchers_;
    auto& publication = world_.publications[slot.subject];
    auto& user = world_.users[slot.subject];
    publication.slot = slot.index;
    ++publication.version;
    auto headers = std::string("Event: presence\r\nExpires: 3600\r\nContent-Type: application/pidf+xml\r\n");
    if (!publication.entity_tag.empty()) headers += "SIP-If-Match: " + publication.entity_tag + "\r\n";
    slot.draft = {slot.subject,
                  "PUBLISH",
                  user.aor,
                  fmt::format("<{}>", user.aor),
                  fmt::format("p{}@{}", slot.subject, world_.run),
                  ++user.cseq,
                  std::move(headers),
                  document(user, publication.version)};
    return true;
  }

  std::string on_answer(Slot& slot, int status, std::string_view response) override {
    auto& publication = world_.publications[slot.subject];
    publication.entity_tag = status == 200 ? header(response, "SIP-ETag") : std::string_view{};
    if (status != 200) return refusal("PUBLISH", response);
    return publication.entity_tag.empty() ? "a 200 to PUBLISH has no SIP-ETag" : "";
  }

  void on_request(Load& load, std::uint32_t, std::string_view request) override {
    const auto* watch = watch_of(world_, request);
    if (!watch) return;
    const auto& publication = world_.publications[watch->presentity];
    if (body_of(request).find(note(publication.version)) == std::string_view::npos) {
      return load.wrong(
          fmt::format("a watcher of {} was told an old state", world_.users[watch->presentity].aor));
    }
    load.heard(load.slot(publication.slot));
  }

 private:
  static std::string note(std::uint64_t version) { return fmt::format("state {} of the load", version); }

  static std::string document(const User& user, std::uint64_t version) {
    return fmt::format(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" "
        "entity=\"{}\">"
        "<tuple id=\"t1\"><status><basic>{}</basic></status></tuple><note>{}</note></presence>\n",
        user.aor, version % 2 ? "open" : "closed", note(version));
  }

  std::uint32_t watchers_;
  World& world_;
  Deal deal_;
};

}  // namespace

std::unique_ptr<Case> make_publish(const Options& options, World& world, Rounds rounds) {
  return std::make_unique<PublishCase>(options, world, rounds);
}

}  // namespace bench
