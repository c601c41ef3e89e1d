// The cache of remembered requests, which goes by the table of phases.

#include <catch2/catch.hpp>

#include <ctime>
#include <sstream>
#include <string>

#include "actors/core/timeouts.hpp"
#include "actors/transaction/request_cache.hpp"
#include "config/load.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

using namespace actors::request;
using namespace std::chrono_literals;
using actors::delivery;
using actors::refusal;
using actors::request_cache;

namespace {

// One purchase under a key in a cache, at a time that the test moves.
struct known_request {
  explicit known_request(delivery how = delivery::idempotent, bool is_new = true) {
    if (!is_new)
      return;
    actors::keyed_submit k{"txn_a", "key", "digest", {nullptr, {}, 7, {how, "txn_a", "key", "digest"}}};
    cache.begin(cache.add(k, true, now), now + 40s);
  }

  // What happens: "approved fetched". The phase after each.
  std::string after(const std::string& happenings) {
    std::istringstream words(happenings);
    std::string phases;
    for (std::string word; words >> word;) {
      happen(word);
      phases += (phases.empty() ? "" : " ") + std::string(to_string(entry().phase));
    }
    return phases;
  }

  request_cache::entry& entry() { return *cache.find("txn_a"); }

  request_cache cache{nullptr, 100};
  std::shared_ptr<actors::custody> hands = std::make_shared<actors::custody>();
  actors::time_point now{std::chrono::hours(1)};

private:
  void happen(const std::string& word) {
    const auto response = std::make_shared<const codec::message>(support::purchase());
    if (word == "approved")
      cache.end(entry(), response, {}, 7, hands);
    else if (word == "declined")
      cache.end(entry(), response, {}, 0);
    else if (word == "host_down" || word == "timed_out")
      cache.end(entry(), nullptr, word == "host_down" ? refusal::host_down : refusal::timed_out, 0);
    else if (word == "stopped")
      cache.end_all_failed();
    else if (word == "given")
      cache.give(entry(), now);
    else if (word == "lost")
      cache.delivery_failed(entry(), now);
    else if (word == "later")
      now += actors::fetch_timeout, unfetched = cache.take_unfetched(now);
    else if (word == "delivered")
      cache.delivered(entry());
    else if (word == "revoked")
      cache.revoked(entry());
    else if (word == "reversed")
      cache.reversal_completed(entry());
    else if (word == "taken_back")
      cache.reversed_by_client(entry());
    else
      FAIL("no such happening: " << word);
  }

public:
  std::vector<std::string> unfetched;
};

// A purchase as the journal of an earlier process has it.
void add_known(request_cache& cache, actors::lifecycle::state state, bool is_operators = false,
               bool answered = true, config::unconfirmed policy = config::unconfirmed::reverse,
               actors::cause because = actors::cause::none, const char* code = "") {
  actors::environment env;
  env.settings = config::defaults();
  env.settings.delivery.of_unconfirmed = policy;
  env.upstreams = support::one_upstream(env.settings.upstreams.front());
  actors::transaction t;
  t.id = 7;
  t.state = state;
  t.because = because;
  t.options = {delivery::idempotent, "txn_a", "key", "digest"};
  if (answered) {
    auto response = support::purchase();
    response.set(0, "0210");
    response.set(39, *code != '\0' ? code : state == actors::lifecycle::state::declined ? "116" : "000");
    t.response = std::make_shared<const codec::message>(response);
  }
  cache.add_known(t, is_operators, env, actors::time_point(std::chrono::hours(1)));
}

// The phase that it begins with.
template <class... How>
std::string phase_of_known(actors::lifecycle::state state, How... how) {
  request_cache cache(nullptr, 100);
  add_known(cache, state, how...);
  const auto* e = cache.find("txn_a");
  return e ? std::string(to_string(e->phase)) : "not there";
}

}  // namespace

TEST_CASE(
  "what an earlier process took for an approval or a decline stays that, whatever its code means now") {
  const auto known = [](actors::lifecycle::state state, const char* code) {
    request_cache cache(nullptr, 100);
    add_known(cache, state, false, true, config::unconfirmed::keep, actors::cause::none, code);
    const auto* e = cache.find("txn_a");
    REQUIRE(e);
    CHECK(e->now.response);
    CHECK_FALSE(e->now.refused);
    return e->now.was_approval;
  };
  using enum actors::lifecycle::state;
  for (const auto* code : {"000", "118"}) {
    CHECK(known(approved, code) == true);
    CHECK(known(unconfirmed, code) == true);
    CHECK(known(declined, code) == false);
  }
}

