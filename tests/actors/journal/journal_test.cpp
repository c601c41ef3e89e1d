// The journal: who is told what, and what must be on the disk before.

#include <catch2/catch.hpp>

#include "actors/core/timeouts.hpp"
#include "actors/journal/journal.hpp"
#include "actors/transaction/transaction_record.hpp"
#include "codec/mti.hpp"
#include "config/load.hpp"
#include "config/log.hpp"
#include "scenarios/player/memory_journal.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

using namespace std::chrono_literals;
using actors::decision;
using actors::refusal;
using actors::transaction_id;
using actors::lifecycle::state;
using kind = decision::kind;

namespace {

actors::message_ptr shared(codec::message m) { return std::make_shared<const codec::message>(std::move(m)); }

codec::message purchase_of(int terminal, const std::string& stan = "000001") {
  return support::purchase("0000000" + std::to_string(terminal), stan);
}

codec::message response_to(codec::message m, const std::string& code = "000",
                           const std::string& reference = "000000000001") {
  m.set(0, codec::response_mti(m.mti()));
  m.set(37, reference);
  m.set(39, code);
  return m;
}

codec::message reversal_to(codec::message m) {
  m.set(0, "0400");
  return m;
}

// What came of a request to the journal.
struct outcome {
  bool done = false;
  std::optional<refusal> refused;
  transaction_id joined = 0;
  actors::message_ptr response;
};
using outcome_ptr = std::shared_ptr<outcome>;

// The journal alone, on a disk of memory; those whom it tells are witnesses.
struct desk : player::virtual_time {
  explicit desk(const std::function<void(config::settings&)>& change = {},
                std::size_t remembered_max = actors::book::default_remembered_max) {
    config::log::observe([this](config::log::level, const std::string& line) { log += line + "\n"; });
    auto e = std::make_shared<actors::environment>();
    e->settings = config::defaults();
    if (change)
      change(e->settings);
    e->upstreams = support::one_upstream(e->settings.upstreams.front());
    e->remembered_max = remembered_max;
    e->local_time = [] { return support::noon; };
    e->panic = [this](const std::string& why) { panics.push_back(why); };
    env = e;
    begin();
  }
  ~desk() override { config::log::observe({}); }

  void begin() {
    auto opened_journal = kept.open(*this, env);
    REQUIRE(std::holds_alternative<actors::journal_parts>(opened_journal));
    pages = std::get<actors::journal_parts>(opened_journal).pages;
    journal =
      own(actors::spawn_journal(system, env, std::get<actors::journal_parts>(std::move(opened_journal))));
    actors::directory d{};
    d.idempotency = idempotency();
    d.reversals = supervisor();
    d.journal = journal;
    caf::anon_send(journal, d);
    run_until_idle();
  }

  // The process is killed; another one begins.
  void restart() {
    kept.disk().process_ends();
    caf::anon_send_exit(journal, caf::exit_reason::kill);
    run_until_idle();
    opened.clear();
    begin();
  }

  actors::reversal_supervisor_actor supervisor() {
    return own(system.spawn(
      [this](actors::reversal_supervisor_actor::pointer) -> actors::reversal_supervisor_actor::behavior_type {
        return {[this](actors::open_case& c) { opened.push_back(c.what); },
                [this](const actors::late_response& w) { late_words.push_back(w.id); },
                [](const actors::link_status&) {},
                [](const actors::attempt_requested&) {},
                [](const actors::attempt_finished&) {},
                [](const actors::retry&) { return actors::operator_reply{}; },
                [](const actors::resolve&) { return actors::operator_reply{}; },
                [](actors::drain_atom) { return actors::drain_atom::value; },
                [](actors::children_atom) { return std::vector<caf::actor>(); },
                [](actors::tick_atom) {},
                [](const actors::directory&) {}};
      }));
  }

