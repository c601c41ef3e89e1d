// Gateways whose links to their banks speak different dialects.

#include <catch2/catch.hpp>

#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/support/pair_of_links.hpp"

using namespace std::chrono_literals;
using support::approval;
using support::messages_in;
using support::money_in;
using support::pair_of_links;

namespace {

const codec::dialect& bcd() {
  static const auto d = codec::parse_dialect(config::built_in_dialect("iso87-bcd")).value();
  return d;
}

codec::message bcd_message(const net::bytes& frame) { return codec::unpack(frame, bcd()).value(); }

codec::message bcd_approval(const codec::message& request, const char* code = "00") {
  auto m = request;
  m.set(codec::fields::mti, bcd().response_mti(request.mti()));
  m.set(codec::fields::reference, "000000000001");
  m.set(codec::fields::response_code, code);
  return m;
}

void backup_of_other_dialect(config::settings& s) { s.upstreams[1].dialect.name = "iso87-bcd"; }

}  // namespace

TEST_CASE("a link of another dialect gets messages of its own, and clients get responses of theirs") {
  pair_of_links h(backup_of_other_dialect);
  h.main->vanishes();
  h.run_until_idle();
  const auto request = h.purchase();
  const auto client = h.client({request});
  REQUIRE(h.backup->sent.size() == 1);
  const auto own = bcd_message(h.backup->sent[0]);
  CHECK(own[12] == "120000");
  h.backup->says(codec::pack(bcd_approval(own), bcd()).value());
  h.run_until_idle();
  REQUIRE(messages_in(client->sent).size() == 1);
  const auto got = messages_in(client->sent)[0];
  CHECK(got[codec::fields::response_code] == "000");
  CHECK(got[codec::fields::local_time] == request[codec::fields::local_time]);
  CHECK(got[codec::fields::stan] == request[codec::fields::stan]);
  h.pass(1h);
  CHECK(h.cases().empty());
}

TEST_CASE("what was sent in one dialect is reversed in the other one's words") {
  pair_of_links h(backup_of_other_dialect);
  h.client({h.purchase()});
  REQUIRE(messages_in(h.main->sent).size() == 1);
  h.main->vanishes();
  h.run_until_idle();
  REQUIRE(h.backup->sent.size() == 1);
  const auto reversal = bcd_message(h.backup->sent[0]);
  CHECK(reversal.mti() == "0400");
  CHECK(reversal[90].substr(0, 20) == "02000000011123120000");
  REQUIRE(h.cases().size() == 1);
  h.backup->says(codec::pack(bcd_approval(reversal), bcd()).value());
  h.run_until_idle();
  CHECK(h.cases().empty());
}

TEST_CASE("a time that the gateway sets for a host is in each reversal what it was in the request") {
  pair_of_links h([](config::settings& s) {
    backup_of_other_dialect(s);
    s.upstreams[1].set_fields = {{codec::fields::merchant, "{now:YYMMDDhhmmss}"}};
  });
  h.main->vanishes();
  h.run_until_idle();
  h.client({h.purchase()});
  h.pass(60s);
  REQUIRE(h.backup->sent.size() > 2);
  const auto request = bcd_message(h.backup->sent.front()), last = bcd_message(h.backup->sent.back());
  CHECK(request.mti() == "0200");
  CHECK(last.mti() == "0401");
  CHECK(request[codec::fields::merchant].starts_with("261123120000"));
  CHECK(last[codec::fields::merchant] == request[codec::fields::merchant]);
}

TEST_CASE("an RRN that the gateway sets for a host is in each reversal, unless the host has given another") {
  const bool host_gives_one = GENERATE(false, true);
  pair_of_links h([](config::settings& s) {
    s.upstreams[0].dialect.overrides = "62:ans:20";
    s.upstreams[0].set_fields = {{codec::fields::reference, "{now:YYMMDDhhmmss}"}};
  });
  const auto client = h.client({h.purchase()});
  const auto request = money_in(h.main).back();
  REQUIRE(request[codec::fields::reference].starts_with("261123120000"));
  if (host_gives_one) {
    client->vanishes();
    auto yes = approval(request);
    yes.set(codec::fields::reference, "000000000777");
    h.main_says(yes);
  }
  h.pass(60s);
  const auto reversal = money_in(h.main).back();
  CHECK(reversal.mti() == "0400");
  CHECK(reversal[codec::fields::reference] ==
        (host_gives_one ? "000000000777" : request[codec::fields::reference]));
}

TEST_CASE("a late approval in another dialect is still the one of its transaction") {
  pair_of_links h([](config::settings& s) { s.upstreams[0].dialect.name = "iso87-bcd"; });
  h.client({h.purchase()});
  REQUIRE(h.main->sent.size() == 1);
  const auto own = bcd_message(h.main->sent[0]);
  h.pass(36s);
  REQUIRE(h.cases().size() == 1);
  h.main->says(codec::pack(bcd_approval(own), bcd()).value());
  h.run_until_idle();
  CHECK(h.logged("the host approves it late"));
}

TEST_CASE("a reversal of a link of another dialect is done only when its own code says so") {
  pair_of_links h([](config::settings& s) { s.upstreams[0].dialect.name = "iso87-bcd"; });
  h.client({h.purchase()});
  h.pass(36s);
  const auto reversal = bcd_message(h.main->sent.back());
  REQUIRE(reversal.mti() == "0400");
  h.main->says(codec::pack(bcd_approval(reversal, "96"), bcd()).value());
  h.run_until_idle();
  REQUIRE(h.cases().size() == 1);
  h.pass(1h);
  const auto again = bcd_message(h.main->sent.back());
  CHECK((again.mti() == "0400" || again.mti() == "0401"));
}

TEST_CASE(
  "a client's own reversal names its purchase to a link of another dialect, and is a repeat when it is sent "
  "again") {
  pair_of_links h(backup_of_other_dialect);
  h.main->vanishes();
  h.run_until_idle();
  const auto request = h.purchase();
  h.client({request});
  REQUIRE(h.backup->sent.size() == 1);
  h.backup->says(codec::pack(bcd_approval(bcd_message(h.backup->sent[0])), bcd()).value());
  h.pass(1s);
  auto own = request;
  own.set(codec::fields::mti, "0400");
  own.set(codec::fields::transmission_time, "1123120042");
  h.client({own});
  h.pass(60s);
  REQUIRE(h.backup->sent.size() > 2);
  const auto first = bcd_message(h.backup->sent[1]), last = bcd_message(h.backup->sent.back());
  CHECK(first.mti() == "0400");
  CHECK(first[90].substr(0, 20) == "02000000011123120000");
  CHECK(last.mti() == "0401");
  CHECK(last[90] == first[90]);
}
