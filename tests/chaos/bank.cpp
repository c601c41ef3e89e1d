// See bank.hpp. Odds are per thousand, chosen so that a run of a few minutes has each fault often.

#include "tests/chaos/bank.hpp"

#include <algorithm>

#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/lab/bank_port.hpp"
#include "tests/lab/wire.hpp"

namespace chaos {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

namespace {

constexpr int request_lost = 15, request_late = 15, declined = 60, undetermined = 20, answer_lost = 15,
              answer_late = 20, answer_twice = 30, answer_over_next_link = 500, answer_over_other_link = 50,
              reversal_lost = 40, reversal_failed = 40, reversal_refused = 4, reversal_answer_lost = 40,
              hangs_up = 30;

trace trace_of(const codec::message& m) { return {lab::read_digits(m[41]), lab::read_digits(m[11])}; }

}  // namespace

bank::bank(asio::io_context& io, const codec::dialect& d, books& b, std::uint64_t seed)
  : io_(io), dialect_(d), books_(b), random_(seed), hang_up_timer_(io) {
  schedule_hang_up();
}

bank::line::line(bank& b, std::uint16_t p)
  : port(p),
    acceptor(b.io_),
    stream(b.io_, 1U << 18,
           {[this, &b](std::string_view unread) { return b.take(*this, unread); },
            [this](const std::string&) { is_connected = false; }}) {}

std::string bank::listen(std::uint16_t port) {
  lines_.push_back(std::make_unique<line>(*this, port));
  return open(*lines_.back());
}

std::string bank::open(line& l) {
  if (const auto why = lab::listen(l.acceptor, l.port, 16); !why.empty())
    return "the bank " + why;
  accept(l);
  return {};
}

void bank::close(std::size_t number) {
  boost::system::error_code ignored;
  lines_[number]->acceptor.close(ignored);
  hang_up(*lines_[number]);
}

std::string bank::reopen(std::size_t number) { return open(*lines_[number]); }

// The gateway reconnects after each restart; the latest connection is used.
void bank::accept(line& l) {
  l.acceptor.async_accept([this, &l](boost::system::error_code error, tcp::socket socket) {
    if (error == asio::error::operation_aborted)
      return;
    if (!error) {
      l.connection = ++connections_;
      l.is_connected = true;
      l.stream.adopt(std::move(socket));
    }
    accept(l);
  });
}

void bank::hang_up(line& l) {
  l.is_connected = false;
  l.stream.close();
}

void bank::schedule_hang_up() {
  hang_up_timer_.expires_after(1s);
  hang_up_timer_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled)
      return;
    for (auto& l : lines_)
      if (l->is_connected && happens(hangs_up))
        hang_up(*l);
    schedule_hang_up();
  });
}

std::size_t bank::take(line& from, std::string_view unread) {
  from_ = &from;
  std::size_t taken = 0;
  std::string_view frame;
  for (;;) {
    const auto found = lab::cut_frame(unread.substr(taken), frame);
    if (found == lab::cut::more_needed)
      return taken;
    if (found == lab::cut::bad) {
      books_.report_violation("the bank got a header that is not four digits");
      hang_up(from);
      return 0;
    }
    const auto m = codec::unpack(frame, dialect_);
    taken += lab::header_size + frame.size();
    if (m)
      take_message(*m);
    else
      books_.report_violation("the bank got a frame that is no message: " + codec::to_string(m.error()));
  }
}

void bank::take_message(const codec::message& m) {
  switch (codec::message_class(m.mti())) {
    case '2': return take_transaction(m);
    case '4': return take_reversal(m);
    default: return answer(m, "000");
  }
}

void bank::take_transaction(const codec::message& m) {
  const auto t = trace_of(m);
  check_order(t);
  auto& a = books_.at_bank(t);
  ++a.requests;
  a.amount = lab::read_digits(m[4]);
  a.link = from_->connection;
  books_.log(t, "the bank gets the purchase");
  if (happens(request_lost))
    return;
  if (happens(declined))
    return answer(m, "116");
  if (happens(undetermined)) {
    if (happens(500))
      book(t);
    return answer(m, "909");
  }
  const auto book_late = [this, m, t, from = from_] {
    from_ = from;
    // A request that comes after its reversal is booked all the same: the gateway must repeat the reversal.
    book(t);
    answer(m, "000");
  };
  if (happens(request_late))
    later(some(100, 4000), book_late);
  else
    book_late();
}

