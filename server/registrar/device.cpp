// SPDX-License-Identifier: Apache-2.0
#include <rollcall/registrar/device.hpp>

namespace rollcall::registrar {

std::string instance_of(const sip::NameAddr& contact) {
  std::string text = sip::unquote(contact.params.get("+sip.instance").value_or(""));
  if (text.size() >= 2 && text.front() == '<' && text.back() == '>') text = text.substr(1, text.size() - 2);
  return text;
}

}  // namespace rollcall::registrar
