// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>
#include <vector>

#include <rollcall/engine/transactions.hpp>

namespace rollcall::tests {

/// Keeps what the transactions let through.
class RecordingUser final : public engine::TransactionUser {
 public:
  void on_request(engine::Request request) override { requests.push_back(std::move(request)); }
  void on_ack(engine::Request ack) override { acks.push_back(std::move(ack)); }
  void on_cancel(engine::TransactionId invite) override { cancels.push_back(invite); }

  std::vector<engine::Request> requests;
  std::vector<engine::Request> acks;
  std::vector<engine::TransactionId> cancels;
};

}  // namespace rollcall::tests
