#include "tests/bench/client.hpp"

#include <algorithm>
#include <utility>

namespace bench {

client::client(asio::io_context& io, const codec::dialect& d, const lab::layout& wire,
               const client_rules& rules, work_source& o, std::uint64_t tid)
  : wire_(wire),
    rules_(rules),
    work_(o),
    purchase_(d, wire, tid),
    terminal_(tid),
    tid_(std::to_string(tid)),
    line_(io, rules.http ? 4096 : 512 * (rules.depth + 1),
          {[this](std::string_view unread) { return rules_.http ? take_http(unread) : take(unread); },
           [this](const std::string& why) { ended(why); }}) {}

void client::connect() {
  line_.connect(rules_.target, [this] {
    is_connected_ = true;
    work_.connected();
    for (const auto& s : in_flight_)
      send(s);
    if (!rules_.one_shot)
      work();
    line_.flush();
  });
}

void client::work() {
  if (!is_connected_) {
    // A failed connection consumes a purchase, so that a client does not dial a closed port forever.
    if (draw())
      connect();
    return;
  }
  while (in_flight_.size() < rules_.depth && draw())
    send(in_flight_.back());
  line_.flush();
}

void client::look_at_clock(steady::time_point now) {
  if (!in_flight_.empty() && now - in_flight_.front().at > rules_.timeout)
    return lose("no reply came in time");
  if (served_at_ && now - *served_at_ > rules_.timeout) {
    work_.complaint("a connection was not closed behind its reply");
    served();
  }
}

std::size_t client::take(std::string_view unread) {
  std::size_t taken = 0;
  lab::outline where;
  while (taken < unread.size()) {
    const auto rest = unread.substr(taken);
    const auto read = wire_.read(rest, where);
    if (read == lab::reading::more_needed)
      break;
    if (read == lab::reading::bad) {
      refuse("the reply is no message");
      return 0;
    }
    if (!take_reply(rest.substr(0, where.size), where))
      return 0;
    taken += where.size;
  }
  if (!rules_.one_shot)
    work();
  return taken;
}

bool client::take_reply(std::string_view reply, const lab::outline& where) {
  const auto stan = lab::read_digits(where.field(reply, 11));
  auto request = std::ranges::find(in_flight_, stan, &sent::stan);
  if (request == in_flight_.end()) {
    refuse("the reply's STAN is of no purchase in flight");
    return false;
  }
  if (const auto why = fault(reply, where, *request); !why.empty()) {
    refuse(why);
    return false;
  }
  complete(request);
  return true;
}

void client::complete(std::vector<sent>::iterator request) {
  const auto now = steady::now();
  const auto took = now - request->at;
  in_flight_.erase(request);
  if (rules_.one_shot)
    served_at_ = now;
  work_.right(took);
}

// One purchase is in flight at a time.
std::size_t client::take_http(std::string_view unread) {
  http_reply reply;
  const auto read = read_http(unread, reply);
  if (read == lab::reading::more_needed)
    return 0;
  const auto why = read == lab::reading::bad ? "the reply is no JSON over HTTP"
                   : in_flight_.empty()      ? "the reply is of no purchase in flight"
                                             : fault(reply, in_flight_.front());
  if (!why.empty()) {
    refuse(why);
    return 0;
  }
  complete(in_flight_.begin());
  work();
  return reply.size;
}

std::string client::fault(const http_reply& reply, const sent& request) const {
  if (reply.field("0") != 210U)
    return "the reply over HTTP is no 0210";
  if (reply.field("39") != 0U || reply.field("41") != terminal_)
    return "the reply over HTTP is no approval of this terminal";
  if (reply.field("4") != request.amount || reply.field("11") != request.stan)
    return "the reply over HTTP is of another purchase";
  return {};
}

std::string client::fault(std::string_view reply, const lab::outline& where, const sent& request) const {
  if (!reply.starts_with("0210"))
    return "the reply's MTI is " + std::string(reply.substr(0, 4));
  if (where.field(reply, 41) != tid_)
    return "the reply is for another terminal";
  if (lab::read_digits(where.field(reply, 4)) != request.amount)
    return "the reply tells another amount";
  if (where.field(reply, 39) != "000")
    return "the reply's response code is '" + std::string(where.field(reply, 39)) + "'";
  if (reply.substr(where.begin[41]) != purchase_.tail())
    return "the reply differs from its request behind field 41";
  return {};
}

bool client::draw() {
  const auto task = work_.next();
  if (!task)
    return false;
  stan_ = stan_ == lab::stan_max ? 1 : stan_ + 1;
  in_flight_.push_back({stan_, task->amount, task->due});
  return true;
}

void client::send(const sent& s) {
  if (rules_.http)
    line_.queue(http_purchase(terminal_, s.amount, s.stan, work_.local_time()));
  else
    line_.queue(purchase_.write(s.amount, s.stan, work_.local_time()));
}

// With --one-shot: the connection has served its purpose.
void client::served() {
  served_at_.reset();
  is_connected_ = false;
  line_.close();
  work();
}

// It is unknown which responses would come next, so all other requests in flight are lost.
void client::refuse(const std::string& why) {
  if (in_flight_.empty()) {
    work_.complaint(why);
  } else {
    in_flight_.pop_back();
    work_.wrong(why);
  }
  lose("another reply was wrong");
}

void client::ended(const std::string& why) {
  is_connected_ = false;
  if (served_at_ && why.empty())
    return served();
  lose(why.empty() ? "the connection was closed before the reply" : why);
}

void client::lose(const std::string& why) {
  served_at_.reset();
  is_connected_ = false;
  line_.close();
  if (!in_flight_.empty())
    work_.lost(std::exchange(in_flight_, {}).size(), why);
  work();
}

}  // namespace bench
