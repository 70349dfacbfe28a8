// SPDX-License-Identifier: Apache-2.0
// What a MESSAGE says, and how it is written again, without I/O.
#pragma once

#include <optional>
#include <string>

#include <rollcall/base/limits.hpp>
#include <rollcall/engine/request.hpp>
#include <rollcall/engine/transactions.hpp>
#include <rollcall/model/binding.hpp>
#include <rollcall/model/message.hpp>
#include <rollcall/sip/writer.hpp>

namespace rollcall::messaging {

/// Why a MESSAGE is refused before anybody is asked (RFC 3428 §4, §8).
std::optional<sip::Reply> check_message(const sip::Message& message, const base::Limits& limits);

/// The 420 of who keeps a MESSAGE, and so is the user agent at its end (RFC 3261 §8.2.2.3); on its way to a
/// device what it requires is the device's to understand.
std::optional<sip::Reply> check_required(const sip::Message& message);

/// Is it worth keeping for somebody who is away? Not what is about this moment (is-composing, RFC
/// 3994), not reports of delivery (RFC 5438), as they are or wrapped (RFC 3862), not what requires
/// something of us, and not what has expired when it comes (RFC 3428 §7).
bool is_storable(const engine::Request& request, const base::Limits& limits);

/// The row that keeps a MESSAGE for these devices, with the time that it came.
model::StoredMessage stored_of(const engine::Request& request, const sip::Aor& receiver,
                               std::vector<std::string> devices, const base::Limits& limits);

/// Equal for a repetition of the same MESSAGE: Call-ID, CSeq and From tag (RFC 3261 §8.2.2.2).
std::string fingerprint_of(const sip::Message& message);

/// The way to a device by one of its flows.
struct Hop {
  engine::Destination destination;
  std::string request_uri;
  std::vector<std::string> routes;
};
Hop hop_to(const model::Binding& binding);

/// The head of a MESSAGE on its way to a device.
sip::Unsent forwarded_head(const engine::Request& request, const Hop& hop);

/// The head of a kept MESSAGE for a device, as a new request of ours with the sender's From, and the
/// sender's Date, else that of when it came (RFC 3428 §11.4).
sip::Unsent stored_head(const model::StoredMessage& message, const Hop& hop, const std::string& tag);

}  // namespace rollcall::messaging