  actors::idempotency_actor idempotency() {
    return own(
      system.spawn([this](actors::idempotency_actor::pointer) -> actors::idempotency_actor::behavior_type {
        return {[](actors::keyed_submit&) { return actors::request_status{}; },
                [](const actors::lookup&) { return actors::request_status{}; },
                [](const actors::lookup_by_key&) { return actors::request_status{}; },
                [](const actors::confirm&) { return actors::request_status{}; },
                [](const actors::delivery_failed&) {},
                [this](const actors::approval_revoked& a) { undone.push_back(a.id); },
                [this](const actors::reversal_completed& r) { undone.push_back(r.id + " reversed"); },
                [](actors::tick_atom) {},
                [](const actors::directory&) {}};
      }));
  }

  template <class Answer, class Wish>
  outcome_ptr request(Wish wish) {
    auto o = std::make_shared<outcome>();
    system.spawn([o, to = journal, wish](caf::event_based_actor* self) {
      self->request(to, caf::infinite, wish)
        .then(
          [o](const Answer& a) {
            o->done = true;
            if constexpr (std::is_same_v<Answer, actors::committed>)
              o->joined = a.joined;
            if constexpr (std::is_same_v<Answer, actors::answer>)
              o->response = a.response;
          },
          [o](caf::error& e) { o->refused = actors::refusal_of(e); });
    });
    run_until_idle();
    return o;
  }

  outcome_ptr keep(decision d) { return request<actors::committed>(actors::commit{std::move(d)}); }
  outcome_ptr intend(transaction_id id, const codec::message& m, actors::client_options asked = {}) {
    return keep({kind::intent, id, shared(m), std::move(asked)});
  }
  outcome_ptr intend(transaction_id id) { return intend(id, purchase_of(static_cast<int>(id))); }
  outcome_ptr approve(transaction_id id) {
    return keep({kind::approved, id, shared(response_to(purchase_of(static_cast<int>(id))))});
  }
  outcome_ptr undo(transaction_id id, const std::string& why = "timed_out") {
    return request<actors::committed>(actors::request_reversal{id, actors::cause_called(why), nullptr, why});
  }
  outcome_ptr await(transaction_id id) { return request<actors::answer>(actors::await_reversal{id}); }

  // What the journal says of a key; nothing while it has not answered.
  std::shared_ptr<std::optional<actors::found_by_key>> look(const std::string& key) {
    auto found = std::make_shared<std::optional<actors::found_by_key>>();
    system.spawn([found, to = journal, key](caf::event_based_actor* self) {
      self->request(to, caf::infinite, actors::find_by_key{key})
        .then([found](const actors::found_by_key& f) { *found = f; }, [](caf::error&) {});
    });
    run_until_idle();
    return found;
  }
  std::string state_under(const std::string& key) {
    const auto found = look(key);
    REQUIRE(*found);
    return (*found)->what
             ? std::to_string((*found)->what->id) + " " + std::string(to_string((*found)->what->state))
             : "none";
  }

  void note(decision d) {
    caf::anon_send(journal, actors::log_lazily{std::move(d)});
    run_until_idle();
  }
  void deliver(transaction_id id) { note({kind::delivered, id}); }
  void close(transaction_id id, state how, const std::string& code = "") {
    decision d{kind::closed, id};
    d.outcome = how;
    d.code = code;
    note(std::move(d));
  }
  void attempt(transaction_id id) {
    decision d{kind::attempt, id};
    d.attempt = 1;
    note(std::move(d));
  }
  void hear(const codec::message& m) {
    caf::anon_send(journal, actors::unmatched_response{shared(m)});
    run_until_idle();
  }

  std::vector<actors::transaction> cases() {
    const auto all = ask<std::vector<actors::transaction>>(journal, actors::cases_atom::value);
    REQUIRE(all);
    return *all;
  }

  player::memory_disk& disk() { return kept.disk(); }
  std::size_t records() { return disk().read().records.size(); }

