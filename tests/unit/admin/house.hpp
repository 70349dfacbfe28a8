// SPDX-License-Identifier: Apache-2.0
// A whole server without sockets for SIP and without a database: real shards and features, a HTTP
// server, and maps in place of the tables.
#pragma once

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <rollcall/accounts/directory.hpp>
#include <rollcall/admin/api.hpp>
#include <rollcall/http/json.hpp>
#include <rollcall/http/server.hpp>
#include <rollcall/http/text.hpp>
#include <rollcall/presence/agent.hpp>

#include <doctest/doctest.h>
#include <support/http_client.hpp>

namespace rollcall::tests {

/// What PostgreSQL would keep. Any thread.
class Tables {
 public:
  std::atomic<bool> up{true};

  void keep(const model::Change& change) {
    const std::lock_guard lock(mutex);
    std::visit(model::Visitor{
                   [&](const model::SaveDomain& c) { domains[c.domain.name] = c.domain; },
                   [&](const model::RemoveDomain& c) { domains.erase(c.name); },
                   [&](const model::SaveUser& c) { users[c.user.aor.text()] = c.user; },
                   [&](const model::RemoveUser& c) { users.erase(c.aor.text()); },
                   [&](const model::SaveDocument& c) {
                     documents[{c.document.owner.text(), c.document.path}] = c.document;
                   },
                   [&](const model::RemoveDocument& c) {
                     documents.erase({c.owner.text(), c.path});
                   },
                   [&](const model::SaveMessage& c) {
                     messages[{c.message.receiver.text(), c.message.id}] = c.message;
                   },
                   [&](const model::RemoveMessage& c) {
                     messages.erase({c.receiver.text(), c.id});
                   },
                   [](const auto&) {},
               },
               change);
  }

  template <class T, class Key, class Wanted>
  engine::Page<T> page(std::map<Key, T> Tables::*table, const engine::PageRequest& request, Key after,
                       Wanted is_wanted, const std::string& (*cursor)(const Key&)) {
    const std::lock_guard lock(mutex);
    engine::Page<T> page;
    for (auto row = (this->*table).upper_bound(after); row != (this->*table).end(); ++row) {
      if (!is_wanted(row->second)) continue;
      if (static_cast<std::int64_t>(page.rows.size()) == request.limit) {
        page.next = last_;
        return page;
      }
      page.rows.push_back(row->second);
      last_ = cursor(row->first);
    }
    return page;
  }

  using Pair = std::pair<std::string, std::string>;
  std::map<std::string, model::Domain> domains;
  std::map<std::string, model::User> users;
  std::map<Pair, model::Document> documents;
  std::map<Pair, model::StoredMessage> messages;
  std::mutex mutex;

 private:
  std::string last_;
};

/// The reader's side of Tables; answers on the thread that asks.
class TableReaders final : public engine::Readers, public engine::Queries {
 public:
  explicit TableReaders(Tables& tables) : tables_(tables) {}

  void post(base::MoveFunction<void(engine::Queries&)> job) override { job(*this); }

