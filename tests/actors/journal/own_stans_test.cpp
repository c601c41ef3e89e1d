// STANs of the gateway's own: what the host gets, and what its client gets back.

#include <catch2/catch.hpp>

#include <set>

#include "tests/support/http.hpp"
#include "tests/support/virtual_gateway.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::virtual_gateway;

namespace {

void restamp(config::settings& s) {
  s.queue.restamp_stan = true;
  s.queue.lock_terminal = false;
}

codec::message with(codec::message m, int field, const std::string& value) {
  m.set(field, value);
  return m;
}

std::string stan_of(const codec::message& m) { return std::string(m[11]); }

// A purchase of an HTTP client that gives no STAN, at the present virtual time.
std::string purchase_without_stan(virtual_gateway& h, const std::string& stan = "") {
  const auto m = h.purchase();
  return support::http_post(
    "/v1/messages",
    R"({"mti":"0200","processing_code":"000000","amount":"1000","pos_entry_mode":"021",)"
    R"("function_code":"200","pos_condition_code":"00","terminal_id":"00000042",)"
    R"("track2":"4850781234567891=25122011000000000000","merchant_id":"123",)"
    R"("currency":"643","local_time":")" +
      std::string(m[12]) + "\"" + (stan.empty() ? "" : R"(,"stan":")" + stan + "\"") + "}",
    "Content-Type: application/json\r\n");
}

// As another process, which knows no more than the journal has.
void restart(virtual_gateway& h) {
  *h.env->numbers = actors::own_numbers();
  h.restart();
  h.host_answers();
}

}  // namespace

TEST_CASE("a request to /v1 without a STAN passes over the STANs that clients' open transactions have") {
  virtual_gateway h([](config::settings& s) { s.queue.lock_terminal = false; });
  h.env->numbers->go_on_behind("", 500);
  const auto a = h.client({h.purchase("00000042", "000501")}),
             b = h.client({h.purchase("00000042", "000502")});
  const auto c = h.http_client(purchase_without_stan(h));
  REQUIRE(h.host_got().size() == 3);
  CHECK(stan_of(h.host_got_last()) == "000503");
  h.host_says(approval(h.host_got_last()));
  REQUIRE(c->sent.size() != 0);
  const auto reply = support::http_responses(c->sent.front()).at(0);
  CHECK(reply.status == 200);
  CHECK(reply.json().at("stan") == "000503");
}

TEST_CASE("a client of /v1 that chooses a STAN which is in use is refused") {
  virtual_gateway h([](config::settings& s) { s.queue.lock_terminal = false; });
  const auto a = h.client({h.purchase("00000042", "000501")});
  const auto b = h.http_client(purchase_without_stan(h, "000501"));
  CHECK(h.host_got().size() == 1);
  CHECK(support::http_responses(b->sent.at(0)).at(0).status == 409);
}

TEST_CASE("a request to /v1 without a STAN passes over that of a client's inquiry at the host") {
  virtual_gateway h([](config::settings& s) { s.queue.lock_terminal = false; });
  h.env->numbers->go_on_behind("", 500);
  const auto a = h.client({with(h.purchase("00000042", "000501"), 3, "310000")});
  const auto b = h.http_client(purchase_without_stan(h));
  REQUIRE(h.host_got().size() == 2);
  CHECK(stan_of(h.host_got_last()) == "000502");
}

TEST_CASE("a client's inquiry with the STAN that the gateway chose for a purchase waits for its end") {
  virtual_gateway h([](config::settings& s) { s.queue.lock_terminal = false; });
  h.env->numbers->go_on_behind("", 500);
  const auto a = h.http_client(purchase_without_stan(h));
  const auto purchase = h.host_got_last();
  CHECK(stan_of(purchase) == "000501");
  const auto inquiry = with(h.purchase("00000042", "000501"), 3, "310000");
  const auto b = h.client({inquiry});
  CHECK_FALSE(b->closed);
  CHECK(h.host_got().size() == 1);
  h.host_says(approval(purchase));
  CHECK(h.host_got_last() == inquiry);
  h.host_says(approval(inquiry));
  CHECK(messages_in(b->sent).size() == 1);
}

