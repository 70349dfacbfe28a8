// SPDX-License-Identifier: Apache-2.0
#include "data_folder.hpp"
#include "database_settings.hpp"
#include "passwords.hpp"
#include "shard_parts.hpp"

#include <chrono>
#include <thread>

#include <rollcall/accounts/service.hpp>
#include <rollcall/admin/api.hpp>
#include <rollcall/app/server.hpp>
#include <rollcall/base/log.hpp>
#include <rollcall/base/metrics.hpp>
#include <rollcall/http/server.hpp>
#include <rollcall/net/network.hpp>
#include <rollcall/storage/database.hpp>
#include <rollcall/xdm/front.hpp>
#include <rollcall/xdm/service.hpp>

#include <fmt/format.h>

namespace rollcall::app {

namespace {

using namespace std::chrono_literals;
using base::kv;
using base::Result;

constexpr base::Log logger{"app"};

// What stop() has for each part; together less than five seconds, the database's own three included.
constexpr base::Duration idle_within = 1s;
constexpr base::Duration send_within = 300ms;

std::size_t shard_count(const Configuration& configuration) {
  if (configuration.shards > 0) return static_cast<std::size_t>(configuration.shards);
  // The other half is for the database, the journals and the kernel, which do half of the work.
  return std::max(1u, std::thread::hardware_concurrency() / 2);
}

presence::CompositionSettings composition_of(const Configuration& configuration) {
  return {{configuration.composition, std::chrono::seconds(configuration.hysteresis_seconds),
           configuration.show_registrations},
          configuration.domain_compositions};
}

class RunningServer final : public Server {
 public:
  explicit RunningServer(const Configuration& configuration)
      : configuration_(configuration),
        limits_(configuration.limits),
        token_(configuration.admin_token.empty() ? make_password() : configuration.admin_token) {}
  ~RunningServer() override { stop(); }

  Result<> start();
  [[nodiscard]] std::string greeting() const override;
  void reload(const Configuration& configuration) override;
  void stop() override;

 private:
  Result<> hold_folder();
  Result<> open_network();
  Result<> open_database();
  void build_shards();
  void introduce_shards();
  void open_documents(const std::vector<accounts::ShardAccounts>& accounts);
  Result<> edit_rules(const sip::Aor& owner, const presence::ChangeRules& change);
  Result<> load();
  void start_shards();
  Result<> start_administration();
  void ensure_domains(const std::vector<std::string>& names);
  void stop_shards();
  void wait_until_idle();
  [[nodiscard]] std::vector<admin::Part> parts() const;
  [[nodiscard]] static admin::Part part_of(ShardParts& parts);

