#include "net/tcp/connector.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <deque>
#include <map>
#include <optional>

#include "net/loop.hpp"
#include "net/tcp/connection.hpp"

namespace net {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using addresses = name_lookup::addresses;

std::string in_seconds(std::chrono::milliseconds span) {
  return span.count() % 1000 == 0 ? std::to_string(span.count() / 1000) + " s"
                                  : std::to_string(span.count()) + " ms";
}

std::string to_text(const tcp::endpoint& at) {
  return to_string(target{at.address().to_string(), at.port()});
}

/// What one dial leaves for the next.
struct dial_memory {
  std::size_t next_target = 0;             // where dials go in turn
  std::map<std::string, addresses> found;  // by name, of its latest lookup
  std::optional<asio::ip::address> worked_last, failed_last;
  std::optional<std::size_t> in_use;   // the target of the link that the last dial has made
  std::optional<std::size_t> skipped;  // the target that the next dial tries last
};

// Alternates the families, beginning with that of the first (RFC 8305, section 4), but for `first`, where it
// is among them.
// `last` comes last.
addresses ordered(const addresses& all, const std::optional<asio::ip::address>& first,
                  const std::optional<asio::ip::address>& last) {
  addresses order, left = all;
  const auto take = [&](auto at) {
    order.push_back(*at);
    left.erase(at);
  };
  if (const auto at = first ? std::ranges::find(left, *first) : left.end(); at != left.end())
    take(at);
  for (bool v6 = !left.empty() && left.front().is_v6(); !left.empty(); v6 = !v6) {
    const auto at = std::ranges::find(left, v6, &asio::ip::address::is_v6);
    take(at == left.end() ? left.begin() : at);
  }
  if (const auto at = last ? std::ranges::find(order, *last) : order.end(); at != order.end())
    std::rotate(at, at + 1, order.end());
  return order;
}

/// One dial. Ends once, by `up` or `down`, or when it is abandoned.
class attempt : public std::enable_shared_from_this<attempt> {
public:
  attempt(asio::io_context& io, std::shared_ptr<const dial_options> o, std::shared_ptr<name_lookup> l,
          std::shared_ptr<dial_memory> m, link_events e)
    : io_(io),
      options_(std::move(o)),
      lookup_(std::move(l)),
      memory_(std::move(m)),
      events_(std::move(e)),
      lookup_timer_(io),
      stagger_(io) {}

  void begin() {
    first_ = options_->in_turn ? memory_->next_target : 0;
    if (const auto skipped = std::exchange(memory_->skipped, std::nullopt))
      first_ = (*skipped + 1) % options_->targets.size();
    next_target();
  }

  void abandon() {
    ended_ = true;
    lookup_timer_.cancel();
    stagger_.cancel();
    for (const auto& t : tries_)
      t->close();
    tries_.clear();
  }

private:
  // A connection that is being made to one address.
  struct one_try {
    one_try(asio::io_context& io, tcp::endpoint to) : socket(io), timer(io), at(std::move(to)) {}
    void close() {
      error_code ignored;
      socket.close(ignored);
      if (over)
        over->close();
      timer.cancel();
    }
    tcp::socket socket;
    stream_ptr over;  // once it is connected
    asio::steady_timer timer;
    tcp::endpoint at;
    bool is_late = false;
  };

  const target& current() const { return options_->targets[(first_ + used_ - 1) % options_->targets.size()]; }

  void next_target() {
    if (used_ == options_->targets.size())
      return fail();
    ++used_;
    looking_up_ = used_;
    lookup_timer_.expires_after(options_->lookup_timeout);
    lookup_timer_.async_wait([self = shared_from_this(), of = used_](error_code cancelled) {
      if (!cancelled)
        self->take_no_lookup(of, "no answer within " + in_seconds(self->options_->lookup_timeout));
    });
    lookup_->find(current().host,
                  [self = shared_from_this(), of = used_](std::variant<addresses, std::string> found) {
                    if (auto* all = std::get_if<addresses>(&found))
                      self->take_lookup(of, *all);
                    else
                      self->take_no_lookup(of, std::get<std::string>(found));
                  });
  }

  void take_lookup(std::size_t of, const addresses& all) {
    // Also one that comes late is good for the next dial.
    memory_->found[options_->targets[(first_ + of - 1) % options_->targets.size()].host] = all;
    if (ended_ || looking_up_ != of)
      return;
    try_all(all);
  }

  void take_no_lookup(std::size_t of, const std::string& why) {
    if (ended_ || looking_up_ != of)
      return;
    if (const auto known = memory_->found.find(current().host); known != memory_->found.end())
      return try_all(known->second);
    failures_.push_back("cannot find the host " + current().host + ": " + why);
    looking_up_ = 0;
    lookup_timer_.cancel();
    next_target();
  }

  void try_all(const addresses& all) {
    looking_up_ = 0;
    lookup_timer_.cancel();
    for (const auto& a : ordered(all, memory_->worked_last, memory_->failed_last))
      candidates_.emplace_back(a, current().port);
    try_next();
  }

