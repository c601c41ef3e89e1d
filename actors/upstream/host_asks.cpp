#include "actors/upstream/host_asks.hpp"

#include "actors/core/message_log.hpp"
#include "actors/upstream/own_messages.hpp"
#include "codec/exchange/host_request.hpp"
#include "codec/exchange/network.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"
#include "config/log.hpp"

namespace actors {

namespace log = config::log;

void host_asks::take(const message_ptr& request, const net::frame_context& context, const net::link_ptr& link,
                     network_talk& talk) {
  log_message("ISO host", {*request}, host_->dialect, *env_);
  if (codec::message_class(request->mti()) == '8')
    return take_network(*request, context, link, talk);
  if (dialect().host_requests.fallback.contains(request->mti()))
    return take_for_client(request, context, link);
  log_unanswered(*request);
}

void host_asks::take_network(const codec::message& request, const net::frame_context& context,
                             const net::link_ptr& link, network_talk& talk) {
  const auto kind = codec::kind_of(request, dialect());
  const auto how = talk.take_request(kind, self_->clock().now());
  log_host_request(request, kind, how, dialect());
  if (how != codec::network_answer::ignore)
    answer_with(answer_to_host(request, how, dialect(), env_->local_time(), random_), context, link);
}

// The host gets one response, over the link that its request came by.
void host_asks::take_for_client(const message_ptr& request, const net::frame_context& context,
                                const net::link_ptr& link) {
  const auto fall_back = [this, request, context, from = std::weak_ptr(link)] {
    const auto& code = dialect().host_requests.fallback.find(request->mti())->second;
    log::warning("The ISO-host asked {}, which no client has answered; it gets {}", codec::label(*request),
                 code.empty() ? "no response" : "code " + code);
    if (!code.empty())
      answer_with(codec::answered_with(*request, code, dialect()), context, from.lock());
  };
  // Clients speak the gateway's dialect alone.
  if (!clients_ || host_->has_own_messages)
    return fall_back();
  const auto time = dialect().host_requests.time;
  self_->request(clients_, caf::timespan(time), host_request{request, upstream_, self_->clock().now() + time})
    .then([this, context,
           from = std::weak_ptr(link)](const answer& a) { answer_with(*a.response, context, from.lock()); },
          [fall_back](const caf::error&) { fall_back(); });
}

void host_asks::answer_with(const codec::message& m, const net::frame_context& context,
                            const net::link_ptr& link) {
  if (!link)
    return;
  const auto bytes = bytes_to_host({m}, dialect(), link->content_max());
  if (!bytes)
    return;
  link->send_answer(*bytes, context);
  tell_.passed(std::make_shared<const codec::message>(m));
  log_message("To the ISO host", {m}, host_->dialect, *env_);
}

}  // namespace actors
