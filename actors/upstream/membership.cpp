#include "actors/upstream/membership.hpp"

#include "actors/upstream/own_messages.hpp"
#include "actors/upstream/unexpressed.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/translation.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

bool membership::is_ready(bool may_send, bool is_up, time_point now) {
  if (may_send || !is_up)
    silent_since_.reset();
  else if (!silent_since_)
    silent_since_ = now;
  return is_up && (!silent_since_ || now - *silent_since_ < silence_max);
}

void membership::tell(bool is_ready, bool refuses) {
  if (!place_.group || (told_ && told_->is_ready == is_ready && told_->refuses == refuses))
    return;
  told_ = link_state{link_->name, is_ready, refuses};
  self_->send(place_.groups, *told_);
}

std::optional<std::string> membership::bytes_of(in_flight::entry& e, std::size_t most) const {
  if (!write(e))
    return {};
  auto bytes = bytes_to_host(e.subject(), *link_->dialect, most);
  if (bytes)
    return std::move(*bytes);
  e.detail = bytes.error();
  return {};
}

// Makes the message that the host gets. False where its dialect cannot express it.
bool membership::write(in_flight::entry& e) const {
  if (!link_->has_own_messages || e.is_echo || e.is_step)
    return true;
  const auto &from = *place_.group->dialect, &to = *link_->dialect;
  const auto now = env_->local_time();
  // A date that is completed, and a time that is set, are the same in the request and in each reversal.
  const auto then = [now](std::int64_t begun) {
    return begun == 0 ? now : std::chrono::local_seconds(std::chrono::seconds(begun));
  };
  auto own = codec::result<codec::message>(codec::fault{});
  if (e.undoes) {
    const auto original = codec::translated_original(*e.undoes->original, from, to,
                                                     link_->settings.set_fields, then(e.undoes->begun));
    auto reversal = codec::reversal_of(original, e.undoes->heard, to, now, e.undoes->attempt);
    // The host knows the request by the RRN that was set for it, where it has given none of its own.
    constexpr int rrn = codec::fields::reference;
    if (link_->settings.set_fields.contains(rrn) && !reversal.has(rrn))
      codec::set_known(reversal, rrn, original[rrn], to);
    own = std::move(reversal);
  } else {
    const auto& set = link_->settings.set_fields;
    own = e.means ? codec::translated_reversal(*e.request, *e.means, from, to, set, then(e.begun))
                  : codec::translated_request(*e.request, from, to, set, then(e.begun));
    // A client's own reversal that the gateway sends once more.
    if (own && e.reverses != 0)
      own = codec::repeat_of(*own, to, now);
  }
  if (!own) {
    config::log::error(e.subject(), "{} cannot be expressed in the dialect of {}: {}",
                       codec::label(*e.request), title(), codec::to_string(own.error()));
    e.detail = why_unexpressed(own.error(), from, to);
    return false;
  }
  e.asked = std::exchange(e.request, std::make_shared<const codec::message>(std::move(*own)));
  return true;
}

message_ptr membership::read(const message_ptr& response, const in_flight::entry* of) const {
  const auto kind = codec::message_class(response->mti());
  if (!link_->has_own_messages || (of ? of->is_echo || of->is_step : kind == '8'))
    return response;
  return std::make_shared<const codec::message>(codec::translated_response(
    *response, of ? of->asked.get() : nullptr, *link_->dialect, *place_.group->dialect, env_->local_time()));
}

}  // namespace actors
