// What every client's session does with its messages and approvals, without a client's protocol.

#include <catch2/catch.hpp>

#include <deque>
#include <map>
#include <sstream>

#include "actors/client/delivery.hpp"
#include "actors/core/timeouts.hpp"
#include "config/load.hpp"
#include "scenarios/player/memory_link.hpp"
#include "scenarios/player/virtual_time.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

using namespace std::chrono_literals;

namespace {

// A session that answers each message by "N;" and is told what to do by the test.
struct scripted_session : actors::conversation {
  scripted_session(actors::session_actor::pointer self, std::string& t, actors::environment_ptr env,
                   net::link_ptr link, const actors::directory& peers, actors::admission seats)
    : told(t),
      connection(self, std::move(link), "client:1"),
      delivery(self, *this, std::move(env), connection, std::move(seats)) {
    delivery.learn(peers);
  }
  void answer(actors::client_message&& m) override {
    told += "answer " + std::to_string(m.number) + (m.refused ? " " + to_string(*m.refused) : "") + "; ";
    delivery.write(std::to_string(m.number) + ";", m);
  }
  void refused() override { told += "refused; "; }
  void give_up_waiting() override {
    told += "give up waiting; ";
    delivery.give_back();
  }
  void client_lost() override { told += "client lost; "; }

  std::string& told;
  actors::client_connection connection;
  actors::client_delivery delivery;
};

// A session with fakes around it. What they are told is a text: "withdraw 1; reverse 2; ".
struct bench : player::virtual_time {
  explicit bench(std::size_t seats = 3) : seats_(seats) {
    auto e = std::make_shared<actors::environment>();
    e->settings = config::defaults();
    e->upstreams = support::one_upstream(e->settings.upstreams.front());
    e->random = [] { return 1; };
    env = e;
    peers.dispatcher = own(caf::actor_cast<actors::dispatcher_actor>(dispatcher()));
    peers.journal = own(caf::actor_cast<actors::journal_actor>(journal()));
    peers.idempotency = own(caf::actor_cast<actors::idempotency_actor>(idempotency()));
    session = system.spawn([this](actors::session_actor::pointer self) {
      auto state = std::make_shared<scripted_session>(self, told, env,
                                                      std::make_shared<player::memory_link>(line, "client:1"),
                                                      peers, actors::admission(seats_));
      return actors::session_actor::behavior_type{
        [this, state](actors::received&) { std::exchange(next_, {})(*state); },
        [](actors::finished_atom) {},
        [](const actors::link_down&) {},
        [state](actors::tick_atom) { state->delivery.tick(); },
        [self](actors::drain_atom) { self->quit(); },
        [](const actors::directory&) {}};
    });
    run_until_idle();
  }
  ~bench() override {
    caf::anon_send_exit(session, caf::exit_reason::kill);
    run_until_idle();
  }

  // The session does this.
  void act(std::function<void(scripted_session&)> what) {
    next_ = std::move(what);
    caf::anon_send(session, actors::received{});
    run_until_idle();
  }
  // It takes a message to the host; the first has the transaction 1.
  void submits(const actors::client_options& options = {}) {
    act([&](scripted_session& s) {
      auto& m = s.delivery.begin(env->settings.queue.timeout + env->settings.upstreams.front().host_timeout);
      m.options = options;
      s.delivery.submit_message(m, std::make_shared<const codec::message>(support::purchase()),
                                env->next_transaction());
    });
  }
  // The host approves it, or it is refused.
  void ends(actors::transaction_id id, std::optional<actors::refusal> refused = {}) {
    ended_.push_back({id, refused});
    caf::anon_send(id_is_keyed_.contains(id) ? caf::actor_cast<caf::actor>(peers.idempotency)
                                             : caf::actor_cast<caf::actor>(peers.dispatcher),
                   actors::tick_atom::value);
    run_until_idle();
  }
  // Seconds go by, and the session looks at the clock in each.
  void live(int seconds) {
    for (; seconds > 0; --seconds) {
      pass(1s);
      caf::anon_send(session, actors::tick_atom::value);
      run_until_idle();
    }
  }
  std::string shown() const {
    std::string all;
    for (const auto& s : line->sent)
      all += s;
    return all;
  }

  std::map<actors::transaction_id, std::shared_ptr<actors::custody>> hands;
  std::string told;
  player::connection_ptr line = std::make_shared<player::connection>();
  actors::environment_ptr env;
  actors::directory peers;
  actors::session_actor session;

private:
  struct ended {
    actors::transaction_id id;
    std::optional<actors::refusal> refused;
  };
  actors::message_ptr response() const { return std::make_shared<const codec::message>(support::purchase()); }