// Requests that an earlier process has sent and that were not answered must be reversed before the terminal
// is served again.
void bank::check_order(const trace& t) {
  const auto is_over = [this](int connection) {
    return std::ranges::none_of(lines_, [connection](const auto& l) { return l->connection == connection; });
  };
  auto& all = books_.accounts();
  for (auto it = all.lower_bound({t.tid, 0}); it != all.end() && it->first.tid == t.tid; ++it)
    if (const auto& a = it->second;
        it->first != t && a.requests > 0 && is_over(a.link) && !a.answered && a.reversals == 0)
      books_.report_violation(label(t) + ": it came before the reversal of STAN " +
                              std::to_string(it->first.stan) + ", whose outcome is unknown");
}

void bank::book(const trace& t) {
  auto& a = books_.at_bank(t);
  ++a.bookings;
  a.reversed = false;
  books_.log(t, "the bank books it");
  a.reference = std::to_string(++reference_);
}

void bank::take_reversal(const codec::message& m) {
  const auto t = trace_of(m);
  auto& a = books_.at_bank(t);
  ++a.reversals;
  books_.log(t, "the bank gets a reversal");
  if (happens(reversal_lost))
    return;
  if (happens(reversal_failed))
    return answer(m, "907");
  if (happens(reversal_refused))
    return answer(m, "904");
  if (a.requests > 0 && a.amount != lab::read_digits(m[4]))
    books_.report_violation(label(t) + ": a reversal of another amount came");
  if (m.has(37) && a.bookings > 0 && m[37] != a.reference)
    books_.report_violation(label(t) + ": a reversal of another reference came");
  if (a.bookings == 0)
    return answer(m, "914");
  a.reversed = true;
  books_.log(t, "the bank reverses it");
  if (!happens(reversal_answer_lost))
    answer(m, "000");
}

void bank::answer(codec::message m, const std::string& code) {
  const auto t = trace_of(m);
  const bool is_purchase = m.mti() == "0200";
  m.set(0, codec::response_mti(m.mti()));
  m.set(39, code);
  if (is_purchase && code == "000") {
    m.set(37, books_.at_bank(t).reference);
    m.set(38, "A1B2C3");
  }
  if (is_purchase && happens(answer_lost))
    return;
  const auto pause = behaves_ ? 0ms : is_purchase && happens(answer_late) ? some(500, 4000) : some(1, 40);
  const auto answers = [this, m, over = from_, connection = from_->connection] { send(m, over, connection); };
  later(pause, answers);
  if (happens(answer_twice))
    later(pause + some(1, 2000), answers);
}

// `connection`: the one that the request came over, 0 where that does not matter.
void bank::send(const codec::message& m, line* over, int connection) {
  if (connection != 0 && over->connection != connection && !happens(answer_over_next_link))
    return;
  // Banks with several links answer over any.
  if (lines_.size() > 1 && happens(answer_over_other_link))
    over = lines_[static_cast<std::size_t>(
                    std::uniform_int_distribution<int>(0, static_cast<int>(lines_.size()) - 1)(random_))]
             .get();
  if (!over->is_connected) {
    // Some hosts deliver late responses over the next connection.
    if (!behaves_ && happens(answer_over_next_link))
      later(some(100, 1500), [this, m, over] { send(m, over, 0); });
    return;
  }
  if (over->is_silent)
    return;
  if (m.mti() == "0210")
    books_.at_bank(trace_of(m)).answered = true;
  books_.log(trace_of(m), "the bank answers " + std::string(m.mti()) + " " + std::string(m[39]));
  const auto bytes = codec::pack(m, dialect_);
  if (!bytes)
    return books_.report_violation("the bank cannot express its answer: " + codec::to_string(bytes.error()));
  over->stream.queue(lab::framed(*bytes));
  over->stream.flush();
}

void bank::later(milliseconds pause, std::function<void()> what) {
  auto timer = std::make_shared<asio::steady_timer>(io_, pause);
  timer->async_wait([timer, what = std::move(what)](boost::system::error_code cancelled) {
    if (!cancelled)
      what();
  });
}

bool bank::happens(int in_a_thousand) {
  return !behaves_ && std::uniform_int_distribution<int>(0, 99'999)(random_) < in_a_thousand * percent_;
}

milliseconds bank::some(int least, int most) {
  return milliseconds(std::uniform_int_distribution<int>(least, most)(random_));
}

}  // namespace chaos
