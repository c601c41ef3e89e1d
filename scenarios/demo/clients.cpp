// The demo's clients. What one was shown is what it has read from its connection before that was closed.

#include "scenarios/demo/clients.hpp"

#include <algorithm>

#include "codec/exchange/example.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "net/tcp/connector.hpp"

namespace demo {

namespace fields = codec::fields;
using namespace std::chrono_literals;

namespace {

constexpr auto pause = 330ms;
constexpr auto redial_after = 100ms;

std::string padded(std::uint64_t number, std::size_t width) {
  const auto text = std::to_string(number);
  return std::string(width - std::min(width, text.size()), '0') + text;
}

}  // namespace

// A purchase under way.
struct clients::visit {
  std::shared_ptr<purchase> what;
  codec::message request;
  std::unique_ptr<net::dialer> dialer;
  net::link_ptr link;
  net::bytes unread;
  clock::time_point begun = clock::now();
  std::optional<clock::time_point> redial;  ///< when nobody has answered
};

clients::clients(net::loop& on, actors::dialect_ptr dialect, std::uint16_t port,
                 std::function<std::chrono::local_seconds()> local_time)
  : loop_(on), dialect_(std::move(dialect)), port_(port), local_time_(std::move(local_time)) {}

purchase_ptr clients::buy(std::size_t client, std::int64_t amount) {
  auto v = std::make_shared<visit>();
  v->what =
    std::make_shared<purchase>(purchase{client, padded(client, 8), padded(++stan_ % 1000000, 6), amount});
  codec::message given;
  given.set(fields::stan, v->what->stan);
  given.set(fields::tid, v->what->tid);
  given.set(fields::amount, padded(static_cast<std::uint64_t>(amount), 12));
  given.set(fields::merchant, padded(100000 + client, 15));
  v->request = codec::example_of(dialect_->purchase, given, *dialect_, local_time_());
  v->what->tid = v->request[fields::tid];
  v->what->stan = v->request[fields::stan];
  all_.push_back(v->what);
  open_.push_back(v);
  dial(v);
  return v->what;
}

void clients::tick() {
  ended_.clear();
  const auto now = clock::now();
  for (const auto& v : std::list(open_))
    if (v->redial && *v->redial <= now)
      dial(v);
  if (!busy || now < next_buy_)
    return;
  next_buy_ = now + pause;
  const auto client = std::uniform_int_distribution<std::size_t>(1, clients_count)(random_);
  if (std::ranges::any_of(open_, [client](const auto& v) { return v->what->client == client; }))
    return;
  buy(client, std::uniform_int_distribution<std::int64_t>(100, 9999)(random_) / 10 * 10);
}

void clients::dial(const std::shared_ptr<visit>& v) {
  v->redial.reset();
  v->dialer = net::make_connector(loop_, "127.0.0.1", port_, {});
  const auto w = std::weak_ptr(v);
  net::link_events events;
  events.up = [this, w](net::link_ptr link) {
    const auto of = w.lock();
    const auto bytes = of ? codec::pack(of->request, *dialect_) : codec::result<std::string>(std::string());
    if (!of || !bytes)
      return;
    of->link = std::move(link);
    of->link->send(*bytes);
  };
  events.frames = [this, w](const std::vector<net::frame>& segments) {
    const auto of = w.lock();
    if (!of)
      return;
    for (const auto& s : segments)
      of->unread += s.content;
    take(of);
  };
  const auto lost = [this, w] {
    if (const auto of = w.lock(); of && of->link)
      end(of, purchase::state::failed);
    else if (of)
      of->redial = clock::now() + redial_after;
  };
  events.finished = lost;
  events.down = [lost](const std::string&) { lost(); };
  v->dialer->dial(std::move(events));
}

void clients::take(const std::shared_ptr<visit>& v) {
  const auto front = codec::unpack_front(v->unread, *dialect_);
  if (!front && front.error().code == codec::fault_code::truncated)
    return;
  if (!front)
    return end(v, purchase::state::failed);
  v->what->code = front->value[fields::response_code];
  end(v, dialect_->approves(front->value) ? purchase::state::approved : purchase::state::declined);
}

void clients::end(const std::shared_ptr<visit>& v, purchase::state is) {
  const auto held = v;  // the list's is about to go
  if (std::erase(open_, held) == 0)
    return;
  held->what->is = is;
  held->what->took = std::chrono::duration_cast<std::chrono::milliseconds>(clock::now() - held->begun);
  // Its link is being read; it goes later.
  ended_.push_back(held);
  if (on_end)
    on_end(*held->what);
}

}  // namespace demo
