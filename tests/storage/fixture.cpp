// SPDX-License-Identifier: Apache-2.0
#include "fixture.hpp"

#include "child_process.hpp"

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <stdexcept>
#include <thread>

#include <rollcall/base/clock.hpp>

#include <fmt/format.h>
#include <pqxx/nontransaction>
#include <sys/stat.h>
#include <unistd.h>

namespace rollcall::test {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  char name[] = "/tmp/rollcall-test-XXXXXX";
  if (!::mkdtemp(name)) throw std::runtime_error("no temporary folder");
  // The database's user must get through.
  ::chmod(name, 0711);
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code error;
  fs::remove_all(path_, error);
}

void make_cluster_folder(const fs::path& folder) {
  static const TemporaryFolder made;
  static const bool ready = [] {
    auto cluster = storage::Cluster::start({made.path() / "c", {}, std::chrono::seconds(60), 20});
    if (!cluster) throw std::runtime_error(cluster.error().detail);
    (*cluster)->stop();
    return true;
  }();
  fs::create_directories(folder);
  const storage::Account ourselves{::geteuid(), ::getegid(), ""};
  // cp keeps the owner, who is not us when the tests run as root.
  const auto copied = storage::run_to_end(
      {{"/bin/cp", "-a", (made.path() / "c/cluster").string(), folder.string()}, ourselves});
  if (!ready || copied.exit_code != 0) throw std::runtime_error(copied.output);
}

storage::Cluster& shared_cluster() {
  static const TemporaryFolder folder;
  static const std::unique_ptr<storage::Cluster> cluster = [] {
    auto started = storage::Cluster::start({folder.path() / "database", {}, std::chrono::seconds(60), 100});
    if (!started) throw std::runtime_error(started.error().detail);
    return std::move(*started);
  }();
  return *cluster;
}

static void administer(const std::string& statement) {
  pqxx::connection connection(shared_cluster().url());
  pqxx::nontransaction(connection).exec(statement);
}

EmptyDatabase::EmptyDatabase() {
  static std::atomic<int> count = 0;
  name_ = fmt::format("test_{}", ++count);
  administer("CREATE DATABASE " + name_ + " TEMPLATE template0");
  url_ = shared_cluster().url();
  url_.replace(url_.find("/postgres?"), 10, "/" + name_ + "?");
}

EmptyDatabase::~EmptyDatabase() {
  try {
    administer("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {
    // A test that broke the cluster takes its databases with it.
  }
}

storage::Settings EmptyDatabase::settings() const {
  storage::Settings settings;
  settings.url = url_;
  settings.start_within = std::chrono::seconds(10);
  return settings;
}

pqxx::result EmptyDatabase::sql(const std::string& statement) const {
  pqxx::connection connection(url_);
  pqxx::nontransaction work(connection);
  return work.exec(statement);
}

std::int64_t EmptyDatabase::number(const std::string& statement) const {
  return sql(statement)[0][0].as<std::int64_t>();
}

bool answers(const storage::Cluster& cluster) {
  try {
    pqxx::connection connection(cluster.url());
    return pqxx::nontransaction(connection).exec("SELECT 1")[0][0].as<int>() == 1;
  } catch (const std::exception&) {
    return false;
  }
}

bool started_anew(const storage::Cluster& cluster, int killed) {
  return eventually([&] {
    const int process = cluster.process();
    return process > 0 && process != killed && answers(cluster);
  });
}

std::unique_ptr<storage::Database> open(const storage::Settings& settings) {
  auto database = storage::Database::open(settings);
  if (!database) throw std::runtime_error(database.error().detail);
  return std::move(*database);
}

model::Changes load_all(storage::Database& database, base::Instant now) {
  model::Changes changes;
  const auto loaded =
      database.load(now, [&](model::Change&& change) { changes.push_back(std::move(change)); });
  if (!loaded) throw std::runtime_error(loaded.error().detail);
  return changes;
}

TestShard::TestShard(storage::Database& database)
    : database_(database), journal_(database.make_journal(mailbox_, cells)) {
  journal_.set_listener([this](std::vector<engine::Verdict> given) {
    for (auto& verdict : given)
      verdicts.push_back(std::move(verdict));
  });
}

std::uint64_t TestShard::submit(model::Changes changes) {
  journal_.submit({next_ticket_, std::move(changes)});
  mailbox_.run();
  return next_ticket_++;
}

void TestShard::run_mailbox() {
  mailbox_.run();
}

template <class F>
static bool run_until(engine::Mailbox& mailbox, F done) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!done()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    if (mailbox.run() == 0) std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
  return true;
}

void TestShard::wait_for(std::size_t count) {
  run_until(mailbox_, [&] { return verdicts.size() >= count; });
}

bool TestShard::wait_until_available(bool available) {
  return run_until(mailbox_, [&] { return journal_.available() == available; });
}

