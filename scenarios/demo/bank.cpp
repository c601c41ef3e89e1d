// The demo's bank. Answers what its port receives, as its mood says.

#include "scenarios/demo/bank.hpp"

#include "actors/core/framings.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "net/tcp/listener.hpp"

namespace demo {

namespace {

codec::message response_to(const codec::message& request, const std::string& code, const codec::dialect& d) {
  auto m = request;
  m.set(codec::fields::mti, d.response_mti(request.mti()));
  codec::set_code(m, code, d);
  return m;
}

// A code of this dialect that says neither that a reversal is done nor that it may be later.
std::string refusal_of(const codec::dialect& d) {
  codec::message reversal;
  reversal.set(codec::fields::mti, d.reversal.mti);
  for (const auto& [code, _] : d.response_codes)
    if (codec::reversal_reply_of(response_to(reversal, code, d), d, codec::earlier_attempt::none) ==
        codec::reversal_reply::refused)
      return code;
  return "57";
}

}  // namespace

bank::bank(actors::dialect_ptr dialect, std::function<std::chrono::local_seconds()> local_time)
  : ledger_(std::move(dialect), 1, opening_balance),
    local_time_(std::move(local_time)),
    refusal_(refusal_of(ledger_.dialect())) {}

std::string bank::listen(net::loop& on, std::uint16_t port) {
  const auto dialect = std::make_shared<const codec::dialect>(ledger_.dialect());
  auto framing = actors::host_framing({}, dialect);
  if (auto* why = std::get_if<std::string>(&framing))
    return std::move(*why);
  net::listen_options options;
  options.how = std::get<net::framing>(std::move(framing));
  options.address = "127.0.0.1";
  auto bound = net::listen(on, port, std::move(options));
  if (auto* why = std::get_if<std::string>(&bound))
    return std::move(*why);
  listener_ = std::get<std::unique_ptr<net::listener>>(std::move(bound));
  listener_->open([this](net::link_ptr link) {
    ++calls_;
    link_ = std::move(link);
    net::link_events events;
    events.frames = [this](const std::vector<net::frame>& frames) {
      for (const auto& f : frames)
        take(f);
    };
    events.finished = [] {};
    events.down = [](const std::string&) {};
    link_->open(std::move(events));
  });
  return "";
}

void bank::take(const net::frame& f) {
  const auto& d = ledger_.dialect();
  const auto request = codec::unpack(f.content, d);
  if (f.is != net::frame::kind::message || !request || !codec::is_request(request->mti()))
    return;
  const auto how = mood_of(*request);
  auto response =
    how == mood::refuses ? response_to(*request, refusal_, d) : ledger_.respond(*request, local_time_());
  if (how == mood::silent)
    response.reset();
  if (const auto bytes = response ? codec::pack(*response, d) : codec::result<std::string>(std::string());
      bytes && !bytes->empty() && link_)
    link_->send_answer(*bytes, f.context);
  if (on_request)
    on_request(*request, response);
}

}  // namespace demo
