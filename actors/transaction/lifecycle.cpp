// The table of the lifecycle. A row of it decides what happens to a transaction; no other code does.

#include "actors/transaction/lifecycle.hpp"

#include <algorithm>
#include <array>

namespace actors::lifecycle {

namespace {

using enum state;
using e = event;
using a = action;

const std::vector<row>& table() {
  static const std::vector<row> rows{
    // --- the queue: before anything is sent ---
    {"T03", queued, e::unsent, {a::refuse_client}, cancelled},
    {"T03", intent, e::unsent, {a::refuse_client, a::close}, cancelled},
    {"T03", at_host, e::unsent, {a::refuse_client, a::close}, cancelled},
    {"T03", intent, e::reversal_unsent, {a::close_then_answer}, cancelled},
    {"T03", at_host, e::reversal_unsent, {a::close_then_answer}, cancelled},
    {"T04", queued, e::turn, {a::commit_intent}, intent},
    {"T04", intent, e::not_yet, {a::wait_for_terminal}, queued},
    {"T04", intent, e::intent_refused, {a::refuse_client}, cancelled},
    {"T04", intent, e::joined, {a::await_reversal}, cancelled},
    {"T04", queued, e::joined, {a::await_reversal}, cancelled},
    {"T05", intent, e::intent_durable, {a::send_request}, at_host},

    // --- the queue: at the host ---
    {"T08", at_host, e::approved, {a::commit_approval}, committing},
    {"T09", at_host, e::declined, {a::answer_client, a::close}, declined},
    {"T09", at_host, e::reversal_refused, {a::close_then_answer}, declined},
    {"T10", at_host, e::client_gone, {a::refuse_client, a::request_reversal}, reversal_due},
    {"T11", at_host, e::host_silent, {a::refuse_client, a::request_reversal}, reversal_due},
    {"T12", at_host, e::host_lost, {a::refuse_client, a::request_reversal}, reversal_due},
    {"T13", at_host, e::approved_client_gone, {a::refuse_client, a::request_reversal}, reversal_due},
    {"T13", at_host, e::refused_client_gone, {a::refuse_client, a::request_reversal}, reversal_due},
    {"T14", at_host, e::undetermined, {a::answer_client, a::request_reversal}, reversal_due},
    {"T14", at_host, e::reversal_undetermined, {a::request_reversal, a::await_reversal}, reversal_due},
    {"T15", at_host, e::duplicate, {a::warn_of_duplicate, a::close_then_answer}, declined},
    {"T32", at_host, e::rejected, {a::refuse_client, a::close}, declined},
    {"T25", at_host, e::confirmed, {a::close_then_answer}, reversed},
    {"T16", committing, e::approval_durable, {a::answer_client}, delivering},
    {"T16",
     committing,
     e::approval_durable_client_gone,
     {a::refuse_client, a::request_reversal},
     reversal_due},
    {"T16", committing, e::approval_refused, {a::refuse_client, a::request_reversal}, reversal_due},

    // --- the book: what the records say ---
    {"T16", intent, e::recorded_approval, {a::keep_response, a::keep_reference}, delivering},
    {"T17", delivering, e::recorded_delivery, {a::end}, approved},
    {"T20", unconfirmed, e::recorded_delivery, {a::end}, approved},
    {"T31", delivering, e::recorded_approved, {a::keep_reason, a::end}, approved},
    {"T31", unconfirmed, e::recorded_approved, {a::keep_reason, a::end}, approved},
    {"T09", intent, e::recorded_declined, {a::keep_response, a::keep_reason, a::end}, declined},
    {"T29", reversal_due, e::recorded_declined, {a::keep_response, a::keep_reason, a::end}, declined},
    // An operator's retry of a case on the list is known to the reversal alone; to the book it stays parked.
    {"T29", parked, e::recorded_declined, {a::keep_response, a::keep_reason, a::end}, declined},
    {"T25", intent, e::recorded_reversed, {a::keep_response, a::keep_reason, a::end}, reversed},
    {"T25", reversal_due, e::recorded_reversed, {a::keep_response, a::keep_reason, a::end}, reversed},
    {"T31", parked, e::recorded_reversed, {a::keep_response, a::keep_reason, a::end}, reversed},
    {"T33", approved, e::recorded_reversed, {a::keep_reason}, reversed},
    {"T03", intent, e::recorded_cancelled, {a::keep_response, a::keep_reason, a::end}, cancelled},
    {"T19",
     intent,
     e::recorded_due,
     {a::keep_response, a::keep_reference, a::keep_reason, a::begin_attempts},
     reversal_due},
    {"T18",
     delivering,
     e::recorded_due,
     {a::keep_reference, a::keep_reason, a::begin_attempts},
     reversal_due},
    {"T21",
     unconfirmed,
     e::recorded_due,
     {a::keep_reference, a::keep_reason, a::begin_attempts},
     reversal_due},
    {"T22", declined, e::recorded_due, {a::keep_reference, a::keep_reason, a::begin_attempts}, reversal_due},
    {"T22", reversed, e::recorded_due, {a::keep_reference, a::keep_reason, a::begin_attempts}, reversal_due},
    {"T22", cancelled, e::recorded_due, {a::keep_reference, a::keep_reason, a::begin_attempts}, reversal_due},
    // A client's own reversal is sent to the host like one of the gateway.
    {"T23", intent, e::recorded_attempt, {a::count_attempt}, intent},
    {"T23", reversal_due, e::recorded_attempt, {a::count_attempt}, reversal_due},
    {"T23", parked, e::recorded_attempt, {a::count_attempt}, parked},
    {"T24", intent, e::recorded_attempt_end, {a::interrupt, a::count_attempt}, reversal_due},
    {"T24", reversal_due, e::recorded_attempt_end, {a::count_attempt}, reversal_due},
    {"T24", parked, e::recorded_attempt_end, {a::count_attempt}, parked},
    {"T28", intent, e::recorded_parked, {a::interrupt, a::keep_reason}, parked},
    {"T28", reversal_due, e::recorded_parked, {a::keep_reason}, parked},
    {"T28", parked, e::recorded_parked, {a::keep_reason}, parked},
    {"T30", intent, e::recorded_late_approval, {a::interrupt, a::keep_reference}, reversal_due},
    {"T30", reversal_due, e::recorded_late_approval, {a::keep_reference}, reversal_due},
    {"T30", parked, e::recorded_late_approval, {a::keep_reference}, parked},
    {"T12", intent, e::restarted, {a::interrupt}, reversal_due},
    {"T20", delivering, e::restarted, {}, unconfirmed},
    {"T20", intent, e::adopted, {}, unconfirmed},

    // --- the journal: late responses of the host ---
    {"T30", intent, e::late_approval, {a::await_first_response}, intent},
    {"T30",
     reversal_due,
     e::late_approval,
     {a::await_first_response, a::record_late_approval, a::tell_reversal},
     reversal_due},
    {"T30",
     parked,
     e::late_approval,
     {a::await_first_response, a::record_late_approval, a::tell_reversal},
     parked},
    {"T22", declined, e::late_approval, {a::reopen}, reversal_due},
    {"T22", reversed, e::late_approval, {a::reopen}, reversal_due},
    {"T22", cancelled, e::late_approval, {a::reopen}, reversal_due},
    {"T29", reversal_due, e::late_decline, {a::tell_reversal}, reversal_due},
    {"T29", parked, e::late_decline, {a::tell_reversal}, parked},
    {"T29", delivering, e::late_decline, {a::warn_of_decline}, delivering},
    {"T29", unconfirmed, e::late_decline, {a::warn_of_decline}, unconfirmed},
    {"T29", approved, e::late_decline, {a::warn_of_decline}, approved},

    // --- the reversal ---
    {"T23", reversal_due, e::attempt_granted, {a::send_reversal}, reversal_sent},
    {"T28", reversal_due, e::held_back, {a::park}, parked},
    {"T23", reversal_due, e::time_is_up, {a::request_attempt}, reversal_due},
    {"T23", reversal_due, e::retried, {a::request_attempt}, reversal_due},
    {"T24", reversal_sent, e::not_sent, {a::resend}, reversal_due},
    {"T24", reversal_sent, e::failed, {a::next_attempt}, reversal_due},
    {"T25", reversal_sent, e::confirmed, {a::close, a::stop}, reversed},
    {"T27", reversal_sent, e::not_found_early, {a::recheck}, awaiting_recheck},
    {"T27", reversal_sent, e::not_found, {a::close, a::stop}, reversed},
    {"T28", reversal_sent, e::exhausted, {a::park}, parked},
    {"T28", reversal_sent, e::refused, {a::park}, parked},
    {"T27", awaiting_recheck, e::time_is_up, {a::request_attempt}, reversal_due},
    {"T31", awaiting_recheck, e::retried, {a::request_attempt}, reversal_due},
    {"T31", parked, e::time_is_up, {a::request_attempt}, parked},
    {"T31", parked, e::retried, {a::request_attempt}, parked},
    {"T31", parked, e::attempt_granted, {a::send_reversal}, retry_sent},
    {"T31", retry_sent, e::not_sent, {a::resend}, parked},
    {"T31", retry_sent, e::failed, {a::slow_attempt}, parked},
    {"T31", retry_sent, e::exhausted, {a::slow_attempt}, parked},
    {"T31", retry_sent, e::confirmed, {a::close, a::stop}, reversed},
    {"T31", retry_sent, e::not_found_early, {a::recheck}, awaiting_recheck},
    {"T31", retry_sent, e::not_found, {a::close, a::stop}, reversed},
    {"T31", retry_sent, e::refused, {a::slow_attempt}, parked},
    {"T29", reversal_due, e::declined_late, {a::close, a::stop}, declined},
    {"T29", awaiting_recheck, e::declined_late, {a::close, a::stop}, declined},
    {"T30", awaiting_recheck, e::approved_late, {a::request_attempt}, reversal_due},
    {"T31", reversal_due, e::resolved, {a::stop}, reversed},
    {"T31", awaiting_recheck, e::resolved, {a::stop}, reversed},
    {"T31", parked, e::resolved, {a::stop}, reversed},
  };
  return rows;
}

constexpr std::array<std::string_view, 15> state_names{
  "queued",      "intent",       "at_host",       "committing",       "delivering",
  "unconfirmed", "reversal_due", "reversal_sent", "awaiting_recheck", "parked",
  "retry_sent",  "approved",     "declined",      "reversed",         "cancelled"};

constexpr std::array<std::string_view, 51> event_names{"turn",
                                                       "not_yet",
                                                       "intent_refused",
                                                       "joined",
                                                       "intent_durable",
                                                       "unsent",
                                                       "reversal_unsent",
                                                       "approved",
                                                       "approved_client_gone",
                                                       "refused_client_gone",
                                                       "declined",
                                                       "undetermined",
                                                       "reversal_undetermined",
                                                       "reversal_refused",
                                                       "rejected",
                                                       "duplicate",
                                                       "client_gone",
                                                       "host_silent",
                                                       "host_lost",
                                                       "approval_durable",
                                                       "approval_durable_client_gone",
                                                       "approval_refused",
                                                       "recorded_approval",
                                                       "recorded_due",
                                                       "recorded_attempt",
                                                       "recorded_attempt_end",
                                                       "recorded_late_approval",
                                                       "recorded_parked",
                                                       "recorded_delivery",
                                                       "recorded_approved",
                                                       "recorded_declined",
                                                       "recorded_reversed",
                                                       "recorded_cancelled",
                                                       "restarted",
                                                       "adopted",
                                                       "late_approval",
                                                       "late_decline",
                                                       "attempt_granted",
                                                       "held_back",
                                                       "not_sent",

                                                       "confirmed",
                                                       "failed",
                                                       "exhausted",
                                                       "not_found_early",
                                                       "not_found",
                                                       "refused",
                                                       "time_is_up",
                                                       "retried",
                                                       "approved_late",
                                                       "declined_late",
                                                       "resolved"};
static_assert(event_names.size() == static_cast<std::size_t>(event::resolved) + 1);

constexpr std::array<std::string_view, 31> action_names{"commit_intent",
                                                        "wait_for_terminal",
                                                        "await_reversal",
                                                        "send_request",
                                                        "commit_approval",
                                                        "answer_client",
                                                        "refuse_client",
                                                        "request_reversal",
                                                        "warn_of_duplicate",
                                                        "close",
                                                        "close_then_answer",
                                                        "keep_response",
                                                        "keep_reference",
                                                        "keep_reason",
                                                        "interrupt",
                                                        "begin_attempts",
                                                        "count_attempt",
                                                        "end",
                                                        "await_first_response",
                                                        "record_late_approval",
                                                        "tell_reversal",
                                                        "reopen",
                                                        "warn_of_decline",
                                                        "send_reversal",
                                                        "next_attempt",
                                                        "slow_attempt",
                                                        "recheck",
                                                        "resend",
                                                        "request_attempt",
                                                        "park",
                                                        "stop"};
static_assert(action_names.size() == static_cast<std::size_t>(action::stop) + 1);

// By the row's place in the table. No lock: all actors run on one thread.
std::vector<bool>& reached() {
  static std::vector<bool> marks(table().size());
  return marks;
}

}  // namespace

std::span<const row> rows() { return table(); }

const row* find(state from, event on) {
  using ways_out = std::array<const row*, event_names.size()>;
  static const auto index = [] {
    std::array<ways_out, state_names.size()> all{};
    for (const auto& r : table())
      all[static_cast<std::size_t>(r.from)][static_cast<std::size_t>(r.on)] = &r;
    return all;
  }();
  return index[static_cast<std::size_t>(from)][static_cast<std::size_t>(on)];
}

const row* step(state from, event on) {
  const auto* r = find(from, on);
  if (r)
    reached()[static_cast<std::size_t>(r - table().data())] = true;
  return r;
}

bool was_reached(const row& r) { return reached()[static_cast<std::size_t>(&r - table().data())]; }

bool is_final(state s) { return s == approved || s == declined || s == reversed || s == cancelled; }

bool is_open_case(state s) {
  return s == unconfirmed || s == reversal_due || s == reversal_sent || s == awaiting_recheck ||
         s == parked || s == retry_sent;
}

bool holds_turn(state s) { return s == intent || s == at_host || s == committing; }

std::string_view to_string(state s) { return state_names[static_cast<std::size_t>(s)]; }
std::string_view to_string(event on) { return event_names[static_cast<std::size_t>(on)]; }
std::string_view to_string(action what) { return action_names[static_cast<std::size_t>(what)]; }

std::optional<state> state_of(std::string_view text) {
  const auto it = std::ranges::find(state_names, text);
  if (it == state_names.end())
    return {};
  return static_cast<state>(it - state_names.begin());
}

}  // namespace actors::lifecycle
