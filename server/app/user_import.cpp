// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <ostream>
#include <set>

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "csv.hpp"
#include "user_commands.hpp"

namespace rollcall::app {

namespace {

class Import {
 public:
  Import(const std::string& name, Users& users, Console& console) : name_(name), users_(users), console_(console) {}

  int run(std::string_view csv) {
    CsvReader reader(csv);
    bool first = true;
    while (auto record = reader.next()) {
      if (!(first && is_heading(*record))) take(*record);
      first = false;
      if (batch_.size() == Users::import_batch) send();
    }
    send();
    fmt::print(console_.out, "added {} users", added_);
    fmt::print(console_.out, failures_ > 0 ? ", {} lines were not used\n" : "\n", failures_);
    return failures_ == 0 ? 0 : 1;
  }

 private:
  static bool is_heading(const CsvReader::Record& record) {
    return record.fields.size() >= 3 && record.fields[0] == "username" && record.fields[1] == "domain";
  }

  void take(CsvReader::Record& record) {
    std::vector<std::string>& fields = record.fields;
    if (!record.fault.empty()) return fail(record.line, record.fault);
    if (fields.size() < 3 || fields.size() > 4)
      return fail(record.line, fmt::format("there are {} columns, not username,domain,password,display_name",
                                           fields.size()));
    if (!ensure_domain(fields[1], record.line)) return;
    lines_.push_back(record.line);
    batch_.push_back({std::move(fields[0]), std::move(fields[1]), std::move(fields[2]),
                      fields.size() == 4 ? std::move(fields[3]) : "", true});
  }

  bool ensure_domain(const std::string& domain, std::size_t line) {
    if (domains_.count(domain) > 0) return true;
    const auto made = users_.ensure_domain(domain);
    if (!made) {
      fail(line, made.error().detail);
      return false;
    }
    if (*made) fmt::print(console_.out, "made the domain {}\n", domain);
    domains_.insert(domain);
    return true;
  }

  void send() {
    if (batch_.empty()) return;
    const auto results = users_.import(batch_);
    for (std::size_t i = 0; i < batch_.size(); ++i) {
      const base::Result<>& result = results ? (*results)[i] : base::Result<>(results.error());
      if (result)
        ++added_;
      else
        fail(lines_[i], fmt::format("{}@{}: {}", batch_[i].username, batch_[i].domain, result.error().detail));
    }
    batch_.clear();
    lines_.clear();
  }

  void fail(std::size_t line, const std::string& why) {
    fmt::print(console_.errors, "{}:{}: {}\n", name_, line, why);
    ++failures_;
  }

  const std::string& name_;
  Users& users_;
  Console& console_;
  std::set<std::string> domains_;
  std::vector<accounts::NewUser> batch_;
  std::vector<std::size_t> lines_;  // where each of the batch stands
  std::size_t added_ = 0, failures_ = 0;
};

}  // namespace

int import_users(std::string_view csv, const std::string& name, Users& users, Console& console) {
  return Import(name, users, console).run(csv);
}

}  // namespace rollcall::app