  base::Result<engine::Page<model::Domain>> domains(const engine::PageRequest& page) override {
    if (!tables_.up) return away();
    return tables_.page<model::Domain>(
        &Tables::domains, page, page.after,
        [&](const model::Domain& row) { return has(row.name, page.search); }, whole);
  }
  base::Result<engine::Page<model::User>> users(const std::string& domain,
                                                const engine::PageRequest& page) override {
    if (!tables_.up) return away();
    if (page.after == "rubbish") return base::malformed("the cursor is none that this server made");
    return tables_.page<model::User>(
        &Tables::users, page, page.after,
        [&](const model::User& row) {
          return (domain.empty() || row.aor.domain() == domain) &&
                 (has(std::string(row.aor.user()), page.search) || has(row.display_name, page.search));
        },
        whole);
  }
  base::Result<std::optional<model::Document>> document(const sip::Aor& owner,
                                                        const std::string& path) override {
    if (!tables_.up) return away();
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.documents.find({owner.text(), path});
    if (found == tables_.documents.end()) return std::optional<model::Document>();
    return std::optional<model::Document>(found->second);
  }
  base::Result<std::vector<engine::DocumentRow>> documents(const sip::Aor& owner) override {
    if (!tables_.up) return away();
    const std::lock_guard lock(tables_.mutex);
    std::vector<engine::DocumentRow> rows;
    for (const auto& [key, row] : tables_.documents)
      if (row.owner == owner) rows.push_back({row.path, row.etag, row.body.size(), row.updated});
    return rows;
  }
  base::Result<std::optional<model::Document>> service(const std::string&) override { return away(); }
  base::Result<std::vector<std::string>> taken_services(const std::vector<std::string>&, const sip::Aor&,
                                                        const std::string&) override {
    return away();
  }
  base::Result<std::vector<model::Document>> service_documents(std::int64_t) override { return away(); }
  base::Result<engine::Page<model::StoredMessage>> messages(const sip::Aor& receiver,
                                                            const engine::PageRequest& page) override {
    if (!tables_.up) return away();
    return tables_.page<model::StoredMessage>(
        &Tables::messages, page, Tables::Pair{receiver.text(), page.after},
        [&](const model::StoredMessage& row) { return row.receiver == receiver; }, second);
  }
  base::Result<std::optional<model::StoredMessage>> message(const sip::Aor& receiver,
                                                            const std::string& id) override {
    if (!tables_.up) return away();
    const std::lock_guard lock(tables_.mutex);
    const auto found = tables_.messages.find({receiver.text(), id});
    if (found == tables_.messages.end()) return std::optional<model::StoredMessage>();
    return std::optional<model::StoredMessage>(found->second);
  }
  base::Result<> ping() override {
    if (!tables_.up) return away();
    return base::Done{};
  }

 private:
  static base::Error away() { return base::unavailable("the database cannot be reached"); }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  static const std::string& whole(const std::string& key) { return key; }
  static const std::string& second(const Tables::Pair& key) { return key.second; }

  Tables& tables_;
};

/// The writer's side of Tables: commits at once, tells in the shard's next turn.
class TableJournal final : public engine::Journal {
 public:
  TableJournal(Tables& tables, engine::Mailbox& mailbox) : tables_(tables), mailbox_(mailbox) {}

  void set_listener(Listener listener) override { listener_ = std::move(listener); }
  [[nodiscard]] bool available() const override { return tables_.up; }
  void submit(engine::JournalEntry entry) override {
    for (const model::Change& change : entry.changes)
      tables_.keep(change);
    mailbox_.post([this, entry = std::move(entry)]() mutable {
      std::vector<engine::Verdict> verdicts;
      verdicts.push_back({entry.ticket, base::Done{}, std::move(entry.changes), false});
      listener_(std::move(verdicts));
    });
  }

 private:
  Tables& tables_;
  engine::Mailbox& mailbox_;
  Listener listener_;
};

class NoWire final : public engine::Wire {
 public:
  void send(const sip::Flow&, std::string_view, const engine::SharedBody&, std::uint64_t) override {}
  [[nodiscard]] bool is_open(const sip::Flow&) const override { return false; }
};

/// One shard with its features, and the thread that runs it.
class Room {
 public:
  Room(std::uint16_t index, std::vector<std::unique_ptr<engine::Mailbox>>& mailboxes, const engine::Run& run,
       const base::Limits& limits, Tables& tables, engine::Readers& readers, base::MetricCells& cells)
      : mailbox_(*mailboxes[index]),
        journal_(tables, mailbox_),
        shard(index, mailboxes, run, limits, wire_, journal_, cells, base::now()),
        directory(cells),
        registrar((shard.keeper().add_store(directory), shard), directory),
        agent(shard, directory, registrar, presence::Policy{}),
        messaging(shard, registrar, readers) {
    agent.set_peers({&agent});
    mailbox_.set_waker([this] {
      const std::lock_guard lock(mutex_);
      woken_ = true;
      wake_.notify_one();
    });
  }
  ~Room() {
    shard.post([this] { stopping_ = true; });
    thread_.join();
  }

