// The journal as its tests drive it: a request and its reply, what it writes, and whom it tells what.
#pragma once

#include <catch2/catch.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/core/timeouts.hpp"
#include "actors/journal/journal.hpp"
#include "config/load.hpp"
#include "config/log.hpp"
#include "scenarios/player/memory_journal.hpp"
#include "tests/actors/journal/messages.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

namespace test {

using actors::decision;
using actors::refusal;
using actors::transaction_id;
using actors::lifecycle::state;
using kind = decision::kind;

inline codec::message purchase_of(int terminal, const std::string& stan = "000001") {
  return support::purchase("0000000" + std::to_string(terminal), stan);
}

/// What came of a request to the journal.
struct outcome {
  bool done = false;
  std::optional<refusal> refused;
  transaction_id joined = 0;
  actors::message_ptr response;
};
using outcome_ptr = std::shared_ptr<outcome>;

/// The journal alone, on a disk of memory. The actors that it tells note what they are told.
struct journal_rig : player::virtual_time {
  explicit journal_rig(const std::function<void(config::settings&)>& change = {},
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
  ~journal_rig() override { config::log::observe({}); }

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

  /// The process is killed; another one begins.
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
                [this](const actors::reversed_by_client& r) { undone.push_back(r.id + " by its client"); },
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

  /// What the journal says of a key; nothing while it has not answered.
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
  std::vector<actors::transaction> opened;  ///< cases that the supervisor was given
  std::vector<transaction_id> late_words;
  std::vector<std::string> undone, panics;
  std::string log;
};

}  // namespace test
