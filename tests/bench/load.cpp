// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr auto t1 = 500ms;
constexpr auto t2 = 4s;
constexpr auto timer_f = 64 * t1;
constexpr auto tick = 20ms;
constexpr auto open_loop_step = 1ms;
constexpr auto quiet = 300ms;
constexpr auto longest_settling = 5s;
constexpr std::size_t most_complaints = 5;

/// How many operations of an open loop should have begun by then.
std::uint64_t due_by(const std::vector<Phase>& phases, std::chrono::duration<double> since_start) {
  double due = 0;
  for (const auto& phase : phases) {
    due += phase.rate * std::min<std::chrono::duration<double>>(since_start, phase.length).count();
    since_start -= phase.length;
    if (since_start.count() <= 0) break;
  }
  return static_cast<std::uint64_t>(std::ceil(due));
}

Clock::duration length_of(const Plan& plan) {
  auto length = plan.phases.empty() ? plan.time : Clock::duration{};
  for (const auto& phase : plan.phases)
    length += phase.length;
  return length;
}

}  // namespace

Load::Load(const Options& options, Sockets& sockets, World& world)
    : options_(options),
      sockets_(sockets),
      world_(world),
      branch_prefix_("z9hG4bK-" + world.run + "-"),
      slots_(options.in_flight),
      look_at_(options.in_flight, Clock::time_point::max()) {
  for (std::uint32_t i = 0; i < slots_.size(); ++i)
    slots_[i].index = i;
  for (auto i = options.in_flight; i > 0; --i)
    free_.push_back(i - 1);
}

Result Load::run(Case& operation, const Plan& plan, Timeline& timeline) {
  start(operation, plan, timeline);
  auto next_tick = now_ + tick;
  for (;;) {
    begin_what_is_due();
    if (busy_ == 0 && !may_begin()) break;
    receive(plan.phases.empty() ? tick : open_loop_step);
    if (now_ < next_tick) continue;
    check_timers();
    timeline.advance(now_ - start_);
    next_tick = now_ + tick;
  }
  timeline.finish(now_ - start_);
  sockets_.flush();
  result_.seconds = std::chrono::duration<double>(std::min(now_, end_) - start_).count();
  return std::move(result_);
}

void Load::start(Case& operation, const Plan& plan, Timeline& timeline) {
  case_ = &operation;
  plan_ = &plan;
  timeline_ = &timeline;
  result_ = {};
  for (auto& name : operation.kinds())
    result_.kinds.push_back({std::move(name), {}});
  begun_ = 0;
  start_ = now_ = Clock::now();
  end_ = start_ + length_of(plan);
}

void Load::settle() {
  last_heard_ = now_;
  for (const auto latest = now_ + longest_settling; now_ < std::min(latest, last_heard_ + quiet);)
    receive(tick);
  sockets_.flush();
}

void Load::receive(std::chrono::milliseconds wait) {
  sockets_.flush();
  sockets_.receive(wait, [this](std::uint32_t socket, std::string_view bytes) { on_message(socket, bytes); });
  now_ = Clock::now();
}

void Load::heard(Slot& slot) {
  if (slot.awaited > 0) --slot.awaited;
  end_if_over(slot);
}

void Load::wrong(std::string why) {
  ++result_.wrong;
  if (result_.complaints.size() < most_complaints) result_.complaints.push_back(std::move(why));
}

bool Load::may_begin() const {
  return now_ < end_ && begun_ < plan_->most_operations && !case_->used_up();
}

void Load::begin_what_is_due() {
  if (plan_->phases.empty()) {
    while (begin_one()) {
    }
    return;
  }
  const auto due = due_by(plan_->phases, now_ - start_);
  while (may_begin() && begun_ + result_.unstarted < due)
    result_.unstarted += begin_one() ? 0 : 1;
}

bool Load::begin_one() {
  if (busy_ >= plan_->in_flight || !may_begin()) return false;
  auto& slot = slots_[free_.back()];
  slot.awaited = 0;
  if (!case_->begin(slot)) return false;
  free_.pop_back();
  ++busy_;
  ++begun_;
  slot.busy = true;
  slot.answered = slot.challenged = false;
  slot.began = now_;
  slot.deadline = now_ + timer_f;
  world_.users[slot.draft.user].busy = true;
  timeline_->begun();
  send(slot);
  return true;
}

