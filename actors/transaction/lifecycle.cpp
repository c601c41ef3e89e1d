// The table. Nothing decides about a purchase but a row of it.

#include "actors/transaction/lifecycle.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace actors::lifecycle {

namespace {

using enum state;
using e = event;
using a = action;

const std::vector<way>& table() {
  static const std::vector<way> rows{
    // Before anything is sent.
    {"T03", queued, e::unsent_end, {a::refuse_client}, cancelled},
    {"T03", intent, e::unsent_end, {a::refuse_client, a::pass_turn, a::close}, cancelled},
    {"T03", ready, e::unsent_end, {a::refuse_client, a::pass_turn, a::close}, cancelled},
    {"T04", queued, e::turn, {a::keep_intent}, intent},
    {"T05", intent, e::intent_durable, {a::write_request}, ready},
    {"T06", ready, e::written, {}, sent},

    // At the host.
    {"T08", sent, e::approved, {a::keep_approval}, committing},
    {"T09", sent, e::declined, {a::answer_client, a::close, a::pass_turn}, declined},
    {"T10", sent, e::client_lost, {a::refuse_client, a::note_due, a::pass_turn_to_reversal}, reversal_due},
    {"T11", sent, e::host_silent, {a::refuse_client, a::note_due, a::pass_turn_to_reversal}, reversal_due},
    {"T12", sent, e::host_lost, {a::refuse_client, a::note_due, a::pass_turn_to_reversal}, reversal_due},
    {"T13",
     sent,
     e::approved_unheard,
     {a::refuse_client, a::remember_reference, a::note_due, a::pass_turn_to_reversal},
     reversal_due},
    {"T14", sent, e::undetermined, {a::answer_client, a::note_due, a::pass_turn_to_reversal}, reversal_due},
    {"T25",
     sent,
     e::confirmed,
     {a::answer_client, a::close, a::pass_turn},
     reversed},  // a client's own reversal
    {"T15", sent, e::duplicate, {a::answer_client, a::alarm, a::close, a::pass_turn}, declined},

    // Approved; the client is to know.
    {"T16", committing, e::approval_durable, {a::pass_turn, a::answer_client}, delivering},
    {"T16",
     committing,
     e::approval_durable_unheard,
     {a::refuse_client, a::keep_due, a::pass_turn_to_reversal},
     undelivered},
    {"T17", delivering, e::delivery_proven, {a::close}, approved},
    {"T18", delivering, e::delivery_failed, {a::keep_due}, undelivered},
    {"T18", unconfirmed, e::delivery_failed, {a::keep_due}, undelivered},
    {"T19", undelivered, e::due_durable, {a::pass_turn_to_reversal}, reversal_due},
    {"T20", unconfirmed, e::asked_again, {a::answer_client, a::close}, approved},
    {"T20", unconfirmed, e::delivery_proven, {a::close}, approved},
    {"T21", unconfirmed, e::undone, {a::keep_due}, undelivered},
    {"T21", delivering, e::undone, {a::keep_due}, undelivered},

    // To be undone.
    {"T22", reversed, e::late_approval, {a::alarm, a::remember_reference, a::keep_due}, undelivered},
    {"T22", declined, e::late_approval, {a::alarm, a::remember_reference, a::keep_due}, undelivered},
    {"T22", cancelled, e::late_approval, {a::alarm, a::remember_reference, a::keep_due}, undelivered},
    {"T23", reversal_due, e::attempt, {a::write_reversal}, reversal_sent},
    {"T24", reversal_sent, e::unanswered, {a::wait}, reversal_due},
    {"T25", reversal_sent, e::confirmed, {a::close}, reversed},
    {"T26", reversal_sent, e::system_error, {a::wait}, reversal_due},
    {"T27", reversal_sent, e::not_found_early, {a::wait_settling}, awaiting_recheck},
    {"T27", awaiting_recheck, e::settled, {}, reversal_due},
    {"T27", reversal_sent, e::not_found, {a::close}, reversed},
    {"T28", reversal_due, e::exhausted, {a::keep_parked}, parked},
    {"T28", reversal_sent, e::refused, {a::keep_parked}, parked},
    {"T29", reversal_due, e::late_decline, {a::close}, declined},
    {"T29", awaiting_recheck, e::late_decline, {a::close}, declined},
    {"T30", reversal_due, e::late_approval, {a::remember_reference}, reversal_due},
    {"T30", reversal_sent, e::late_approval, {a::remember_reference}, reversal_sent},
    {"T30", awaiting_recheck, e::late_approval, {a::remember_reference}, reversal_due},
    {"T30", undelivered, e::late_approval, {a::remember_reference}, undelivered},
    {"T30", parked, e::late_approval, {a::remember_reference}, parked},

    // An operator's.
    {"T31", parked, e::attempt, {a::write_reversal}, reversal_sent},
    {"T31", parked, e::resolved, {a::close_durably}, reversed},
    {"T31", reversal_due, e::resolved, {a::close_durably}, reversed},
    {"T31", awaiting_recheck, e::resolved, {a::close_durably}, reversed},
    {"T31", unconfirmed, e::resolved, {a::close_durably}, approved},
  };
  return rows;
}

constexpr std::array<std::string_view, 16> state_names{
  "queued",      "intent",      "ready",        "sent",          "committing",       "delivering",
  "unconfirmed", "undelivered", "reversal_due", "reversal_sent", "awaiting_recheck", "parked",
  "approved",    "declined",    "reversed",     "cancelled"};

constexpr std::array<std::string_view, 31> event_names{"turn",
                                                       "intent_durable",
                                                       "unsent_end",
                                                       "written",
                                                       "approved",
                                                       "approved_unheard",
                                                       "declined",
                                                       "undetermined",
                                                       "duplicate",
                                                       "client_lost",
                                                       "host_silent",
                                                       "host_lost",
                                                       "approval_durable",
                                                       "approval_durable_unheard",
                                                       "delivery_proven",
                                                       "delivery_failed",
                                                       "asked_again",
                                                       "undone",
                                                       "due_durable",
                                                       "attempt",
                                                       "unanswered",
                                                       "confirmed",
                                                       "system_error",
                                                       "not_found_early",
                                                       "not_found",
                                                       "refused",
                                                       "settled",
                                                       "exhausted",
                                                       "late_approval",
                                                       "late_decline",
                                                       "resolved"};

}  // namespace

std::span<const way> ways() { return table(); }

const way* find(state from, event on) {
  static const auto index = [] {
    std::map<std::pair<state, event>, const way*> all;
    for (const auto& w : table())
      all.emplace(std::pair(w.from, w.on), &w);
    return all;
  }();
  const auto it = index.find({from, on});
  return it == index.end() ? nullptr : it->second;
}

bool is_final(state s) { return s == approved || s == declined || s == reversed || s == cancelled; }

bool is_open_case(state s) {
  return s == unconfirmed || s == undelivered || s == reversal_due || s == reversal_sent ||
         s == awaiting_recheck || s == parked;
}

std::string_view to_string(state s) { return state_names[static_cast<std::size_t>(s)]; }
std::string_view to_string(event on) { return event_names[static_cast<std::size_t>(on)]; }

std::optional<state> state_of(std::string_view text) {
  const auto it = std::ranges::find(state_names, text);
  if (it == state_names.end())
    return {};
  return static_cast<state>(it - state_names.begin());
}

}  // namespace actors::lifecycle
