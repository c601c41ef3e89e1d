// Idempotency keys: what is repeated under one is sent once.

#include <catch2/catch.hpp>

#include <algorithm>

#include "codec/text/hex.hpp"
#include "codec/text/legacy_json.hpp"
#include "tests/support/v1_calls.hpp"

using namespace std::chrono_literals;
using nlohmann::json;
using player::connection_ptr;
using support::approval;
using support::http_get;
using support::http_post;
using support::virtual_gateway;
using support::v1::documented;
using support::v1::last;
using support::v1::message;
using support::v1::purchase;
using support::v1::responses;

namespace {

// A purchase of another kind.
json order_of(const char* tid) { return purchase(tid); }

struct small_gateway : virtual_gateway {
  small_gateway() : virtual_gateway({}, true, 1, 1) {}

  // A purchase that the host approves, or declines; the answer's body.
  std::string ends(const char* tid, const std::string& key, const char* code = "000") {
    const auto c = http_client(message(order_of(tid), key));
    host_says(approval(host_got_last(), code));
    return last(c).body;
  }
  // Time for memory to drop what has ended and is certain.
  void forget() { pass(40s); }
  std::string body_of(const char* tid, const std::string& key) {
    return last(http_client(message(order_of(tid), key))).body;
  }
  json outcome_of(const char* tid, const std::string& key) {
    return json::parse(body_of(tid, key)).at("outcome");
  }
};

}  // namespace

TEST_CASE("twenty parallel repeats under one key are one message at the host and twenty equal answers") {
  virtual_gateway h;
  std::vector<connection_ptr> clients;
  for (int i = 0; i < 20; ++i)
    clients.push_back(h.http_client(message(purchase(), "order-1")));
  REQUIRE(h.host_got().size() == 1);
  h.host_says(approval(h.host_got()[0]));
  const auto first = last(clients[0]).body;
  for (const auto& c : clients)
    CHECK(last(c).body == first);
  // Later too, and with the keys of its JSON in another order.
  CHECK(last(h.http_client(message(purchase(), "order-1"))).body == first);
  CHECK(h.host_got().size() == 1);
  h.pass(1h);
  CHECK(last(h.http_client(message(purchase(), "order-1"))).body == first);
  CHECK(h.host_got().size() == 1);
}

TEST_CASE("other content under the same key is 409, another key is another message") {
  virtual_gateway h;
  h.http_client(message(purchase(), "order-1"));
  auto other = purchase();
  other["amount"] = "2000";
  const auto conflict = last(h.http_client(message(other, "order-1")));
  CHECK(conflict.status == 409);
  CHECK(conflict.json().at("code") == "idempotency_conflict");
  CHECK(h.host_got().size() == 1);
  h.http_client(message(purchase("43"), "order-2"));
  CHECK(h.host_got().size() == 2);
}

TEST_CASE("an unknown outcome stays the answer of its key, a refusal before sending makes the key free") {
  virtual_gateway h;
  const auto lost = h.http_client(message(purchase(), "order-1"));
  h.pass(36s);
  CHECK(last(lost).status == 504);
  CHECK(last(h.http_client(message(purchase(), "order-1"))).status == 504);
  REQUIRE(h.host_got().size() == 2);
  CHECK(h.host_got()[1].mti() == "0400");

  virtual_gateway down({}, false);
  const auto unsent = down.http_client(message(purchase(), "order-1"));
  down.pass(36s);
  CHECK(last(unsent).status == 503);
  while (!down.dialer->calling)
    down.pass(1s);
  down.host_answers();
  const auto again = down.http_client(message(purchase(), "order-1"));
  REQUIRE(down.host_got().size() == 1);
  down.host_says(approval(down.host_got()[0]));
  CHECK(last(again).status == 200);
}