  void start() {
    thread_ = std::thread([this] {
      while (!stopping_) {
        {
          std::unique_lock lock(mutex_);
          wake_.wait(lock, [this] { return woken_; });
          woken_ = false;
        }
        shard.set_now(base::now());
        shard.run_mailbox();
      }
    });
  }

 private:
  engine::Mailbox& mailbox_;
  TableJournal journal_;
  NoWire wire_;
  bool stopping_ = false;
  std::mutex mutex_;  // guards woken_
  std::condition_variable wake_;
  bool woken_ = false;

 public:
  engine::Shard shard;
  accounts::Directory directory;
  registrar::Registrar registrar;
  presence::Agent agent;
  messaging::Messaging messaging;

 private:
  std::thread thread_;
};

/// The house with all its rooms, and one client that shows the right token.
class House {
 public:
  static constexpr const char* token = "s3cret";

  House() {
    for (int i = 0; i < 2; ++i)
      mailboxes_.push_back(std::make_unique<engine::Mailbox>());
    for (std::uint16_t i = 0; i < 2; ++i)
      rooms_.push_back(
          std::make_unique<Room>(i, mailboxes_, run_, limits, tables, readers_, metrics.add_cells()));
    std::vector<engine::Shard*> shards;
    for (auto& room : rooms_)
      shards.push_back(&room->shard);
    for (auto& room : rooms_)
      room->shard.set_peers(shards);
    std::vector<accounts::ShardAccounts> accounts;
    std::vector<registrar::Service::Part> registrars;
    std::vector<presence::Service::Part> agents;
    std::vector<messaging::Service::Part> messagings;
    for (auto& room : rooms_) {
      accounts.push_back({&room->shard, &room->directory});
      registrars.push_back({&room->shard, &room->registrar});
      agents.push_back({&room->shard, &room->agent});
      messagings.push_back({&room->shard, &room->messaging});
    }
    accounts_ = std::make_unique<accounts::Service>(accounts);
    registrar_ = std::make_unique<registrar::Service>(std::move(registrars));
    presence_ = std::make_unique<presence::Service>(
        std::move(agents), [this](const sip::Aor& owner, const presence::ChangeRules& change) {
          return edit_rules(owner, change);
        });
    messaging_ = std::make_unique<messaging::Service>(std::move(messagings));
    documents_ = std::make_unique<xdm::Service>(accounts, readers_, limits, std::vector<std::string>());
    for (auto& room : rooms_)
      room->start();
    api_ = std::make_unique<admin::Api>(
        admin::Services{*accounts_, *registrar_, *presence_, *messaging_, *documents_, readers_, metrics,
                        limits, [this] { return parts; }},
        token);
    server_ = std::make_unique<http::Server>(api_->router(), http::ServerSettings{});
    REQUIRE(server_->start().ok());
    client_ = std::make_unique<HttpClient>(server_->port());
  }

  HttpAnswer ask(std::string_view method, std::string_view path) {
    return client_->request(method, path, token);
  }
  HttpAnswer ask(std::string_view method, std::string_view path, const http::json::Value& body) {
    return client_->request(method, path, token, "application/json", http::json::write(body));
  }
  HttpAnswer import(std::string_view csv, std::string_view query = "") {
    return client_->request("POST", "/api/v1/users:import" + std::string(query), token, "text/csv", csv);
  }
  HttpAnswer without_token(std::string_view method, std::string_view path) {
    return client_->request(method, path);
  }

