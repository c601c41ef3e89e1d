// A terminal's queue as it is seen from outside. Pure.
#pragma once

#include "actors/core/busy_terminals.hpp"
#include "actors/transaction/queue_entry.hpp"

namespace actors {

struct queue_content {
  const queue_entries &reversals, &clients, &under_way;
  bool blocked;
  const links_up& links;
  time_point now;
};

/// Of a queue with a message, waiting or at the host; of an empty one nothing.
watched_terminal::wait wait_of(const queue_content& content);
inspection::terminal view_of(const queue_content& content);

}  // namespace actors