  void try_next() {
    if (candidates_.empty())
      return tries_.empty() ? next_target() : void();
    const auto t = std::make_shared<one_try>(io_, candidates_.front());
    candidates_.pop_front();
    tries_.push_back(t);
    t->timer.expires_after(options_->address_timeout);
    t->timer.async_wait([t](error_code cancelled) {
      if (cancelled)
        return;
      t->is_late = true;
      t->close();
    });
    t->socket.async_connect(t->at, [self = shared_from_this(), t](error_code failed) {
      if (self->ended_ || failed || t->is_late)
        return self->connected(t, failed);
      t->over = make_stream(std::move(t->socket), self->options_->limits, self->options_->layer);
      t->over->handshake([self, t](error_code refused) { self->connected(t, refused); });
    });
    if (candidates_.empty())
      return;
    stagger_.expires_after(options_->stagger);
    stagger_.async_wait([self = shared_from_this()](error_code cancelled) {
      if (!cancelled && !self->ended_)
        self->try_next();
    });
  }

  // Or not, or too late.
  void connected(const std::shared_ptr<one_try>& t, error_code error) {
    if (ended_)
      return;
    if (error || t->is_late)
      failed(t, t->is_late ? "no answer within " + in_seconds(options_->address_timeout) : error.message());
    else
      succeeded(t);
  }

  void failed(const std::shared_ptr<one_try>& t, const std::string& why) {
    t->close();
    std::erase(tries_, t);
    failures_.push_back("cannot connect to " + to_text(t->at) + ": " + why);
    stagger_.cancel();
    try_next();
  }

  void succeeded(const std::shared_ptr<one_try>& t) {
    std::erase(tries_, t);
    t->timer.cancel();
    abandon();
    memory_->worked_last = t->at.address();
    memory_->failed_last.reset();
    memory_->in_use = (first_ + used_ - 1) % options_->targets.size();
    memory_->next_target = (first_ + used_) % options_->targets.size();
    const auto link = make_link(t->over, options_->how, options_->limits);
    events_.up(link);
    link->open(std::move(events_));
  }

  void fail() {
    abandon();
    std::string why;
    for (const auto& f : failures_)
      why += (why.empty() ? "" : "; ") + f;
    events_.down(why);
  }

  asio::io_context& io_;
  std::shared_ptr<const dial_options> options_;
  std::shared_ptr<name_lookup> lookup_;
  std::shared_ptr<dial_memory> memory_;
  link_events events_;
  asio::steady_timer lookup_timer_, stagger_;

  std::size_t first_ = 0, used_ = 0;  // targets: the first one, and how many were begun
  std::size_t looking_up_ = 0;        // `used_` of the lookup that is waited for; 0: none
  std::deque<tcp::endpoint> candidates_;
  std::vector<std::shared_ptr<one_try>> tries_;
  std::vector<std::string> failures_;
  bool ended_ = false;
};

class connector final : public dialer {
public:
  connector(loop& on, dial_options o, std::shared_ptr<name_lookup> lookup)
    : io_(on.io()),
      options_(std::make_shared<dial_options>(std::move(o))),
      lookup_(lookup ? std::move(lookup) : make_name_lookup(on)) {
    for (const auto& t : options_->targets)
      name_ += (name_.empty() ? "" : ", ") + to_string(t);
  }
  ~connector() override { connector::abandon(); }
  connector(const connector&) = delete;
  connector& operator=(const connector&) = delete;

  void dial(link_events events) override {
    abandon();
    memory_->in_use.reset();
    attempt_ = std::make_shared<attempt>(io_, options_, lookup_, memory_, std::move(events));
    attempt_->begin();
  }

  void abandon() override {
    if (attempt_)
      attempt_->abandon();
    attempt_.reset();
  }

  void distrust() override {
    if (!memory_->in_use)
      return;
    memory_->skipped = std::exchange(memory_->in_use, std::nullopt);
    memory_->failed_last = std::exchange(memory_->worked_last, std::nullopt);
  }

  bool waits() const override { return false; }
  const std::string& target() const override { return name_; }

private:
  asio::io_context& io_;
  std::shared_ptr<const dial_options> options_;
  std::shared_ptr<name_lookup> lookup_;
  std::shared_ptr<dial_memory> memory_ = std::make_shared<dial_memory>();
  std::string name_;
  std::shared_ptr<attempt> attempt_;
};

}  // namespace

std::unique_ptr<dialer> make_connector(loop& on, dial_options options, std::shared_ptr<name_lookup> lookup) {
  return std::make_unique<connector>(on, std::move(options), std::move(lookup));
}

std::unique_ptr<dialer> make_connector(loop& on, std::string host, std::uint16_t port, framing how,
                                       tcp_limits limits, stream_layer_ptr layer) {
  dial_options o{{{std::move(host), port}}};
  o.how = std::move(how);
  o.limits = limits;
  o.layer = std::move(layer);
  return make_connector(on, std::move(o));
}

}  // namespace net