engine::Verdict TestShard::commit(model::Changes changes) {
  const std::size_t before = verdicts.size();
  submit(std::move(changes));
  wait_for(before + 1);
  if (verdicts.size() != before + 1) throw std::runtime_error("no verdict");
  return verdicts.back();
}

const std::string& awkward() {
  using namespace std::string_literals;
  static const std::string text =
      "O'Hara \"quoted\" \\ back\\\\slash {a,b} NULL $1 %s _ \t\r\n \b\f\v ; DROP TABLE users; --"s +
      " \xF0\x9F\x98\x80 \xC3\xA4 \xFF\xFE \xC3 \xED\xA0\x80 \xF4\x8F\xBF\xBF \0 \\N \\. end"s;
  return text;
}

sip::Aor aor(const std::string& text) {
  return sip::Aor::parse(text).value();
}

static base::Instant time_at(std::int64_t micros) {
  return base::Instant(base::Duration(micros));
}

static sip::Flow make_flow() {
  return sip::Flow::parse("udp:192.0.2.1:5060>[2001:db8::7]:40112").value();
}

model::User make_user(const std::string& name) {
  model::User user;
  user.aor = aor(name);
  user.display_name = awkward();
  user.ha1.md5 = {0, 1, 2, 0xFF};
  user.ha1.sha256 = {0xAA, 0, '\\', '\'', 0x80};
  user.enabled = false;
  user.created = time_at(1'700'000'000'000'001);
  user.updated = time_at(1'700'000'001'500'000);
  return user;
}

model::Document make_document(const std::string& owner, const std::string& path) {
  return {owner.empty() ? sip::Aor() : aor(owner),
          path,
          "\"tag\"",
          "<a>" + awkward() + "</a>",
          time_at(1'700'000'000'120'000),
          {"sip:list@example.org"}};
}

model::WaitingWatcher make_waiting(const std::string& presentity, const std::string& watcher) {
  return {aor(presentity), aor(watcher), "presence", time_at(1'700'000'000'000'000),
          time_at(4'000'000'000'000'000)};
}

model::Binding make_binding(const std::string& name, std::uint64_t id) {
  model::Binding binding;
  binding.aor = aor(name);
  binding.id = id;
  binding.contact = "sip:alice@192.0.2.7:5062;transport=tcp";
  binding.parameters = ";audio;+sip.instance=\"<urn:uuid:1>\"";
  binding.instance = "urn:uuid:1";
  binding.reg_id = 4'294'967'295;
  binding.call_id = awkward();
  binding.cseq = 4'294'967'295;
  binding.q = 999;
  binding.path = {"<sip:p1.example.org;lr>", awkward(), ""};
  binding.flow = make_flow();
  binding.behind_nat = true;
  binding.user_agent = awkward();
  binding.allow = "INVITE, ACK";
  binding.accept = "";
  binding.updated = time_at(1'700'000'000'000'000);
  binding.expires = time_at(4'000'000'000'000'010);
  return binding;
}

model::Publication make_publication(const std::string& name, std::uint64_t id) {
  model::Publication publication;
  publication.aor = aor(name);
  publication.id = id;
  publication.event = "presence";
  publication.entity_tag = "tag";
  publication.device = awkward();
  publication.content_type = "application/pidf+xml";
  publication.body = awkward() + std::string("\0\x80", 2);
  publication.published = time_at(-5'000);
  publication.expires = time_at(4'000'000'000'000'000);
  return publication;
}

model::Subscription make_subscription(const std::string& presentity, std::uint64_t id) {
  model::Subscription subscription;
  subscription.presentity = aor(presentity);
  subscription.id = id;
  subscription.event = "presence";
  subscription.event_id = "7";
  subscription.state = model::Subscription::State::active;
  subscription.watcher = aor("watcher@example.org");
  subscription.dialog = {
      "call", "local", "remote", "sip:a@b", "sip:c@d", "sip:c@192.0.2.8", {"<sip:r;lr>", awkward()}, 77, 78};
  subscription.flow = make_flow();
  subscription.behind_nat = false;
  subscription.accept = "application/pidf+xml";
  subscription.user_agent = awkward();
  subscription.instance = "";
  subscription.run = 12;
  subscription.created = time_at(1'700'000'000'000'000);
  subscription.expires = time_at(4'000'000'000'999'999);
  return subscription;
}

model::StoredMessage make_message(const std::string& receiver, const std::string& id) {
  model::StoredMessage message;
  message.receiver = aor(receiver);
  message.id = id;
  message.from = awkward();
  message.to = "<sip:bob@example.org>";
  message.content_type = "text/plain";
  message.headers = "Subject: x\r\n";
  message.body = awkward() + std::string(3, '\0');
  message.fingerprint = "f" + id;
  message.stored = time_at(1'700'000'000'000'000);
  message.expires = time_at(4'000'000'000'000'000);
  message.devices = {"urn:uuid:1", awkward(), ""};
  return message;
}

}  // namespace rollcall::test