  player::memory_journal kept;
  actors::environment_ptr env;
  actors::journal_actor journal;
  std::shared_ptr<actors::book> pages;
  std::vector<actors::transaction> opened;  // cases that the supervisor was given
  std::vector<transaction_id> late_words;
  std::vector<std::string> undone, panics;
  std::string log;
};

}  // namespace

TEST_CASE_METHOD(desk, "an intent is acknowledged when it is on the disk, and not before") {
  disk().pause();
  const auto o = intend(1);
  CHECK_FALSE(o->done);
  CHECK(records() == 0);
  pass(10s);
  CHECK_FALSE(o->done);
  disk().release();
  run_until_idle();
  CHECK(o->done);
  CHECK(records() == 1);
}

TEST_CASE_METHOD(desk, "an approval is acknowledged when it is on the disk, and not before") {
  intend(1);
  disk().pause();
  const auto o = approve(1);
  CHECK_FALSE(o->done);
  disk().release();
  run_until_idle();
  CHECK(o->done);
  CHECK(records() == 2);
}

TEST_CASE_METHOD(desk, "whatever is decided while a batch is being written is the next batch") {
  disk().pause();
  std::vector<outcome_ptr> all{intend(1)};
  for (transaction_id id = 2; id <= 9; ++id)
    all.push_back(intend(id));
  CHECK(disk().waiting() == 1);
  disk().release();
  run_until_idle();
  CHECK(disk().written() == 2);
  CHECK(records() == 9);
  CHECK(std::ranges::all_of(all, &outcome::done));
}

TEST_CASE_METHOD(desk, "what need not be durable waits a second for company") {
  intend(1);
  approve(1);
  const auto before = disk().written();
  deliver(1);
  CHECK(records() == 2);
  pass(1s);
  CHECK(records() == 3);
  CHECK(disk().written() == before + 1);
}

TEST_CASE_METHOD(desk, "what need not be durable goes with the next that must be") {
  intend(1);
  approve(1);
  const auto before = disk().written();
  deliver(1);
  intend(2);
  CHECK(records() == 4);
  CHECK(disk().written() == before + 1);
}

TEST_CASE_METHOD(desk, "an idle journal writes nothing") {
  pass(1h);
  CHECK(disk().written() == 0);
}

TEST_CASE_METHOD(desk, "an idle journal whose files are removed ends the process within seconds") {
  intend(1);
  pass(1min);
  CHECK(panics.empty());
  disk().lose_files();
  pass(6s);
  REQUIRE(panics.size() == 1);
  CHECK(panics[0].find("was removed or replaced while it was in use") != std::string::npos);
}

TEST_CASE_METHOD(desk, "what has no approval is reversed at once: its intent alone says so") {
  intend(1);
  disk().pause();
  const auto o = undo(1);
  CHECK(o->done);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].id == 1);
  CHECK(opened[0].state == state::reversal_due);
  CHECK(opened[0].why == "timed_out");
  CHECK(opened[0].late_arrival_until == now() + actors::late_arrival_max);
}

TEST_CASE_METHOD(desk,
                 "what is approved is reversed when it is on the disk that it is to be, and not before") {
  intend(1, purchase_of(1), {actors::delivery::tcp, "txn_1", {}, {}});
  approve(1);
  disk().pause();
  const auto o = undo(1, "undelivered");
  CHECK_FALSE(o->done);
  CHECK(opened.empty());
  CHECK(undone.empty());
  disk().release();
  run_until_idle();
  CHECK(o->done);
  CHECK(opened.size() == 1);
  CHECK(undone == std::vector<std::string>{"txn_1"});
}

TEST_CASE_METHOD(desk, "what its client has is not undone, and neither is what nobody knows") {
  intend(1);
  approve(1);
  deliver(1);
  CHECK(undo(1)->refused == refusal::failed_unknown);
  CHECK(undo(99)->refused == refusal::failed_unknown);
  pass(2s);
  CHECK(opened.empty());
  CHECK(cases().empty());
}