TEST_CASE("keys work at / and /raw as well, and are forgotten after a day") {
  virtual_gateway h;
  const auto m = codec::to_json(h.purchase(), support::smart_vista()).dump();
  const auto headers = std::string("Idempotency-Key: k\r\n");
  const auto a = h.http_client(http_post("/", m, headers)), b = h.http_client(http_post("/", m, headers));
  CHECK(h.host_got().size() == 1);
  h.host_says(approval(h.host_got()[0]));
  CHECK(last(a).body == last(b).body);
  CHECK(last(h.http_client(http_post("/raw", codec::to_hex(support::wire(h.purchase())), headers))).status ==
        409);
  h.pass(23h);
  CHECK(last(h.http_client(http_post("/", m, headers))).body == last(a).body);
  CHECK(h.host_got().size() == 1);
  h.pass(2h);
  h.http_client(message(purchase(), "k"));
  CHECK(h.host_got().size() == 2);
}

TEST_CASE("a repeat is answered from memory though it has expired, the queue is full, or the gateway ends") {
  virtual_gateway h([](config::settings& s) {
    s.queue.messages_max = 1;
    s.queue.refuse_when_full = true;
  });
  auto fields = purchase();
  fields["local_time"] = "261123120000";
  const auto first = h.http_client(message(fields, "order-1"));
  h.host_says(approval(h.host_got()[0]));
  const auto answer = last(first).body;
  h.pass(40s);
  CHECK(last(h.http_client(message(fields, "order-1"))).body == answer);
  CHECK(last(h.http_client(message(fields, "order-2"))).status == 422);

  const auto late = h.http_client();
  h.client({h.purchase("00000077")});
  CHECK(last(h.http_client(message(fields, "order-1"))).body == answer);
  const auto bytes = message(fields, "order-1");
  late->says(bytes.substr(0, 20));
  h.run_until_idle();
  h.system.spawn([&](caf::event_based_actor* self) {
    self->request(h.gateway, caf::infinite, actors::drain_atom::value).then([](const actors::test_report&) {
    });
  });
  h.run_until_idle();
  late->says(bytes.substr(20));
  h.run_until_idle();
  CHECK(last(late).body == answer);
  CHECK(h.host_got().size() == 2);
}

TEST_CASE("what is remembered survives the registry, and what was under way then is reversed") {
  virtual_gateway h;
  const auto done = h.http_client(message(purchase("1"), "done"));
  h.host_says(approval(h.host_got()[0]));
  const auto under_way = h.http_client(message(purchase("2"), "under-way"));
  caf::anon_send_exit(h.part("idempotency"), caf::exit_reason::kill);
  h.pass(1s);
  CHECK(last(under_way).json().at("outcome") == "reversing");
  CHECK(last(h.http_client(message(purchase("1"), "done"))).body == last(done).body);
  CHECK(last(h.http_client(message(purchase("2"), "under-way"))).json().at("outcome") == "reversing");
  CHECK(h.host_got().size() == 2);
}

TEST_CASE("a key longer than 255 characters is refused") {
  virtual_gateway h;
  CHECK(last(h.http_client(message(purchase(), std::string(256, 'k')))).status == 400);
  CHECK(h.host_got().empty());
}

TEST_CASE_METHOD(small_gateway,
                 "a key of money that memory has no room for gets its stored answer from the journal, and "
                 "the host sees it once") {
  const auto first = json::parse(ends("1", "order-1"));
  const auto declined = json::parse(ends("2", "order-2", "116"));
  for (const auto* tid : {"3", "4", "5"})
    ends(tid, std::string("order-") + tid);
  forget();
  CHECK(host_got().size() == 5);
  for (int repeats = 0; repeats < 2; ++repeats) {
    const auto again = json::parse(body_of("1", "order-1"));
    CHECK(again.at("outcome") == "approved");
    CHECK(again.at("transaction_id") == first.at("transaction_id"));
    CHECK(json::parse(body_of("2", "order-2")).at("transaction_id") == declined.at("transaction_id"));
    CHECK(outcome_of("2", "order-2") == "declined");
    forget();
  }
  CHECK(host_got().size() == 5);
  CHECK(last(http_client(message(order_of("7"), "order-1"))).status == 409);
  // A new one is new all the same.
  CHECK(json::parse(ends("6", "order-6")).at("outcome") == "approved");
  CHECK(host_got().size() == 6);
}

