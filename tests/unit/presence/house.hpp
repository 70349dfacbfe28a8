// SPDX-License-Identifier: Apache-2.0
// A presence agent on a real shard, and people who publish and watch.
#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <rollcall/presence/agent.hpp>

#include <doctest/doctest.h>
#include <support/event_bodies.hpp>
#include <support/people.hpp>

namespace rollcall::presence::test {

using sip::Header;
using tests::Sent;

/// What routing does, as far as presence needs it. alice, bob, carol and dave exist, all on UDP.
class House final : public engine::TransactionUser {
 public:
  explicit House(const base::Limits& limits = {}, Policy policy = {})
      : shards(1, limits),
        directory(shards.metrics()),
        registrar(with_store(), directory),
        agent(shards.shard(), directory, registrar, std::move(policy)) {
    shards.shard().transactions().set_user(*this);
    for (const auto* name : {"alice@example.com", "bob@example.com", "carol@example.com", "dave@example.org"})
      shards.shard().keeper().apply({model::SaveUser{tests::user_named(name)}});
  }

  void on_request(engine::Request request) override {
    const auto from = sip::NameAddr::parse(request.message->first(Header::from).value_or(""));
    const auto to = sip::NameAddr::parse(request.message->first(Header::to).value_or(""));
    request.sender = *sip::Aor::from(from->uri);
    if (request.message->method() == sip::Method::publish) return agent.on_publish(std::move(request));
    if (!to->tag().empty()) return agent.on_resubscribe(std::move(request));
    const auto target = *sip::Aor::from(*request.message->target());
    if (brings_list(*request.message) || !directory.find_enabled(target.text()))
      return agent.on_subscribe_list(std::move(request), target);
    agent.on_subscribe(std::move(request), target);
  }
  void on_ack(engine::Request) override {}
  void on_cancel(engine::TransactionId) override {}

  /// alice publishes; gives the answer.
  Sent publish(std::string lines, std::string body = "", const std::string& event = "presence") {
    begin_publish(std::move(lines), std::move(body), event);
    return answer("PUBLISH");
  }
  /// alice publishes; gives the Call-ID, by which the answer is known when it comes.
  std::string begin_publish(std::string lines, std::string body, const std::string& event = "presence") {
    tests::RequestText text = next("PUBLISH", "alice");
    text.to = "<sip:alice@example.com>";
    text.lines = "Event: " + event + "\r\n" + std::move(lines);
    const std::string type = event == "presence" ? "pidf" : "dialog-info";
    if (!body.empty()) text.lines += "Content-Type: application/" + type + "+xml\r\n";
    text.body = std::move(body);
    shards.receive(text.bytes(), flow_of("alice"));
    return text.call_id;
  }
  /// The answer to the request of this Call-ID, nullopt as long as there is none.
  std::optional<Sent> answer_to(const std::string& call_id) {
    collect();
    const auto found = std::find_if(sent_.begin(), sent_.end(), [&](const Sent& sent) {
      return !sent.message->is_request() && sent.header(Header::call_id) == call_id;
    });
    if (found == sent_.end()) return std::nullopt;
    Sent sent = std::move(*found);
    sent_.erase(found);
    return sent;
  }

  /// A dialog of a watcher, as it keeps it.
  struct Dialog {
    std::string watcher, call_id, remote_tag;
    int cseq = 0;
  };

  /// The watcher subscribes to alice; the answer and the first NOTIFY are among what was sent.
  Dialog subscribe(const std::string& watcher, std::string lines = "Expires: 600\r\n",
                   const std::string& event = "presence", const std::string& uri = "sip:alice@example.com",
                   std::string body = "") {
    tests::RequestText text = next("SUBSCRIBE", watcher);
    text.uri = uri;
    text.to = "<" + uri + ">";
    text.body = std::move(body);
    text.lines = "Event: " + event + "\r\nContact: <" + contact_of(watcher) + ">\r\n" + std::move(lines);
    Dialog dialog{watcher, text.call_id, "", text.cseq};
    shards.receive(text.bytes(), flow_of(watcher));
    collect();
    for (const Sent& sent : sent_)
      if (!sent.message->is_request() && sent.header(Header::call_id) == text.call_id)
        dialog.remote_tag = tag_of(sent.header(Header::to));
    return dialog;
  }

  /// SUBSCRIBE within a dialog.
  void subscribe_again(Dialog& dialog, std::string lines, const std::string& event = "presence",
                       std::string body = "") {
    tests::RequestText text = next("SUBSCRIBE", dialog.watcher);
    text.body = std::move(body);
    text.to = "<sip:alice@example.com>;tag=" + dialog.remote_tag;
    text.call_id = dialog.call_id;
    text.cseq = ++dialog.cseq;
    text.lines =
        "Event: " + event + "\r\nContact: <" + contact_of(dialog.watcher) + ">\r\n" + std::move(lines);
    shards.receive(text.bytes(), flow_of(dialog.watcher));
  }