TEST_CASE_METHOD(desk, "what has ended is not opened again by those who did not hear of it") {
  for (const auto end : {state::declined, state::reversed, state::cancelled}) {
    const auto id = static_cast<transaction_id>(end);
    intend(id, support::purchase("000000" + std::to_string(10 + id)));
    close(id, end);
    undo(id, "undelivered");
    CHECK(opened.empty());
  }
  CHECK(cases().empty());
}

TEST_CASE_METHOD(desk, "what is being reversed is not begun to be a second time") {
  intend(1);
  approve(1);
  CHECK(undo(1)->done);
  CHECK(undo(1)->done);
  CHECK(opened.size() == 1);
  CHECK(cases().size() == 1);
}

TEST_CASE_METHOD(desk, "TID and STAN of what is open or approved are refused, and nothing is written") {
  intend(1);
  approve(1);
  CHECK(intend(2, purchase_of(1))->refused == refusal::stan_in_use);
  deliver(1);
  CHECK(intend(3, purchase_of(1))->refused == refusal::stan_in_use);
  pass(2s);
  CHECK(records() == 3);
  auto later = purchase_of(1);
  later.set(12, "261123120500");
  CHECK(intend(4, later)->done);
}

TEST_CASE("with stanScope day, TID and STAN of what is approved are refused on the same day") {
  desk d([](config::settings& s) { s.queue.scope = config::stan_scope::day; });
  d.intend(1);
  d.approve(1);
  d.deliver(1);
  auto later = purchase_of(1);
  later.set(12, "261123235959");
  CHECK(d.intend(2, later)->refused == refusal::stan_in_use);
  later.set(12, "261124000000");
  CHECK(d.intend(3, later)->done);
}

TEST_CASE_METHOD(desk,
                 "other money of a terminal is asked to come again until the first is answered, or has been "
                 "reversed for a while") {
  intend(1);
  CHECK(intend(2, purchase_of(1, "000002"))->refused == refusal::not_yet);
  undo(1);
  CHECK(intend(3, purchase_of(1, "000002"))->refused == refusal::not_yet);
  attempt(1);
  CHECK(intend(4, purchase_of(1, "000002"))->refused == refusal::not_yet);
  pass(actors::book::terminal_block_max);
  CHECK(intend(5, purchase_of(1, "000002"))->done);
}

TEST_CASE("without the terminal lock other money of a terminal waits for a first reversal alone") {
  desk d([](config::settings& s) { s.queue.lock_terminal = false; });
  d.intend(1);
  CHECK(d.intend(2, purchase_of(1, "000002"))->done);
  d.undo(1);
  CHECK(d.intend(3, purchase_of(1, "000003"))->refused == refusal::not_yet);
}

TEST_CASE_METHOD(desk,
                 "with a disk that is nearly full new purchases are refused, reversals and ends are taken, "
                 "until there is room") {
  disk().room(false);
  CHECK(intend(1)->done);  // which the disk answers that its room is over
  CHECK(intend(2)->refused == refusal::journal_full);
  CHECK(log.find("nearly full") != std::string::npos);
  CHECK(intend(3, reversal_to(purchase_of(3)))->done);
  CHECK(approve(1)->done);
  CHECK(undo(1)->done);
  disk().room(true);
  attempt(1);
  pass(1s);
  CHECK(log.find("has room again") != std::string::npos);
  CHECK(intend(4)->done);
}

TEST_CASE_METHOD(desk, "when the disk fails the process ends, and nobody is told anything more") {
  disk().fail_next("the disk is on fire", false);
  const auto first = intend(1), second = intend(2);
  REQUIRE(panics.size() == 1);
  CHECK(panics[0] == "the journal cannot be written: the disk is on fire");
  pass(1min);
  const auto third = intend(3);
  CHECK(panics.size() == 1);
  for (const auto& o : {first, second, third}) {
    CHECK_FALSE(o->done);
    CHECK_FALSE(o->refused);
  }
}

