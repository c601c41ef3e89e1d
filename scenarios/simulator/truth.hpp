// What really happened to one purchase: at its client, on the wire, at the bank, on the disk. The gateway knows a part of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "actors/lifecycle.hpp"
#include "actors/purchase.hpp"
#include "scenarios/simulator/agenda.hpp"

namespace simulator {

/// How a client speaks.
enum class tongue : std::uint8_t { raw, legacy, v1 };

struct truth;

/// A purchase of the journal, as its records on the disk tell; a client's own reversal has one too.
struct kept_purchase {
  std::uint64_t id = 0;
  truth* of = nullptr;
  bool own_reversal = false;
  actors::lifecycle::state state = actors::lifecycle::state::intent;
  bool approved = false;        ///< so says a record
  bool sent = false;            ///< its request was seen on the wire
  bool reversal_sent = false;   ///< since it is due
  std::uint64_t intent_at = 0;  ///< sequence of that record
  std::uint64_t due_at = 0;     ///< the same; 0: by its intent alone
  time_point due_when{};        ///< when that was durable
  int attempts = 0;
};

struct truth {
  std::uint64_t amount = 0;  ///< no other purchase of the run has it
  std::string tid, stan, time;
  tongue how = tongue::raw;
  actors::contract terms = actors::contract::tcp;
  std::string key;           ///< Idempotency-Key
  std::string transaction;   ///< the id that the client was told
  std::string body;          ///< of its HTTP request, to repeat it
  std::string frame;         ///< of its raw request

  // The client.
  time_point asked{};            ///< first
  bool gone = false;             ///< a connection that asked was left
  bool shown = false;            ///< an approval
  bool settled = false;          ///< and by its contract that stands
  bool told_no = false;          ///< by its key or id: declined, or failed for good
  bool own_reversal = false;     ///< it has asked to undo it
  bool own_reversal_done = false;

  // The wire.
  int sent = 0;
  time_point last_sent{}, last_reversal{};

  // The bank.
  bool applied = false;
  bool reversed = false;
  bool may_apply_later = false;
  std::string reference;             ///< field 37
  bool said_yes = false, said_no = false, said_done = false, said_duplicate = false;
  bool said_not_found = false;       ///< to a reversal that came when it could not arrive any more
  bool said_own_end = false;         ///< to the client's own reversal

  // The disk.
  std::vector<kept_purchase*> kept;  ///< the oldest first
  bool was_unconfirmed = false;

  struct happening {
    time_point when;
    std::string what;
  };
  std::vector<happening> history;

  bool held() const { return applied && !reversed; }
};

} // namespace simulator
