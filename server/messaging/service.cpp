// SPDX-License-Identifier: Apache-2.0
#include <rollcall/messaging/messaging.hpp>

namespace rollcall::messaging {

namespace {
constexpr base::Duration patience = std::chrono::seconds(5);
base::Error no_answer() {
  return base::unavailable("the server did not answer in time");
}
}  // namespace

Service::Part& Service::owner(const sip::Aor& aor) {
  return parts_[parts_.front().shard->owner_of(aor)];
}

base::Result<std::size_t> Service::count(const sip::Aor& aor) {
  Part& part = owner(aor);
  const auto count = engine::ask<std::size_t>(
      *part.shard, patience, [messaging = part.messaging, aor](base::MoveFunction<void(std::size_t)> reply) {
        reply(messaging->waiting(aor.text()));
      });
  return count ? base::Result<std::size_t>(*count) : base::Result<std::size_t>(no_answer());
}

base::Result<> Service::drop(const sip::Aor& aor, const std::string& id) {
  Part& part = owner(aor);
  auto answer = engine::ask<base::Result<>>(
      *part.shard, patience,
      [messaging = part.messaging, aor, id](base::MoveFunction<void(base::Result<>)> reply) {
        messaging->drop(aor.text(), id,
                        [reply = std::move(reply)](const base::Result<>& kept) mutable { reply(kept); });
      });
  return answer ? std::move(*answer) : base::Result<>(no_answer());
}

base::Result<> Service::drop_all(const sip::Aor& aor) {
  return drop(aor, "");
}

}  // namespace rollcall::messaging
