// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>
#include <unordered_set>

#include <rollcall/accounts/service.hpp>
#include <rollcall/base/clock.hpp>

namespace rollcall::accounts {

namespace {

constexpr base::Duration patience = std::chrono::seconds(5);
constexpr std::size_t import_chunk = 1'000;

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

base::Error no_answer() {
  return base::unavailable("the server did not answer in time");
}

template <class T>
using Reply = base::MoveFunction<void(base::Result<T>)>;

// Asks a shard and turns silence into an error.
template <class T>
base::Result<T> consult(engine::Shard& shard, base::MoveFunction<void(Reply<T>)> question) {
  auto answer = engine::ask<base::Result<T>>(shard, patience, std::move(question));
  return answer ? std::move(*answer) : base::Result<T>(no_answer());
}

// Decides and commits behind the user's gate. `decide` returns the changes, or why not; `result` is
// what the caller gets once they are kept.
template <class T, class Decide>
base::Result<T> change_user(engine::Shard& shard, const std::string& key, T result, Decide decide) {
  return consult<T>(shard, [&shard, key, result, decide](Reply<T> answer) mutable {
    auto shared = std::make_shared<Reply<T>>(std::move(answer));  // two ways out, one of which is taken
    const bool entered = shard.gate().enter(key, [&shard, key, result, decide, shared]() mutable {
      base::Result<model::Changes> changes = decide(result);
      if (!changes) {
        shard.gate().leave(key);
        return (*shared)(changes.error());
      }
      shard.keeper().commit(std::move(*changes), [&shard, key, result, shared](const base::Result<>& kept) {
        shard.gate().leave(key);
        (*shared)(kept ? base::Result<T>(result) : base::Result<T>(kept.error()));
      });
    });
    if (!entered) (*shared)(base::Error{base::ErrorCode::overloaded, "too many changes of one user wait"});
  });
}

base::Result<model::User> made_of(const NewUser& wanted) {
  if (auto fault = fault_in_username(wanted.username); !fault.empty())
    return base::malformed("username: " + fault);
  if (auto fault = fault_in_domain(wanted.domain); !fault.empty()) return base::malformed("domain: " + fault);
  if (auto fault = fault_in_password(wanted.password); !fault.empty())
    return base::malformed("password: " + fault);
  if (auto fault = fault_in_label(wanted.display_name); !fault.empty())
    return base::malformed("display_name: " + fault);
  const auto aor = sip::Aor::parse(wanted.username + "@" + lower(wanted.domain));
  if (!aor) return aor.error();
  const auto now = base::now();
  return model::User{*aor,
                     wanted.display_name,
                     sip::Ha1::of(aor->user(), aor->domain(), wanted.password),
                     wanted.enabled,
                     now,
                     now};
}

base::Error missing_domain(const sip::Aor& aor) {
  return base::not_found("the domain " + std::string(aor.domain()) + " does not exist");
}
base::Error missing_user(const sip::Aor& aor) {
  return base::not_found("the user " + aor.text() + " does not exist");
}
base::Error existing_user(const sip::Aor& aor) {
  return {base::ErrorCode::conflict, "the user " + aor.text() + " exists already"};
}

}  // namespace

// Every shard knows every domain: the one that commits a change tells the others.
Service::Service(std::vector<ShardAccounts> shards) : shards_(std::move(shards)) {
  for (ShardAccounts& part : shards_)
    part.shard->keeper().listen(engine::Topic::domain, [this, &part](const engine::Event& event) {
      const bool exists = part.directory->serves(event.key);
      for (ShardAccounts& other : shards_) {
        if (&other == &part) continue;
        other.shard->post([directory = other.directory, name = event.key, exists] {
          directory->apply(exists ? model::Change(model::SaveDomain{{name, {}}})
                                  : model::Change(model::RemoveDomain{name}));
        });
      }
    });
}

ShardAccounts& Service::owner(std::string_view aor) {
  return shards_[shards_.front().shard->owner_of(aor)];
}

base::Result<model::User> Service::user(const sip::Aor& aor) {
  ShardAccounts& part = owner(aor.text());
  return consult<model::User>(*part.shard, [directory = part.directory, aor](Reply<model::User> answer) {
    const model::User* user = directory->find(aor.text());
    answer(user ? base::Result<model::User>(*user) : base::Result<model::User>(missing_user(aor)));
  });
}

base::Result<model::User> Service::create_user(const NewUser& wanted) {
  auto user = made_of(wanted);
  if (!user) return user.error();
  ShardAccounts& part = owner(user->aor.text());
  return change_user(*part.shard, user->aor.text(), *user,
                     [directory = part.directory](model::User& made) -> base::Result<model::Changes> {
                       if (!directory->serves(made.aor.domain())) return missing_domain(made.aor);
                       if (directory->find(made.aor.text())) return existing_user(made.aor);
                       return model::Changes{model::SaveUser{made}};
                     });
}

base::Result<model::User> Service::update_user(const sip::Aor& aor, const UserPatch& patch) {
  if (patch.password)
    if (auto fault = fault_in_password(*patch.password); !fault.empty())
      return base::malformed("password: " + fault);
  if (patch.display_name)
    if (auto fault = fault_in_label(*patch.display_name); !fault.empty())
      return base::malformed("display_name: " + fault);
  ShardAccounts& part = owner(aor.text());
  auto result = std::make_shared<model::User>();  // filled in by the decision, read when it is kept
  auto kept = change_user(
      *part.shard, aor.text(), base::Done{},
      [directory = part.directory, aor, patch, result](base::Done&) -> base::Result<model::Changes> {
        const model::User* user = directory->find(aor.text());
        if (!user) return missing_user(aor);
        *result = *user;
        if (patch.display_name) result->display_name = *patch.display_name;
        if (patch.enabled) result->enabled = *patch.enabled;
        if (patch.password) result->ha1 = sip::Ha1::of(aor.user(), aor.domain(), *patch.password);
        result->updated = base::now();
        return model::Changes{model::SaveUser{*result}};
      });
  if (!kept) return kept.error();
  return *result;
}

base::Result<> Service::remove_user(const sip::Aor& aor) {
  ShardAccounts& part = owner(aor.text());
  return change_user(*part.shard, aor.text(), base::Done{},
                     [directory = part.directory, aor](base::Done&) -> base::Result<model::Changes> {
                       if (!directory->find(aor.text())) return missing_user(aor);
                       return model::Changes{model::RemoveUser{aor}};
                     });
}

std::vector<base::Result<>> Service::import_users(const std::vector<NewUser>& wanted) {
  std::vector<base::Result<>> results(wanted.size(), base::Result<>(base::Done{}));
  struct Chunk {
    std::vector<std::size_t> places;
    std::vector<model::User> users;
  };
  std::vector<Chunk> chunks(shards_.size());
  const auto flush = [&](std::size_t index) {
    Chunk chunk = std::exchange(chunks[index], {});
    auto outcomes = import_chunk_of(shards_[index], std::move(chunk.users));
    for (std::size_t i = 0; i < chunk.places.size(); ++i)
      results[chunk.places[i]] = std::move(outcomes[i]);
  };
  for (std::size_t place = 0; place < wanted.size(); ++place) {
    auto user = made_of(wanted[place]);
    if (!user) {
      results[place] = user.error();
      continue;
    }
    const std::size_t index = shards_.front().shard->owner_of(user->aor);
    chunks[index].places.push_back(place);
    chunks[index].users.push_back(std::move(*user));
    if (chunks[index].users.size() == import_chunk) flush(index);
  }
  for (std::size_t index = 0; index < chunks.size(); ++index)
    if (!chunks[index].users.empty()) flush(index);
  return results;
}

// One transaction for those that can be made; the others are told apart on the shard.
std::vector<base::Result<>> Service::import_chunk_of(ShardAccounts& part, std::vector<model::User> users) {
  using Results = std::vector<base::Result<>>;
  const std::size_t count = users.size();
  auto answer = engine::ask<Results>(
      *part.shard, 6 * patience,
      [&shard = *part.shard, directory = part.directory,
       users = std::move(users)](base::MoveFunction<void(Results)> reply) mutable {
        Results results(users.size(), base::Result<>(base::Done{}));
        model::Changes changes;
        std::unordered_set<std::string> seen;
        for (std::size_t i = 0; i < users.size(); ++i) {
          if (!directory->serves(users[i].aor.domain()))
            results[i] = missing_domain(users[i].aor);
          else if (directory->find(users[i].aor.text()) || !seen.insert(users[i].aor.text()).second)
            results[i] = existing_user(users[i].aor);
          else
            changes.push_back(model::SaveUser{std::move(users[i])});
        }
        shard.keeper().commit(std::move(changes), [results = std::move(results), reply = std::move(reply)](
                                                      const base::Result<>& kept) mutable {
          if (!kept)
            for (auto& result : results)
              if (result) result = kept.error();
          reply(std::move(results));
        });
      });
  return answer ? std::move(*answer) : Results(count, base::Result<>(no_answer()));
}

}  // namespace rollcall::accounts
