// Requests without money that their hosts have not answered, in the book and on the disk.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/journal/book.hpp"
#include "actors/journal/write_queue.hpp"

namespace actors {

/// It is at its host. That is written at once, and the request does not wait for it.
void note_unanswered(const request_without_money& r, const environment& env, book& pages, write_queue& writes,
                     time_point now);

/// Its response has come.
void note_answered(transaction_id id, book& pages, write_queue& writes);

}  // namespace actors