void Load::send(Slot& slot) {
  const bool reliable = options_.transport == Transport::tcp;
  const auto& draft = slot.draft;
  auto& user = world_.users[draft.user];
  ++slot.generation;
  auto& text = slot.bytes;
  set(text, draft.method, ' ', draft.uri,
      reliable ? " SIP/2.0\r\nVia: SIP/2.0/TCP" : " SIP/2.0\r\nVia: SIP/2.0/UDP",
      " 127.0.0.1:", sockets_.port(user.socket), ";branch=", branch_prefix_, slot.index, '.', slot.generation,
      ";rport\r\nMax-Forwards: 70\r\nFrom: <", user.aor, ">;tag=", user.socket, "\r\nTo: ", draft.to,
      "\r\nCall-ID: ", draft.call_id, "\r\nCSeq: ", draft.cseq, ' ', draft.method, "\r\n");
  if (user.credentials.has_nonce()) user.credentials.write(text, draft.method, draft.uri);
  if (!options_.reuse_nonce) user.credentials.forget_nonce();
  put(text, draft.headers, "Content-Length: ", draft.body.size(), "\r\n\r\n", draft.body);
  slot.pause = t1;
  slot.send_again = reliable ? slot.deadline : now_ + slot.pause;
  look_at_[slot.index] = std::min(slot.send_again, slot.deadline);
  sockets_.send(user.socket, text);
}

void Load::on_message(std::uint32_t socket, std::string_view bytes) {
  now_ = Clock::now();
  const Message message(bytes);
  if (message.status != 0) {
    on_response(message);
  } else if (!message.call_id.empty() && case_->answers(message)) {
    answer(socket, message);
    case_->on_request(*this, socket, message);
  } else {
    return;
  }
  last_heard_ = now_;
}

void Load::on_response(const Message& response) {
  const auto branch = parameter(response.vias.values[0], "branch");
  const auto dot = branch.find('.');
  if (branch.substr(0, branch_prefix_.size()) != branch_prefix_ || dot == std::string_view::npos) return;
  auto& slot = slots_[leading_number(branch.substr(branch_prefix_.size())) % slots_.size()];
  const bool current =
      slot.busy && !slot.answered && leading_number(branch.substr(dot + 1)) == slot.generation;
  if (!current || response.status < 200 || answer_challenge(slot, response)) return;
  if (response.status == 503 && !response.retry_after.empty()) {
    ++result_.refused;
    timeline_->refused();
    return end(slot);
  }
  slot.answered = true;
  auto complaint = case_->on_answer(slot, response);
  if (!complaint.empty()) {
    wrong(std::move(complaint));
    slot.awaited = 0;
  }
  end_if_over(slot);
}

bool Load::answer_challenge(Slot& slot, const Message& response) {
  if ((response.status != 401 && response.status != 407) || slot.challenged) return false;
  auto& user = world_.users[slot.draft.user];
  if (!user.credentials.take_challenge(response)) return false;
  ++result_.challenges;
  slot.challenged = true;
  ++slot.draft.cseq;
  user.cseq = std::max(user.cseq, slot.draft.cseq);
  send(slot);
  return true;
}

void Load::answer(std::uint32_t socket, const Message& request) {
  // To a device that was started anew the dialogs of the run before mean nothing (RFC 6665 §4.1.3).
  const bool unknown = request.method == "NOTIFY" && !request.call_id.ends_with(world_.run);
  set(answer_, unknown ? "SIP/2.0 481 Subscription Does Not Exist\r\n" : "SIP/2.0 200 OK\r\n");
  for (const auto via : request.vias)
    put(answer_, "Via: ", via, "\r\n");
  put(answer_, "From: ", request.from, "\r\nTo: ", request.to);
  if (parameter(request.to, "tag").empty()) put(answer_, ";tag=load");
  put(answer_, "\r\nCall-ID: ", request.call_id, "\r\nCSeq: ", request.cseq, "\r\nContent-Length: 0\r\n\r\n");
  sockets_.send(socket, answer_);
}

void Load::end_if_over(Slot& slot) {
  if (!slot.busy || !slot.answered || slot.awaited > 0) return;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now_ - slot.began).count();
  result_.kinds[slot.kind].latencies.push_back(static_cast<std::uint32_t>(took));
  result_.operations += now_ <= end_;
  timeline_->done(slot.began - start_, static_cast<std::uint32_t>(took));
  end(slot);
}

void Load::end(Slot& slot) {
  slot.busy = false;
  look_at_[slot.index] = Clock::time_point::max();
  world_.users[slot.draft.user].busy = false;
  case_->on_end(slot);
  free_.push_back(slot.index);
  --busy_;
}

void Load::check_timers() {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (look_at_[i] <= now_) on_timer(slots_[i]);
  }
}

void Load::on_timer(Slot& slot) {
  if (now_ >= slot.deadline) return lose(slot);
  if (!slot.answered && now_ >= slot.send_again) {
    ++result_.retransmissions;
    sockets_.send(world_.users[slot.draft.user].socket, slot.bytes);
    slot.pause = std::min<Clock::duration>(2 * slot.pause, t2);
    slot.send_again = now_ + slot.pause;
  }
  look_at_[slot.index] = slot.answered ? slot.deadline : std::min(slot.send_again, slot.deadline);
}

void Load::lose(Slot& slot) {
  ++result_.lost;
  if (result_.complaints.size() < most_complaints) {
    result_.complaints.push_back(fmt::format("{} of {}: answered {}, {} requests did not come",
                                             slot.draft.method, world_.users[slot.draft.user].aor,
                                             slot.answered, slot.awaited));
  }
  end(slot);
}

}  // namespace bench
