// SPDX-License-Identifier: Apache-2.0
#include "turns.hpp"

namespace rollcall::xdm {

namespace {

base::Error busy() {
  return {base::ErrorCode::overloaded, "other changes of the same documents are under way"};
}

}  // namespace

base::Result<Turns::Held> Turns::take(const std::string& key, Deadline deadline) {
  Stripe& stripe = stripe_of(key);
  std::unique_lock lock(stripe.mutex);
  Key& place = stripe.keys[key];
  if (place.is_taken) {
    if (place.waiting >= most_waiting) return busy();
    ++place.waiting;
    const bool is_free = stripe.ended.wait_until(lock, deadline, [&] { return !place.is_taken; });
    --place.waiting;
    if (!is_free) return busy();
  }
  place.is_taken = true;
  return std::make_shared<const Turn>(*this, key);
}

void Turns::end(const std::string& key) {
  Stripe& stripe = stripe_of(key);
  {
    const std::lock_guard lock(stripe.mutex);
    const auto place = stripe.keys.find(key);
    place->second.is_taken = false;
    if (place->second.waiting == 0) stripe.keys.erase(place);
  }
  stripe.ended.notify_all();
}

}  // namespace rollcall::xdm
