// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include <rollcall/bodies/watcherinfo.hpp>
#include <rollcall/xml/writer.hpp>

namespace rollcall::bodies {

namespace {

using Event = WatcherEvent;
using Status = WatcherStatus;

constexpr std::string_view status_names[] = {"pending", "active", "waiting", "terminated"};
constexpr std::string_view event_names[] = {"subscribe", "approved", "deactivated", "probation",
                                            "rejected",  "timeout",  "giveup",      "noresource"};

struct Arrow {
  Status from;
  Event event;
  Status to;
};

/// RFC 3857 Figure 1.
constexpr Arrow arrows[] = {
    {Status::pending, Event::approved, Status::active},
    {Status::pending, Event::timeout, Status::waiting},
    {Status::pending, Event::noresource, Status::terminated},
    {Status::pending, Event::rejected, Status::terminated},
    {Status::pending, Event::deactivated, Status::terminated},
    {Status::pending, Event::probation, Status::terminated},
    {Status::pending, Event::giveup, Status::terminated},
    {Status::active, Event::noresource, Status::terminated},
    {Status::active, Event::rejected, Status::terminated},
    {Status::active, Event::deactivated, Status::terminated},
    {Status::active, Event::probation, Status::terminated},
    {Status::active, Event::timeout, Status::terminated},
    {Status::waiting, Event::noresource, Status::terminated},
    {Status::waiting, Event::rejected, Status::terminated},
    {Status::waiting, Event::giveup, Status::terminated},
    {Status::waiting, Event::approved, Status::terminated},
};

}  // namespace

std::string_view to_string(WatcherStatus status) {
  return status_names[static_cast<std::size_t>(status)];
}

std::string_view to_string(WatcherEvent event) {
  return event_names[static_cast<std::size_t>(event)];
}

std::string_view to_string(Coverage coverage) {
  return coverage == Coverage::full ? "full" : "partial";
}

WatcherStatus first_status(WatcherPolicy policy) {
  if (policy == WatcherPolicy::accept) return Status::active;
  return policy == WatcherPolicy::reject ? Status::terminated : Status::pending;
}

std::optional<WatcherStatus> next_status(WatcherStatus from, WatcherEvent event) {
  const auto* arrow = std::find_if(std::begin(arrows), std::end(arrows),
                                   [&](const Arrow& one) { return one.from == from && one.event == event; });
  return arrow == std::end(arrows) ? std::nullopt : std::optional(arrow->to);
}

std::string write_watcherinfo(std::uint32_t version, Coverage coverage, std::span<const WatcherList> lists) {
  xml::Writer out("watcherinfo", watcherinfo_namespace);
  out.attribute("version", version).attribute("state", to_string(coverage));
  for (const auto& list : lists) {
    out.open("watcher-list").attribute("resource", list.resource).attribute("package", list.package);
    for (const auto& watcher : list.watchers) {
      out.open("watcher")
          .attribute("id", watcher.id)
          .attribute("status", to_string(watcher.status))
          .attribute("event", to_string(watcher.event))
          .attribute_if_any("display-name", watcher.display_name)
          .attribute_if_any("xml:lang", watcher.language)
          .attribute("expiration", watcher.expiration)
          .attribute("duration-subscribed", watcher.duration_subscribed)
          .text(watcher.uri)
          .close();
    }
    out.close();
  }
  return out.take();
}

}  // namespace rollcall::bodies
