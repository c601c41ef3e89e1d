// What becomes of a message that the dialect of its host's link cannot express, and what its client is told.

#include <catch2/catch.hpp>

#include "actors/upstream/unexpressed.hpp"
#include "tests/support/pair_of_links.hpp"
#include "tests/support/v1_calls.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using nlohmann::json;
using support::http_post;
using support::pair_of_links;
using support::v1::documented;
using support::v1::last;
using support::v1::message;

namespace {

struct pair_in : pair_of_links {
  explicit pair_in(const char* dialect)
    : pair_of_links([dialect](config::settings& s) {
        for (auto& link : s.upstreams)
          link.dialect.name = dialect;
      }) {}
};

}  // namespace

TEST_CASE("an HTTP client is told which field of its message the host's dialect cannot express") {
  pair_in h("openWay");
  auto purchase = support::v1::purchase();
  purchase["network_code"] = "301";
  const auto* sentence =
    "network_code (field 70): the host's dialect openWay has no such field; leave it out";
  for (const std::string key : {"", "order-1", "order-1"}) {
    const auto r = documented(last(h.http_client(message(purchase, key))), "/v1/messages");
    CHECK(r.status == 422);
    CHECK(r.json().at("code") == "malformed");
    CHECK(r.json().at("outcome") == "not_sent");
    REQUIRE(r.json().at("errors").size() == 1);
    CHECK(r.json().at("errors")[0].at("field") == "network_code");
    CHECK(r.json().at("errors")[0].at("detail") == sentence);
  }
  json old;
  for (const auto& [number, value] : h.purchase())
    old[std::to_string(number)] = value;
  old["70"] = "301";
  const auto r = last(h.http_client(http_post("/", old.dump(), "Content-Type: application/json\r\n")));
  CHECK(r.status == 500);
  CHECK(r.json().at("errors") == json{"Failed to queue message", sentence});
  CHECK(h.main->sent.empty());
  CHECK(h.backup->sent.empty());
}

TEST_CASE("a client is told that a part of its message does not fit, and how much would") {
  pair_in h("iso87-bcd");
  auto purchase = support::v1::purchase();
  purchase["expiry"] = "202512";
  const auto r = last(h.http_client(message(purchase)));
  CHECK(r.status == 422);
  CHECK(r.json().at("errors")[0].at("detail") ==
        "expiry (field 14): longer than its maximum; for the host's dialect iso87-bcd it must be at most 4 "
        "digits");
}

TEST_CASE(
  "a client's reversal of a part that its host cannot be told is over when its client is told, also for the "
  "next process") {
  pair_in h("iso87-bcd");
  auto part = support::v1::purchase();
  part["mti"] = "0400";
  part["function_code"] = "401";
  part["stan"] = "000001";
  h.kept.disk().pause();
  const auto client = h.http_client(message(part));
  h.kept.disk().release();
  h.run_until_idle();
  const auto r = last(client);
  CHECK(r.status == 422);
  CHECK(
    r.json().at("errors")[0].at("detail") ==
    "function_code (field 24): it takes back a part, and the host's dialect iso87-bcd cannot say that; take "
    "back all of it, or pay the part back by a refund");
  h.restart();
  h.main = h.link_answers("main");
  CHECK(h.cases().empty());
  h.pass(1h);
  CHECK(h.cases().empty());
  CHECK(h.main->sent.empty());
}

TEST_CASE("each fault has a sentence that says what, where and what to do") {
  const auto& ours = support::smart_vista();
  const auto theirs = codec::parse_dialect(config::built_in_dialect("iso87-bcd")).value();
  const auto text = [&](codec::fault_code code, int field) {
    return actors::why_unexpressed({code, field}, ours, theirs).text;
  };
  using enum codec::fault_code;
  CHECK_THAT(text(unknown_field, codec::whole_message), Contains("cannot be read"));
  CHECK_THAT(text(unknown_field, 24), Contains("something else in this field (Network International"));
  CHECK_THAT(text(forbidden, 4), Contains("amount (field 4)") && Contains("its amount alone says"));
  CHECK_THAT(text(not_reversible, 0), Contains("mti (field 0)") && Contains("send another type"));
  CHECK_THAT(text(unknown_value, 70), Contains("only an echo"));
  CHECK_THAT(text(bad_date, 12), Contains("give the local time"));
  CHECK_THAT(text(wrong_length, 199), Contains("field 199: not of the field's length in the host's dialect"));
}
