#include "sender/exchange.hpp"

#include <functional>
#include <memory>
#include <optional>

#include "codec/fields.hpp"
#include "codec/unpack.hpp"
#include "net/http/poster.hpp"
#include "net/loop.hpp"
#include "net/tcp/connector.hpp"

namespace sender {

namespace {

using clock = net::loop::clock;
using namespace std::chrono_literals;

constexpr auto pause = 200ms;

exchanged failed(exchanged::kind is, std::string why) {
  exchanged e;
  e.is = is;
  e.why = std::move(why);
  return e;
}

// Runs the loop until there is a result; nothing where there is none by then.
std::optional<exchanged> run_until(net::loop& on, clock::time_point end,
                                   const std::optional<exchanged>& result) {
  while (!result && clock::now() < end)
    on.run_for(std::min<clock::duration>(end - clock::now(), 1s));
  return result;
}

// Tries again while nobody listens there and there is time.
exchanged try_for(std::chrono::milliseconds wait, net::loop& on, const std::function<exchanged()>& once) {
  for (const auto end = clock::now() + wait;;) {
    auto e = once();
    if (e.is != exchanged::kind::not_sent || clock::now() + pause > end)
      return e;
    bool is_over = false;
    on.alarm(clock::now() + pause, [&] { is_over = true; });
    while (!is_over)
      on.run_for(1s);
  }
}

/// One connection to a raw port.
class conversation {
public:
  conversation(net::loop& on, const destination& to, const net::framing& how, const codec::message& request,
               const codec::dialect& d)
    : on_(on),
      timeout_(to.timeout),
      request_(request),
      dialect_(d),
      is_framed_(static_cast<bool>(how.find)),
      dialer_(net::make_connector(on, to.at.host, to.at.port, how)) {}

  exchanged run(const std::string& bytes) {
    net::link_events events;
    events.up = [&](net::link_ptr link) {
      link_ = std::move(link);
      link_->send(bytes);
    };
    events.frames = [this](std::vector<net::frame> frames) { take(frames); };
    events.finished = [this] { end("the connection was closed without an answer"); };
    events.down = [this](const std::string& why) {
      is_down_ = true;
      end(why);
    };
    dialer_->dial(std::move(events));
    auto e = run_until(on_, clock::now() + timeout_, result_);
    dialer_->abandon();
    if (e && e->is == exchanged::kind::answered)
      hang_up();
    if (e)
      return *std::move(e);
    return failed(link_ ? exchanged::kind::unanswered : exchanged::kind::not_sent,
                  "there was no answer within " + std::to_string(timeout_.count() / 1000) + " s");
  }

private:
  // In order: a reset could overtake the acknowledgement of an approval, and the gateway would reverse it.
  void hang_up() {
    link_->close();
    for (const auto end = clock::now() + 1s; !is_down_ && clock::now() < end;)
      on_.run_for(end - clock::now());
  }

  void end(std::string why) {
    if (!result_)
      result_ = failed(link_ ? exchanged::kind::unanswered : exchanged::kind::not_sent, std::move(why));
  }

  void take(const std::vector<net::frame>& frames) {
    for (const auto& f : frames) {
      if (f.is != net::frame::kind::message)
        return end("the answer is no message: " + f.why);
      if (is_framed_) {
        const auto m = codec::unpack(f.content, dialect_);
        if (!m)
          return end("the answer cannot be read: " + codec::to_string(m.error()));
        take(*m);
        continue;
      }
      unread_ += f.content;
      while (!unread_.empty() && !result_) {
        const auto front = codec::unpack_front(unread_, dialect_);
        if (!front && front.error().code == codec::fault_code::truncated)
          return;
        if (!front)
          return end("the answer cannot be read: " + codec::to_string(front.error()) +
                     "; where this is an HTTP port, leave --raw out");
        take(front->value);
        unread_.erase(0, front->size);
      }
    }
  }

  // A host may have requests of its own for us.
  void take(const codec::message& m) {
    if (result_ || m.mti() != dialect_.response_mti(request_.mti()))
      return;
    exchanged e;
    e.is = exchanged::kind::answered;
    e.message = m;
    result_ = std::move(e);
  }

  net::loop& on_;
  std::chrono::milliseconds timeout_;
  const codec::message& request_;
  const codec::dialect& dialect_;
  bool is_framed_;
  std::unique_ptr<net::dialer> dialer_;
  net::link_ptr link_;
  std::string unread_;
  bool is_down_ = false;
  std::optional<exchanged> result_;
};

}  // namespace

exchanged post(const destination& to, const std::string& json) {
  net::loop on;
  net::http_url url;
  url.host = to.at.host;
  url.port = to.at.port;
  url.path = "/v1/messages";
  const auto poster = net::make_poster(on, url, "");
  if (const auto* why = std::get_if<std::string>(&poster))
    return failed(exchanged::kind::not_sent, *why);
  return try_for(to.wait, on, [&] {
    std::optional<exchanged> result;
    std::get<net::poster>(poster)({json, {}, to.timeout}, [&](net::post_result r) {
      exchanged e;
      e.is = r.status != 0 ? exchanged::kind::answered
             : r.was_sent  ? exchanged::kind::unanswered
                           : exchanged::kind::not_sent;
      e.why = std::move(r.why);
      if (e.is == exchanged::kind::unanswered)
        e.why += "; where this is a raw port, add --raw";
      e.status = r.status;
      e.body = std::move(r.body);
      result = std::move(e);
    });
    // The poster ends by its own timeout.
    return *run_until(on, clock::time_point::max(), result);
  });
}

exchanged send_raw(const destination& to, const std::string& bytes, const codec::message& request,
                   const net::framing& how, const codec::dialect& d) {
  net::loop on;
  return try_for(to.wait, on, [&] { return conversation(on, to, how, request, d).run(bytes); });
}

}  // namespace sender
