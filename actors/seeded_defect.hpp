// Defects that are built in on purpose, one at a time, to see that the simulator finds them (CMake:
// SOCKETQUEUE_DEFECT). In every other build there is none, and the compiler leaves no trace of where they
// would be.
#pragma once

#ifndef SOCKETQUEUE_DEFECT
#define SOCKETQUEUE_DEFECT 0
#endif

namespace actors {

enum class defect {
  none,
  sends_before_it_is_durable,  ///< a purchase leaves before its intent is on the disk
  delivers_late,  ///< a client that did not read in time gets the approval that is being reversed
  forgets_when_an_actor_dies,  ///< a reversal whose actor has died is not begun again
  keeps_the_turn,              ///< the next purchase of a terminal goes in front of the reversal
  believes_not_found_at_once,  ///< "no such purchase" ends a reversal although the purchase may still arrive
  gives_up_without_a_reset,    ///< the kernel goes on delivering an approval that is being reversed
  proves_all_or_nothing,  ///< on a connection on which something is always under way nothing is ever proven
  sweeps_by_the_clock,  ///< an approval that took long is reversed though somebody is delivering it, as after a standstill
  sends_again_in_its_second,  ///< a message that was sent once is sent again as a new one
  believes_the_first_repeat,  ///< "a repeat" ends a reversal that no attempt can have done
  believes_not_found_always,  ///< "no such purchase" ends the reversal of what the host has approved
};

constexpr bool seeded(defect d) { return static_cast<int>(d) == SOCKETQUEUE_DEFECT; }

}  // namespace actors
