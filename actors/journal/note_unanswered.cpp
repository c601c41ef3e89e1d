#include "actors/journal/note_unanswered.hpp"

#include "actors/journal/journal_records.hpp"

namespace actors {

caf::typed_response_promise<committed> note_sent(const request_without_money& r, const environment& env,
                                                 book& pages, write_queue& writes, time_point now,
                                                 caf::typed_response_promise<committed> reply) {
  const std::int64_t wall = env.local_time().time_since_epoch().count();
  pages.add_unanswered(r, now, wall);
  if (!writes.has_writer() || !writes.has_room()) {
    reply.deliver(committed{});
    return reply;
  }
  write_unanswered(writes.next(), r, wall, env.upstreams.dialect_of(r.upstream));
  writes.when_durable([reply]() mutable { reply.deliver(committed{}); });
  return reply;
}

}  // namespace actors
