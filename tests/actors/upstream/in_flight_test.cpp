#include <catch2/catch.hpp>

#include "actors/protocol/response_times.hpp"
#include "actors/upstream/in_flight.hpp"
#include "tests/actors/upstream/start.hpp"
#include "tests/support/dialects.hpp"

using actors::in_flight;
using actors::unmatched;
using support::smart_vista;
using namespace std::chrono_literals;
using test::start;

namespace {

in_flight::entry entry(const codec::message& m, std::chrono::seconds timeout = 35s) {
  return {std::make_shared<const codec::message>(m), start + timeout, {}};
}

codec::message response(codec::message m) {
  m.set(0, "0210");
  return m;
}

std::string stan(int i) { return std::to_string(100000 + i); }

}  // namespace

TEST_CASE("deadlines come in their own order, not in that of the requests") {
  in_flight table(smart_vista());
  CHECK(table.add(entry(support::purchase("00000001", stan(1)), 30s)));
  CHECK(table.add(entry(support::purchase("00000001", stan(2)), 10s)));
  CHECK(table.add(entry(support::purchase("00000001", stan(3)), 20s)));
  CHECK(table.expire(start + 9s).empty());
  const auto first = table.expire(start + 20s);
  REQUIRE(first.size() == 2);
  CHECK((*first[0].request)[11] == stan(2));
  CHECK((*first[1].request)[11] == stan(3));
  CHECK_FALSE(table.empty());
  CHECK(table.clear(start).size() == 1);
  CHECK(table.empty());
}

TEST_CASE("a key in flight is there once, an ended one may come again") {
  in_flight table(smart_vista());
  const auto m = support::purchase();
  CHECK(table.add(entry(m)));
  CHECK_FALSE(table.add(entry(m)));
  CHECK(table.take(response(m), start).match);
  CHECK(table.add(entry(m)));
}

TEST_CASE("it tells late from duplicate from unknown, and remembers no more than it may") {
  in_flight table(smart_vista());
  const auto m = support::purchase("00000001", "000001");
  REQUIRE(table.add(entry(m)));
  REQUIRE(table.expire(start + 1h).size() == 1);
  CHECK(table.take(response(m), start).why == unmatched::late);

  for (std::size_t i = 0; i < in_flight::remembered_max; ++i) {
    const auto other = support::purchase("00000002", stan(static_cast<int>(i)));
    REQUIRE(table.add(entry(other)));
    REQUIRE(table.take(response(other), start).match);
    REQUIRE(table.take(response(other), start).why == unmatched::duplicate);
  }
  CHECK(table.take(response(m), start).why == unmatched::unknown);
}

TEST_CASE("a reject ends the one request that it means, and neither another nor an echo of the gateway") {
  auto d = smart_vista();
  d.rejects.mtis = {"0620"};
  in_flight table(d);
  table.expire(start);
  const auto rejecting = [](codec::message m) {
    m.set(0, "0620");
    m.erase(35);
    return m;
  };
  const auto m = support::purchase("00000001", stan(1)), other = support::purchase("00000002", stan(1));
  table.add(entry(m));
  table.add(entry(other));
  auto echo = entry(support::echo("00000003", stan(1)));
  echo.is_echo = true;
  table.add(std::move(echo));
  CHECK_FALSE(table.take_rejected(rejecting(support::purchase("00000001", stan(2))), start));
  CHECK_FALSE(table.take_rejected(rejecting(support::purchase("00000001", stan(1), "000000009999")), start));
  CHECK_FALSE(table.take_rejected(rejecting(support::echo("00000003", stan(1))), start));
  // A reversal with the same key is at the host, too: which one is meant is not certain.
  auto reversal = m;
  reversal.set(0, "0400");
  table.add(entry(reversal));
  CHECK_FALSE(table.take_rejected(rejecting(m), start));
  const auto rejected = table.take_rejected(rejecting(other), start);
  REQUIRE(rejected);
  CHECK(*rejected->request == other);
  CHECK(table.take(response(other), start).why == unmatched::late);
}

TEST_CASE("a reject that does not say its time ends no purchase whose key another one had just before") {
  auto d = smart_vista();
  d.rejects.mtis = {"0620"};
  in_flight table(d);
  auto first = entry(support::purchase());
  first.id = 1;
  table.add(std::move(first));
  CHECK(table.expire(start + 35s).size() == 1);
  auto m = support::purchase();
  m.set(12, "261123120100");
  auto second = entry(m, 90s);
  second.id = 2;
  table.add(std::move(second));
  auto reject = m;
  reject.set(0, "0620");
  reject.erase(12);
  CHECK_FALSE(table.take_rejected(reject, start));
  reject.set(12, "261123120100");
  CHECK(table.take_rejected(reject, start));
}

TEST_CASE("a response without a pairing field is that of the one request that it can be of, or of none") {
  in_flight table(smart_vista());
  table.expire(start - in_flight::unknown_for);
  const auto without_tid = [](const codec::message& request) {
    auto r = response(request);
    r.erase(41);
    return r;
  };
  const auto of_first = support::purchase("00000001", stan(1));
  auto of_second = support::purchase("00000002", stan(1));
  table.add(entry(of_first));
  table.add(entry(support::purchase("00000002", stan(2))));
  const auto found = table.take(without_tid(of_first), start);
  REQUIRE(found.match);
  CHECK((*found.match->request)[41] == "00000001");
  // It ended, so a second response may be meant for it.
  table.add(entry(of_second));
  CHECK_FALSE(table.take(without_tid(of_first), start).match);
  CHECK(table.take(response(of_second), start).match);
}

