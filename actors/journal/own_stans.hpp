// STANs of the gateway's own, as the journal gives them to the transactions that it commits.
#pragma once

#include "actors/core/environment.hpp"
#include "actors/journal/book.hpp"
#include "actors/journal/write_queue.hpp"

namespace actors {

/// The transaction that forbids this request, for it has its TID and STAN; nullptr: none.
const transaction* stan_holder(const codec::message& request, const book& pages, const environment& env);

/// Gives the request of an intent the STAN that the host gets: another than the client's with `restampStan`;
/// of a request whose client gave none, another where that one is in use. A client's own reversal gets the
/// one under which the host knows the transaction that it means. Where the host wants an RRN, a request
/// without one gets it, and a client's reversal that of the transaction that it means. Returns the request if
/// it is another one now, else nullptr. What must be reserved by then is in the batch that has the intent.
message_ptr give_stan(decision& intent, book& pages, const environment& env, write_queue& writes);

/// Goes on behind the numbers that earlier processes have reserved.
void go_on_with_stans(const environment& env, const book& pages);

/// Records what must be reserved by now, where there is a journal on a disk.
void reserve_stans(const environment& env, book& pages, write_queue& writes);

}  // namespace actors