  caf::actor dispatcher() {
    return system.spawn([this](caf::event_based_actor* self) -> caf::behavior {
      return {[this, self](actors::submit& s) {
                auto p = self->make_response_promise<actors::answer>();
                waiting_.emplace(s.id, p);
                return p;
              },
              [this](actors::tick_atom) {
                const auto [id, why] = ended_.front();
                ended_.pop_front();
                hands[id] = std::make_shared<actors::custody>();
                if (why)
                  waiting_.at(id).deliver(caf::make_error(*why));
                else
                  waiting_.at(id).deliver(actors::answer{response(), id, actors::in_hand(hands[id])});
              },
              [this](const actors::withdraw& w) { told += "withdraw " + std::to_string(w.id) + "; "; }};
    });
  }
  caf::actor journal() {
    return system.spawn([this](caf::event_based_actor*) -> caf::behavior {
      return {
        [this](const actors::log_lazily& l) { told += "delivered " + std::to_string(l.what.id) + "; "; },
        [this](const actors::request_reversal& r) { told += "reverse " + std::to_string(r.id) + "; "; }};
    });
  }
  caf::actor idempotency() {
    return system.spawn([this](caf::event_based_actor* self) -> caf::behavior {
      return {[this, self](actors::keyed_submit& k) {
                auto p = self->make_response_promise<actors::request_status>();
                id_is_keyed_.emplace(k.what.id, k.id);
                keyed_.emplace(k.what.id, p);
                return p;
              },
              [this](actors::tick_atom) {
                const auto [id, why] = ended_.front();
                ended_.pop_front();
                hands[id] = std::make_shared<actors::custody>();
                actors::request_status s{id_is_keyed_.at(id), why ? nullptr : response(), why, id};
                s.hand = actors::in_hand(hands[id]);
                keyed_.at(id).deliver(std::move(s));
              },
              [this](const actors::delivery_failed& f) { told += "failed " + f.id + "; "; }};
    });
  }

  std::size_t seats_;
  std::function<void(scripted_session&)> next_;
  std::deque<ended> ended_;
  std::map<actors::transaction_id, caf::typed_response_promise<actors::answer>> waiting_;
  std::map<actors::transaction_id, caf::typed_response_promise<actors::request_status>> keyed_;
  std::map<actors::transaction_id, std::string> id_is_keyed_;
};

const actors::client_options by_key{actors::delivery::idempotent, "txn_a", "key", "digest"};
const actors::client_options confirmed{actors::delivery::confirm, "txn_b", "", ""};

}  // namespace