  void make_domain(const std::string& name = "example.org") {
    REQUIRE(ask("POST", "/api/v1/domains", http::json::Object{{"name", name}}).status == 201);
  }
  void make_user(const std::string& name, const std::string& domain = "example.org") {
    REQUIRE(ask("POST", "/api/v1/users",
                http::json::Object{{"username", name}, {"domain", domain}, {"password", "pw"}})
                .status == 201);
  }
  /// Puts rows where a SIP request would have put them.
  void keep(const std::string& aor, model::Changes changes) {
    engine::Shard& shard = rooms_[rooms_.front()->shard.owner_of(aor)]->shard;
    const auto kept = engine::ask<bool>(
        shard, std::chrono::seconds(5),
        [&shard, changes = std::move(changes)](base::MoveFunction<void(bool)> answer) mutable {
          shard.keeper().commit(
              std::move(changes),
              [answer = std::move(answer)](const base::Result<>& kept) mutable { answer(kept.ok()); });
        });
    REQUIRE(kept == true);
  }

  base::Limits limits;
  base::Metrics metrics;
  Tables tables;
  std::vector<admin::Part> parts{{"udp:127.0.0.1:5060", true, ""}};

 private:
  base::Result<> edit_rules(const sip::Aor& owner, const presence::ChangeRules& change) {
    using Text = std::optional<std::string>;
    const auto kept = documents_->edit(
        owner, "pres-rules/index", [&](const std::optional<model::Document>& current) -> base::Result<Text> {
          auto text = change(current ? current->body.view() : std::string_view());
          return text ? base::Result<Text>(Text(std::move(*text))) : base::Result<Text>(text.error());
        });
    return kept ? base::Result<>(base::Done{}) : base::Result<>(kept.error());
  }

  engine::Run run_{1, "secret", ""};
  TableReaders readers_{tables};
  std::vector<std::unique_ptr<engine::Mailbox>> mailboxes_;
  std::vector<std::unique_ptr<Room>> rooms_;
  std::unique_ptr<accounts::Service> accounts_;
  std::unique_ptr<registrar::Service> registrar_;
  std::unique_ptr<presence::Service> presence_;
  std::unique_ptr<messaging::Service> messaging_;
  std::unique_ptr<xdm::Service> documents_;
  std::unique_ptr<admin::Api> api_;
  std::unique_ptr<http::Server> server_;
  std::unique_ptr<HttpClient> client_;
};

/// The JSON of an answer.
inline http::json::Value json_of(const HttpAnswer& answer) {
  auto parsed = http::json::parse(answer.body);
  INFO(answer.body);
  REQUIRE(std::holds_alternative<http::json::Value>(parsed));
  return std::get<http::json::Value>(std::move(parsed));
}

inline std::string text_of(const http::json::Value& object, std::string_view name) {
  const auto* text = object.at(name).as<std::string>();
  REQUIRE(text != nullptr);
  return *text;
}

inline const http::json::Array& items_of(const http::json::Value& page) {
  const auto* items = page.at("items").as<http::json::Array>();
  REQUIRE(items != nullptr);
  return *items;
}

/// Which fields an answer blames: "username, password".
inline std::string blamed(const HttpAnswer& answer) {
  const http::json::Value problem = json_of(answer);
  std::string names;
  if (const auto* errors = problem.find("errors"))
    for (const auto& error : *errors->as<http::json::Array>())
      names += (names.empty() ? "" : ", ") + text_of(error, "field");
  return names;
}

/// Texts that have a meaning to somebody on the way: SQL, HTML, JSON, addresses, formats.
inline const std::vector<std::string>& nasty_texts() {
  static const std::vector<std::string> texts = {
      "'; DROP TABLE users; --",
      "\" OR \"\"=\"",
      "<script>alert('x')</script>",
      "{\"a\":[1,\\u0041]}",
      "100%_\\%s{}{0}",
      "a&b=c?d#e+f%41",
      "\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80",
      "${jndi:x} $1 $$",
      "  two  blanks  ",
      "back\\slash/",
  };
  return texts;
}

}  // namespace rollcall::tests
