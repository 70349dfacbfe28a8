// SPDX-License-Identifier: Apache-2.0
#include "load.hpp"

#include "text.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace bench {
namespace {

using namespace std::chrono_literals;

constexpr auto t1 = 500ms;
constexpr auto t2 = 4s;
constexpr auto timer_f = 64 * t1;
constexpr auto tick = 20ms;
constexpr std::size_t most_complaints = 5;

std::string write(const Draft& draft, const User& user, const std::string& via,
                  const std::string& credentials) {
  return fmt::format(
      "{} {} SIP/2.0\r\nVia: {}\r\nMax-Forwards: 70\r\nFrom: <{}>;tag={}\r\nTo: {}\r\nCall-ID: {}\r\n"
      "CSeq: {} {}\r\n{}{}Content-Length: {}\r\n\r\n{}",
      draft.method, draft.uri, via, user.aor, user.socket, draft.to, draft.call_id, draft.cseq, draft.method,
      credentials, draft.headers, draft.body.size(), draft.body);
}

}  // namespace

Load::Load(const Options& options, Sockets& sockets, World& world)
    : options_(options),
      sockets_(sockets),
      world_(world),
      branch_prefix_("z9hG4bK-" + world.run + "-"),
      slots_(options.in_flight) {
  for (std::uint32_t i = 0; i < slots_.size(); ++i)
    slots_[i].index = i;
}

Result Load::run(Case& operation, std::chrono::milliseconds time, std::uint64_t most_operations) {
  case_ = &operation;
  result_ = {};
  begun_ = 0;
  most_operations_ = most_operations;
  now_ = Clock::now();
  const auto start = now_;
  end_ = start + time;
  for (auto& slot : slots_)
    begin(slot);
  auto next_tick = now_ + tick;
  while (busy_ > 0) {
    sockets_.flush();
    sockets_.receive(tick,
                     [this](std::uint32_t socket, std::string_view data) { on_datagram(socket, data); });
    now_ = Clock::now();
    if (now_ < next_tick) continue;
    check_timers();
    next_tick = now_ + tick;
  }
  sockets_.flush();
  result_.seconds = std::chrono::duration<double>(std::min(now_, end_) - start).count();
  return std::move(result_);
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
  return now_ < end_ && begun_ < most_operations_;
}

void Load::begin(Slot& slot) {
  slot.busy = may_begin() && case_->begin(slot);
  if (!slot.busy) return;
  ++busy_;
  slot.operation = begun_++;
  slot.answered = slot.challenged = false;
  slot.began = now_;
  slot.deadline = now_ + timer_f;
  send(slot);
}

void Load::send(Slot& slot) {
  auto& user = world_.users[slot.draft.user];
  std::string credentials;
  if (user.credentials.has_nonce())
    credentials = user.credentials.header_line(slot.draft.method, slot.draft.uri);
  if (!options_.reuse_nonce) user.credentials.forget_nonce();
  ++slot.generation;
  const auto via = fmt::format("SIP/2.0/UDP 127.0.0.1:{};branch={}{}.{};rport", sockets_.port(user.socket),
                               branch_prefix_, slot.index, slot.generation);
  slot.bytes = write(slot.draft, user, via, credentials);
  slot.pause = t1;
  slot.send_again = now_ + slot.pause;
  sockets_.send(user.socket, slot.bytes);
}

void Load::on_datagram(std::uint32_t socket, std::string_view datagram) {
  now_ = Clock::now();
  if (status_of(datagram) != 0) return on_response(datagram);
  if (datagram.size() < 16) return;
  answer(socket, datagram);
  case_->on_request(*this, socket, datagram);
}

void Load::on_response(std::string_view response) {
  const auto branch = parameter(header(response, "Via", 'v'), "branch");
  const auto dot = branch.find('.');
  if (branch.substr(0, branch_prefix_.size()) != branch_prefix_ || dot == std::string_view::npos) return;
  auto& slot = slots_[leading_number(branch.substr(branch_prefix_.size())) % slots_.size()];
  const bool current =
      slot.busy && !slot.answered && leading_number(branch.substr(dot + 1)) == slot.generation;
  const int status = status_of(response);
  if (!current || status < 200 || answer_challenge(slot, status, response)) return;
  slot.answered = true;
  const auto complaint = case_->on_answer(slot, status, response);
  if (!complaint.empty()) {
    wrong(complaint);
    slot.awaited = 0;
  }
  end_if_over(slot);
}

bool Load::answer_challenge(Slot& slot, int status, std::string_view response) {
  if ((status != 401 && status != 407) || slot.challenged) return false;
  auto& user = world_.users[slot.draft.user];
  if (!user.credentials.take_challenge(response)) return false;
  ++result_.challenges;
  slot.challenged = true;
  ++slot.draft.cseq;
  user.cseq = std::max(user.cseq, slot.draft.cseq);
  send(slot);
  return true;
}

void Load::answer(std::uint32_t socket, std::string_view request) {
  std::string text = "SIP/2.0 200 OK\r\n";
  // Every Via, in order: each search goes on behind the one before.
  for (auto rest = request;;) {
    const auto via = header(rest, "Via", 'v');
    if (via.empty()) break;
    text.append("Via: ").append(via).append("\r\n");
    rest = rest.substr(static_cast<std::size_t>(via.data() - rest.data()) + via.size());
  }
  const auto to = header(request, "To", 't');
  text.append("From: ").append(header(request, "From", 'f'));
  text.append("\r\nTo: ").append(to);
  if (parameter(to, "tag").empty()) text.append(";tag=load");
  text.append("\r\nCall-ID: ").append(header(request, "Call-ID", 'i'));
  text.append("\r\nCSeq: ").append(header(request, "CSeq")).append("\r\nContent-Length: 0\r\n\r\n");
  sockets_.send(socket, std::move(text));
}

void Load::end_if_over(Slot& slot) {
  if (!slot.busy || !slot.answered || slot.awaited > 0) return;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(now_ - slot.began).count();
  result_.latencies.push_back(static_cast<std::uint32_t>(took));
  result_.operations += now_ <= end_;
  slot.busy = false;
  --busy_;
  begin(slot);
}

void Load::check_timers() {
  for (auto& slot : slots_) {
    if (!slot.busy) continue;
    if (now_ >= slot.deadline) {
      ++result_.lost;
      if (result_.complaints.size() < most_complaints) {
        result_.complaints.push_back(fmt::format("{} of {}: answered {}, {} requests did not come",
                                                 slot.draft.method, world_.users[slot.draft.user].aor,
                                                 slot.answered, slot.awaited));
      }
      slot.busy = false;
      --busy_;
      begin(slot);
    } else if (!slot.answered && now_ >= slot.send_again) {
      ++result_.retransmissions;
      sockets_.send(world_.users[slot.draft.user].socket, slot.bytes);
      slot.pause = std::min<Clock::duration>(2 * slot.pause, t2);
      slot.send_again = now_ + slot.pause;
    }
  }
}

}  // namespace bench
