// SPDX-License-Identifier: Apache-2.0
#include "route_token.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <rollcall/base/ids.hpp>
#include <rollcall/sip/digest.hpp>
#include <rollcall/sip/headers/name_addr.hpp>

#include <fmt/format.h>

namespace rollcall::proxy {

namespace {

// "tcp:192.0.2.9:5060/192.0.2.1:40112/3-1a-2": the flow with a '/' for the '>' that a parameter may not
// hold, and for a connection the run, its number and its shard. Every message of a call carries it.
std::string text_of(const sip::Flow& flow, std::uint64_t run) {
  std::string text = flow.to_string();
  std::replace(text.begin(), text.end(), '>', '/');
  if (flow.connection != 0) text += fmt::format("/{:x}-{:x}-{:x}", run, flow.connection, flow.shard);
  return text;
}

bool read_connection(std::string_view text, std::uint64_t run, sip::Flow& flow) {
  std::array<std::uint64_t, 3> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), numbers[i], 16);
    if (error != std::errc()) return false;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    const bool last = i + 1 == numbers.size();
    if (last ? !text.empty() : !text.starts_with('-')) return false;
    if (!last) text.remove_prefix(1);
  }
  if (numbers[0] != run) return true;
  flow.connection = numbers[1];
  flow.shard = static_cast<std::uint16_t>(numbers[2]);
  return true;
}

std::optional<sip::Flow> flow_of(std::string_view text, std::uint64_t run) {
  const auto arrow = text.find('/');
  if (arrow == std::string_view::npos) return std::nullopt;
  const auto end = text.find('/', arrow + 1);
  std::string addresses(text.substr(0, end));
  addresses[arrow] = '>';
  auto flow = sip::Flow::parse(addresses);
  if (!flow) return std::nullopt;
  if (end != std::string_view::npos && !read_connection(text.substr(end + 1), run, *flow))
    return std::nullopt;
  return *flow;
}

// 80 bits, as in the example of RFC 5626 §5.2.
std::string signature_of(std::string_view text, std::string_view call_id, const engine::Run& run) {
  return sip::sign(run.secret, "route", fmt::format("{}\n{}", text, call_id)).substr(0, 20);
}

}  // namespace

std::string write_route(const sip::Flow& flow, std::string_view sent_by, std::string_view call_id,
                        const engine::Run& run) {
  const std::string text = text_of(flow, run.number);
  std::string transport;
  if (sip::is_stream(flow.transport)) transport = ";transport=" + text.substr(0, text.find(':'));
  return fmt::format("<sip:{}{};lr;flow={};sig={}>", sent_by, transport, text,
                     signature_of(text, call_id, run));
}

std::optional<sip::Flow> read_route(std::string_view route, std::string_view call_id,
                                    const engine::Run& run) {
  const auto parsed = sip::NameAddr::parse(route);
  if (!parsed || parsed->uri.scheme != sip::Scheme::sip) return std::nullopt;
  const auto text = parsed->uri.param("flow");
  const auto signature = parsed->uri.param("sig");
  if (!text || !signature) return std::nullopt;
  if (!base::equal_in_constant_time(*signature, signature_of(*text, call_id, run))) return std::nullopt;
  return flow_of(*text, run.number);
}

}  // namespace rollcall::proxy
