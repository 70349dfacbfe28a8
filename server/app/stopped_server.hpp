// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "data_folder.hpp"
#include "users.hpp"

#include <atomic>
#include <memory>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include <rollcall/accounts/directory.hpp>
#include <rollcall/accounts/service.hpp>
#include <rollcall/admin/api.hpp>
#include <rollcall/app/configuration.hpp>
#include <rollcall/engine/shard.hpp>
#include <rollcall/messaging/messaging.hpp>
#include <rollcall/presence/service.hpp>
#include <rollcall/registrar/registrar.hpp>
#include <rollcall/storage/database.hpp>
#include <rollcall/xdm/service.hpp>

namespace rollcall::app {

/// Stands in for a server that does not run: opens its database and answers from it, by the same
/// route functions. One shard without a network does the work, on a thread of its own. Only domains
/// and users are served: nobody is registered, publishes or watches.
class StoppedServer final : public Administration {
 public:
  static base::Result<std::unique_ptr<Administration>> open(const Configuration& configuration,
                                                            DataFolder folder);
  ~StoppedServer() override;

  base::Result<http::Response> ask(http::Request request) override;

 private:
  class NoWire;

  StoppedServer(DataFolder folder, std::unique_ptr<storage::Database> database, const base::Limits& limits);
  base::Result<> load();
  void work();

  DataFolder folder_;
  std::unique_ptr<storage::Database> database_;
  base::Limits limits_;
  base::Metrics metrics_;
  base::MetricCells& cells_;
  engine::Run run_;
  std::vector<std::unique_ptr<engine::Mailbox>> mailboxes_;
  std::unique_ptr<NoWire> wire_;
  std::unique_ptr<engine::Shard> shard_;
  accounts::Directory directory_;
  std::unique_ptr<accounts::Service> accounts_;
  registrar::Service registrations_{{}};
  presence::Service presence_{{}};
  messaging::Service messages_{{}};
  std::unique_ptr<xdm::Service> documents_;
  std::string token_;  // of the route table, that only we know
  std::unique_ptr<admin::Api> api_;
  std::counting_semaphore<> awake_{0};  // released when something was posted
  std::atomic<bool> stopping_{false};
  std::thread thread_;
};

}  // namespace rollcall::app