TEST_CASE_METHOD(small_gateway,
                 "after a restart with more keys than memory holds the first key gets its stored answer, and "
                 "no second purchase is sent") {
  const auto first = json::parse(ends("1", "order-1"));
  for (const auto* tid : {"2", "3", "4"})
    ends(tid, std::string("order-") + tid);
  forget();
  restart();
  host_answers();
  for (int repeats = 0; repeats < 3; ++repeats) {
    const auto again = json::parse(body_of("1", "order-1"));
    CHECK(again.at("outcome") == "approved");
    CHECK(again.at("transaction_id") == first.at("transaction_id"));
    for (const auto* tid : {"2", "3", "4"})
      CHECK(outcome_of(tid, std::string("order-") + tid) == "approved");
    forget();
  }
  CHECK(host->sent.empty());
}

TEST_CASE_METHOD(
  small_gateway,
  "while the journal is asked for a key, repeats of it wait, and a new purchase is sent once") {
  ends("1", "order-1");
  ends("2", "order-2");
  ends("3", "order-3");
  forget();
  kept.disk().pause();
  std::vector<connection_ptr> old, young;
  for (int i = 0; i < 5; ++i) {
    old.push_back(http_client(message(order_of("1"), "order-1")));
    young.push_back(http_client(message(order_of("9"), "order-9")));
  }
  for (const auto& c : old)
    CHECK(responses(c).empty());
  CHECK(host_got().size() == 3);
  kept.disk().release();
  run_until_idle();
  for (const auto& c : old)
    CHECK(last(c).json().at("outcome") == "approved");
  REQUIRE(host_got().size() == 4);
  host_says(approval(host_got_last()));
  for (const auto& c : young)
    CHECK(last(c).json().at("outcome") == "approved");
  CHECK(host_got().size() == 4);
}

TEST_CASE_METHOD(small_gateway, "keyless purchases and messages that move no money take no key's place") {
  const auto first = ends("1", "order-1");
  for (int i = 10; i < 30; ++i)
    ends(std::to_string(i).c_str(), "");
  forget();
  // It is in memory still: the disk is not needed.
  kept.disk().pause();
  CHECK(body_of("1", "order-1") == first);
}

TEST_CASE_METHOD(small_gateway,
                 "a purchase that is being reversed, and that memory has dropped, is answered as it stands, "
                 "and not sent again") {
  const auto lost = http_client(message(order_of("1"), "order-1"));
  pass(36s);
  CHECK(last(lost).json().at("outcome") == "reversing");
  const auto sent = host_got().size();
  for (const auto* tid : {"2", "3", "4"})
    ends(tid, std::string("order-") + tid);
  forget();
  CHECK(outcome_of("1", "order-1") == "reversing");
  const auto all = host_got();
  CHECK(std::ranges::count_if(all, [](const codec::message& m) { return m.mti() == "0200"; }) == 4);
  CHECK(sent >= 1);
}

TEST_CASE_METHOD(
  small_gateway,
  "where the journal does not answer in time, a key that memory does not know is not taken for a new one") {
  for (const auto* tid : {"1", "2", "3"})
    ends(tid, std::string("order-") + tid);
  forget();
  kept.disk().pause();
  const auto c = http_client(message(order_of("1"), "order-1"));
  pass(2min);
  CHECK(last(c).status >= 500);
  CHECK(last(c).json().at("outcome") != "not_sent");
  CHECK(host_got().size() == 3);
}

TEST_CASE_METHOD(small_gateway,
                 "whoever waits for the journal when the registry dies is not told that nothing was sent") {
  for (const auto* tid : {"1", "2", "3"})
    ends(tid, std::string("order-") + tid);
  forget();
  kept.disk().pause();
  const auto c = http_client(message(order_of("1"), "order-1"));
  caf::anon_send_exit(part("idempotency"), caf::exit_reason::kill);
  run_until_idle();
  CHECK(last(c).json().at("outcome") != "not_sent");
  kept.disk().release();
  pass(1s);
  CHECK(outcome_of("1", "order-1") == "approved");
  CHECK(host_got().size() == 3);
}

