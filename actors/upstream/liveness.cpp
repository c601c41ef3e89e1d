#include "actors/upstream/liveness.hpp"

#include <utility>

namespace actors {

using namespace std::chrono_literals;

namespace {

std::string in_a_row(std::size_t count, const std::string& one, const std::string& several) {
  return count == 1 ? "one " + one + " was not answered"
                    : std::to_string(count) + " " + several + " in a row were not answered";
}

}  // namespace

void liveness::link_up(time_point now) {
  proved_ = false;
  heard_at_ = now;
  echo_at_.reset();
  rival_until_.reset();
  owed_since_.reset();
  echoes_missed_ = requests_missed_ = 0;
}

void liveness::heard(time_point now, bool is_owed) {
  heard_at_ = now;
  rival_until_.reset();
  echoes_missed_ = 0;
  owed_since_ = is_owed ? std::optional(now) : std::nullopt;
}

void liveness::request_sent(time_point now) {
  if (!owed_since_)
    owed_since_ = now;
}

void liveness::request_answered() {
  requests_known_ = proved_ = true;
  requests_missed_ = 0;
}

void liveness::echo_sent(time_point now) {
  echo_at_ = now;
  request_sent(now);
}

void liveness::echo_answered() {
  echoes_known_ = proved_ = true;
  echoes_off_ = false;
  echo_at_.reset();
  echoes_missed_ = 0;
}

void liveness::echo_unanswered() {
  // A host that says other things is alive.
  if (echo_at_ && heard_at_ <= *echo_at_)
    ++echoes_missed_;
  echo_at_.reset();
}

bool liveness::echo_is_due(time_point now) const {
  if (echo_at_)
    return false;
  if (!is_proved())
    return true;
  return rules_.echo_interval != 0ms && !echoes_off_ &&
         (echoes_missed_ > 0 || now - heard_at_ >= rules_.echo_interval);
}

bool liveness::is_trusted(time_point now) const {
  if (!is_proved())
    return false;
  const bool is_asked = rules_.echo_interval != 0ms && echoes_known_;
  return !is_asked || (echoes_missed_ == 0 && now - heard_at_ < rules_.echo_interval);
}

std::optional<std::string> liveness::fault(time_point now) const {
  if (rival_until_ && *rival_until_ <= now)
    return "it says nothing, and the host has called again";
  if (rules_.echo_misses != 0 && echoes_missed_ >= rules_.echo_misses)
    return in_a_row(echoes_missed_, "echo", "echoes");
  if (rules_.request_misses != 0 && requests_missed_ >= rules_.request_misses)
    return in_a_row(requests_missed_, "request", "requests");
  if (rules_.silence_max != 0ms && owed_since_ && now - *owed_since_ >= rules_.silence_max)
    return "nothing received for " + std::to_string(rules_.silence_max.count() / 1000) +
           " s, though an answer is due";
  return {};
}

bool liveness::gives_up_echoes() {
  const bool none_answered = requests_known_ && !echoes_known_ && !rules_.prove && rules_.echo_misses != 0 &&
                             echoes_missed_ >= rules_.echo_misses;
  if (!none_answered)
    return false;
  echoes_missed_ = 0;
  return !std::exchange(echoes_off_, true);
}

}  // namespace actors