TEST_CASE(
  "each request gets an RRN of its own where the host wants one, none twice over kills and restarts") {
  virtual_gateway h([](config::settings& s) {
    s.upstreams.front().dialect.exchange = R"({"rrn": {"fill": true, "format": "YDDDhhNNNNNN"}})";
  });
  std::set<std::string> used;
  for (int process = 0; process < 4; ++process) {
    for (int i = 0; i < 3; ++i) {
      h.pass(1s);
      const bool is_inquiry = i == 0;
      const auto m = h.purchase("00000042", "00000" + std::to_string(i + 1));
      const auto client = h.client({is_inquiry ? with(m, 3, "310000") : m});
      const auto request = h.host_got_last();
      CHECK(request[37].substr(0, 6) == "632712");
      CHECK(used.insert(std::string(request[37])).second);
      h.host_says(approval(request));
      CHECK(messages_in(client->sent).size() == 1);
    }
    // Until its delivery is known a purchase keeps its STAN.
    h.pass(5s);
    restart(h);
  }
}

TEST_CASE("a client's reversal without an RRN has that of the transaction that it means") {
  virtual_gateway h(
    [](config::settings& s) { s.upstreams.front().dialect.exchange = R"({"rrn": {"fill": true}})"; });
  const auto request = h.purchase();
  const auto client = h.client({request});
  const auto sent = h.host_got_last();
  auto response = approval(sent);
  response.set(37, std::string(sent[37]));
  h.host_says(response);
  h.pass(1s);
  const auto again = h.client({with(request, 0, "0400")});
  CHECK(h.host_got_last().mti() == "0400");
  CHECK(h.host_got_last()[37] == sent[37]);
}

TEST_CASE("STANs of the gateway's own go on behind a restart, and none is used twice") {
  virtual_gateway h([](config::settings& s) { s.queue.lock_terminal = false; });
  std::set<std::string> used;
  std::uint64_t before = 0;
  for (int process = 0; process < 4; ++process) {
    for (int i = 0; i < 3; ++i) {
      h.pass(1s);
      const auto client = h.http_client(purchase_without_stan(h));
      const auto request = h.host_got_last();
      h.host_says(approval(request));
      CHECK(used.insert(stan_of(request)).second);
      const auto stan = std::stoull(stan_of(request));
      if (before != 0)
        CHECK((stan + actors::own_numbers::stan_max - before) % actors::own_numbers::stan_max <=
              actors::own_numbers::reserved_at_once);
      before = stan;
    }
    restart(h);
  }
}

TEST_CASE("a number record takes the place of the one before it on the disk") {
  virtual_gateway h([](config::settings& s) { s.queue.lock_terminal = false; });
  const auto count = [&h] {
    return std::ranges::count_if(h.kept.disk().read().records, [](const store::record& r) {
      return r.kind == static_cast<std::uint8_t>(actors::decision::kind::numbers);
    });
  };
  CHECK(count() == 0);
  for (int process = 0; process < 5; ++process) {
    const auto client = h.http_client(purchase_without_stan(h));
    h.host_says(approval(h.host_got_last()));
    h.pass(3s);
    CHECK(count() == 1);
    restart(h);
  }
}

TEST_CASE("with restampStan the reversal carries the STAN that the host saw, also after a restart") {
  virtual_gateway h(restamp);
  const auto client = h.client({h.purchase("00000042", "000001")});
  const auto request = h.host_got_last();
  CHECK(stan_of(request) != "000001");
  restart(h);
  const auto reversal = h.host_got_last();
  CHECK(reversal.mti() == "0400");
  CHECK(stan_of(reversal) == stan_of(request));
}