TEST_CASE_METHOD(
  desk, "a batch that failed and is on the disk all the same is not acknowledged; the next process has it") {
  disk().fail_next("input/output error", true);
  const auto o = intend(1);
  CHECK_FALSE(o->done);
  CHECK(panics.size() == 1);
  restart();
  REQUIRE(cases().size() == 1);
  CHECK(cases()[0].state == state::reversal_due);
}

TEST_CASE_METHOD(desk, "what has ended is forgotten a day later, on the disk too, and what is open is not") {
  intend(1);
  close(1, state::declined);
  intend(2);
  undo(2);
  pass(24h);
  CHECK(records() == 4);
  pass(3s);
  CHECK(records() == 2);
  CHECK(cases().size() == 1);
  CHECK(intend(3, purchase_of(2))->refused == refusal::stan_in_use);
}

TEST_CASE(
  "a purchase with a key that memory has no room for is found on the disk for a day after its end, over a "
  "restart too, and one without is not") {
  desk d({}, 1);
  const auto ended = [&d](transaction_id id, const std::string& key) {
    d.intend(id, purchase_of(static_cast<int>(id)),
             {actors::delivery::idempotent, "txn_" + std::to_string(id), key, "digest"});
    d.close(id, state::declined);
  };
  ended(1, "key 1");
  ended(2, "");
  ended(3, "key 3");
  CHECK(d.state_under("key 1") == "1 declined");
  d.pass(3s);
  CHECK(d.pages->all().size() == 1);
  CHECK(d.records() == 4);
  CHECK(d.state_under("key 1") == "1 declined");
  CHECK((*d.look("key 1"))->what->options.digest == "digest");
  CHECK(d.state_under("key 3") == "3 declined");
  CHECK(d.state_under("none") == "none");
  d.restart();
  CHECK(d.pages->all().size() == 1);
  CHECK(d.state_under("key 1") == "1 declined");
  d.pass(23h);
  CHECK(d.state_under("key 1") == "1 declined");
  CHECK(d.records() == 4);
  d.pass(1h + 3s);
  CHECK(d.state_under("key 1") == "none");
  CHECK(d.records() == 0);
}

TEST_CASE_METHOD(desk,
                 "a purchase that is open is found by its key as it stands now, and not as the disk has it") {
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  undo(1);
  disk().pause();
  note({kind::parked, 1, nullptr, {}, "refused"});
  const auto found = look("key");
  CHECK_FALSE(*found);
  disk().release();
  run_until_idle();
  REQUIRE(*found);
  CHECK((*found)->what->state == state::parked);
}

TEST_CASE("a purchase that memory has dropped before its end was on the disk is found with its end") {
  desk d({}, 0);
  d.intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  d.disk().pause();
  d.close(1, state::declined);
  d.pass(1s);
  REQUIRE(d.pages->all().empty());
  const auto found = d.look("key");
  d.disk().release();
  d.run_until_idle();
  REQUIRE(*found);
  REQUIRE((*found)->what);
  CHECK((*found)->what->state == state::declined);
}

TEST_CASE_METHOD(desk,
                 "a purchase at the host whose owner died without a word is reversed, and one that somebody "
                 "has in hand is not") {
  intend(1);
  intend(2, purchase_of(2));
  const actors::in_hand owner((*pages).find(2)->hands);
  pass(1h);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].id == 1);
  CHECK(opened[0].why == "failed_unknown");
}

TEST_CASE_METHOD(desk,
                 "an approval whose bearer died without a word is reversed, and one that somebody has in "
                 "hand is not, however long") {
  intend(1);
  approve(1);
  intend(2, purchase_of(2));
  approve(2);
  const actors::in_hand bearer((*pages).find(2)->hands);
  pass(1h);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].id == 1);
  CHECK(opened[0].why == "undelivered");
  CHECK((*pages).find(1)->hands->revoked);
  CHECK_FALSE(bearer.revoked());
}