TEST_CASE("what becomes of a client's messages and of its approvals") {
  struct row {
    const char* what;
    std::function<void(bench&)> happens;
    const char* told;
    const char* shown;
  };
  const auto gone = [](scripted_session& s) { s.delivery.leave_client(); };
  const std::vector<row> rows{
    {"an approval that its client's TCP acknowledges is delivered",
     [](bench& b) {
       b.submits();
       b.ends(1);
       b.live(1);
     },
     "answer 0; delivered 1; ", "0;"},
    {"one that the client is to confirm is not: its time begins",
     [](bench& b) {
       b.submits(confirmed);
       b.ends(1);
       b.live(1);
     },
     "answer 0; failed txn_b; ", "0;"},
    {"answers keep the order of the messages",
     [](bench& b) {
       b.submits();
       b.submits();
       b.ends(2);
       b.told += "then: ";
       b.ends(1);
       b.live(1);
     },
     "then: answer 0; answer 1; delivered 1; delivered 2; ", "0;1;"},
    {"a refusal is told at once, and answered in its turn",
     [](bench& b) {
       b.submits();
       b.submits();
       b.ends(2, actors::refusal::timed_out);
       b.ends(1);
       b.live(1);
     },
     "refused; answer 0; answer 1 timed_out; delivered 1; ", "0;1;"},
    {"there are so many seats, and who waits for one has it when a message is answered",
     [](bench& b) {
       for (int i = 0; i < 5; ++i)
         b.submits();
       b.ends(1);
       b.ends(2);
       b.ends(3);
       b.ends(4);
     },
     "answer 0; delivered 1; answer 1; delivered 2; answer 2; answer 3; ", "0;1;2;3;"},
    {"who waits in vain for a seat is refused when its time is up, and was never submitted",
     [](bench& b) {
       for (int i = 0; i < 4; ++i)
         b.submits();
       b.live(34);
       b.told += "then: ";
       b.live(1);
       b.ends(1);
       b.ends(2);
       b.ends(3);
     },
     "then: refused; answer 0; answer 1; answer 2; answer 3 queue_timeout; ", "0;1;2;3;"},
    {"a client that takes nothing for ten seconds is hung up on, and its approval is reversed",
     [](bench& b) {
       b.line->stop_reading();
       b.submits();
       b.ends(1);
       b.live(9);
       b.told += "then: ";
       b.live(2);
     },
     "answer 0; then: client lost; reverse 1; ", ""},
    {"under a key it has time to ask again",
     [](bench& b) {
       b.line->stop_reading();
       b.submits(by_key);
       b.ends(1);
       b.live(12);
     },
     "answer 0; client lost; failed txn_a; ", ""},
    {"one that takes a little at a time has longer, and not for ever",
     [](bench& b) {
       b.line->stop_reading();
       b.submits();
       b.act([](scripted_session& s) { s.connection.link()->send(std::string(100, '.')); });
       b.ends(1);
       for (int i = 0; i < 7; ++i) {
         b.line->read_bytes(1);
         b.live(8);
       }
       b.told += "then: ";
       b.line->read_bytes(1);
       b.live(6);
     },
     "answer 0; then: client lost; reverse 1; ", "........"},
    {"time in which this process stood still is not the client's",
     [](bench& b) {
       b.line->stop_reading();
       b.submits();
       b.ends(1);
       b.live(1);
       b.pass(60s);
       b.live(3);
     },
     "answer 0; ", ""},
    {"when the client is gone what was not sent need not be, and a late approval is reversed",
     [gone](bench& b) {
       b.submits();
       b.act(gone);
       b.ends(1);
     },
     "withdraw 1; answer 0; reverse 1; ", ""},
    {"under a key it may still be asked for, and is taken to its end",
     [gone](bench& b) {
       b.submits(by_key);
       b.act(gone);
       b.ends(1);
     },
     "answer 0; failed txn_a; ", ""},
    {"an approval is not shown that is being reversed when its turn comes",
     [](bench& b) {
       b.submits();
       b.submits();
       b.ends(2);
       b.hands[2]->revoked = true;
       b.ends(1);
       b.live(1);
     },
     "answer 0; reverse 2; answer 1 undelivered; delivered 1; ", "0;1;"},
    {"what nobody ends is given up a little after its time, and what then comes is reversed",
     [](bench& b) {
       b.submits();
       b.live(39);
       b.told += "then: ";
       b.live(2);
       b.ends(1);
     },
     "then: give up waiting; reverse 1; ", ""},
    {"an approval that waits behind what nobody ends is given up with it",
     [](bench& b) {
       b.submits();
       b.submits();
       b.ends(2);
       b.live(41);
     },
     "give up waiting; reverse 2; ", ""},
    {"a session that stops gives up what its client has not got",
     [](bench& b) {
       b.line->stop_reading();
       b.submits();
       b.ends(1);
       caf::anon_send(b.session, actors::drain_atom::value);
       b.run_until_idle();
       b.line->read_on();
     },
     "answer 0; reverse 1; ", ""},
    {"and keeps what has been acknowledged since it last looked",
     [](bench& b) {
       b.submits();
       b.ends(1);
       caf::anon_send(b.session, actors::drain_atom::value);
       b.run_until_idle();
     },
     "answer 0; delivered 1; ", "0;"},
  };
  for (const auto& r : rows) {
    INFO(r.what);
    bench b;
    r.happens(b);
    CHECK(b.told == r.told);
    CHECK(b.shown() == r.shown);
  }
}

TEST_CASE("a message that is answered otherwise leaves its place and its seat") {
  bench b(1);
  b.act([](scripted_session& s) {
    const auto request = std::make_shared<const codec::message>(support::purchase());
    auto& m = s.delivery.begin(5s);
    s.delivery.submit_message(m, request, 1);
    CHECK(s.delivery.find(m.number) == &m);
    CHECK_FALSE(s.delivery.is_idle());
    s.delivery.take_front();
    CHECK(s.delivery.find(0) == nullptr);
    CHECK(s.delivery.is_idle());
    s.delivery.submit_message(s.delivery.begin(5s), request, 2);
    CHECK_FALSE(s.delivery.is_waiting());
  });
}