TEST_CASE("with restampStan a client's reversal of what it was shown names what the host knows") {
  virtual_gateway h(restamp);
  const auto request = h.purchase("00000042", "000001");
  const auto other = h.client({h.purchase("00000042", "000001", "000000002000")});
  const auto client = h.client({request});
  const auto sent = h.host_got_last();
  h.host_says(approval(sent));
  REQUIRE(messages_in(client->sent) == std::vector{approval(request)});
  h.pass(1s);
  if (GENERATE(false, true)) {
    restart(h);
    // The other one is reversed first: it was under way.
    auto undone = with(h.host_got_last(), 0, "0410");
    CHECK(stan_of(undone) != stan_of(sent));
    h.host_says(with(undone, 39, "400"));
  }
  const auto again = h.client({with(request, 0, "0400")});
  h.pass(1s);
  CHECK(std::ranges::any_of(h.host_got(), [&sent](const codec::message& m) {
    return m.mti() == "0400" && stan_of(m) == stan_of(sent);
  }));
}

TEST_CASE("with restampStan a client's reversal that may mean several transactions reverses none of them") {
  virtual_gateway h(restamp);
  const auto request = h.purchase("00000042", "000001");
  const auto a = h.client({request}), b = h.client({request});
  const auto sent = h.host_got();
  REQUIRE(sent.size() == 2);
  for (const auto& m : sent)
    h.host_says(approval(m));
  h.pass(1s);
  const auto c = h.client({with(request, 0, "0400")});
  const auto reversal = h.host_got_last();
  CHECK(reversal.mti() == "0400");
  CHECK(stan_of(reversal) != "000001");
  for (const auto& m : sent)
    CHECK(stan_of(reversal) != stan_of(m));
  h.host_says(with(with(reversal, 0, "0410"), 39, "914"));
  REQUIRE(messages_in(c->sent).size() == 1);
  CHECK(stan_of(messages_in(c->sent)[0]) == "000001");
}

TEST_CASE("with restampStan two inquiries of one terminal with one STAN get their own answers") {
  virtual_gateway h(restamp);
  const auto inquiry = with(h.purchase("00000042", "000001"), 3, "310000");
  const auto a = h.client({inquiry}), b = h.client({inquiry});
  const auto sent = h.host_got();
  REQUIRE(sent.size() == 2);
  CHECK(stan_of(sent[0]) != stan_of(sent[1]));
  h.host_says(with(approval(sent[1]), 37, "000000000002"));
  h.host_says(approval(sent[0]));
  CHECK(messages_in(a->sent) == std::vector{approval(inquiry)});
  CHECK(messages_in(b->sent) == std::vector{with(approval(inquiry), 37, "000000000002")});
}

TEST_CASE("without restampStan the host gets the client's STAN") {
  virtual_gateway h;
  const auto request = h.purchase("00000042", "000001");
  const auto client = h.client({request});
  CHECK(h.host_got() == std::vector{request});
}

namespace {

// A purchase at /v1, or its client's reversal, without a local time.
std::string timeless(const std::string& mti) {
  return support::http_post(
    "/v1/messages",
    R"({"processing_code":"000000","amount":"1000","pos_entry_mode":"021","function_code":"200",)"
    R"("pos_condition_code":"00","terminal_id":"00000042","track2":"4850781234567891=25122011000000000000",)"
    R"("merchant_id":"123","currency":"643","stan":"000501","mti":")" +
      mti + "\"}",
    "Content-Type: application/json\r\n");
}

}  // namespace

TEST_CASE("a reversal at /v1 without a local time has that of the transaction that it means") {
  const bool is_killed = GENERATE(false, true);
  const bool is_known = GENERATE(true, false);
  virtual_gateway h;
  std::string time;
  if (is_known) {
    const auto client = h.http_client(timeless("0200"));
    time = h.host_got_last()[12];
    h.host_says(approval(h.host_got_last()));
    REQUIRE(support::http_responses(client->sent.front()).at(0).status == 200);
  }
  h.pass(5s);
  if (is_killed)
    restart(h);
  const auto other = h.http_client(timeless("0400"));
  REQUIRE(h.host_got_last().mti() == "0400");
  CHECK(h.host_got_last()[12] == (is_known ? time : std::string(h.purchase()[12])));
}
