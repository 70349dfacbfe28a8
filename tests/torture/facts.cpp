// SPDX-License-Identifier: Apache-2.0
#include "facts.hpp"

#include <functional>
#include <map>
#include <type_traits>

#include <rollcall/sip/headers/cseq.hpp>
#include <rollcall/sip/headers/name_addr.hpp>
#include <rollcall/sip/headers/via.hpp>
#include <rollcall/sip/uri.hpp>

namespace rollcall::torture {

namespace {

using namespace rollcall::sip;

// Reading what is not there throws, which fails the test that asked.
Uri request_uri(const Message& m) {
  return Uri::parse(m.request_uri()).value();
}
Via top(const Message& m) {
  return Via::parse(m.values(Header::via).at(0)).value();
}
Via bottom(const Message& m) {
  return Via::parse(m.values(Header::via).back()).value();
}
NameAddr address(const Message& m, Header id) {
  return NameAddr::parse(m.values(id).at(0)).value();
}

using Reader = std::function<std::string(const Message&)>;

template <class T>
std::string text(const T& value) {
  if constexpr (std::is_arithmetic_v<T>) {
    return std::to_string(value);
  } else {
    return std::string(value);
  }
}

const std::map<std::string_view, Reader>& readers() {
  static const std::map<std::string_view, Reader> table{
      {"method", [](const Message& m) { return text(m.method_name()); }},
      {"uri", [](const Message& m) { return text(m.request_uri()); }},
      {"uri.user", [](const Message& m) { return text(request_uri(m).user); }},
      {"uri.password", [](const Message& m) { return text(request_uri(m).password); }},
      {"uri.host", [](const Message& m) { return text(request_uri(m).host); }},
      {"uri.port", [](const Message& m) { return text(request_uri(m).port); }},
      {"status", [](const Message& m) { return text(m.status()); }},
      {"reason", [](const Message& m) { return text(m.reason()); }},
      {"body", [](const Message& m) { return text(m.body().size()); }},
      {"vias", [](const Message& m) { return text(m.values(Header::via).size()); }},
      {"contacts", [](const Message& m) { return text(m.values(Header::contact).size()); }},
      {"fields", [](const Message& m) { return text(m.fields().size()); }},
      {"top.host", [](const Message& m) { return text(top(m).host); }},
      {"top.branch", [](const Message& m) { return text(top(m).branch()); }},
      {"top.received", [](const Message& m) { return text(top(m).params.get("received").value_or("-")); }},
      {"top.unique", [](const Message& m) { return text(top(m).has_magic_cookie() ? "yes" : "no"); }},
      {"bottom.host", [](const Message& m) { return text(bottom(m).host); }},
      {"bottom.branch", [](const Message& m) { return text(bottom(m).branch()); }},
      {"bottom.transport", [](const Message& m) { return text(bottom(m).transport); }},
      {"from.name", [](const Message& m) { return text(address(m, Header::from).display_name); }},
      {"from.user", [](const Message& m) { return text(address(m, Header::from).uri.user); }},
      {"from.tag", [](const Message& m) { return text(address(m, Header::from).tag()); }},
      {"to.name", [](const Message& m) { return text(address(m, Header::to).display_name); }},
      {"to.user", [](const Message& m) { return text(address(m, Header::to).uri.user); }},
      {"to.user.unescaped", [](const Message& m) { return unescape(address(m, Header::to).uri.user); }},
      {"to.host", [](const Message& m) { return text(address(m, Header::to).uri.host); }},
      {"to.port", [](const Message& m) { return text(address(m, Header::to).uri.port); }},
      {"to.tag", [](const Message& m) { return text(address(m, Header::to).tag()); }},
      {"contact.name", [](const Message& m) { return text(address(m, Header::contact).display_name); }},
      {"contact.user", [](const Message& m) { return text(address(m, Header::contact).uri.user); }},
      {"contact.host", [](const Message& m) { return text(address(m, Header::contact).uri.host); }},
      {"contact.headers", [](const Message& m) { return text(address(m, Header::contact).uri.headers); }},
      {"cseq", [](const Message& m) { return text(CSeq::parse(*m.first(Header::cseq)).value().number); }},
      {"hops",
       [](const Message& m) {
         return text(parse_number(m.first(Header::max_forwards).value_or("")).value_or(999));
       }},
  };
  return table;
}

std::string shown(std::optional<std::string_view> value) {
  return value ? std::string(*value) : "-";
}

}  // namespace

std::string read_fact(const Message& message, std::string_view name) {
  if (const auto found = readers().find(name); found != readers().end()) return found->second(message);
  const auto after = [name](std::string_view prefix) { return name.substr(prefix.size()); };
  if (name.starts_with("header.")) return shown(message.first(after("header.")));
  if (name.starts_with("contact.header.")) {
    return shown(address(message, Header::contact).params.get(after("contact.header.")));
  }
  if (name.starts_with("contact.uri."))
    return shown(address(message, Header::contact).uri.param(after("contact.uri.")));
  if (name.starts_with("from.header."))
    return shown(address(message, Header::from).params.get(after("from.header.")));
  const auto open = name.find('[');
  const auto index = parse_number(name.substr(open + 1, name.size() - open - 2)).value();
  return std::string(message.values(header_of(name.substr(0, open))).at(index));
}

}  // namespace rollcall::torture