TEST_CASE("what becomes of a remembered request") {
  struct {
    delivery how;
    const char* happens;
    const char* phases;
  } const cases[]{
    {delivery::tcp, "approved given lost later revoked reversed revoked",
     "delivering delivering fetchable revoking failed reversed failed"},
    {delivery::tcp, "approved delivered lost revoked reversed",
     "delivering answered answered answered answered"},
    {delivery::tcp, "approved reversed", "delivering reversed"},
    {delivery::tcp, "approved delivered taken_back delivered revoked",
     "delivering answered reversed reversed failed"},
    {delivery::idempotent, "approved given taken_back delivered", "delivering fetchable reversed reversed"},
    {delivery::idempotent, "approved given given lost given later",
     "delivering fetchable fetchable fetchable fetchable revoking"},
    {delivery::idempotent, "approved given delivered later", "delivering fetchable answered answered"},
    {delivery::idempotent, "approved given revoked delivered", "delivering fetchable failed failed"},
    {delivery::idempotent, "approved given reversed", "delivering fetchable reversed"},
    {delivery::idempotent, "approved given later lost given",
     "delivering fetchable revoking fetchable fetchable"},
    {delivery::idempotent, "approved given later delivered", "delivering fetchable revoking answered"},
    {delivery::idempotent, "approved given later stopped later delivered",
     "delivering fetchable revoking fetchable revoking answered"},
    {delivery::idempotent, "approved given later reversed", "delivering fetchable revoking reversed"},
    {delivery::confirm, "approved revoked given", "delivering failed failed"},
    {delivery::idempotent, "declined lost later revoked", "answered answered answered answered"},
    {delivery::idempotent, "host_down reversed", "refused refused"},
    {delivery::idempotent, "timed_out approved reversed", "failed failed reversed"},
    {delivery::idempotent, "stopped approved revoked reversed", "orphaned orphaned orphaned reversed"},
  };
  for (const auto& c : cases) {
    INFO(c.happens);
    known_request r(c.how);
    CHECK(r.after(c.happens) == c.phases);
  }
}

TEST_CASE("the journal is asked again about an approval whose reversal an actor that stopped had asked for") {
  known_request r(delivery::idempotent);
  r.after("approved given later stopped");
  CHECK(r.cache.take_unfetched(r.now) == std::vector<std::string>{"txn_a"});
}

TEST_CASE("an approval that was given to several has time to be asked for, however it is delivered") {
  known_request r(delivery::tcp);
  r.after("approved");
  r.entry().given_to_several = true;
  CHECK(r.after("lost") == "fetchable");
  CHECK(r.entry().fetch_until == r.now + actors::fetch_timeout);
  CHECK(r.after("given") == "delivering");
  CHECK_FALSE(r.entry().fetch_until);
}

TEST_CASE("an approval that a session has in hand is not taken for one that nobody came for") {
  known_request r;
  r.after("approved given");
  {
    const actors::in_hand held(r.hands);
    CHECK(r.after("later") == "fetchable");
    CHECK(r.unfetched.empty());
    CHECK_FALSE(request_cache::is_being_revoked(r.entry(), r.now + 1h));
  }
  CHECK(r.after("later") == "revoking");
  CHECK(r.unfetched == std::vector<std::string>{"txn_a"});
  CHECK(request_cache::is_being_revoked(r.entry(), r.now));
}

TEST_CASE("what a client is told follows from the phase") {
  known_request r;
  r.after("approved");
  CHECK(request_cache::status_of(r.entry()).response);
  CHECK(request_cache::status_of(r.entry()).delivery_of == 7);
  r.after("revoked");
  auto s = request_cache::status_of(r.entry());
  CHECK_FALSE(s.response);
  CHECK(s.refused == refusal::undelivered);
  CHECK_FALSE(s.reversed);
  r.after("reversed");
  CHECK(request_cache::status_of(r.entry()).reversed);
  // A confirmation that comes too late changes nothing.
  r.after("delivered");
  CHECK(request_cache::status_of(r.entry()).delivery_of == 7);
}

