// SPDX-License-Identifier: Apache-2.0
#include "csv.hpp"
#include "resources.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <variant>

#include <rollcall/http/problem.hpp>

#include <fmt/format.h>

namespace rollcall::admin::users {

namespace {

using http::Problem;
using http::Request;
using http::Response;

constexpr std::size_t most_errors_told = 1'000;

/// A column: its name, whether it must be there, and how its text gets into a user. What `put` returns
/// is what is wrong with the text, "" for nothing.
struct Column {
  std::string_view name;
  bool required;
  std::string (*put)(const std::string& text, accounts::NewUser& user);
};

std::string put_flag(const std::string& text, accounts::NewUser& user) {
  if (text != "true" && text != "false") return "enabled: must be true or false";
  user.enabled = text == "true";
  return "";
}

template <std::string accounts::NewUser::*member>
std::string put_text(const std::string& text, accounts::NewUser& user) {
  user.*member = text;
  return "";
}

constexpr Column columns[] = {
    {"username", true, put_text<&accounts::NewUser::username>},
    {"domain", true, put_text<&accounts::NewUser::domain>},
    {"password", true, put_text<&accounts::NewUser::password>},
    {"display_name", false, put_text<&accounts::NewUser::display_name>},
    {"enabled", false, put_flag},
};

/// The columns in the order of the header line.
std::variant<std::vector<const Column*>, Problem> read_header(CsvReader& reader) {
  const auto record = reader.next();
  if (!record || !record->fault.empty()) return http::invalid("header", "a header line is needed");
  std::vector<const Column*> order;
  for (const std::string& name : record->fields) {
    const Column* column = std::find_if(std::begin(columns), std::end(columns),
                                        [&](const Column& it) { return it.name == name; });
    if (column == std::end(columns))
      return http::invalid("header", fmt::format("the column \"{}\" is not known", name));
    if (std::find(order.begin(), order.end(), column) != order.end())
      return http::invalid("header", fmt::format("the column \"{}\" comes twice", name));
    order.push_back(column);
  }
  for (const Column& column : columns)
    if (column.required && std::find(order.begin(), order.end(), &column) == order.end())
      return http::invalid("header", fmt::format("the column \"{}\" is missing", column.name));
  return order;
}

/// One import: what was read, and what became of it.
class Import {
 public:
  explicit Import(accounts::Service& accounts) : accounts_(accounts) {}

  void read(CsvReader& reader, const std::vector<const Column*>& order) {
    while (const auto record = reader.next()) {
      accounts::NewUser user;
      const std::string fault = put_all(*record, order, user);
      if (fault.empty()) {
        lines_.push_back(record->line);
        users_.push_back(std::move(user));
      } else {
        fail(record->line, base::malformed(fault));
      }
    }
  }

  /// Error unavailable: nothing more can be done.
  base::Result<> create_domains() {
    std::set<std::string> names;
    for (const accounts::NewUser& user : users_)
      names.insert(user.domain);
    for (const std::string& name : names) {
      if (!accounts::fault_in_domain(name).empty()) continue;  // told with its lines
      const auto made = accounts_.create_domain(name);
      if (made) {
        domains_.emplace_back(made->name);
      } else if (made.error().code != base::ErrorCode::conflict) {
        return made.error();
      }
    }
    return base::Done{};
  }

  void create_users() {
    const auto results = accounts_.import_users(users_);
    for (std::size_t i = 0; i < results.size(); ++i) {
      if (results[i]) {
        ++created_;
      } else {
        fail(lines_[i], results[i].error());
      }
    }
  }

  /// The error that kept everything from being imported, if it was the server's and not the lines'.
  [[nodiscard]] const base::Error* trouble() const {
    if (created_ > 0) return nullptr;
    for (const Failure& failure : failures_)
      if (http::status_of(failure.error.code) >= 500) return &failure.error;
    return nullptr;
  }

  /// What happened, as the answer's body.
  [[nodiscard]] http::json::Object report() {
    std::stable_sort(failures_.begin(), failures_.end(),
                     [](const Failure& a, const Failure& b) { return a.line < b.line; });
    http::json::Array errors;
    for (const Failure& failure : failures_) {
      if (errors.size() == most_errors_told) break;
      errors.emplace_back(http::json::Object{{"line", static_cast<std::int64_t>(failure.line)},
                                             {"code", base::to_string(failure.error.code)},
                                             {"detail", failure.error.detail}});
    }
    return {{"created", created_},
            {"failed", static_cast<std::int64_t>(failures_.size())},
            {"domains_created", domains_},
            {"errors", std::move(errors)}};
  }

 private:
  struct Failure {
    std::size_t line;
    base::Error error;
  };

  static std::string put_all(const CsvReader::Record& record, const std::vector<const Column*>& order,
                             accounts::NewUser& user) {
    if (!record.fault.empty()) return record.fault;
    if (record.fields.size() != order.size())
      return fmt::format("there are {} fields and {} columns", record.fields.size(), order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
      if (std::string fault = order[i]->put(record.fields[i], user); !fault.empty()) return fault;
    return "";
  }

  void fail(std::size_t line, base::Error error) { failures_.push_back({line, std::move(error)}); }

  accounts::Service& accounts_;
  std::vector<accounts::NewUser> users_;
  std::vector<std::size_t> lines_;  // where each of users_ stands
  std::vector<Failure> failures_;
  http::json::Array domains_;
  std::int64_t created_ = 0;
};

}  // namespace

Response import(const Services& services, const Request& request) {
  const std::string_view wanted = request.query_value("create_domains").value_or("false");
  if (wanted != "true" && wanted != "false")
    return http::problem(http::invalid("create_domains", "must be true or false"));
  CsvReader reader(request.body);
  const auto order = read_header(reader);
  if (const auto* problem = std::get_if<Problem>(&order)) return http::problem(*problem);
  Import import(services.accounts);
  import.read(reader, std::get<std::vector<const Column*>>(order));
  if (wanted == "true")
    if (const auto made = import.create_domains(); !made) return http::problem(made.error());
  import.create_users();
  if (const base::Error* trouble = import.trouble()) return http::problem(*trouble);
  return http::ok(import.report());
}

}  // namespace rollcall::admin::users