TEST_CASE_METHOD(desk, "an approval that may be fetched again is the registry's to wait for") {
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  approve(1);
  pass(1h);
  CHECK(opened.empty());
}

TEST_CASE_METHOD(desk,
                 "a client's own reversal of what is being told makes one reversal, and waits for its end") {
  intend(1);
  approve(1);
  const auto own = intend(2, reversal_to(purchase_of(1)));
  CHECK(own->joined == 1);
  REQUIRE(opened.size() == 1);
  CHECK(opened[0].why == "client_reversal");
  const auto end = await(1);
  CHECK_FALSE(end->done);
  close(1, state::reversed, "480");
  REQUIRE(end->done);
  CHECK((*end->response)[39] == "480");
  CHECK((*end->response)[37] == "000000000001");
  CHECK(await(1)->done);
}

TEST_CASE_METHOD(
  desk, "a client's own reversal of what its client has, or of what nobody knows, is a message of its own") {
  intend(1);
  approve(1);
  deliver(1);
  const auto own = intend(2, reversal_to(purchase_of(1)));
  CHECK(own->done);
  CHECK(own->joined == 0);
  CHECK(intend(3, reversal_to(purchase_of(7)))->joined == 0);
  CHECK(opened.empty());
}

TEST_CASE_METHOD(desk, "nobody waits for the reversal of what its client has") {
  intend(1);
  approve(1);
  deliver(1);
  CHECK(await(1)->refused);
  CHECK(await(99)->refused);
}

TEST_CASE_METHOD(desk,
                 "a late answer to what is being reversed goes to its reversal, with the host's reference "
                 "for whoever begins it again") {
  intend(1);
  undo(1);
  hear(response_to(purchase_of(1), "000", "987654321098"));
  CHECK(late_words == std::vector<transaction_id>{1});
  CHECK(cases()[0].reference_fields[37] == "987654321098");
  hear(response_to(purchase_of(1), "116"));
  CHECK(late_words.size() == 2);
}

TEST_CASE_METHOD(desk, "a late answer with another amount, or of another class, belongs to nobody") {
  intend(1);
  undo(1);
  auto wrong = response_to(purchase_of(1));
  wrong.set(4, "000000009999");
  hear(wrong);
  hear(response_to(reversal_to(purchase_of(1))));
  CHECK(late_words.empty());
  CHECK_FALSE(cases()[0].reference_fields.has(37));
}

TEST_CASE(
  "a late approval of what had ended opens it again, durably before its reversal, and is told to the "
  "operator") {
  for (const auto end : {state::declined, state::reversed, state::cancelled}) {
    desk d;
    d.intend(1);
    d.close(1, end);
    d.disk().pause();
    d.hear(response_to(purchase_of(1)));
    CHECK(d.opened.empty());
    CHECK(d.log.find("the host approves what had ended") != std::string::npos);
    d.disk().release();
    d.run_until_idle();
    REQUIRE(d.opened.size() == 1);
    CHECK(d.opened[0].reference_fields[37] == "000000000001");
    CHECK(d.opened[0].why == "late_approval");
  }
}

TEST_CASE_METHOD(
  desk, "the host's repeated approval of what has been reversed is no new purchase, another reference is") {
  intend(1);
  undo(1);
  hear(response_to(purchase_of(1), "000", "000000000001"));
  close(1, state::reversed);
  hear(response_to(purchase_of(1), "000", "000000000001"));
  CHECK(cases().empty());
  hear(response_to(purchase_of(1), "000", "000000000002"));
  CHECK(cases().size() == 1);
}

