// SPDX-License-Identifier: Apache-2.0
#include <cstddef>

#include <rollcall/bodies/reginfo.hpp>
#include <rollcall/xml/writer.hpp>

namespace rollcall::bodies {

namespace {

constexpr std::string_view state_names[] = {"init", "active", "terminated"};
constexpr std::string_view event_names[] = {"registered", "created",      "refreshed",
                                            "shortened",  "expired",      "deactivated",
                                            "probation",  "unregistered", "rejected"};

bool has_ended(ContactEvent event) {
  return event >= ContactEvent::expired;
}

void write_gruus(xml::Writer& out, const ContactInfo& contact) {
  if (!contact.pub_gruu.empty())
    out.open("pub-gruu").attribute("xmlns", gruuinfo_namespace).attribute("uri", contact.pub_gruu).close();
  if (contact.temp_gruu)
    out.open("temp-gruu")
        .attribute("xmlns", gruuinfo_namespace)
        .attribute("uri", contact.temp_gruu->uri)
        .attribute("first-cseq", contact.temp_gruu->first_cseq)
        .close();
}

void write_contact(xml::Writer& out, const ContactInfo& contact) {
  out.open("contact")
      .attribute("id", contact.id)
      .attribute("state", has_ended(contact.event) ? "terminated" : "active")
      .attribute("event", to_string(contact.event))
      .attribute("duration-registered", contact.duration_registered)
      .attribute("expires", contact.expires)
      .attribute("retry-after", contact.retry_after)
      .attribute_if_any("q", contact.q)
      .attribute_if_any("callid", contact.call_id)
      .attribute("cseq", contact.cseq);
  out.element("uri", contact.uri).element_if_any("display-name", contact.display_name);
  for (const auto& [name, value] : contact.unknown_params)
    out.open("unknown-param").attribute("name", name).text(value).close();
  write_gruus(out, contact);
  out.close();
}

}  // namespace

std::string_view to_string(RegistrationState state) {
  return state_names[static_cast<std::size_t>(state)];
}

std::string_view to_string(ContactEvent event) {
  return event_names[static_cast<std::size_t>(event)];
}

std::string write_reginfo(std::uint32_t version, Coverage coverage,
                          std::span<const RegistrationInfo> registrations) {
  xml::Writer out("reginfo", reginfo_namespace);
  out.attribute("version", version).attribute("state", to_string(coverage));
  for (const auto& registration : registrations) {
    out.open("registration")
        .attribute("aor", registration.aor)
        .attribute("id", registration.id)
        .attribute("state", to_string(registration.state));
    for (const auto& contact : registration.contacts)
      write_contact(out, contact);
    out.close();
  }
  return out.take();
}

}  // namespace rollcall::bodies
