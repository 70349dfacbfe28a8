// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <unordered_map>

#include <rollcall/bodies/dialog_info.hpp>
#include <rollcall/xml/writer.hpp>

namespace rollcall::bodies {

namespace {

constexpr std::string_view state_names[] = {"trying", "proceeding", "early", "confirmed", "terminated"};
constexpr std::string_view event_names[] = {"",          "cancelled",  "rejected", "replaced",
                                            "local-bye", "remote-bye", "error",    "timeout"};
constexpr std::string_view direction_names[] = {"", "initiator", "recipient"};

void write_name(xml::Writer& out, std::string_view element, const DialogName& name) {
  out.open(element).attribute_if_any("display", name.display).text(name.uri).close();
}

void write_party(xml::Writer& out, std::string_view element, const DialogParty& party) {
  out.open(element);
  if (party.identity) write_name(out, "identity", *party.identity);
  if (party.target) {
    out.open("target").attribute("uri", *party.target);
    for (const auto& [name, value] : party.target_params)
      out.open("param").attribute("pname", name).attribute("pval", value).close();
    out.close();
  }
  if (!party.session_description.empty())
    out.open("session-description")
        .attribute("type", party.session_description_type)
        .text(party.session_description)
        .close();
  out.close();
}

/// In the order of the schema (§4.4).
void write_dialog(xml::Writer& out, const Dialog& dialog) {
  out.open("dialog")
      .attribute("id", dialog.id)
      .attribute_if_any("call-id", dialog.call_id)
      .attribute_if_any("local-tag", dialog.local_tag)
      .attribute_if_any("remote-tag", dialog.remote_tag)
      .attribute_if_any("direction", to_string(dialog.direction));
  out.open("state").attribute_if_any("event", to_string(dialog.event));
  if (dialog.code) out.attribute("code", *dialog.code);
  out.text(to_string(dialog.state)).close();
  if (dialog.duration) out.element("duration", std::to_string(*dialog.duration));
  if (dialog.replaces)
    out.open("replaces")
        .attribute("call-id", dialog.replaces->call_id)
        .attribute("local-tag", dialog.replaces->local_tag)
        .attribute("remote-tag", dialog.replaces->remote_tag)
        .close();
  if (dialog.referred_by) write_name(out, "referred-by", *dialog.referred_by);
  if (dialog.local) write_party(out, "local", *dialog.local);
  if (dialog.remote) write_party(out, "remote", *dialog.remote);
  for (const auto& extension : dialog.extensions)
    out.element(extension);
  out.close();
}

}  // namespace

std::string_view to_string(DialogState state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::string_view to_string(DialogEvent event) {
  return event_names[static_cast<std::size_t>(event)];
}

std::string_view to_string(DialogDirection direction) {
  return direction_names[static_cast<std::size_t>(direction)];
}

std::string write(const DialogInfo& document) {
  xml::Writer out("dialog-info", dialog_info_namespace);
  out.attribute("version", document.version)
      .attribute("state", to_string(document.coverage))
      .attribute("entity", document.entity);
  for (const auto& dialog : document.dialogs)
    write_dialog(out, dialog);
  return out.take();
}

void merge(std::vector<Dialog>& known, const DialogInfo& news) {
  if (news.coverage == Coverage::full) known.clear();
  std::unordered_map<std::string_view, std::size_t> places;
  const auto before = std::move(known);
  known.clear();
  known.reserve(before.size() + news.dialogs.size());
  for (const auto& dialog : before) {
    places.emplace(dialog.id, known.size());
    known.push_back(dialog);
  }
  for (const auto& dialog : news.dialogs) {
    const auto [place, is_new] = places.try_emplace(dialog.id, known.size());
    if (is_new)
      known.push_back(dialog);
    else
      known[place->second] = dialog;
  }
  std::erase_if(known, [](const Dialog& dialog) { return dialog.state == DialogState::terminated; });
}

}  // namespace rollcall::bodies