TEST_CASE("an approval that its client has reversed itself is no approval to any client that asks") {
  known_request r;
  r.after("approved given delivered");
  CHECK(request_cache::status_of(r.entry()).response);
  r.after("taken_back");
  auto s = request_cache::status_of(r.entry());
  CHECK_FALSE(s.response);
  CHECK(s.refused == refusal::reversed_by_client);
  CHECK(s.reversed);
  // The host approves it late once more, and the gateway reverses that.
  r.after("revoked");
  s = request_cache::status_of(r.entry());
  CHECK(s.refused == refusal::undelivered);
  CHECK_FALSE(s.reversed);
}

TEST_CASE("an approval that its client reverses before its delivery is known is told as reversed by it") {
  known_request r;
  r.after("approved given taken_back");
  CHECK(request_cache::status_of(r.entry()).refused == refusal::reversed_by_client);
}

TEST_CASE("the next process tells of a reversed purchase whose doing that was") {
  using actors::lifecycle::state;
  for (const auto& [because, told] : {std::pair(actors::cause::none, refusal::reversed_by_client),
                                      std::pair(actors::cause::client_reversal, refusal::reversed_by_client),
                                      std::pair(actors::cause::undelivered, refusal::undelivered)}) {
    request_cache cache(nullptr, 100);
    add_known(cache, state::reversed, false, true, config::unconfirmed::reverse, because);
    const auto s = request_cache::status_of(*cache.find("txn_a"));
    CHECK(s.refused == told);
    CHECK(s.reversed);
    CHECK(cache.find_key("key"));
  }
}

TEST_CASE("what the host has not processed frees its key, unless its client was told that it is unknown") {
  using actors::cause;
  using actors::lifecycle::state;
  for (const auto is : {state::cancelled, state::declined}) {
    request_cache cache(nullptr, 100);
    add_known(cache, is, false, false);
    CHECK_FALSE(cache.find_key("key"));
    add_known(cache, is, false, false, config::unconfirmed::reverse, cause::failed);
    REQUIRE(cache.find_key("key"));
    CHECK(request_cache::status_of(*cache.find_key("key")).refused == refusal::failed_unknown);
  }
}

TEST_CASE("when the actor stops, what was not sent is refused as that, and is not sent any more") {
  for (const bool has_begun : {false, true}) {
    known_request r(delivery::idempotent, false);
    const auto way = std::make_shared<actors::way_to_host>();
    actors::keyed_submit k{
      "txn_a", "key", "digest", {nullptr, {}, 7, {delivery::idempotent, "txn_a", "key", "digest"}}};
    k.what.way = way;
    r.cache.begin(r.cache.add(k, true, r.now), r.now + 40s);
    way->has_begun = has_begun;
    const auto unwanted = r.cache.end_all_failed();
    REQUIRE(unwanted.size() == 1);
    CHECK(unwanted[0].told_failed == has_begun);
    CHECK(way->is_closed == !has_begun);
    CHECK(request_cache::status_of(r.entry()).refused ==
          (has_begun ? refusal::failed_unknown : refusal::failed_unsent));
    CHECK((r.cache.find_key("key") != nullptr) == has_begun);
  }
}

TEST_CASE("a request that was refused before it was sent frees its key, and no other does") {
  for (const auto* end : {"host_down", "timed_out", "declined", "approved"}) {
    INFO(end);
    known_request r;
    r.after(end);
    CHECK((r.cache.find_key("key") == nullptr) == (end == std::string("host_down")));
  }
}

TEST_CASE("what an earlier process left begins where the journal has it") {
  using actors::lifecycle::state;
  CHECK(phase_of_known(state::approved) == "answered");
  CHECK(phase_of_known(state::declined) == "answered");
  CHECK(phase_of_known(state::unconfirmed) == "fetchable");
  CHECK(phase_of_known(state::delivering) == "fetchable");
  CHECK(phase_of_known(state::unconfirmed, true) == "kept");
  CHECK(phase_of_known(state::unconfirmed, false, true, config::unconfirmed::keep) == "kept");
  CHECK(phase_of_known(state::reversal_due) == "failed");
  CHECK(phase_of_known(state::reversal_due, false, false) == "failed");
  CHECK(phase_of_known(state::reversed) == "reversed");
  CHECK(phase_of_known(state::cancelled) == "not there");
}

