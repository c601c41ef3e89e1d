#include "actors/transaction/queue_view.hpp"

#include <algorithm>

#include "codec/fields.hpp"
#include "codec/privacy/masking.hpp"
#include "codec/text/latin1.hpp"

namespace actors {

namespace {

using lifecycle::state;

std::string plain_text(std::string_view text) { return codec::utf8_of_latin1(codec::masked_text(text)); }

const char* why_under_way(const queue_entry& e, const queue_content& content) {
  if (e.joined != 0)
    return "waits for the reversal of its transaction";
  if (e.money && (e.where == state::intent || e.where == state::committing))
    return "waits for the journal";
  if (!content.links.has(e.what.upstream))
    return "waits for a link, or for the host's response";
  return e.what.reverses != 0 ? "waits for the host's response to the gateway's reversal"
                              : "waits for the host's response";
}

const char* why_waiting(const queue_entry& e, const queue_content& content) {
  if (!content.links.has(e.what.upstream))
    return "waits for a link";
  return content.blocked ? blocked_by_reversal : "waits for its turn";
}

}  // namespace

watched_terminal::wait wait_of(const queue_content& content) {
  const auto behind = content.reversals.size() + content.clients.size();
  // The first message waits for no other, so it is not counted.
  const bool is_first_behind = content.under_way.empty() && behind != 0;
  watched_terminal::wait w{behind - (is_first_behind ? 1 : 0), content.now};
  for (const auto* all : {&content.under_way, &content.reversals, &content.clients})
    for (const auto& [_, e] : *all)
      w.since = std::min(w.since, e.accepted_at);
  return w;
}

inspection::terminal view_of(const queue_content& content) {
  inspection::terminal t;
  const auto* first = !content.under_way.empty()   ? &content.under_way.begin()->second
                      : !content.reversals.empty() ? &content.reversals.begin()->second
                      : !content.clients.empty()   ? &content.clients.begin()->second
                                                   : nullptr;
  if (!first)
    return t;
  const auto tid = plain_text((*first->what.request)[codec::fields::tid]);
  t.tid = tid.empty() ? "-" : tid;
  const auto wait = wait_of(content);
  t.waiting = wait.waiting;
  t.oldest_ms = std::chrono::duration_cast<std::chrono::milliseconds>(content.now - wait.since).count();
  const bool is_under_way = !content.under_way.empty();
  t.mti = plain_text(first->what.request->mti());
  t.stan = plain_text((*first->what.request)[codec::fields::stan]);
  t.state = is_under_way && !first->money ? to_string(state::at_host) : to_string(first->where);
  t.why = is_under_way ? why_under_way(*first, content) : why_waiting(*first, content);
  return t;
}

}  // namespace actors