  Configuration configuration_;
  base::Limits limits_;  // read by every thread
  std::string token_;
  base::Metrics metrics_;
  std::unique_ptr<DataFolder> folder_;
  std::vector<std::unique_ptr<engine::Mailbox>> mailboxes_;
  std::unique_ptr<net::Network> network_;
  std::unique_ptr<storage::Database> database_;
  engine::Run run_;
  std::vector<std::unique_ptr<ShardParts>> shards_;
  std::unique_ptr<accounts::Service> accounts_;
  std::unique_ptr<registrar::Service> registrations_;
  std::unique_ptr<presence::Service> presence_;
  std::unique_ptr<messaging::Service> messages_;
  std::unique_ptr<xdm::Service> documents_;
  std::unique_ptr<xdm::Front> xcap_;
  std::unique_ptr<admin::Api> api_;
  std::unique_ptr<http::Server> admin_server_;
  bool is_running_ = false;  // the shards have threads
  bool is_stopped_ = false;
};

Result<> RunningServer::start() {
  net::raise_open_file_limit();
  if (auto held = hold_folder(); !held) return held;
  if (auto opened = open_network(); !opened)
    return opened;  // before the database: a wrong address is told at once
  if (auto opened = open_database(); !opened) return opened;
  build_shards();
  introduce_shards();
  if (auto loaded = load(); !loaded) return loaded;
  start_shards();
  ensure_domains(configuration_.domains);
  return start_administration();
}

// The one before may need its five seconds to end.
Result<> RunningServer::hold_folder() {
  const auto deadline = std::chrono::steady_clock::now() + 6s;
  while (true) {
    auto folder = DataFolder::hold(configuration_.data_dir);
    if (folder) {
      folder_ = std::make_unique<DataFolder>(std::move(*folder));
      return base::Done{};
    }
    const bool is_held = folder.error().code == base::ErrorCode::conflict;
    if (!is_held || std::chrono::steady_clock::now() > deadline) return folder.error();
    std::this_thread::sleep_for(50ms);
  }
}

Result<> RunningServer::open_network() {
  for (std::size_t i = 0; i < shard_count(configuration_); ++i)
    mailboxes_.push_back(std::make_unique<engine::Mailbox>());
  auto network = net::Network::open(configuration_.sip_listen, mailboxes_, limits_, metrics_);
  if (!network) return network.error();
  network_ = std::move(*network);
  return base::Done{};
}

Result<> RunningServer::open_database() {
  auto database = storage::Database::open(database_settings(configuration_));
  if (!database) return database.error();
  database_ = std::move(*database);
  run_ = {database_->run(), database_->secret(), configuration_.advertise};
  return base::Done{};
}

void RunningServer::build_shards() {
  const Common common{mailboxes_,
                      run_,
                      limits_,
                      database_->readers(),
                      presence::Policy{configuration_.default_policy, configuration_.domain_policies},
                      configuration_.own_lists,
                      composition_of(configuration_),
                      xcap_root_of(configuration_)};
  for (std::size_t i = 0; i < mailboxes_.size(); ++i) {
    base::MetricCells& cells = metrics_.add_cells();
    engine::Journal& journal = database_->make_journal(*mailboxes_[i], cells);
    shards_.push_back(std::make_unique<ShardParts>(static_cast<std::uint16_t>(i), common, network_->wire(i),
                                                   journal, cells));
  }
}

void RunningServer::introduce_shards() {
  std::vector<engine::Shard*> shards;
  std::vector<presence::Agent*> agents;
  std::vector<routing::Router*> routers;
  std::vector<accounts::ShardAccounts> accounts;
  std::vector<registrar::Service::Part> registrars;
  std::vector<presence::Service::Part> presences;
  std::vector<messaging::Service::Part> messagings;
  for (const auto& parts : shards_) {
    shards.push_back(&parts->shard);
    agents.push_back(&parts->presence);
    routers.push_back(&parts->router);
    accounts.push_back({&parts->shard, &parts->directory});
    registrars.push_back({&parts->shard, &parts->registrar});
    presences.push_back({&parts->shard, &parts->presence});
    messagings.push_back({&parts->shard, &parts->messaging});
  }
  for (const auto& parts : shards_) {
    parts->shard.set_peers(shards);
    parts->presence.set_peers(agents);
    parts->router.set_peers(routers);
  }
  accounts_ = std::make_unique<accounts::Service>(accounts);
  registrations_ = std::make_unique<registrar::Service>(registrars);
  presence_ = std::make_unique<presence::Service>(
      presences, [this](const sip::Aor& owner, const auto& change) { return edit_rules(owner, change); });
  messages_ = std::make_unique<messaging::Service>(messagings);
  open_documents(accounts);
}

// Decisions are written where a client that edits one document of rules has it (RFC 5025 §9.7).
Result<> RunningServer::edit_rules(const sip::Aor& owner, const presence::ChangeRules& change) {
  const auto kept = documents_->edit(
      owner, "pres-rules/index",
      [&](const std::optional<model::Document>& current) -> Result<std::optional<std::string>> {
        auto text = change(current ? current->body.view() : std::string_view());
        if (!text) return text.error();
        return text->empty() ? std::optional<std::string>() : std::optional(std::move(*text));
      });
  return kept ? Result<>(base::Done{}) : Result<>(kept.error());
}

void RunningServer::open_documents(const std::vector<accounts::ShardAccounts>& accounts) {
  std::vector<std::string> roots;
  if (!configuration_.xcap_root.empty()) roots.push_back(configuration_.xcap_root);
  documents_ = std::make_unique<xdm::Service>(accounts, database_->readers(), limits_, roots);
  std::vector<xdm::ShardUsers> users;
  for (const auto& parts : shards_)
    users.push_back({&parts->shard, &parts->authenticator, &parts->directory});
  xcap_ = std::make_unique<xdm::Front>(*documents_, users, token_, configuration_.xcap_root,
                                       metrics_.add_cells());
}

Result<> RunningServer::load() {
  const auto loaded = database_->load(
      base::now(),
      {shards_.size(), [this](std::string_view aor) { return shards_.front()->shard.owner_of(aor); },
       [this](std::size_t shard, model::Change&& change) {
         model::Changes changes;
         changes.push_back(std::move(change));
         shards_[shard]->shard.keeper().apply(changes);
       }});
  if (!loaded) return loaded.error();
  logger.info("loaded", kv("domains", loaded->domains), kv("users", loaded->users),
              kv("bindings", loaded->bindings), kv("publications", loaded->publications),
              kv("subscriptions", loaded->subscriptions), kv("waiting_watchers", loaded->waiting),
              kv("documents", loaded->documents), kv("messages", loaded->messages),
              kv("expired", loaded->expired));
  return base::Done{};
}

void RunningServer::start_shards() {
  std::vector<engine::Shard*> shards;
  for (const auto& parts : shards_) {
    shards.push_back(&parts->shard);
    parts->shard.post([&agent = parts->presence] { agent.resume(); });
  }
  network_->start(shards);
  is_running_ = true;
}

Result<> RunningServer::start_administration() {
  api_ = std::make_unique<admin::Api>(
      admin::Services{*accounts_, *registrations_, *presence_, *messages_, *documents_, database_->readers(),
                      metrics_, limits_, [this] { return parts(); }},
      token_, xcap_->routes());
  http::ServerSettings settings;
  settings.host = configuration_.admin_listen.bare_host();
  settings.port = configuration_.admin_listen.port();
  admin_server_ = std::make_unique<http::Server>(api_->router(), settings);
  if (auto started = admin_server_->start(); !started) return started;
  // Commands run on this machine: the address that means "all of mine" is reached by loopback.
  sip::Endpoint reached = configuration_.admin_listen.with_port(admin_server_->port());
  if (reached.is_unspecified())
    reached = *sip::Endpoint::parse(reached.is_v4() ? "127.0.0.1" : "::1", reached.port());
  return folder_->write_contact({reached.to_string(), token_});
}

// A domain that cannot be made now is made at the next start or reload; the log says why.
void RunningServer::ensure_domains(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const auto made = accounts_->create_domain(name);
    if (made)
      logger.info("domain_made", kv("domain", name));
    else if (made.error().code != base::ErrorCode::conflict)
      logger.error("domain_not_made", kv("domain", name), kv("why", made.error().detail));
  }
}

// A shard is ready when it answers and can keep what it promises.
admin::Part RunningServer::part_of(ShardParts& parts) {
  engine::Shard& shard = parts.shard;
  const auto can_commit = engine::ask<bool>(
      shard, 2s, [&shard](base::MoveFunction<void(bool)> answer) { answer(shard.keeper().can_commit()); });
  const char* const fault =
      !can_commit ? "does not answer" : (*can_commit ? "" : "cannot reach the database");
  return {fmt::format("shard {}", shard.index()), can_commit.value_or(false), fault};
}

std::vector<admin::Part> RunningServer::parts() const {
  std::vector<admin::Part> parts;
  for (const auto& shard : shards_)
    parts.push_back(part_of(*shard));
  for (const net::Listen& listen : network_->addresses())
    parts.push_back({listen.to_string(), true, ""});
  return parts;
}

std::string RunningServer::greeting() const {
  std::string text;
  for (const net::Listen& listen : network_->addresses())
    text += fmt::format("SIP       {}\n", listen.to_string());
  for (const std::string& domain : configuration_.domains)
    text += fmt::format("domain    {}\n", domain);
  text += fmt::format("admin     http://{}/\n", admin_server_->address());
  if (configuration_.admin_token.empty())
    text += fmt::format("password  {} (until the next start)\n", token_);
  return text;
}

void RunningServer::reload(const Configuration& configuration) {
  for (const std::string& name : keys_that_need_restart(configuration_, configuration))
    logger.warning("needs_restart", kv("key", name));
  base::set_log_level(configuration.log_level);
  limits_ = configuration.limits;
  ensure_domains(configuration.domains);
  logger.info("reloaded");
}

void RunningServer::stop() {
  if (is_stopped_) return;
  is_stopped_ = true;
  if (folder_)
    folder_->remove_contact();  // commands wait from here on, and then open the database themselves
  if (admin_server_) admin_server_->stop();
  if (network_) stop_shards();
  if (database_) database_->stop();
}

void RunningServer::stop_shards() {
  network_->stop_accepting();
  if (is_running_) wait_until_idle();
  network_->stop(send_within);
}

void RunningServer::wait_until_idle() {
  const auto deadline = std::chrono::steady_clock::now() + idle_within;
  for (const auto& parts : shards_)
    parts->shard.post([&shard = parts->shard] { shard.stop_taking_work(); });
  for (const auto& parts : shards_) {
    std::optional<bool> idle = false;
    while (std::chrono::steady_clock::now() < deadline && !(idle && *idle)) {
      idle = engine::ask<bool>(parts->shard, idle_within,
                               [&shard = parts->shard](auto answer) { answer(shard.is_idle()); });
      if (idle && !*idle) std::this_thread::sleep_for(5ms);
    }
  }
}

}  // namespace

Result<std::unique_ptr<Server>> Server::start(const Configuration& configuration) {
  auto server = std::make_unique<RunningServer>(configuration);
  if (auto started = server->start(); !started) return started.error();
  return std::unique_ptr<Server>(std::move(server));
}

}  // namespace rollcall::app
