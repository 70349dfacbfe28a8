// SPDX-License-Identifier: Apache-2.0
#include "stun.hpp"

#include <cstddef>
#include <cstdint>

namespace rollcall::net {

namespace {

constexpr std::size_t head_bytes = 20;
constexpr std::size_t cookie_at = 4;
constexpr std::string_view cookie("\x21\x12\xa4\x42", 4);
constexpr std::uint16_t binding_request = 0x0001;
constexpr std::uint16_t binding_success = 0x0101;
constexpr std::uint16_t xor_mapped_address = 0x0020;
constexpr std::uint16_t first_optional = 0x8000;

std::uint16_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint16_t>(static_cast<unsigned char>(bytes[at]) << 8 |
                                    static_cast<unsigned char>(bytes[at + 1]));
}

void append(std::string& bytes, std::uint16_t number) {
  bytes += static_cast<char>(number >> 8);
  bytes += static_cast<char>(number & 0xff);
}

/// RFC 5389 §15: each attribute is a type, a length, and a value filled up to four bytes.
bool may_answer(std::string_view attributes) {
  while (attributes.size() >= 4) {
    if (number_at(attributes, 0) < first_optional) return false;
    const std::size_t length = 4 + (number_at(attributes, 2) + 3) / 4 * 4;
    if (length > attributes.size()) return false;
    attributes.remove_prefix(length);
  }
  return attributes.empty();
}

/// XOR-MAPPED-ADDRESS: hidden from NATs that would rewrite an address that they recognise.
std::string mapped_address(const sip::Endpoint& source, std::string_view mask) {
  const bool v4 = source.is_v4();
  std::string value;
  append(value, v4 ? 0x01 : 0x02);
  append(value, source.port() ^ number_at(mask, 0));
  const auto& address = source.address();
  const std::size_t from = v4 ? 12 : 0;
  for (std::size_t i = from; i < address.size(); ++i)
    value += static_cast<char>(address[i] ^ static_cast<unsigned char>(mask[i - from]));
  return value;
}

}  // namespace

bool is_stun(std::string_view datagram) {
  return datagram.size() >= head_bytes && static_cast<unsigned char>(datagram[0]) <= 1 &&
         number_at(datagram, 2) == datagram.size() - head_bytes;
}

std::optional<std::string> answer_stun(std::string_view datagram, const sip::Endpoint& source) {
  if (!is_stun(datagram) || number_at(datagram, 0) != binding_request) return std::nullopt;
  if (datagram.substr(cookie_at, cookie.size()) != cookie) return std::nullopt;
  if (!may_answer(datagram.substr(head_bytes))) return std::nullopt;
  // The cookie and the identifier of the transaction, which are the mask too.
  const std::string_view mask = datagram.substr(cookie_at, head_bytes - cookie_at);
  const std::string value = mapped_address(source, mask);
  std::string answer;
  append(answer, binding_success);
  append(answer, static_cast<std::uint16_t>(4 + value.size()));
  answer.append(mask);
  append(answer, xor_mapped_address);
  append(answer, static_cast<std::uint16_t>(value.size()));
  return answer.append(value);
}

}  // namespace rollcall::net
