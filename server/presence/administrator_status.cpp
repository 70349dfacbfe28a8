// SPDX-License-Identifier: Apache-2.0
#include "administrator_status.hpp"

#include "compose_person.hpp"

#include <chrono>
#include <string_view>

#include <rollcall/base/ids.hpp>
#include <rollcall/xml/pidf.hpp>

namespace rollcall::presence {

namespace {

constexpr std::string_view content_type = "application/vnd.rollcall.status+xml";

/// When a status ends that is to last until it is taken back.
constexpr base::Instant never = std::chrono::sys_days(std::chrono::year(9999) / 1 / 1);

/// What stands in <activities>. RPID has no word for do-not-disturb: those who know none see busy.
std::string_view activities_for(Status status) {
  switch (status) {
    case Status::away:
      return "<rpid:away/>";
    case Status::on_the_phone:
      return "<rpid:on-the-phone/>";
    case Status::busy:
      return "<rpid:busy/>";
    case Status::do_not_disturb:
      return "<rpid:busy/><rpid:other>dnd</rpid:other>";
    case Status::offline:
    case Status::available:
    case Status::idle:
      return "";
  }
  return "";
}

std::string document_for(const sip::Aor& aor, const WantedStatus& wanted) {
  xml::PidfDocument document;
  document.entity = aor.uri();
  xml::Tuple& tuple = document.tuples.emplace_back();
  tuple.id = "status";
  tuple.basic = wanted.status == Status::offline ? xml::Basic::closed : xml::Basic::open;
  xml::Person& person = document.persons.emplace_back();
  person.id = "person";
  const std::string_view activities = activities_for(wanted.status);
  if (!activities.empty()) person.elements.push_back(activities_with(activities));
  if (!wanted.note.empty()) person.notes.push_back({wanted.note, ""});
  return xml::write(document);
}

}  // namespace

bool is_of_administrator(const model::Publication& publication) {
  return publication.content_type == content_type;
}

model::Publication make_administrator_status(const sip::Aor& aor, const WantedStatus& wanted,
                                             const model::Publication* existing, base::Instant now) {
  model::Publication publication;
  publication.aor = aor;
  publication.id = existing ? existing->id : base::random_bits() >> 1;
  publication.event = "presence";
  publication.entity_tag = base::random_hex(16);  // nobody is told
  publication.device = wanted.set_by;
  publication.content_type = content_type;
  publication.body = document_for(aor, wanted);
  publication.published = now;
  publication.expires = wanted.lasts ? now + *wanted.lasts : never;
  return publication;
}

}  // namespace rollcall::presence
