#include "tests/bench/bank.hpp"

#include <iostream>
#include <utility>

#include "tests/lab/bank_port.hpp"

namespace bench {

bank::bank(asio::io_context& io, const options& o, const lab::layout& wire)
  : io_(io),
    options_(o),
    wire_(wire),
    acceptor_(io),
    seen_(o.warmup + o.transaction_count() + 1),
    delay_timer_(io) {}

std::string bank::listen() {
  if (const auto why = lab::listen(acceptor_, options_.bank_port, 4096); !why.empty())
    return "the bank " + why;
  accept();
  return {};
}

bool bank::wait_for_gateway() {
  if (options_.mode != between::gateway)
    return true;
  waits_for_gateway_ = true;
  io_.restart();
  io_.run_for(options_.timeout);
  return !std::exchange(waits_for_gateway_, false);
}

void bank::accept() {
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    if (error)
      std::cerr << "sq_load: the bank cannot accept a connection: " << error.message() << "\n";
    else
      start_connection(std::move(socket));
    accept();
  });
}

void bank::start_connection(tcp::socket socket) {
  const bool is_gateway = options_.mode == between::gateway;
  callers_.push_back(std::make_unique<caller>());
  auto& c = *callers_.back();
  const auto ended = [is_gateway](const std::string& why) {
    if (is_gateway)
      std::cerr << "sq_load: the gateway has left its bank: " << (why.empty() ? "it hung up" : why) << "\n";
  };
  c.line = std::make_unique<lab::stream>(
    io_, is_gateway ? 1U << 18 : 1U << 12,
    lab::stream::events{[this, &c](std::string_view unread) { return take(c, unread); }, ended});
  if (options_.hostile)
    c.hostile = std::make_unique<hostile_line>(io_, *c.line, options_.seed + callers_.size());
  c.line->adopt(std::move(socket));
  if (is_gateway && std::exchange(waits_for_gateway_, false))
    io_.stop();
}

std::size_t bank::take(caller& from, std::string_view unread) {
  replies_.clear();
  const auto taken = options_.mode == between::gateway ? take_frames(from, unread) : take_bare(from, unread);
  if (!replies_.empty())
    send(from);
  return taken;
}

void bank::send(caller& to) {
  if (options_.bank_delay.count() == 0) {
    to.line->queue(replies_);
    return to.line->flush();
  }
  delayed_.push_back({std::chrono::steady_clock::now() + options_.bank_delay, &to, replies_});
  if (delayed_.size() == 1)
    send_delayed();
}

void bank::send_delayed() {
  for (const auto now = std::chrono::steady_clock::now(); !delayed_.empty() && delayed_.front().due <= now;
       delayed_.pop_front()) {
    delayed_.front().to->line->queue(delayed_.front().replies);
    delayed_.front().to->line->flush();
  }
  if (delayed_.empty())
    return;
  delay_timer_.expires_at(delayed_.front().due);
  delay_timer_.async_wait([this](error_code) { send_delayed(); });
}

std::size_t bank::take_frames(caller& from, std::string_view unread) {
  std::size_t taken = 0;
  lab::outline where;
  std::string_view frame;
  for (;;) {
    const auto found = lab::cut_frame(unread.substr(taken), frame);
    if (found == lab::cut::bad)
      return report_error(from, "a header that is not four digits");
    if (found == lab::cut::more_needed)
      break;
    taken += lab::header_size + frame.size();
    if (frame.empty())
      continue;
    if (wire_.read(frame, where) != lab::reading::whole || where.size != frame.size())
      return report_error(from, "a frame that is no message");
    note(frame, where);
    answer_frame(from, frame, where);
  }
  return taken;
}

std::size_t bank::take_bare(caller& from, std::string_view unread) {
  std::size_t taken = 0;
  lab::outline where;
  while (taken < unread.size()) {
    const auto rest = unread.substr(taken);
    const auto read = wire_.read(rest, where);
    if (read == lab::reading::bad)
      return report_error(from, "bytes that are no message");
    if (read == lab::reading::more_needed)
      break;
    note(rest, where);
    lab::append_approval(replies_, rest, where);
    taken += where.size;
  }
  return taken;
}

void bank::answer_frame(caller& to, std::string_view request, const lab::outline& of) {
  auto reply = lab::header_of(of.size + lab::approval_growth);
  if (!to.hostile) {
    replies_ += reply;
    return lab::append_approval(replies_, request, of);
  }
  lab::append_approval(reply, request, of);
  to.hostile->take(std::move(reply));
}

void bank::note(std::string_view request, const lab::outline& of) {
  if (request[1] != '2')
    return;
  const auto amount = lab::read_digits(of.field(request, 4));
  if (amount < seen_.size() && !seen_[amount]) {
    seen_[amount] = true;
    return;
  }
  ++complaints_;
  std::cerr << "sq_load: the bank got the purchase with amount " << amount
            << (amount < seen_.size() ? " twice\n" : ", which was never sent\n");
}

// The stream cannot be read any further. Returns 0: no byte was consumed.
std::size_t bank::report_error(caller& of, const char* why) {
  ++complaints_;
  std::cerr << "sq_load: the bank got " << why << "\n";
  of.line->close();
  return 0;
}

}  // namespace bench
