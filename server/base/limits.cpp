// SPDX-License-Identifier: Apache-2.0
#include <rollcall/base/limits.hpp>

namespace rollcall::base {

namespace {

constexpr std::int64_t many = 1'000'000'000;

constexpr LimitRow rows[] = {
    {"message_bytes", &Limits::message_bytes, 4'096, 65'536, "size of a SIP message, bytes", "513"},
    {"body_bytes", &Limits::body_bytes, 1'024, 65'536, "size of a body, bytes", "413"},
    {"header_count", &Limits::header_count, 16, 1'024, "header fields in a message", "400"},
    {"header_bytes", &Limits::header_bytes, 256, 65'536, "length of one header field, bytes", "400"},
    {"udp_request_bytes", &Limits::udp_request_bytes, 500, 65'000,
     "size of a request that we send by UDP, bytes (RFC 3261 §18.1.1)", "sent by TCP, if that fails by UDP"},
    {"connections", &Limits::connections, 1, many, "connections in all", "closed when accepted"},
    {"connections_per_address", &Limits::connections_per_address, 1, many, "connections from one address",
     "closed when accepted"},
    {"connection_idle_seconds", &Limits::connection_idle_seconds, 10, many,
     "silence on a connection, seconds", "closed"},
    {"connection_first_message_seconds", &Limits::connection_first_message_seconds, 1, many,
     "time from the accept to the first whole message, seconds", "closed"},
    {"message_arrival_seconds", &Limits::message_arrival_seconds, 1, many,
     "time from the first to the last byte of a message, seconds", "closed"},
    {"connection_send_bytes", &Limits::connection_send_bytes, 65'536, many,
     "bytes that wait for a slow peer on its connection", "closed"},
    {"server_transactions", &Limits::server_transactions, 100, many,
     "requests of a shard that wait for their answer", "503 with Retry-After"},
    {"finished_transactions", &Limits::finished_transactions, 100, many,
     "answers that a shard keeps for repeated requests, 32 seconds at most", "the oldest are forgotten"},
    {"client_transactions", &Limits::client_transactions, 100, many, "client transactions of a shard",
     "503 with Retry-After; a NOTIFY waits"},
    {"busy_milliseconds", &Limits::busy_milliseconds, 20, 10'000,
     "time that a burst of requests may wait to be read, or of changes to be on disk, milliseconds",
     "503 with Retry-After to new requests, those without credentials first, until a second has passed in "
     "which "
     "they waited for a fifth of it at most"},
    {"forks", &Limits::forks, 1, 100, "devices that one request goes to",
     "the highest q first, the rest not"},
    {"bindings_per_user", &Limits::bindings_per_user, 1, 1'000, "bindings of a user", "403"},
    {"register_min_seconds", &Limits::register_min_seconds, 1, 3'599, "shortest registration, seconds",
     "423 with Min-Expires"},
    {"register_max_seconds", &Limits::register_max_seconds, 60, many, "longest registration, seconds",
     "shortened"},
    {"register_default_seconds", &Limits::register_default_seconds, 60, many,
     "registration that names no expiry, seconds", "-"},
    {"publications_per_user", &Limits::publications_per_user, 1, 1'000, "live publications of a user",
     "the one that expires first makes room"},
    {"publish_min_seconds", &Limits::publish_min_seconds, 1, 3'599, "shortest publication, seconds",
     "423 with Min-Expires"},
    {"publish_max_seconds", &Limits::publish_max_seconds, 60, many, "longest publication, seconds",
     "shortened"},
    {"publish_default_seconds", &Limits::publish_default_seconds, 60, many,
     "publication that names no expiry, seconds", "-"},
    {"watchers_per_user", &Limits::watchers_per_user, 1, many, "watchers of one presentity",
     "503 with Retry-After"},
    {"waiting_watchers_per_user", &Limits::waiting_watchers_per_user, 1, 10'000,
     "watchers of one presentity who wait for a decision without a subscription",
     "who has waited longest is forgotten"},
    {"waiting_watcher_days", &Limits::waiting_watcher_days, 1, 365,
     "time that a watcher without a subscription waits for a decision, days", "forgotten"},
    {"lists_per_user", &Limits::lists_per_user, 1, 1'000, "subscriptions to lists of one user",
     "503 with Retry-After"},
    {"list_members", &Limits::list_members, 1, 10'000, "members of a list that is watched",
     "those that come first count; 400 for a list that a SUBSCRIBE brings along"},
    {"list_pause_milliseconds", &Limits::list_pause_milliseconds, 0, 3'600'000,
     "time between two NOTIFYs of changes on a list, milliseconds", "changes are told together"},
    {"subscribe_min_seconds", &Limits::subscribe_min_seconds, 1, 3'599, "shortest subscription, seconds",
     "423 with Min-Expires"},
    {"subscribe_max_seconds", &Limits::subscribe_max_seconds, 60, many, "longest subscription, seconds",
     "shortened"},
    {"subscribe_default_seconds", &Limits::subscribe_default_seconds, 60, many,
     "subscription that names no expiry, seconds", "-"},
    {"xml_depth", &Limits::xml_depth, 8, 200, "depth of elements in a document", "400"},
    {"message_content_bytes", &Limits::message_content_bytes, 1'024, 65'536, "body of a MESSAGE, bytes",
     "413"},
    {"waiting_per_user", &Limits::waiting_per_user, 1, many, "messages that wait for a user", "480"},
    {"waiting_days", &Limits::waiting_days, 1, 3'650, "time that a message waits, days",
     "removed, and counted"},
    {"device_days", &Limits::device_days, 1, 3'650,
     "time that messages are kept for a device that does not come back, days", "the device is forgotten"},
    {"buddies_per_user", &Limits::buddies_per_user, 1, many,
     "entries of a buddy list to which the administration interface adds", "HTTP 409"},
    {"document_bytes", &Limits::document_bytes, 4'096, 4'194'304, "size of an XCAP document, bytes",
     "HTTP 413"},
    {"documents_per_user", &Limits::documents_per_user, 1, 10'000, "XCAP documents of a user", "HTTP 409"},
    {"document_bytes_per_user", &Limits::document_bytes_per_user, 4'096, many,
     "size of all XCAP documents of a user, bytes", "HTTP 413"},
    {"document_cache_bytes", &Limits::document_cache_bytes, 0, many,
     "documents that are kept in memory as they were used lately, bytes",
     "those not used for the longest time are read from the database again"},
    {"nonce_seconds", &Limits::nonce_seconds, 10, 86'400, "life of a digest nonce, seconds",
     "challenged again with stale=true"},
    {"journal_queue", &Limits::journal_queue, 100, many, "changes that wait for the database",
     "503 with Retry-After"},
    {"queued_per_key", &Limits::queued_per_key, 1, 10'000,
     "requests that wait for an earlier one on the same thing", "503 with Retry-After"},
};

}  // namespace

std::span<const LimitRow> limit_rows() {
  return rows;
}

}  // namespace rollcall::base
