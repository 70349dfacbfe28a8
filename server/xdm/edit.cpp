// SPDX-License-Identifier: Apache-2.0
#include "edit.hpp"

#include <algorithm>
#include <utility>

#include <rollcall/base/clock.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/xcap/document.hpp>
#include <rollcall/xdm/place.hpp>

namespace rollcall::xdm {

namespace {

constexpr std::string_view services_usage = "rls-services";

// The URIs of the services in a document that has passed its checks.
std::vector<std::string> services_in(const std::string& text, const xcap::Limits& limits) {
  std::vector<std::string> uris;
  const auto document = xcap::Document::parse(text, {limits.document_bytes, limits.depth});
  if (!document) return uris;
  for (auto child = document->first_child(0); child != xcap::Document::none;
       child = document->element(child).next)
    if (const auto uri = document->value(child, "uri")) uris.push_back(service_uri(*uri));
  return uris;
}

using Reply = base::MoveFunction<void(base::Result<>)>;

// What is said once a change is decided. The turns go with it to the shard, so that nobody decides on what
// was before the change, even when nobody waits for it any more.
struct Answer {
  Reply reply;
  std::vector<Turns::Held> turns;

  void give(base::Result<> result) {
    turns.clear();
    reply(std::move(result));
  }
};

// Behind the gate that the removal of a user passes too: of somebody who is gone nothing is kept.
void commit_on_shard(const accounts::ShardAccounts& part, const sip::Aor& owner, model::Change change,
                     const std::shared_ptr<Answer>& answer) {
  engine::Shard& shard = *part.shard;
  const std::string key = owner.empty() ? "documents" : owner.text();
  const bool entered =
      shard.gate().enter(key, [&shard, &part, owner, key, answer, change = std::move(change)]() mutable {
        if (!owner.empty() && !part.directory->find(owner.text())) {
          shard.gate().leave(key);
          return answer->give(base::not_found("the user " + owner.text() + " does not exist"));
        }
        model::Changes changes;
        changes.push_back(std::move(change));
        shard.keeper().commit(std::move(changes), [&shard, key, answer](const base::Result<>& kept) {
          shard.gate().leave(key);
          answer->give(kept);
        });
      });
  if (!entered) answer->give(base::Error{base::ErrorCode::overloaded, "too many changes of one user wait"});
}

base::Error no_answer() {
  return base::unavailable("the server did not answer in time");
}

}  // namespace

// List services are unique among all users, so two documents with some are not changed at the same time.
base::Result<> Service::Edit::take_turns() {
  std::vector<std::string> keys{owner_.text()};
  if (model::usage_of(path_) == services_usage) keys.emplace_back(services_usage);
  for (const std::string& key : keys) {
    auto turn = parts_.turns.take(key, deadline_);
    if (!turn) return turn.error();
    turns_.push_back(std::move(*turn));
  }
  return base::Done{};
}

base::Result<std::optional<model::Document>> Service::Edit::run(const Decide& decide) {
  if (auto taken = take_turns(); !taken) return taken.error();
  auto rows = parts_.list(owner_, deadline_);
  if (!rows) return rows.error();
  rows_ = std::move(*rows);
  auto current = parts_.read(owner_, path_, deadline_);
  if (!current) return current.error();
  auto decision = decide(*current);
  if (fault_) return *fault_;
  if (!decision) return decision.error();
  switch (decision->effect) {
    case xcap::Effect::none:
      return current;
    case xcap::Effect::remove:
      if (auto kept = commit(model::RemoveDocument{owner_, path_}); !kept) return kept.error();
      return std::optional<model::Document>();
    case xcap::Effect::store:
      break;
  }
  if (*current && (*current)->body == decision->text) return current;  // it is on disk
  if (auto error = excess(decision->text.size(), *current)) return *error;
  return store(std::move(*decision));
}

std::optional<base::Error> Service::Edit::excess(std::size_t size,
                                                 const std::optional<model::Document>& current) const {
  if (owner_.empty()) return std::nullopt;
  const auto most_documents = static_cast<std::size_t>(parts_.limits.documents_per_user);
  if (!current && rows_.size() >= most_documents)
    return base::Error{base::ErrorCode::conflict, "the user has as many documents as there may be"};
  std::size_t bytes = size;
  for (const engine::DocumentRow& row : rows_)
    if (row.path != path_) bytes += row.size;
  if (bytes > static_cast<std::size_t>(parts_.limits.document_bytes_per_user))
    return base::Error{base::ErrorCode::too_large, "the documents of the user would be too large together"};
  return std::nullopt;
}

base::Result<std::optional<model::Document>> Service::Edit::store(Decision decision) {
  model::Document document{owner_, path_, decision.etag, decision.text, base::now(), {}};
  if (model::usage_of(path_) == services_usage)
    document.services = services_in(decision.text, parts_.xcap_limits());
  if (auto kept = commit(model::SaveDocument{document}); !kept) return kept.error();
  return std::optional<model::Document>(std::move(document));
}

xcap::Context Service::Edit::context() {
  xcap::Surroundings surroundings{parts_.roots, {}};
  surroundings.taken = [this](std::span<const std::string> uris) {
    auto taken = parts_.taken(uris, owner_, path_, deadline_);
    if (taken) return std::move(*taken);
    fault_ = taken.error();
    return std::vector<std::string>();
  };
  return {parts_.schemas, parts_.xcap_limits(), std::move(surroundings)};
}

base::Result<> Service::Edit::commit(model::Change change) {
  const auto left = left_until(deadline_);
  if (left.count() <= 0) return no_answer();
  const auto& part = parts_.shard_of(owner_.text());
  auto answer = engine::ask<base::Result<>>(
      *part.shard, left,
      [&part, owner = owner_, turns = turns_, change = std::move(change)](Reply reply) mutable {
        commit_on_shard(part, owner, std::move(change),
                        std::make_shared<Answer>(Answer{std::move(reply), std::move(turns)}));
      });
  return answer ? std::move(*answer) : base::Result<>(no_answer());
}

}  // namespace rollcall::xdm
