// SPDX-License-Identifier: Apache-2.0
#include <rollcall/registrar/registrar.hpp>

namespace rollcall::registrar {

namespace {
constexpr base::Duration patience = std::chrono::seconds(5);
base::Error no_answer() {
  return base::unavailable("the server did not answer in time");
}
}  // namespace

Service::Part& Service::owner(const sip::Aor& aor) {
  return parts_[parts_.front().shard->owner_of(aor)];
}

base::Result<std::vector<model::Binding>> Service::list(const sip::Aor& aor) {
  using Bindings = std::vector<model::Binding>;
  Part& part = owner(aor);
  auto answer = engine::ask<Bindings>(
      *part.shard, patience, [registrar = part.registrar, aor](base::MoveFunction<void(Bindings)> reply) {
        Bindings copies;
        for (const model::Binding* binding : registrar->bindings(aor.text()))
          copies.push_back(*binding);
        reply(std::move(copies));
      });
  return answer ? base::Result<Bindings>(std::move(*answer)) : base::Result<Bindings>(no_answer());
}

base::Result<> Service::remove(const sip::Aor& aor, std::uint64_t id) {
  Part& part = owner(aor);
  auto answer = engine::ask<base::Result<>>(
      *part.shard, patience,
      [registrar = part.registrar, aor, id](base::MoveFunction<void(base::Result<>)> reply) {
        registrar->remove(aor.text(), id,
                          [reply = std::move(reply)](const base::Result<>& kept) mutable { reply(kept); });
      });
  return answer ? std::move(*answer) : base::Result<>(no_answer());
}

base::Result<> Service::remove_all(const sip::Aor& aor) {
  return remove(aor, 0);
}

}  // namespace rollcall::registrar
