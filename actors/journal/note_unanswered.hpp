// A request without money goes to its host: in the book and on the disk.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/journal/book.hpp"
#include "actors/journal/write_queue.hpp"

namespace actors {

/// It is to go to its host. The reply comes when that is durable, or where nothing can be written at once.
caf::typed_response_promise<committed> note_sent(const request_without_money& r, const environment& env,
                                                 book& pages, write_queue& writes, time_point now,
                                                 caf::typed_response_promise<committed> reply);

}  // namespace actors
