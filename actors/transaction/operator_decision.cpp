// Which decisions an operator may take about a transaction, and the sentences of the replies.
//
// `reverse` and `resolve` are for unconfirmed approvals. A transaction that is being reversed has a reversal,
// which executes `retry` and `resolve` itself. Any other transaction is no open case: its number was
// mistyped.

#include "actors/transaction/operator_decision.hpp"

#include "config/printable.hpp"

namespace actors {

namespace {

using lifecycle::state;

// Longer than any ticket, shorter than a line of the control socket.
constexpr std::size_t reason_max = 1000;

// A client may need this long to ask again for what a restart left unconfirmed.
constexpr std::int64_t unconfirmed_timeout = 300;  // seconds

std::string how_it_stands(const transaction& t) {
  switch (t.state) {
    case state::approved: return "it has ended as approved";
    case state::declined: return "it has ended as declined";
    case state::reversed: return "it has ended as reversed";
    case state::cancelled: return "it was never sent";
    case state::delivering: return "it is approved, and is being delivered to its client";
    default: return "it is at the host, which has not answered yet";
  }
}

}  // namespace

std::string why_not(const operator_decision& asked, const transaction* t) {
  using kind = operator_decision::kind;
  const auto number = std::to_string(asked.id);
  if (!t)
    return "there is no transaction " + number +
           ", or it ended long ago; `socketqueue pending` lists the open cases";
  if (!lifecycle::is_open_case(t->state))
    return "transaction " + number + " is no open case: " + how_it_stands(*t) +
           "; `socketqueue pending` lists the open cases";
  // Its client may have read it already; whether it has is known when it is acknowledged, or never will be.
  if (t->state == state::unconfirmed && asked.what == kind::reverse && t->hands->holders != 0)
    return "case " + number +
           " is being shown to its client, who has just asked for it; ask again in a few seconds, when it is "
           "known whether the client has it";
  if (t->state == state::unconfirmed)
    return asked.what == kind::retry
             ? "case " + number +
                 " is unconfirmed: it is approved, and there is no reversal to retry; `socketqueue reverse " +
                 number + "` reverses it, `resolve` lets it stand"
             : "";
  if (asked.what != kind::reverse)
    return "the reversal of case " + number + " is just being started; ask again in a few seconds";
  return "case " + number +
         (t->state != state::parked ? " is being reversed already"
          : t->attempts == 0        ? " needs a person: no reversal was sent"
                                    : " needs a person: its reversal did not work") +
         "; `socketqueue retry " + number + "` asks the host again";
}

std::string fault_of_reason(std::string_view why) {
  if (why.find_first_not_of(' ') == std::string_view::npos)
    return "the reason is empty";
  if (why.size() > reason_max)
    return "the reason may have " + std::to_string(reason_max) + " bytes, and this one has " +
           std::to_string(why.size());
  const auto at = config::unprintable_at(why);
  if (at == std::string_view::npos)
    return {};
  const auto byte = static_cast<unsigned char>(why[at]);
  return std::string("the reason has ") +
         (byte < 0x80 || byte == 0xc2 ? "a control character" : "what is no UTF-8") + ", byte " +
         std::to_string(at + 1) + "; plain text, please";
}

std::string_view listed_state(state s) {
  return s == state::parked ? "needs you" : s == state::unconfirmed ? "unconfirmed" : "reversing";
}

bool needs_a_look(const transaction& p, std::int64_t now) {
  return p.state == state::parked || (p.state == state::unconfirmed && now - p.begun >= unconfirmed_timeout);
}

}  // namespace actors
