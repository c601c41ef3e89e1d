#include "tests/chaos/http_terminal.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace chaos {

namespace {

// In a thousand.
constexpr int leaves = 20, hangs_up = 60, asks_about_old = 150;

// A refusal that says "nothing was sent" is believed after so many tries.
constexpr int tries_max = 3;

// Raw terminals may share ours; their STANs are below.
constexpr std::uint64_t first_stan = 500'000;

std::string digits(std::uint64_t number, std::size_t width) {
  std::string text(width, '0');
  bench::write_digits(text.data(), width, number);
  return text;
}

} // namespace

http_terminal::http_terminal(world& w, std::uint64_t tid, std::uint64_t seed)
  : terminal(w, tid, first_stan, seed),
    line_(w.io, 1U << 16, {[this](std::string_view unread) { return take(unread); }, [this](const std::string&) { ask_again(); }}) {}

void http_terminal::begin() {
  if (!known_.empty() && happens(asks_about_old)) {
    order_ = known_[static_cast<std::size_t>(random(0, static_cast<int>(known_.size()) - 1))];
    order_.is_known = true;
    order_.tries = 0;
    return ask();
  }
  const auto amount = static_cast<std::uint64_t>(random(1, 99'999));
  order_ = {{tid_, stan_++}, {}, false, 0};
  order_.body = body_of(order_.what, amount);
  world_.all.open(order_.what, amount, true);
  ask();
}

void http_terminal::ask() { line_.connect(world_.http, [this] { send(); }); }

void http_terminal::send() {
  line_.queue("POST /v1/messages HTTP/1.1\r\nHost: chaos\r\nContent-Type: application/json\r\nIdempotency-Key: " + label(order_.what) +
              "\r\nContent-Length: " + std::to_string(order_.body.size()) + "\r\n\r\n" + order_.body);
  line_.flush();
  if (order_.is_known || world_.closing)
    return;
  if (happens(leaves)) {
    world_.all.leave(order_.what);
    line_.abort();
    return think();
  }
  if (happens(hangs_up)) {
    happens(500) ? line_.abort() : line_.close();
    ask_again();
  }
}

std::size_t http_terminal::take(std::string_view unread) {
  const auto head_end = unread.find("\r\n\r\n");
  if (head_end == std::string_view::npos)
    return 0;
  constexpr std::string_view length_name = "Content-Length: ";
  const auto at = unread.find(length_name);
  std::size_t length = 0;
  unsigned status = 0;
  if (at < head_end)
    std::from_chars(unread.data() + at + length_name.size(), unread.data() + head_end, length);
  std::from_chars(unread.data() + 9, unread.data() + 12, status);
  if (unread.size() < head_end + 4 + length)
    return 0;
  const std::string body(unread.substr(head_end + 4, length));
  line_.close();
  take_reply(status, body);
  return 0;
}

void http_terminal::take_reply(unsigned status, const std::string& body) {
  const auto j = nlohmann::json::parse(body, nullptr, false);
  const auto outcome = j.is_object() ? j.value("outcome", "") : "";
  if (status == 200 && (outcome == "approved" || outcome == "declined"))
    return end(outcome == "approved" ? told::approved : told::declined);
  if (outcome == "unknown" || outcome == "reversing" || outcome == "reversed")
    return end(told::failed);
  if (outcome != "not_sent") {
    world_.all.complain(label(order_.what) + ": its client got the reply " + std::to_string(status) + " " + body);
    return think();
  }
  // Busy or ending: later is another matter. Too old, or wrong: it will not become better.
  if ((status == 503 || status == 504) && ++order_.tries < tries_max)
    return ask_again();
  end(told::not_sent);
}

void http_terminal::end(told how) {
  world_.all.tell(order_.what, how);
  if (!order_.is_known)
    moves_on(how == told::approved || how == told::declined);
  if (!order_.is_known && how != told::not_sent) {
    known_.push_back(order_);
    if (known_.size() > 50)
      known_.pop_front();
  }
  think();
}

// The answer was lost, or there is no gateway at the moment.
void http_terminal::ask_again() {
  after(random(20, 200), [this] { ask(); });
}

std::string http_terminal::body_of(const trace& t, std::uint64_t amount) const {
  // The body of a repeat is the same to the letter, so its time is that of the first.
  const auto now = std::string(world_.clock.now());
  return R"({"mti":"0200","processing_code":"000000","amount":")" + std::to_string(amount) + R"(","stan":")" + digits(t.stan, 6) + R"(","transmission_time":")" +
         now.substr(2) + R"(","local_time":")" + now +
         R"(","pos_entry_mode":"021","function_code":"200","pos_condition_code":"00","track2":"4850781234567891=25122011000000000000","terminal_id":")" +
         digits(t.tid, 8) + R"(","merchant_id":"123456789012345","currency":"978"})";
}

} // namespace chaos
