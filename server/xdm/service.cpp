// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"
#include "parts.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include <rollcall/engine/shard.hpp>
#include <rollcall/xdm/place.hpp>
#include <rollcall/xdm/service.hpp>

namespace rollcall::xdm {

namespace {

using Found = std::optional<model::Document>;
using Rows = std::vector<engine::DocumentRow>;

base::Error late() {
  return base::unavailable("the server did not answer in time");
}

// The error that a refusal is for those who do not speak XCAP.
base::Error error_of(const xcap::Outcome& outcome) {
  switch (outcome.status) {
    case 413:
      return {base::ErrorCode::too_large, "the document would be too large"};
    case 409:
      return {base::ErrorCode::conflict, "the document would not be valid"};
    case 404:
      return base::not_found("there is no such document");
    default:
      return {base::ErrorCode::internal, "the document cannot be changed"};
  }
}

}  // namespace

Service::Service(std::vector<accounts::ShardAccounts> shards, engine::Readers& readers,
                 const base::Limits& limits, std::vector<std::string> roots)
    : parts_(std::make_unique<Parts>(std::move(shards), readers, limits, std::move(roots))) {}

Service::~Service() = default;

base::Result<Found> Service::Parts::read(const sip::Aor& owner, const std::string& path, Deadline deadline) {
  if (auto known = cache.find(owner, path)) return std::move(*known);
  const auto ticket = cache.ticket(owner);
  auto found = engine::read<Found>(
      readers, [owner, path](engine::Queries& queries) { return queries.document(owner, path); },
      left_until(deadline));
  if (found && *found) cache.keep(**found, ticket);
  return found;
}

base::Result<Rows> Service::Parts::list(const sip::Aor& owner, Deadline deadline) {
  if (auto known = cache.rows(owner)) return std::move(*known);
  const auto ticket = cache.ticket(owner);
  auto rows = engine::read<Rows>(
      readers, [owner](engine::Queries& queries) { return queries.documents(owner); }, left_until(deadline));
  if (rows) cache.keep(owner, *rows, ticket);
  return rows;
}

base::Result<bool> Service::Parts::is_user(const sip::Aor& aor, Deadline deadline) const {
  const auto& part = shard_of(aor.text());
  const auto known =
      engine::ask<bool>(*part.shard, std::max(left_until(deadline), base::Duration(0)),
                        [directory = part.directory, aor](base::MoveFunction<void(bool)> reply) {
                          reply(directory->find(aor.text()) != nullptr);
                        });
  return known ? base::Result<bool>(*known) : base::Result<bool>(late());
}

// The shards are asked for all of the URIs at once: a document may define hundreds.
base::Result<std::vector<std::string>> Service::Parts::taken(std::span<const std::string> uris,
                                                             const sip::Aor& owner, const std::string& path,
                                                             Deadline deadline) {
  std::vector<std::string> kept;
  std::vector<std::vector<std::string>> names(shards.size());
  for (const std::string& uri : uris) {
    kept.push_back(service_uri(uri));
    if (const auto aor = user_of(kept.back()))
      names[shards.front().shard->owner_of(aor->text())].push_back(aor->text());
  }
  auto others = engine::read<std::vector<std::string>>(
      readers,
      [kept, owner, path](engine::Queries& queries) { return queries.taken_services(kept, owner, path); },
      left_until(deadline));
  if (!others) return others.error();
  std::set<std::string> taken(others->begin(), others->end());
  for (std::size_t i = 0; i < shards.size(); ++i) {
    if (names[i].empty()) continue;
    const auto users = engine::ask<std::vector<std::string>>(
        *shards[i].shard, std::max(left_until(deadline), base::Duration(0)),
        [directory = shards[i].directory, some = names[i]](auto reply) {
          std::vector<std::string> found;
          for (const std::string& name : some)
            if (const auto* user = directory->find(name)) found.push_back(user->aor.uri());
          reply(std::move(found));
        });
    if (!users) return late();
    taken.insert(users->begin(), users->end());
  }
  std::vector<std::string> answer;
  for (std::size_t i = 0; i < kept.size(); ++i)
    if (taken.contains(kept[i])) answer.push_back(uris[i]);
  return answer;
}

base::Result<Found> Service::read(const sip::Aor& owner, const std::string& path) {
  return parts_->read(owner, path, deadline_from_now());
}

base::Result<Rows> Service::list(const sip::Aor& owner) {
  return parts_->list(owner, deadline_from_now());
}

base::Result<bool> Service::has_user(const sip::Aor& aor) {
  return parts_->is_user(aor, deadline_from_now());
}

base::Result<Found> Service::service(const std::string& uri) {
  return engine::read<Found>(
      parts_->readers, [uri = service_uri(uri)](engine::Queries& queries) { return queries.service(uri); },
      patience);
}

base::Result<Found> Service::edit(const sip::Aor& owner, const std::string& path, const Change& change) {
  auto place = xcap_path(owner, path);
  if (!place) return base::malformed("no application usage has such a document");
  Edit edit(*parts_, owner, path);
  return edit.run([&](const Found& current) -> base::Result<Edit::Decision> {
    auto text = change(current);
    if (!text) return text.error();
    if (!*text) return Edit::Decision{current ? xcap::Effect::remove : xcap::Effect::none, {}, {}};
    xcap::Request request;
    request.method = xcap::Method::put;
    request.path = *place;
    request.content_type = std::string(place->usage->media_type);
    request.body = **text;
    auto outcome = xcap::handle(request, nullptr, edit.context());
    if (outcome.effect != xcap::Effect::store) return error_of(outcome);
    return Edit::Decision{xcap::Effect::store, std::move(outcome.document), std::move(outcome.etag)};
  });
}

base::Result<> Service::remove(const sip::Aor& owner, const std::string& path) {
  const auto removed =
      edit(owner, path, [](const Found& current) -> base::Result<std::optional<std::string>> {
        if (!current) return base::not_found("there is no such document");
        return std::optional<std::string>();
      });
  if (!removed) return removed.error();
  return base::Done{};
}

}  // namespace rollcall::xdm
