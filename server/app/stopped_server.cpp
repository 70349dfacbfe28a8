// SPDX-License-Identifier: Apache-2.0
#include "stopped_server.hpp"

#include "database_settings.hpp"

#include <rollcall/base/clock.hpp>
#include <rollcall/base/ids.hpp>

namespace rollcall::app {

/// Nothing arrives, so nothing has to leave.
class StoppedServer::NoWire final : public engine::Wire {
 public:
  void send(const sip::Flow&, std::string_view, const engine::SharedBody&, std::uint64_t) override {}
  [[nodiscard]] bool is_open(const sip::Flow&) const override { return false; }
};

base::Result<std::unique_ptr<Administration>> StoppedServer::open(const Configuration& configuration,
                                                                  DataFolder folder) {
  storage::Settings settings = database_settings(configuration);
  settings.tool = true;
  auto database = storage::Database::open(settings);
  if (!database) return database.error();
  std::unique_ptr<StoppedServer> made(
      new StoppedServer(std::move(folder), std::move(*database), configuration.limits));
  const auto loaded = made->load();
  if (!loaded) return loaded.error();
  made->thread_ = std::thread([&server = *made] { server.work(); });
  return std::unique_ptr<Administration>(std::move(made));
}

StoppedServer::StoppedServer(DataFolder folder, std::unique_ptr<storage::Database> database,
                             const base::Limits& limits)
    : folder_(std::move(folder)),
      database_(std::move(database)),
      limits_(limits),
      cells_(metrics_.add_cells()),
      run_{database_->run(), database_->secret(), ""},
      wire_(std::make_unique<NoWire>()),
      directory_(cells_),
      token_(base::random_hex(16)) {
  mailboxes_.push_back(std::make_unique<engine::Mailbox>());
  engine::Mailbox& mailbox = *mailboxes_.front();
  mailbox.set_waker([this] { awake_.release(); });
  engine::Journal& journal = database_->make_journal(mailbox, cells_);
  shard_ =
      std::make_unique<engine::Shard>(0, mailboxes_, run_, limits_, *wire_, journal, cells_, base::now());
  shard_->keeper().add_store(directory_);
  const std::vector<accounts::ShardAccounts> accounts{{shard_.get(), &directory_}};
  accounts_ = std::make_unique<accounts::Service>(accounts);
  documents_ =
      std::make_unique<xdm::Service>(accounts, database_->readers(), limits_, std::vector<std::string>());
  admin::Services services{*accounts_, registrations_, presence_,
                           messages_,  *documents_,    database_->readers(),
                           metrics_,   limits_,        [] { return std::vector<admin::Part>(); }};
  api_ = std::make_unique<admin::Api>(std::move(services), token_);
}

StoppedServer::~StoppedServer() {
  stopping_ = true;
  awake_.release();
  if (thread_.joinable()) thread_.join();
  database_->stop();
}

base::Result<> StoppedServer::load() {
  const auto loaded = database_->load(
      base::now(), [this](model::Change&& change) { shard_->keeper().apply({std::move(change)}); });
  if (!loaded) return loaded.error();
  return base::Done{};
}

void StoppedServer::work() {
  while (!stopping_) {
    awake_.acquire();
    shard_->set_now(base::now());
    shard_->run_mailbox();
  }
}

base::Result<http::Response> StoppedServer::ask(http::Request request) {
  request.headers.push_back({"authorization", "Bearer " + token_});
  request.headers.push_back({"content-length", std::to_string(request.body.size())});
  request.peer = "127.0.0.1";
  return api_->router().answer(std::move(request), base::now());
}

}  // namespace rollcall::app