  /// The next answer to a request of this method.
  Sent answer(std::string_view method) {
    return take(
        [&](const Sent& sent) { return !sent.message->is_request() && sent.kind().ends_with(method); });
  }
  /// The next NOTIFY to a watcher.
  Sent notify_to(const std::string& watcher) {
    return take([&](const Sent& sent) { return is_notify(sent, watcher); });
  }
  /// How many NOTIFYs to a watcher nobody has looked at.
  std::size_t notifies_to(const std::string& watcher) {
    collect();
    return static_cast<std::size_t>(std::count_if(
        sent_.begin(), sent_.end(), [&](const Sent& sent) { return is_notify(sent, watcher); }));
  }
  void reply(const Sent& notify, const sip::Reply& reply) {
    shards.receive(tests::answer_to(*notify.message, reply), notify.flow);
  }
  void reply(const Sent& notify, int status = 200) { reply(notify, sip::Reply(status)); }
  /// Looks at the next NOTIFY of a watcher, and answers it.
  Sent notified(const std::string& watcher, int status = 200) {
    Sent notify = notify_to(watcher);
    reply(notify, status);
    return notify;
  }

  /// alice's presence rules are this document from now on.
  void set_rules(const std::string& text, const std::string& path = "pres-rules/index") {
    commit({model::SaveDocument{
        {tests::aor("alice@example.com"), path, "\"1\"", text, shards.clock.now(), {}}}});
  }
  void remove_rules(const std::string& path = "pres-rules/index") {
    commit({model::RemoveDocument{tests::aor("alice@example.com"), path}});
  }
  void commit(model::Changes changes) {
    shards.shard().keeper().commit(std::move(changes), [](const base::Result<>&) {});
    shards.settle();
  }

  /// alice registers a device, or it goes.
  void register_alice(base::Duration left) {
    model::Binding binding;
    binding.aor = tests::aor("alice@example.com");
    binding.id = 7;
    binding.contact = contact_of("alice");
    binding.flow = flow_of("alice");
    binding.expires = shards.clock.now() + left;
    shards.shard().keeper().commit({model::SaveBinding{binding}}, [](const base::Result<>&) {});
  }

  [[nodiscard]] std::size_t watchers() { return agent.view(tests::aor("alice@example.com")).watchers.size(); }

  static sip::Flow flow_of(std::string_view person) {
    const std::string host = person == "alice" ? "1" : person == "bob" ? "2" : "3";
    return tests::flow_of("udp:192.0.2.9:5060>192.0.2." + host + ":5060");
  }
  static std::string contact_of(std::string_view person) {
    return "sip:" + std::string(person) + "@" + flow_of(person).remote.to_string();
  }
  static std::string tag_of(const std::string& value) { return value.substr(value.find(";tag=") + 5); }

  bool judges = true;  // every body has to be valid
  tests::Shards shards;
  accounts::Directory directory;
  registrar::Registrar registrar;
  Agent agent;

 private:
  engine::Shard& with_store() {
    shards.shard().keeper().add_store(directory);
    return shards.shard();
  }

  tests::RequestText next(std::string method, const std::string& person) {
    const int number = ++number_;
    tests::RequestText text;
    text.method = std::move(method);
    text.uri = "sip:alice@example.com";
    text.via = "SIP/2.0/UDP " + flow_of(person).remote.to_string() + ";branch=z9hG4bKh" +
               std::to_string(number) + ";rport";
    text.from = "<sip:" + person + (person == "dave" ? "@example.org" : "@example.com") + ">;tag=w" +
                std::to_string(number);
    // In a dialog the tag of From stays.
    if (text.method == "SUBSCRIBE") text.from = text.from.substr(0, text.from.find(";tag=")) + ";tag=w";
    text.call_id = "call" + std::to_string(number);
    text.cseq = number;
    return text;
  }

  static bool is_notify(const Sent& sent, const std::string& watcher) {
    return sent.message->is_request() &&
           sent.header(Header::to).find("sip:" + watcher + "@") != std::string::npos;
  }

  void collect() {
    for (Sent& sent : shards.wire().take()) {
      if (judges && sent.message->is_request() && !sent.message->has(Header::content_encoding))
        CHECK(tests::faults_in_body(sent.header(Header::content_type), sent.message->body()) == "");
      sent_.push_back(std::move(sent));
    }
  }

  template <class Matches>
  Sent take(Matches matches) {
    collect();
    const auto found = std::find_if(sent_.begin(), sent_.end(), matches);
    REQUIRE(found != sent_.end());
    Sent sent = std::move(*found);
    sent_.erase(found);
    return sent;
  }

  std::vector<Sent> sent_;
  int number_ = 0;
};

/// A small document with one tuple; `more` stands behind it.
inline std::string pidf(std::string_view basic, std::string_view more = "", std::string_view id = "t") {
  return "<presence xmlns=\"urn:ietf:params:xml:ns:pidf\" entity=\"sip:alice@example.com\"><tuple id=\"" +
         std::string(id) + "\"><status><basic>" + std::string(basic) + "</basic></status></tuple>" +
         std::string(more) + "</presence>";
}

}  // namespace rollcall::presence::test
