// One purchase as the journal knows it, and the decisions about it that the journal keeps.
#pragma once

#include <caf/all.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "actors/lifecycle.hpp"
#include "codec/message.hpp"

namespace actors {

using message_ptr = std::shared_ptr<const codec::message>;
using time_point = caf::actor_clock::time_point;

/// Ascending with age, and never used twice with one journal. 0: none.
using purchase_id = std::uint64_t;

/// Who proves that the client knows (docs/LIFECYCLE.md).
enum class contract : std::uint8_t {
  tcp,         ///< its TCP has acknowledged every byte of the answer
  idempotent,  ///< as tcp; and it may fetch a lost answer again, for a while, by its key
  confirm,     ///< it says so
};

/// What a client asked for beside the message itself.
struct terms {
  contract how = contract::tcp;
  std::string transaction;  ///< the id that the client was told; empty: none
  std::string key, digest;  ///< its Idempotency-Key and what that stands for; empty: none
};

/// Why a purchase is reversed whose client got the host's answer, "I do not know".
inline constexpr const char* undetermined = "undetermined";

/// A decision about a purchase. Their numbers stand on disks.
struct decision {
  enum class kind : std::uint8_t {
    intent = 1,        ///< it may be sent from now on
    approved = 2,      ///< the host said yes
    reversal_due = 3,  ///< it is to be reversed
    attempt = 4,       ///< a reversal is sent
    parked = 5,        ///< it could not be reversed
    delivered = 6,     ///< the client has its approval
    closed = 7,        ///< it has ended
  };
  kind what;
  purchase_id id;
  message_ptr message = nullptr;  ///< of an intent: the request; else what the host said, if it did
  terms asked = {};               ///< of an intent
  std::string why = {};           ///< for people
  std::string who = {};           ///< an operator, where it was one
  std::string code = {};          ///< field 39 of the host's answer to a reversal
  int attempt = 0;
  lifecycle::state outcome = lifecycle::state::cancelled;  ///< of `closed`
};

struct purchase {
  purchase_id id = 0;
  lifecycle::state state = lifecycle::state::intent;  ///< as far as it is durable
  message_ptr request;             ///< whole while it is open in the process that took it; else what was kept of it
  std::string card;                ///< masked
  terms asked;
  std::int64_t begun = 0;          ///< wall clock, seconds since 1970
  message_ptr response;            ///< what the client was told, or may ask for
  bool host_agreed = false;        ///< it has said yes once; a later no of its does not count
  codec::message heard;            ///< what the host said that its reversal should repeat: fields 37 and 38
  std::string reversed_reference;  ///< field 37 of what has been reversed
  std::string why;                 ///< why it is reversed or on the list
  std::string code;                ///< field 39 of the last answer to its reversal
  int attempts = 0;                ///< reversals sent
  bool from_before = false;        ///< an earlier process may have sent its reversal, uncounted
  time_point settles{};            ///< from then on the host cannot get to know it any more
  time_point since{};              ///< when its last decision was made
};

} // namespace actors