TEST_CASE_METHOD(
  desk,
  "a late decline changes nothing that had ended or was approved, and of an approval the operator is told") {
  intend(1);
  close(1, state::declined);
  hear(response_to(purchase_of(1), "116"));
  intend(2);
  approve(2);
  hear(response_to(purchase_of(2), "116"));
  CHECK(cases().empty());
  CHECK(opened.empty());
  CHECK(log.find("declines what it has approved before") != std::string::npos);
  CHECK(log.find(support::test_pan) == std::string::npos);
}

TEST_CASE_METHOD(desk,
                 "the next process has what was at the host as due, and what was approved as unconfirmed") {
  intend(1);
  intend(2);
  approve(2);
  intend(3);
  approve(3);
  deliver(3);
  pass(1s);
  restart();
  const auto all = cases();
  REQUIRE(all.size() == 2);
  CHECK(all[0].state == state::reversal_due);
  CHECK(all[0].why == "interrupted");
  CHECK((*all[0].request)[2] == support::test_pan);
  CHECK(all[1].state == state::unconfirmed);
  CHECK(*env->last_transaction == 3);
}

TEST_CASE_METHOD(
  desk, "a delivery that was not on the disk yet leaves its purchase unconfirmed, and nothing else is lost") {
  intend(1);
  approve(1);
  deliver(1);
  restart();
  REQUIRE(cases().size() == 1);
  CHECK(cases()[0].state == state::unconfirmed);
}

TEST_CASE(
  "approvals of an earlier process are kept, or reversed after half a minute, as the option unconfirmed "
  "says") {
  const bool reverses = GENERATE(false, true);
  desk d([&](config::settings& s) {
    s.delivery.of_unconfirmed = reverses ? config::unconfirmed::reverse : config::unconfirmed::keep;
  });
  d.intend(1);
  d.approve(1);
  d.intend(2, purchase_of(2), {actors::delivery::idempotent, "txn_2", "key", "digest"});
  d.approve(2);
  d.restart();
  d.pass(actors::fetch_timeout - 1s);
  CHECK(d.opened.empty());
  d.pass(2s);
  // The second is the registry's to wait for.
  CHECK(d.opened.size() == (reverses ? 1 : 0));
  d.pass(1h);
  CHECK(d.opened.size() == (reverses ? 1 : 0));
}

TEST_CASE_METHOD(desk, "whoever asked for it is told when it is reversed at the host") {
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  undo(1);
  CHECK(undone == std::vector<std::string>{"txn_1"});
  close(1, state::reversed);
  CHECK(undone == std::vector<std::string>{"txn_1", "txn_1 reversed"});
}

TEST_CASE_METHOD(desk, "whoever asked for it is told when a late decline leaves nothing to reverse") {
  intend(1, purchase_of(1), {actors::delivery::idempotent, "txn_1", "key", "digest"});
  undo(1);
  close(1, state::declined);
  CHECK(undone == std::vector<std::string>{"txn_1", "txn_1 reversed"});
}

TEST_CASE_METHOD(desk, "a drain is answered when everything is on the disk") {
  intend(1);
  approve(1);
  deliver(1);
  disk().pause();
  const auto o = request<actors::drain_atom>(actors::drain_atom::value);
  CHECK_FALSE(o->done);
  disk().release();
  run_until_idle();
  CHECK(o->done);
  CHECK(records() == 3);
}

TEST_CASE("without a disk everything is acknowledged at once, and the book is the same") {
  desk d;
  auto journal = d.own(actors::spawn_journal(
    d.system, d.env, {std::make_shared<actors::book>(d.env->upstreams), nullptr, nullptr}));
  std::swap(journal, d.journal);
  CHECK(d.intend(1)->done);
  CHECK(d.approve(1)->done);
  CHECK(d.undo(1)->done);
  CHECK(d.cases().size() == 1);
  d.pass(48h);
  CHECK(d.records() == 0);
  CHECK(d.panics.empty());
}
