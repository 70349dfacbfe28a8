// SPDX-License-Identifier: Apache-2.0
#include <string_view>

#include <rollcall/base/metrics.hpp>

#include <fmt/format.h>

namespace rollcall::base {

namespace {

constexpr MetricRow rows[] = {
    {Metric::requests_register, "rollcall_sip_requests_total", "method=\"REGISTER\"", false,
     "SIP requests received, retransmissions left out"},
    {Metric::requests_publish, "rollcall_sip_requests_total", "method=\"PUBLISH\"", false, ""},
    {Metric::requests_subscribe, "rollcall_sip_requests_total", "method=\"SUBSCRIBE\"", false, ""},
    {Metric::requests_message, "rollcall_sip_requests_total", "method=\"MESSAGE\"", false, ""},
    {Metric::requests_options, "rollcall_sip_requests_total", "method=\"OPTIONS\"", false, ""},
    {Metric::requests_other, "rollcall_sip_requests_total", "method=\"other\"", false, ""},
    {Metric::responses_1xx, "rollcall_sip_responses_total", "class=\"1xx\"", false, "SIP responses sent"},
    {Metric::responses_2xx, "rollcall_sip_responses_total", "class=\"2xx\"", false, ""},
    {Metric::responses_3xx, "rollcall_sip_responses_total", "class=\"3xx\"", false, ""},
    {Metric::responses_4xx, "rollcall_sip_responses_total", "class=\"4xx\"", false, ""},
    {Metric::responses_5xx, "rollcall_sip_responses_total", "class=\"5xx\"", false, ""},
    {Metric::responses_6xx, "rollcall_sip_responses_total", "class=\"6xx\"", false, ""},
    {Metric::malformed, "rollcall_sip_malformed_total", "", false, "SIP messages that could not be read"},
    {Metric::auth_failures, "rollcall_auth_failures_total", "", false, "Wrong credentials"},
    {Metric::xcap_get, "rollcall_xcap_requests_total", "method=\"GET\"", false,
     "XCAP requests of users and administrators who proved to be themselves"},
    {Metric::xcap_put, "rollcall_xcap_requests_total", "method=\"PUT\"", false, ""},
    {Metric::xcap_delete, "rollcall_xcap_requests_total", "method=\"DELETE\"", false, ""},
    {Metric::xcap_2xx, "rollcall_xcap_responses_total", "class=\"2xx\"", false, "Answers to XCAP requests"},
    {Metric::xcap_3xx, "rollcall_xcap_responses_total", "class=\"3xx\"", false, ""},
    {Metric::xcap_4xx, "rollcall_xcap_responses_total", "class=\"4xx\"", false, ""},
    {Metric::xcap_5xx, "rollcall_xcap_responses_total", "class=\"5xx\"", false, ""},
    {Metric::retransmissions, "rollcall_sip_retransmissions_total", "", false,
     "Requests received again and answered from their transaction"},
    {Metric::notifies_sent, "rollcall_notifies_total", "", false, "NOTIFY requests sent"},
    {Metric::notifies_failed, "rollcall_notify_failures_total", "", false, "NOTIFY requests that failed"},
    {Metric::messages_relayed, "rollcall_messages_relayed_total", "", false,
     "MESSAGEs taken by a device at once"},
    {Metric::messages_stored, "rollcall_messages_stored_total", "", false, "MESSAGEs kept for later"},
    {Metric::messages_delivered, "rollcall_messages_delivered_total", "", false, "Kept MESSAGEs delivered"},
    {Metric::messages_expired, "rollcall_messages_expired_total", "", false, "Kept MESSAGEs that expired"},
    {Metric::commits, "rollcall_commits_total", "", false, "Database transactions"},
    {Metric::commit_failures, "rollcall_commit_failures_total", "", false,
     "Outcomes that could not be committed"},
    {Metric::changes_committed, "rollcall_changes_committed_total", "", false, "Changes committed"},
    {Metric::bindings, "rollcall_bindings", "", true, "Registered contacts"},
    {Metric::publications, "rollcall_publications", "", true, "Live publications"},
    {Metric::subscriptions, "rollcall_subscriptions", "", true, "Live subscriptions"},
    {Metric::messages_waiting, "rollcall_messages_waiting", "", true, "Messages that wait for a device"},
    {Metric::connections, "rollcall_connections", "", true, "Open SIP connections"},
    {Metric::server_transactions, "rollcall_server_transactions", "", true, "Server transactions"},
    {Metric::client_transactions, "rollcall_client_transactions", "", true, "Client transactions"},
    {Metric::users, "rollcall_users", "", true, "Users"},
    {Metric::database_up, "rollcall_database_connections_up", "", true, "Journals that reach the database"},
};

}  // namespace

std::span<const MetricRow> metric_rows() {
  return rows;
}

MetricCells& Metrics::add_cells() {
  const std::lock_guard lock(mutex_);
  return cells_.emplace_back();
}

std::int64_t Metrics::total(Metric metric) const {
  const std::lock_guard lock(mutex_);
  std::int64_t sum = 0;
  for (const MetricCells& cells : cells_)
    sum += cells.read(metric);
  return sum;
}

std::string Metrics::exposition() const {
  std::string text;
  std::string_view family;
  for (const MetricRow& row : rows) {
    if (row.name != family) {
      family = row.name;
      text += fmt::format("# HELP {} {}\n# TYPE {} {}\n", row.name, row.help, row.name,
                          row.gauge ? "gauge" : "counter");
    }
    const std::string labels = *row.labels ? fmt::format("{{{}}}", row.labels) : "";
    text += fmt::format("{}{} {}\n", row.name, labels, total(row.metric));
  }
  return text;
}

}  // namespace rollcall::base