TEST_CASE(
  "a confirmation is answered when it is durable, and from then on no restart reverses its purchase") {
  virtual_gateway h([](config::settings& s) {
    s.delivery.http = config::http_delivery::confirm;
    s.delivery.of_unconfirmed = config::unconfirmed::reverse;
  });
  const auto client = h.http_client(message(purchase()));
  h.host_says(approval(h.host_got()[0]));
  const auto id = last(client).json().at("transaction_id").get<std::string>();
  h.kept.disk().pause();
  const auto confirming = h.http_client(http_post("/v1/messages/" + id + "/confirm", ""));
  CHECK(confirming->sent.empty());
  h.kept.disk().release();
  h.run_until_idle();
  CHECK(last(confirming).json().at("outcome") == "approved");
  h.restart();
  h.host_answers();
  h.pass(60s);
  CHECK(h.cases().empty());
  CHECK(h.host_got().empty());
}

TEST_CASE(
  "nobody who knows terminal, STAN and time of a raw client's purchase can ask for it or stand in its way by "
  "HTTP") {
  virtual_gateway h([](config::settings& s) { s.delivery.raw = config::raw_delivery::idempotent; });
  const auto request = h.purchase();
  // With zeros in front of the terminal as it writes them, and as the gateway compares them.
  const std::string terminal = GENERATE("00000042", "42");
  const auto name = "tcp/" + terminal + "/000001/" + std::string(request[12]);
  auto other = purchase();
  other["terminal_id"] = "00000077";
  const auto stranger = h.http_client(message(other, name));
  const auto client = h.client({request});
  REQUIRE(h.host_got().size() == 2);
  h.host_says(approval(h.host_got()[0]));
  h.host_says(approval(h.host_got()[1]));
  CHECK(support::messages_in(client->sent).size() == 1);
  CHECK(last(stranger).status == 200);
  CHECK(last(h.http_client(http_get("/v1/messages/" + name))).status == 404);
  CHECK(last(h.http_client(
               http_get("/v1/messages/tcp%2F" + terminal + "%2F000001%2F" + std::string(request[12]))))
          .status == 404);
}

TEST_CASE(
  "a request with two Idempotency-Keys, or an empty one, is refused at every path, and nothing is sent") {
  virtual_gateway h;
  const auto body = purchase().dump();
  const auto posted = [&](const std::string& path, const std::string& keys, const std::string& text) {
    return h.http_client(http_post(path, text, "Content-Type: application/json\r\n" + keys));
  };
  const std::string two = "Idempotency-Key: a\r\nIdempotency-Key: b\r\n", same = "Idempotency-Key: a\r\n";
  for (const auto& keys :
       {two, same + same, std::string("Idempotency-Key:\r\n"), "Idempotency-Key:  \r\n" + same}) {
    INFO(keys);
    const auto r = documented(last(posted("/v1/messages", keys, body)), "/v1/messages");
    CHECK(r.status == 400);
    CHECK(r.json().at("code") == "bad_idempotency_key");
    CHECK(r.json().at("outcome") == "not_sent");
    for (const auto& path : {"/", "/raw"}) {
      const auto old =
        last(posted(path, keys, codec::to_json(support::purchase(), support::smart_vista()).dump()));
      CHECK(old.status == 400);
      CHECK_THAT(old.body, Catch::Contains("Idempotency-Key"));
    }
  }
  CHECK(h.host_got().empty());
}

TEST_CASE(
  "a card number that is used as an Idempotency-Key stands nowhere in the journal, and works there as any "
  "other") {
  virtual_gateway h;
  const auto client = h.http_client(message(purchase(), support::test_pan));
  h.host_says(approval(h.host_got_last()));
  const auto first = last(client).json().at("transaction_id");
  h.pass(1s);
  const auto& kept = h.kept.disk().read();
  CHECK(kept.records.size() > 1);
  for (const auto& r : kept.records)
    CHECK(r.content.find(support::test_pan) == std::string::npos);
  for (const auto& [_, sealed] : kept.cards)
    CHECK(sealed.find(support::test_pan) == std::string::npos);
  h.restart();
  h.host_answers();
  const auto again = last(h.http_client(message(purchase(), support::test_pan)));
  CHECK(again.status == 200);
  CHECK(again.json().at("transaction_id") == first);
  CHECK(h.host_got().empty());
}
