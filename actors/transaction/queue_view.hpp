// A terminal's queue as it is seen from outside. Pure.
#pragma once

#include "actors/transaction/queue_entry.hpp"

namespace actors {

struct queue_content {
  const queue_entries &reversals, &clients, &under_way;
  bool blocked;
  const links_up& links;
  time_point now;
};

/// An empty TID: nothing is in it, and nothing is at the host.
inspection::terminal view_of(const queue_content& content);

}  // namespace actors
