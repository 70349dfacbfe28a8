// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/engine/wire.hpp>
#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/message.hpp>

#include <doctest/doctest.h>

namespace rollcall::tests {

/// One message that left.
struct Sent {
  sip::Flow flow;
  std::string bytes;
  std::uint64_t token = 0;
  std::unique_ptr<sip::Message> message;

  /// "INVITE", or "180 INVITE" for an answer.
  [[nodiscard]] std::string kind() const {
    if (message->is_request()) return std::string(message->method_name());
    const auto cseq = sip::CSeq::parse(message->first(sip::Header::cseq).value_or(""));
    return std::to_string(message->status()) + " " + std::string(cseq ? cseq->method : "?");
  }
  [[nodiscard]] std::string header(sip::Header id) const {
    return std::string(message->first(id).value_or(""));
  }
  [[nodiscard]] std::vector<std::string> headers(sip::Header id) const {
    const auto values = message->values(id);
    return {values.begin(), values.end()};
  }
};

/// Keeps what a shard sends. Everything that leaves must be a message without a fault.
class RecordingWire final : public engine::Wire {
 public:
  void send(const sip::Flow& flow, std::string_view head, const engine::SharedBody& body,
            std::uint64_t token) override {
    Sent sent{flow, std::string(head) + (body ? *body : ""), token, nullptr};
    auto parsed = sip::Message::parse(sent.bytes, base::Limits{});
    REQUIRE_MESSAGE(parsed.ok(), sent.bytes);
    sent.message = std::move(*parsed);
    const auto& defect = sent.message->defect();
    if (sent.message->is_request())
      REQUIRE_MESSAGE(!defect, (defect ? defect->reason + "\n" : "") << sent.bytes);
    sent_.push_back(std::move(sent));
  }
  [[nodiscard]] bool is_open(const sip::Flow& flow) const override {
    return !closed_.contains(flow.connection);
  }

  /// From now on this connection is closed.
  void close(std::uint64_t connection) { closed_.insert(connection); }

  /// What was sent since the last time.
  std::vector<Sent> take() { return std::exchange(sent_, {}); }
  /// The same, when it must be one message.
  Sent take_one() {
    REQUIRE_MESSAGE(sent_.size() == 1, kinds());
    return std::move(take().front());
  }
  /// What was sent since the last time, in one line: "100 INVITE, INVITE, INVITE".
  [[nodiscard]] std::string kinds() const {
    std::string text;
    for (const Sent& one : sent_)
      text.append(text.empty() ? "" : ", ").append(one.kind());
    return text;
  }
  /// The same, and forgets it.
  std::string take_kinds() {
    std::string text = kinds();
    sent_.clear();
    return text;
  }

 private:
  std::vector<Sent> sent_;
  std::set<std::uint64_t> closed_;
};

}  // namespace rollcall::tests
