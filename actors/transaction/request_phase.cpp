// The table of the phases of a remembered request.

#include "actors/transaction/request_phase.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace actors::request {

namespace {

using enum phase;

constexpr std::array table{
  row{under_way, event::approved, delivering},
  row{under_way, event::answered, answered},
  row{under_way, event::refused_unsent, refused},
  row{under_way, event::failed, failed},
  row{under_way, event::actor_stopped, orphaned},

  row{orphaned, event::reversal_completed, reversed},

  row{delivering, event::left_by_process, kept},
  row{delivering, event::given, delivering},
  row{delivering, event::given_for_a_while, fetchable},
  row{delivering, event::delivery_failed, fetchable},
  row{delivering, event::delivered, answered},
  row{delivering, event::revoked, failed},
  row{delivering, event::reversal_completed, reversed},

  row{fetchable, event::given, delivering},
  row{fetchable, event::given_for_a_while, fetchable},
  row{fetchable, event::delivery_failed, fetchable},
  row{fetchable, event::time_is_up, revoking},
  row{fetchable, event::delivered, answered},
  row{fetchable, event::revoked, failed},
  row{fetchable, event::reversal_completed, reversed},

  row{revoking, event::delivery_failed, fetchable},
  row{revoking, event::actor_stopped, fetchable},
  row{revoking, event::delivered, answered},
  row{revoking, event::revoked, failed},
  row{revoking, event::reversal_completed, reversed},

  row{kept, event::delivered, answered},
  row{kept, event::revoked, failed},
  row{kept, event::reversal_completed, reversed},

  row{answered, event::reversed_by_client, reversed},

  row{failed, event::reversal_completed, reversed},
  // The host has approved it once more.
  row{reversed, event::revoked, failed},
};

constexpr std::array<std::string_view, 10> phase_names{"under_way", "orphaned", "delivering", "fetchable",
                                                       "revoking",  "kept",     "answered",   "refused",
                                                       "failed",    "reversed"};
static_assert(phase_names.size() == static_cast<std::size_t>(phase::reversed) + 1);

constexpr std::array<std::string_view, 14> event_names{
  "approved",           "answered",          "refused_unsent", "failed",
  "actor_stopped",      "left_by_process",   "given",          "given_for_a_while",
  "delivery_failed",    "time_is_up",        "delivered",      "revoked",
  "reversal_completed", "reversed_by_client"};
static_assert(event_names.size() == static_cast<std::size_t>(event::reversed_by_client) + 1);

const row* find_row(phase from, event on) {
  const auto* found = std::ranges::find_if(table, [&](const row& r) { return r.from == from && r.on == on; });
  return found == table.end() ? nullptr : found;
}

// By the row's place in the table. No lock: all actors run on one thread.
std::array<bool, table.size()> reached{};

}  // namespace

std::span<const row> rows() { return table; }

std::optional<phase> find(phase from, event on) {
  const auto* r = find_row(from, on);
  return r ? std::optional(r->to) : std::nullopt;
}

std::optional<phase> step(phase from, event on) {
  const auto* r = find_row(from, on);
  if (!r)
    return {};
  reached[static_cast<std::size_t>(r - table.data())] = true;
  return r->to;
}

bool was_reached(const row& r) { return reached[static_cast<std::size_t>(&r - table.data())]; }

bool is_open_approval(phase p) { return p == delivering || p == fetchable || p == revoking || p == kept; }

std::string_view to_string(phase p) { return phase_names[static_cast<std::size_t>(p)]; }
std::string_view to_string(event e) { return event_names[static_cast<std::size_t>(e)]; }

}  // namespace actors::request
