// The book of transactions as its tests drive it: a decision, a call.
#pragma once

#include <catch2/catch.hpp>

#include <memory>
#include <string>

#include "actors/journal/book.hpp"
#include "tests/actors/journal/messages.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/upstreams.hpp"

namespace test {

using namespace std::chrono_literals;
using actors::decision;
using actors::lifecycle::state;
using kind = decision::kind;

/// A book, and a function for each decision. True where the book takes it.
struct book_rig {
  actors::book book{support::one_upstream()};
  actors::time_point now{1h};

  bool apply(const decision& d) { return book.apply(d, now, 1000); }

  const actors::transaction& begin(actors::transaction_id id,
                                   const codec::message& request = support::purchase()) {
    REQUIRE(apply({kind::intent, id, shared(request)}));
    return *book.find(id);
  }

  bool approve(actors::transaction_id id) {
    return apply({kind::approved, id, shared(response_to(*book.find(id)->request))});
  }
  bool due(actors::transaction_id id, const std::string& why = "timed_out",
           actors::message_ptr response = nullptr) {
    decision d{kind::reversal_due, id, std::move(response), {}, why};
    d.because = actors::cause_called(why);
    return apply(d);
  }
  bool attempt(actors::transaction_id id, int number = 1) {
    decision d{kind::attempt, id};
    d.attempt = number;
    return apply(d);
  }
  bool park(actors::transaction_id id) { return apply({kind::parked, id, nullptr, {}, "refused"}); }
  bool deliver(actors::transaction_id id) { return apply({kind::delivered, id}); }
  bool close(actors::transaction_id id, state outcome) {
    decision d{kind::closed, id};
    d.outcome = outcome;
    return apply(d);
  }

  /// A purchase, brought into a state.
  const actors::transaction& reach(state s, actors::transaction_id id = 1,
                                   const codec::message& request = support::purchase()) {
    auto& p = begin(id, request);
    switch (s) {
      case state::delivering: approve(id); break;
      case state::unconfirmed:
        approve(id);
        book.finish_replay(now);
        break;
      case state::reversal_due: due(id); break;
      case state::parked:
        due(id);
        park(id);
        break;
      case state::approved:
        approve(id);
        deliver(id);
        break;
      case state::declined:
      case state::reversed:
      case state::cancelled: close(id, s); break;
      default: break;
    }
    REQUIRE(actors::lifecycle::to_string(p.state) == actors::lifecycle::to_string(s));
    return p;
  }
};

inline constexpr state known_states[]{state::intent,       state::delivering, state::unconfirmed,
                                      state::reversal_due, state::parked,     state::approved,
                                      state::declined,     state::reversed,   state::cancelled};

}  // namespace test
