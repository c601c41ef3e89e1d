#include "actors/upstream/network_talk.hpp"

#include "codec/exchange/network.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/privacy/masking.hpp"

namespace actors {

using codec::network_answer;
using codec::network_kind;
using codec::network_pause;

namespace {

std::string seconds_of(caf::timespan time) {
  const auto tenths = std::chrono::duration_cast<std::chrono::milliseconds>(time).count() / 100;
  const auto whole = std::to_string(tenths / 10);
  return (tenths % 10 == 0 ? whole : whole + "." + std::to_string(tenths % 10)) + " s";
}

// Numbers and codes are the same with and without leading zeros.
bool is_same(std::string_view value, std::string_view expected, const codec::field_spec& spec) {
  if (value == expected)
    return true;
  const bool is_number = spec.number == codec::fields::response_code || codec::is_digits(spec.form.what);
  return is_number && codec::without_leading_zeros(value) == codec::without_leading_zeros(expected);
}

// What the response has, as a log may have it.
std::string had(const codec::message& response, int field, const codec::dialect& d) {
  if (!response.has(field))
    return "it has none";
  const auto* spec = d.find(field);
  return "it is " + (spec ? codec::shown(response[field], *spec) : std::string("another value"));
}

// Whether a step of the gateway is its own sign-on.
bool signs_on(const codec::network_step& step, const codec::dialect& d) {
  const auto code = step.send.fields.find(d.network.field);
  return code != step.send.fields.end() &&
         d.network.values_of(network_kind::sign_on).contains(codec::without_leading_zeros(code->second));
}

}  // namespace

void network_talk::link_up(time_point now, caf::timespan step_time) {
  step_time_ = step_time;
  sign_on();
  begin(phase::opening, now + step_time, now);
}

void network_talk::link_down() {
  phase_ = phase::down;
  fault_.reset();
}

void network_talk::begin_close(time_point now, caf::timespan time) {
  if (phase_ != phase::open || dialect_.network.before_close.empty())
    return;
  step_time_ = time;
  begin(phase::closing, now + time, now);
}

const codec::example_message* network_talk::next_request() {
  const auto* step = present();
  if (!step || step->await || is_asked_ || fault_)
    return nullptr;
  is_asked_ = true;
  return &step->send;
}

void network_talk::take_response(const codec::message& response, time_point now) {
  const auto* step = present();
  if (!step || !is_asked_ || fault_)
    return;
  for (const auto& [field, value] : step->expect) {
    const auto* spec = dialect_.find(field);
    if (!response.has(field) || !spec || !is_same(response[field], value, *spec))
      return fail("field " + std::to_string(field) + " of the response to be " +
                    (spec ? codec::shown(value, *spec) : "another"),
                  had(response, field, dialect_));
  }
  if (step->expect.empty() && !dialect_.approves(response))
    return fail("an approval in field 39 of the response",
                had(response, codec::fields::response_code, dialect_));
  if (signs_on(*step, dialect_))
    sign_on();
  end_step(now);
}

network_answer network_talk::take_request(network_kind kind, time_point now) {
  const auto answer =
    dialect_.network.is_given() ? dialect_.network.answer_to(kind) : network_answer::approve;
  if (answer == network_answer::decline)
    return answer;
  came_.insert(kind);
  if (kind == network_kind::sign_on)
    sign_on();
  if (kind == network_kind::sign_off) {
    came_.erase(network_kind::sign_on);
    signed_off_ = true;
  }
  if (kind == network_kind::cut_over && dialect_.network.after_cut_over != network_pause::none) {
    const auto pause = dialect_.network.cut_over_pause;
    cut_over_ = true;
    cut_until_ = pause.count() == 0 ? std::nullopt : std::optional(now + pause);
  }
  skip_what_came(now);
  return answer;
}

bool network_talk::is_own(const codec::message& request) const {
  const auto& rules = dialect_.network;
  if (codec::message_class(request.mti()) != '8' || (rules.on_connect.empty() && rules.before_close.empty()))
    return false;
  const auto kind = codec::kind_of(request, dialect_);
  return kind != network_kind::echo && kind != network_kind::unknown;
}

void network_talk::tick(time_point now) {
  if (cut_over_ && cut_until_ && *cut_until_ <= now)
    cut_over_ = false;
  const auto* step = present();
  if (!step || fault_ || deadline_ > now)
    return;
  if (step->await)
    fail("a request of the host, " + std::string(name_of(*step->await)),
         "none came within " + seconds_of(step_time_));
  else
    fail("a response", "none came within " + seconds_of(step_time_));
}

network_pause network_talk::pause() const {
  if (phase_ == phase::closing || phase_ == phase::closed)
    return network_pause::refuse;
  if (phase_ != phase::open)
    return network_pause::wait;
  if (signed_off_)
    return dialect_.network.after_sign_off;
  return cut_over_ ? dialect_.network.after_cut_over : network_pause::none;
}

const std::vector<codec::network_step>& network_talk::steps() const {
  return phase_ == phase::closing ? dialect_.network.before_close : dialect_.network.on_connect;
}

const codec::network_step* network_talk::present() const {
  const bool has_steps = phase_ == phase::opening || phase_ == phase::closing;
  return has_steps && step_ < steps().size() ? &steps()[step_] : nullptr;
}

void network_talk::begin(phase p, time_point deadline, time_point now) {
  phase_ = p;
  step_ = 0;
  is_asked_ = false;
  deadline_ = deadline;
  came_.clear();
  fault_.reset();
  skip_what_came(now);
}

// The time of closing is that of all its steps.
void network_talk::end_step(time_point now) {
  ++step_;
  is_asked_ = false;
  if (phase_ == phase::opening)
    deadline_ = now + step_time_;
  skip_what_came(now);
}

// The host may ask before its step is due: both sides may begin.
void network_talk::skip_what_came(time_point now) {
  const auto* step = present();
  if (step && step->await && came_.contains(*step->await))
    return end_step(now);
  if (!step && phase_ == phase::opening)
    phase_ = phase::open;
  if (!step && phase_ == phase::closing)
    phase_ = phase::closed;
}

// "onConnect, step 2 of 2 (0800): expected field 39 of the response to be 00, but it is 05"
void network_talk::fail(const std::string& expected, const std::string& came) {
  const auto* step = present();
  fault_ = std::string(phase_ == phase::closing ? "beforeClose" : "onConnect") + ", step " +
           std::to_string(step_ + 1) + " of " + std::to_string(steps().size()) +
           (step->await ? "" : " (" + step->send.mti + ")") + ": expected " + expected + ", but " + came;
}

void network_talk::sign_on() { signed_off_ = cut_over_ = false; }

}  // namespace actors