TEST_CASE("a response without a pairing field is nobody's where two requests could have it") {
  in_flight table(smart_vista());
  const auto request = support::purchase("00000001", stan(1));
  table.add(entry(request));
  table.add(entry(support::purchase("00000002", stan(1))));
  auto r = response(request);
  r.erase(41);
  const auto found = table.take(r, start);
  CHECK_FALSE(found.match);
  CHECK(found.why == unmatched::contradicting);
  r.set(4, "000000009999");
  CHECK_FALSE(table.take(r, start).match);
}

TEST_CASE("pairing fields are those of the class of the message") {
  auto d = smart_vista();
  d.pairing.by_class['8'] = {7, 11};
  in_flight table(d);
  auto echo = support::echo();
  echo.erase(41);
  table.add(entry(echo));
  auto other = echo;
  other.set(0, "0810");
  other.set(7, "1123120001");
  CHECK_FALSE(table.take(other, start).match);
  other.set(7, std::string(echo[7]));
  other.set(41, "00000099");
  CHECK(table.take(other, start).match);
}

TEST_CASE("a response that says no time is nobody's while another purchase with its key may still get one") {
  in_flight table(smart_vista());
  const auto of = [](const codec::message& m, actors::transaction_id id, std::chrono::seconds timeout = 35s) {
    auto e = entry(m, timeout);
    e.id = id;
    return e;
  };
  auto first = support::purchase("00000001", stan(1)), second = first;
  second.set(12, "261123120100");
  auto timeless = response(second);
  timeless.erase(12);

  table.add(of(first, 1, 1s));
  CHECK(table.expire(start + 2s).size() == 1);
  table.add(of(second, 2));
  const auto found = table.take(timeless, start);
  CHECK_FALSE(found.match);
  CHECK(found.why == unmatched::contradicting);
  CHECK(table.take(response(second), start).match);

  CHECK(table.empty());

  // Where the one before was answered, its answer may come once more, for some time.
  in_flight other(smart_vista());
  other.add(of(second, 2));
  CHECK(other.take(response(second), start).match);
  auto third = second;
  third.set(12, "261123120200");
  other.add(of(third, 3, 300s));
  CHECK_FALSE(other.take(timeless, start).match);
  CHECK(other.take(timeless, start + actors::response_repeated_for).match);
}

TEST_CASE(
  "where the journal knows another one that the host may still answer, a response must say the time") {
  const auto request = support::purchase("00000001", stan(1));
  auto timeless = response(request), nameless = timeless;
  timeless.erase(12);
  nameless.erase(41);
  for (const bool has_namesake : {false, true}) {
    in_flight table(smart_vista());
    table.expire(start - 2 * in_flight::unknown_for);
    auto e = entry(request, 10000s);
    e.has_namesake = has_namesake;
    table.add(std::move(e));
    CHECK(table.take(nameless, start).match.has_value() != has_namesake);
    in_flight other(smart_vista());
    auto again = entry(request);
    again.has_namesake = has_namesake;
    other.add(std::move(again));
    CHECK(other.take(timeless, start).match.has_value() != has_namesake);
    if (has_namesake)
      CHECK(other.take(response(request), start).match);
  }
}

TEST_CASE("a late answer to a reversal that says no time ends no reversal of another purchase with its key") {
  in_flight table(smart_vista());
  const auto attempt_at = [](actors::transaction_id original, std::chrono::seconds timeout) {
    auto m = support::purchase("00000001", stan(1));
    m.set(0, "0400");
    auto e = entry(m, timeout);
    e.reverses = original;
    return e;
  };
  auto timeless = support::purchase("00000001", stan(1));
  timeless.set(0, "0410");
  timeless.erase(12);
  table.add(attempt_at(1, 1s));
  table.expire(start + 2s);
  table.add(attempt_at(1, 35s));
  CHECK(table.take(timeless, start).match);  // of the same purchase, whichever attempt it answers
  table.add(attempt_at(2, 1000s));
  CHECK_FALSE(table.take(timeless, start).match);
  // The answer to the first attempt is still missing, however long ago the second was answered.
  CHECK_FALSE(table.take(timeless, start + 2 * actors::response_repeated_for).match);
}

TEST_CASE(
  "an approval of an inquiry that says no time may be that of a purchase that only the journal knows") {
  for (const auto* processing : {"310000", "000000"})
    for (const auto* code : {"000", "116"})
      for (const bool says_time : {false, true}) {
        in_flight table(smart_vista());
        auto request = support::purchase("00000001", stan(1));
        request.set(3, processing);
        table.add(entry(request));
        auto r = response(request);
        r.set(39, code);
        if (!says_time)
          r.erase(12);
        const auto paired = table.take(r, start);
        REQUIRE(paired.match);
        INFO(processing << " " << code << " " << says_time);
        CHECK(paired.may_approve_another ==
              (std::string(processing) == "310000" && std::string(code) == "000" && !says_time));
      }
}

TEST_CASE(
  "soon after a start a response without a pairing field is nobody's: it may be of an earlier process") {
  in_flight table(smart_vista());
  table.expire(start);
  const auto request = support::purchase("00000001", stan(1));
  table.add(entry(request, 1000s));
  auto r = response(request);
  r.erase(41);
  CHECK_FALSE(table.take(r, start).match);
  CHECK(table.take(r, start + in_flight::unknown_for).match);
}
