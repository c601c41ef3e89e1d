#include "actors/upstream/host_asks.hpp"

#include "actors/core/message_log.hpp"
#include "actors/upstream/host_requests.hpp"
#include "codec/exchange/network.hpp"
#include "codec/mti.hpp"

namespace actors {

void host_asks::take(const codec::message& request, const net::frame_context& context,
                     const net::link_ptr& link, network_talk& talk, time_point now) {
  log_message("ISO host", request, dialect(), *env_);
  if (codec::message_class(request.mti()) != '8')
    return log_unanswered(request);
  const auto kind = codec::kind_of(request, dialect());
  const auto how = talk.take_request(kind, now);
  log_host_request(request, kind, how, dialect());
  if (how == codec::network_answer::ignore || !link)
    return;
  auto m = answer_to_host(request, how, dialect(), env_->local_time(), random_);
  const auto bytes = bytes_to_host(m, dialect(), link->content_max());
  if (!bytes)
    return;
  link->send_answer(*bytes, context);
  tell_.passed(std::make_shared<const codec::message>(m));
  log_message("To the ISO host", m, dialect(), *env_);
}

}  // namespace actors
