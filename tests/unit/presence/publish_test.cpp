// SPDX-License-Identifier: Apache-2.0
#include "document.hpp"
#include "house.hpp"

using namespace rollcall;
using namespace rollcall::presence::test;
using namespace std::chrono_literals;

namespace {

std::string etag(const Sent& answer) {
  REQUIRE(answer.message->status() == 200);
  return answer.header(Header::sip_etag);
}

std::string if_match(const std::string& tag) {
  return "SIP-If-Match: " + tag + "\r\n";
}

std::string note(std::size_t bytes) {
  return "<note>" + std::string(bytes, 'x') + "</note>";
}

std::size_t publications(House& house) {
  return house.agent.view(tests::aor("alice@example.com")).publications.size();
}

}  // namespace

TEST_CASE("publish: the answer leaves when the publication is on disk, not before") {
  House house;
  house.shards.journal().hold();
  tests::RequestText text;
  text.method = "PUBLISH";
  text.uri = text.from = text.to = "sip:alice@example.com";
  text.from += ";tag=a";
  text.lines = "Event: presence\r\nContent-Type: application/pidf+xml\r\n";
  text.body = pidf("open");
  house.shards.receive(text.bytes(), House::flow_of("alice"));
  CHECK(house.shards.wire().kinds() == "");
  CHECK(publications(house) == 0);
  SUBCASE("kept") {
    house.shards.journal().release();
    CHECK(house.answer("PUBLISH").message->status() == 200);
    CHECK(publications(house) == 1);
  }
  SUBCASE("not kept [RFC 3903 §6 step 5]") {
    house.shards.journal().fail();
    const Sent answer = house.answer("PUBLISH");
    CHECK(answer.message->status() == 503);
    CHECK(answer.header(Header::retry_after) != "");
    CHECK(publications(house) == 0);
  }
}

TEST_CASE(
    "publish: each success has a new entity-tag and an Expires, and the old tag is gone [RFC 3903 §6 step "
    "6]") {
  House house;
  const Sent first = house.publish("Expires: 600\r\n", pidf("open"));
  CHECK(first.header(Header::expires) == "600");
  CHECK(first.header(Header::contact) == "");
  const std::string second = etag(house.publish(if_match(etag(first)) + "Expires: 300\r\n"));
  CHECK(second != etag(first));
  CHECK(house.publish(if_match(etag(first))).message->status() == 412);
  const std::string third = etag(house.publish(if_match(second), pidf("closed")));
  CHECK(third != second);
  CHECK(publications(house) == 1);
  const Sent removed = house.publish(if_match(third) + "Expires: 0\r\n");
  CHECK(removed.header(Header::expires) == "0");
  CHECK(etag(removed) != third);
  CHECK(publications(house) == 0);
  CHECK(house.publish(if_match(third)).message->status() == 412);
}

TEST_CASE("publish: the checks come in the order of the steps [RFC 3903 §6]") {
  House house;
  const std::string tag = etag(house.publish("", pidf("open")));
  const auto status = [&](const std::string& lines, const std::string& body = "") {
    return house.publish(lines, body).message->status();
  };
  CHECK(status("SIP-If-Match: none\r\nExpires: 1\r\n") == 412);       // step 3 before step 4
  CHECK(status(if_match(tag) + "Expires: 1\r\n", "rubbish") == 423);  // step 4 before step 5
  CHECK(status(if_match(tag + ", other")) == 400);
  CHECK(status("SIP-If-Match: \"" + tag + "\"\r\n") == 400);
  CHECK(status("SIP-If-Match: *\r\n") == 412);
  CHECK(status("Expires: soon\r\n", pidf("open")) == 400);
  CHECK(status("") == 400);
  CHECK(status(if_match(tag), "<presence") == 400);
  // Nothing of this has touched what was published.
  CHECK(status(if_match(tag)) == 200);
}

TEST_CASE("publish: too brief is answered 423 with Min-Expires, too long is shortened [RFC 3903 §6 step 4]") {
  House house;
  const Sent brief = house.publish("Expires: 59\r\n", pidf("open"));
  CHECK(brief.message->status() == 423);
  CHECK(brief.header(Header::min_expires) == "60");
  CHECK(house.publish("Expires: 4294967295\r\n", pidf("open")).header(Header::expires) == "3600");
  CHECK(house.publish("", pidf("open")).header(Header::expires) == "600");
}

TEST_CASE("publish: an initial publication with Expires 0 stores nothing [RFC 3903 §6 step 5]") {
  House house;
  CHECK(house.publish("Expires: 0\r\n", pidf("open")).message->status() == 200);
  CHECK(publications(house) == 0);
  CHECK(house.shards.journal().submitted() == 0);
}

TEST_CASE("publish: a status word that nobody knows does not cost the publication [RFC 3863 §4.1.4]") {
  House house;
  CHECK(house.publish("", pidf("unknown")).message->status() == 200);
}

TEST_CASE("publish: a publication ends on time, and its watchers are told") {
  House house;
  house.subscribe("bob");
  house.notified("bob");
  house.publish("Expires: 60\r\n", pidf("open"));
  CHECK(house.notified("bob").bytes.find("open") != std::string::npos);
  house.shards.pass(61s);
  CHECK(publications(house) == 0);
  CHECK(house.notified("bob").bytes.find("closed") != std::string::npos);
}

TEST_CASE("publish: past the number of publications the one that ends first makes room") {
  base::Limits limits;
  limits.publications_per_user = 2;
  House house(limits);
  const std::string brief = etag(house.publish("Expires: 60\r\n", pidf("open", "", "a")));
  const std::string longer = etag(house.publish("Expires: 600\r\n", pidf("open", "", "b")));
  house.publish("Expires: 300\r\n", pidf("open", "", "c"));
  CHECK(publications(house) == 2);
  CHECK(house.publish(if_match(brief)).message->status() == 412);
  CHECK(house.publish(if_match(longer)).message->status() == 200);
}

TEST_CASE("publish: past the size of the whole document the publication that ends first makes room") {
  House house;
  const auto device = [](const std::string& id) {
    return "<d:device xmlns:d=\"urn:ietf:params:xml:ns:pidf:data-model\" id=\"" + id +
           "\"><d:deviceID>urn:x:" + id + "</d:deviceID><d:note>" + std::string(20'000, 'x') +
           "</d:note></d:device>";
  };
  const std::string first = etag(house.publish("Expires: 60\r\n", pidf("open", device("a"), "a")));
  const std::string second = etag(house.publish("Expires: 600\r\n", pidf("open", device("b"), "b")));
  CHECK(house.publish("Expires: 600\r\n", pidf("open", device("c"), "c")).message->status() == 200);
  CHECK(publications(house) == 2);
  CHECK(house.publish(if_match(first)).message->status() == 412);
  CHECK(house.publish(if_match(second)).message->status() == 200);
  const auto view = house.agent.view(tests::aor("alice@example.com"));
  CHECK(view.document.size() <= presence::most_document_bytes);
}

TEST_CASE("publish: a document that grows past what can be shown is refused with 413") {
  House house;
  std::string tuples;
  for (int i = 0; i < 480; ++i)
    tuples += "<tuple id=\"" + std::to_string(i) + "\"><status><basic>open</basic></status></tuple>";
  const std::string body = pidf("open", tuples);
  REQUIRE(body.size() < 32'768);
  CHECK(house.publish("", body).message->status() == 413);
  CHECK(publications(house) == 0);
  CHECK(house.publish("", pidf("open", note(30'000))).message->status() == 200);
}
