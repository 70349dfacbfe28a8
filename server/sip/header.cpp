// SPDX-License-Identifier: Apache-2.0
#include "scanner.hpp"

#include <array>

#include <rollcall/sip/header.hpp>
#include <rollcall/sip/headers/params.hpp>

namespace rollcall::sip {

namespace {

// In the order of the enum: row_of() indexes by it.
constexpr HeaderRow rows[] = {
    // id, name, compact form, list, once, where it is defined
    {Header::via, "Via", 'v', true, false, "RFC 3261 §20.42"},
    {Header::from, "From", 'f', false, true, "RFC 3261 §20.20"},
    {Header::to, "To", 't', false, true, "RFC 3261 §20.39"},
    {Header::call_id, "Call-ID", 'i', false, true, "RFC 3261 §20.8"},
    {Header::cseq, "CSeq", 0, false, true, "RFC 3261 §20.16"},
    {Header::max_forwards, "Max-Forwards", 0, false, true, "RFC 3261 §20.22"},
    {Header::contact, "Contact", 'm', true, false, "RFC 3261 §20.10"},
    {Header::route, "Route", 0, true, false, "RFC 3261 §20.34"},
    {Header::record_route, "Record-Route", 0, true, false, "RFC 3261 §20.30"},
    {Header::path, "Path", 0, true, false, "RFC 3327 §4"},
    {Header::service_route, "Service-Route", 0, true, false, "RFC 3608 §5"},
    {Header::expires, "Expires", 0, false, true, "RFC 3261 §20.19"},
    {Header::min_expires, "Min-Expires", 0, false, true, "RFC 3261 §20.23"},
    {Header::content_type, "Content-Type", 'c', false, true, "RFC 3261 §20.15"},
    {Header::content_length, "Content-Length", 'l', false, true, "RFC 3261 §20.14"},
    {Header::content_encoding, "Content-Encoding", 'e', true, false, "RFC 3261 §20.12"},
    {Header::content_disposition, "Content-Disposition", 0, false, true, "RFC 3261 §20.11"},
    {Header::content_language, "Content-Language", 0, true, false, "RFC 3261 §20.13"},
    {Header::accept, "Accept", 0, true, false, "RFC 3261 §20.1"},
    {Header::accept_encoding, "Accept-Encoding", 0, true, false, "RFC 3261 §20.2"},
    {Header::accept_language, "Accept-Language", 0, true, false, "RFC 3261 §20.3"},
    {Header::allow, "Allow", 0, true, false, "RFC 3261 §20.5"},
    {Header::allow_events, "Allow-Events", 'u', true, false, "RFC 6665 §8.2.2"},
    {Header::supported, "Supported", 'k', true, false, "RFC 3261 §20.37"},
    {Header::unsupported, "Unsupported", 0, true, false, "RFC 3261 §20.40"},
    {Header::require, "Require", 0, true, false, "RFC 3261 §20.32"},
    {Header::proxy_require, "Proxy-Require", 0, true, false, "RFC 3261 §20.29"},
    // The commas in these five stand between parameters, not between values (RFC 3261 §7.3.1).
    {Header::authorization, "Authorization", 0, false, false, "RFC 3261 §20.7"},
    {Header::www_authenticate, "WWW-Authenticate", 0, false, false, "RFC 3261 §20.44"},
    {Header::proxy_authorization, "Proxy-Authorization", 0, false, false, "RFC 3261 §20.28"},
    {Header::proxy_authenticate, "Proxy-Authenticate", 0, false, false, "RFC 3261 §20.27"},
    {Header::authentication_info, "Authentication-Info", 0, false, false, "RFC 3261 §20.6"},
    {Header::event, "Event", 'o', false, true, "RFC 6665 §8.2.1"},
    {Header::subscription_state, "Subscription-State", 0, false, true, "RFC 6665 §8.2.3"},
    {Header::sip_etag, "SIP-ETag", 0, false, true, "RFC 3903 §11.3.1"},
    {Header::sip_if_match, "SIP-If-Match", 0, false, true, "RFC 3903 §11.3.2"},
    {Header::date, "Date", 0, false, false, "RFC 3261 §20.17"},
    {Header::timestamp, "Timestamp", 0, false, false, "RFC 3261 §20.38"},
    {Header::user_agent, "User-Agent", 0, false, false, "RFC 3261 §20.41"},
    {Header::server, "Server", 0, false, false, "RFC 3261 §20.35"},
    {Header::warning, "Warning", 0, true, false, "RFC 3261 §20.43"},
    {Header::retry_after, "Retry-After", 0, false, false, "RFC 3261 §20.33"},
    {Header::reason, "Reason", 0, true, false, "RFC 3326 §2"},
    {Header::subject, "Subject", 's', false, false, "RFC 3261 §20.36"},
    {Header::priority, "Priority", 0, false, false, "RFC 3261 §20.26"},
    {Header::mime_version, "MIME-Version", 0, false, false, "RFC 3261 §20.24"},
    {Header::in_reply_to, "In-Reply-To", 0, true, false, "RFC 3261 §20.21"},
    {Header::reply_to, "Reply-To", 0, false, false, "RFC 3261 §20.31"},
    {Header::refer_to, "Refer-To", 'r', false, true, "RFC 3515 §2.1"},
    {Header::referred_by, "Referred-By", 'b', false, true, "RFC 3892 §3"},
    {Header::rack, "RAck", 0, false, true, "RFC 3262 §7.2"},
    {Header::rseq, "RSeq", 0, false, true, "RFC 3262 §7.1"},
    {Header::session_expires, "Session-Expires", 'x', false, true, "RFC 4028 §4"},
    {Header::min_se, "Min-SE", 0, false, true, "RFC 4028 §5"},
    {Header::replaces, "Replaces", 0, false, true, "RFC 3891 §6.1"},
    {Header::other, "", 0, false, false, ""},
};

constexpr std::size_t slot_count = 256;

constexpr std::size_t slot_of(std::string_view name) {
  const auto at = [name](std::size_t i) {
    return static_cast<std::size_t>(static_cast<unsigned char>(lower(name[i])));
  };
  return (name.size() * 7 + at(0) * 31 + at(name.size() / 2) * 5 + at(name.size() - 1)) % slot_count;
}

/// Open addressing over full and compact names, made at compile time. Header::other: a free slot.
constexpr std::array<Header, slot_count> slots = [] {
  std::array<Header, slot_count> table{};
  for (auto& slot : table)
    slot = Header::other;
  const auto add = [&table](std::string_view name, Header id) {
    auto slot = slot_of(name);
    while (table[slot] != Header::other)
      slot = (slot + 1) % slot_count;
    table[slot] = id;
  };
  for (const auto& row : rows) {
    if (row.id == Header::other) continue;
    add(row.name, row.id);
    if (row.compact != 0) add(std::string_view(&row.compact, 1), row.id);
  }
  return table;
}();

bool is_named(const HeaderRow& row, std::string_view name) {
  if (name.size() == 1) return row.compact == lower(name.front());
  return row.name == name || equal_ignoring_case(row.name, name);
}

}  // namespace

std::span<const HeaderRow> header_rows() {
  return rows;
}

const HeaderRow& row_of(Header id) {
  return rows[static_cast<std::size_t>(id)];
}

Header header_of(std::string_view name) {
  if (name.empty()) return Header::other;
  for (auto slot = slot_of(name); slots[slot] != Header::other; slot = (slot + 1) % slot_count) {
    if (is_named(row_of(slots[slot]), name)) return slots[slot];
  }
  return Header::other;
}

}  // namespace rollcall::sip