TEST_CASE("an approval that an earlier process left is not reversed by guess, but by decision") {
  for (const auto& [happens, ends] :
       {std::pair("later lost given delivered", "answered"), std::pair("later revoked", "failed"),
        std::pair("reversed", "reversed")}) {
    INFO(happens);
    known_request r(delivery::idempotent, false);
    add_known(r.cache, actors::lifecycle::state::unconfirmed, true);
    CHECK_FALSE(r.entry().fetch_until);
    const auto phases = r.after(happens);
    CHECK(phases.substr(phases.find_last_of(' ') + 1) == ends);
  }
}

TEST_CASE("nobody is told that the gateway reverses what only an operator may have reversed") {
  using actors::lifecycle::state;
  const auto told = [](request_cache& cache) {
    return request_cache::status_of(*cache.find("txn_a")).refused;
  };
  // Its journal was copied while its host had it, and adopted; then an operator has ended it as approved.
  for (const auto is : {state::unconfirmed, state::approved}) {
    request_cache cache(nullptr, 100);
    add_known(cache, is, true, false);
    CHECK(told(cache) == refusal::left_to_operator);
    auto& known = *cache.find("txn_a");
    cache.revoked(known);
    CHECK(told(cache) == refusal::failed_unknown);
    cache.reversal_completed(known);
    CHECK(request_cache::status_of(known).reversed);
  }
  request_cache cache(nullptr, 100);
  add_known(cache, state::reversal_due, false, false);
  CHECK(told(cache) == refusal::failed_unknown);
}

TEST_CASE("the cache takes every row") {
  // Whatever happens in whatever phase.
  for (const auto how : {delivery::tcp, delivery::idempotent})
    for (const auto* before : {"", "approved", "approved given", "approved given later", "approved delivered",
                               "stopped", "timed_out", "timed_out reversed"})
      for (const auto* then : {"approved", "declined", "host_down", "timed_out", "stopped", "given", "lost",
                               "delivered", "revoked", "reversed", "taken_back"}) {
        known_request r(how);
        r.after(before);
        if (how == delivery::tcp) {
          r.entry().given_to_several = true;
          r.after("lost");
        }
        r.after(then);
        r.after("later");
      }
  for (const auto* happens : {"delivered", "revoked", "reversed"}) {
    known_request r(delivery::idempotent, false);
    add_known(r.cache, actors::lifecycle::state::unconfirmed, true);
    r.after(happens);
  }
  for (const auto& r : rows()) {
    INFO(to_string(r.from) << ", " << to_string(r.on));
    CHECK(was_reached(r));
  }
}

namespace {

// The processor's time for a thousand requests under keys, each of which the cache takes, ends, gives out and
// then forgets what is old.
std::chrono::nanoseconds time_of_a_thousand(request_cache& cache, actors::time_point& now, int& last) {
  const auto used = [] {
    timespec t{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
  };
  const auto begun = used();
  for (int i = 0; i < 1000; ++i, now += 3ms) {
    const auto id = "txn_" + std::to_string(++last);
    auto& e = cache.add({id, id, "digest", {nullptr, {}, 7, {delivery::tcp, id, id, "digest"}}}, true, now);
    cache.begin(e, now + 40s);
    cache.end(e, nullptr, {}, 7);
    cache.give(e, now);
    cache.delivered(e);
    cache.forget_old(now);
  }
  return used() - begun;
}

}  // namespace

TEST_CASE(
  "to forget what is old costs a request no more when thousands of others of the last minute are "
  "remembered") {
  request_cache cache(nullptr, 100000);
  actors::time_point now{1h};
  int last = 0;
  const auto of_the_first = time_of_a_thousand(cache, now, last);
  // Not so many that the tables grow in the last thousand.
  for (int i = 0; i < 18000; ++i, now += 3ms) {
    const auto id = "old_" + std::to_string(i);
    cache.end(cache.add({id, id, "digest", {nullptr, {}, 7, {delivery::tcp, id, id, "digest"}}}, true, now),
              nullptr, {}, 0);
  }
  const auto of_the_last = time_of_a_thousand(cache, now, last);
  CHECK(cache.find("old_0"));
  // A look at each of the others would take a thousand times as long.
  CHECK(of_the_last.count() < 30 * of_the_first.count());
}
