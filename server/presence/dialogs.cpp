// SPDX-License-Identifier: Apache-2.0
// The calls that somebody is in, for those who may see them (RFC 4235): those that pass through the server,
// and those that devices publish.
#include "agent_records.hpp"

#include <rollcall/base/keyed_hash.hpp>
#include <rollcall/base/log.hpp>
#include <rollcall/sip/headers/params.hpp>

#include <fmt/format.h>

namespace rollcall::presence {

namespace {

constexpr base::Log logger{"presence"};

bool is_of_dialogs(const model::Publication& publication) {
  return sip::equal_ignoring_case(publication.event, package_of(Topic::dialogs).name);
}

bool has_call(const std::vector<bodies::Dialog>& dialogs, const std::string& call_id) {
  return !call_id.empty() && std::any_of(dialogs.begin(), dialogs.end(),
                                         [&](const bodies::Dialog& one) { return one.call_id == call_id; });
}

/// That somebody talks, not with whom: nothing by which a call could be found or taken over (RFC 4235 §3.6).
bodies::Dialog without_parties(const bodies::Dialog& dialog) {
  bodies::Dialog bare;
  bare.id = dialog.id;
  bare.state = dialog.state;
  return bare;
}

// A call that only goes on looks as before.
std::uint64_t hash_of(bodies::DialogInfo info) {
  for (bodies::Dialog& dialog : info.dialogs)
    dialog.duration.reset();
  return base::keyed_hash(bodies::write(info)) | 1;
}

}  // namespace

void Agent::on_calls(const std::string& aor) {
  Presentity* found = presentities_.find(aor);
  if (!found) return;
  found->change();
  tell_watchers(aor);
}

// With whom somebody talks is told to those who may see everything. Whoever is shown what the presentity is
// doing sees that he talks: presence says it too (RFC 5025 §3.3.2.1).
Agent::DialogSight Agent::dialog_sight_of(const rules::Permissions& may) {
  if (may.is_everything()) return DialogSight::everything;
  const bool doing = may.persons.all && (may.all_attributes || may.provides(rules::Attribute::activities));
  return doing ? DialogSight::states : DialogSight::nothing;
}

Agent::DialogSight Agent::dialog_sight_in(const Presentity& presentity, std::uint32_t view) {
  if (view == 0) return DialogSight::everything;
  const View& one = presentity.more->views[view - 1];
  return one.grant ? dialog_sight_of(one.grant->permissions) : DialogSight::nothing;
}

// Of a subscription that has no view, or none any more.
Agent::DialogSight Agent::dialog_sight_by(const rules::Verdict& verdict) {
  return verdict.handling == rules::Handling::allow ? dialog_sight_of(verdict.grant->permissions)
                                                    : DialogSight::nothing;
}

// The server knows best when a call has ended that it passes on; devices tell of the others.
bodies::DialogInfo Agent::dialogs_of(const sip::Aor& aor) const {
  bodies::DialogInfo info;
  info.entity = aor.uri();
  if (calls_.dialogs) info.dialogs = calls_.dialogs(aor.text());
  if (const Presentity* found = presentities_.find(aor.text()))
    for (const auto& published : found->publications)
      if (is_of_dialogs(published->publication) && published->publication.expires > shard_.now())
        add_published_dialogs(published->publication, info.dialogs);
  return info;
}

// Devices that know nothing of each other give their dialogs the same ids.
void Agent::add_published_dialogs(const model::Publication& publication,
                                  std::vector<bodies::Dialog>& dialogs) const {
  auto document = bodies::DialogInfo::parse(publication.body, shard_.limits());
  if (!document)
    return logger.error("unreadable_publication", base::kv("aor", publication.aor.text()),
                        base::kv("why", document.error().detail));
  for (bodies::Dialog& dialog : document->dialogs) {
    if (has_call(dialogs, dialog.call_id)) continue;
    dialog.id = fmt::format("{:x}.{}", publication.id, dialog.id);
    dialogs.push_back(std::move(dialog));
  }
}

// RFC 4480 §3.2: on the phone is who talks, in whichever way that is known.
CallsInput Agent::calls_input_of(const sip::Aor& aor) const {
  CallsInput input = calls_.summary ? calls_.summary(aor.text()) : CallsInput();
  const Presentity* found = presentities_.find(aor.text());
  if (!found) return input;
  for (const auto& published : found->publications) {
    const model::Publication& publication = published->publication;
    if (!is_of_dialogs(publication) || publication.expires <= shard_.now()) continue;
    std::vector<bodies::Dialog> dialogs;
    add_published_dialogs(publication, dialogs);
    const auto talking = std::count_if(dialogs.begin(), dialogs.end(), [](const bodies::Dialog& dialog) {
      return dialog.state == bodies::DialogState::confirmed;
    });
    if (talking == 0) continue;
    input.confirmed += static_cast<std::size_t>(talking);
    input.since = std::max(input.since, publication.published);
  }
  return input;
}

Agent::ShownDialogs Agent::show_dialogs(const sip::Aor& aor, DialogSight sight) const {
  ShownDialogs shown;
  shown.info.entity = aor.uri();
  if (sight != DialogSight::nothing) shown.info = dialogs_of(aor);
  if (sight == DialogSight::states)
    for (bodies::Dialog& dialog : shown.info.dialogs)
      dialog = without_parties(dialog);
  shown.hash = hash_of(shown.info);
  return shown;
}

const Agent::ShownDialogs& Agent::dialogs_in(Presentity& presentity, std::uint32_t view, Composed& composed) {
  const DialogSight sight = dialog_sight_in(presentity, view);
  const auto known = composed.dialogs.find(sight);
  if (known != composed.dialogs.end()) return known->second;
  return composed.dialogs.emplace(sight, show_dialogs(presentity.aor, sight)).first->second;
}

// Each document is whole: phones that have lost one are right again with the next (RFC 4235 §4.3). Versions
// grow with the CSeq, see watchers_text().
std::string Agent::dialogs_text(Watcher& watcher) {
  const sip::Aor& aor = watcher.subscription.presentity;
  Presentity* found = presentities_.find(aor.text());
  const bool judged = found && watcher.judged && !watcher.left;
  const DialogSight sight =
      judged ? dialog_sight_in(*found, watcher.view)
             : dialog_sight_by(ask_rules(circumstances_of(aor), watcher.subscription.watcher));
  ShownDialogs shown = show_dialogs(aor, sight);
  watcher.told = shown.hash;
  shown.info.version = watcher.cseq;
  return bodies::write(shown.info);
}

}  // namespace rollcall::presence
