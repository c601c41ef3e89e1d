#include "tests/chaos/http_client.hpp"

#include <nlohmann/json.hpp>

#include "tests/lab/http.hpp"

namespace chaos {

namespace {

// Odds per thousand.
constexpr int leaves = 20, ends_line = 60, asks_about_old = 150;

// A refusal as not_sent is accepted after this many tries.
constexpr int tries_max = 3;

// Raw clients may share these terminal ids; their STANs are lower.
constexpr std::uint64_t first_stan = 500'000;

std::string digits(std::uint64_t number, std::size_t width) {
  std::string text(width, '0');
  lab::write_digits(text.data(), width, number);
  return text;
}

}  // namespace

http_client::http_client(world& w, const way& on, std::uint64_t tid, std::uint64_t seed, http_habits h)
  : client(w, tid, first_stan, seed),
    way_(on),
    habits_(h),
    line_(
      w.io, 1U << 16,
      {[this](std::string_view unread) { return take(unread); }, [this](const std::string&) { ended(); }}) {}

void http_client::begin() {
  if (!known_.empty() && happens(asks_about_old)) {
    order_ = known_[static_cast<std::size_t>(random(0, static_cast<int>(known_.size()) - 1))];
    order_.is_known = true;
    order_.tries = 0;
    return ask();
  }
  const auto amount = static_cast<std::uint64_t>(random(1, 99'999));
  order_ = {{tid_, stan_++}, {}, false, false, 0, {}};
  order_.body = body_of(order_.what, amount);
  world_.all.open(order_.what, amount, true);
  begin_on(order_.what, way_);
  if (habits_.confirms)
    world_.all.at_client(order_.what).behind_proxy =
      false;  // its confirmation counts, not the proxy's acknowledgement
  ask();
}

void http_client::ask() {
  wait_at_most(world_.timeout, [this] {
    line_.close();
    ended();
  });
  const auto go_on = [this] { order_.id.empty() ? send() : confirm(); };
  if (line_.is_open())
    return go_on();
  awaiting_ = awaiting::connection;
  line_.connect(way_.to, way_.open, go_on);
}

void http_client::send() {
  awaiting_ = awaiting::reply;
  const auto key = habits_.has_key ? "Idempotency-Key: " + label(order_.what) + "\r\n" : "";
  write(lab::http_post("/v1/messages", order_.body, "Content-Type: application/json\r\n" + key));
  // Who has confirmed asks until it knows: its confirmation may have come, and only its answer is lost.
  if (order_.is_known || order_.is_confirmed || world_.closing || !line_.is_open())
    return;
  // As a raw client: a response may be here where this process stood still while it sent.
  if (line_.has_unread())
    return;
  const bool hangs = happens(ends_line);
  if (happens(leaves) || (hangs && !habits_.has_key)) {
    world_.all.leave(order_.what);
    awaiting_ = awaiting::nothing;
    line_.abort();
    return think();
  }
  if (hangs) {
    happens(500) ? line_.abort() : line_.close();
    ask_again();
  }
}

void http_client::confirm() {
  awaiting_ = awaiting::confirmation;
  order_.is_confirmed = true;
  write(lab::http_post("/v1/messages/" + order_.id + "/confirm", "", ""));
}

void http_client::write(const std::string& request) {
  line_.queue(request);
  line_.flush();
}

std::size_t http_client::take(std::string_view unread) {
  const auto response = lab::first_http_response(unread);
  if (!response)
    return 0;
  if (habits_.resets_after < 0 && (!habits_.keeps_open || response->header("connection") == "close"))
    line_.close();
  take_reply(response->status, response->body);
  return response->size;
}

void http_client::take_reply(int status, const std::string& body) {
  const auto j = nlohmann::json::parse(body, nullptr, false);
  const auto outcome = j.is_object() ? j.value("outcome", "") : "";
  if (outcome.empty() && way_.through_proxy) {
    // The proxy's own response: it says nothing about the purchase.
    world_.all.log(order_.what, "its client's proxy says " + std::to_string(status));
    line_.close();
    return can_ask_again() ? ask_again() : give_up();
  }
  if (awaiting_ == awaiting::confirmation)
    return take_confirmation(outcome);
  if (status == 200 && outcome == "approved" && habits_.confirms) {
    order_.id = j.value("transaction_id", "");
    world_.all.log(order_.what, "its client reads the approval and confirms it");
    return ask();
  }
  if (status == 200 && (outcome == "approved" || outcome == "declined"))
    return end(outcome == "approved" ? client_outcome::approved : client_outcome::declined);
  if (outcome == "unknown" || outcome == "reversing" || outcome == "reversed")
    return end(client_outcome::failed);
  if (outcome != "not_sent") {
    world_.all.report_violation(label(order_.what) + ": its client got the reply " + std::to_string(status) +
                                " " + body);
    line_.close();
    return think();
  }
  // Busy or ending: try again later. Too old, or wrong: it will not become better.
  if ((status == 503 || status == 504) && ++order_.tries < tries_max)
    return ask_again();
  end(client_outcome::not_sent);
}

void http_client::take_confirmation(const std::string& outcome) {
  if (outcome == "approved")
    return end(client_outcome::approved);
  if (outcome == "reversing" || outcome == "reversed")
    return end(client_outcome::failed);
  world_.all.report_violation(label(order_.what) + ": its confirmation was answered '" + outcome + "'");
  end(client_outcome::failed);
}

void http_client::end(client_outcome how) {
  world_.all.record(order_.what, how);
  if (!order_.is_known)
    moves_on(how == client_outcome::approved || how == client_outcome::declined);
  if (!order_.is_known && how != client_outcome::not_sent && habits_.has_key) {
    known_.push_back(order_);
    known_.back().id.clear();
    if (known_.size() > 50)
      known_.pop_front();
  }
  awaiting_ = awaiting::nothing;
  cancel_timeout();
  if (habits_.resets_after > 0)
    return after(habits_.resets_after, [this] { hang_up(); });
  hang_up();
}

// Without a key or an id the client cannot ask again.
void http_client::give_up() {
  awaiting_ = awaiting::nothing;
  moves_on(false);
  think();
}

void http_client::hang_up() {
  if (habits_.resets_after >= 0)
    line_.abort();
  think();
}

void http_client::ended() {
  if (awaiting_ == awaiting::nothing)
    return;  // the next purchase waits on its timer and connects anew
  if (awaiting_ == awaiting::connection)
    return ask_again();
  lost(order_.what, way_, line_.port());
  can_ask_again() ? ask_again() : give_up();
}

// The response was lost, or no gateway is running at the moment.
void http_client::ask_again() {
  if (habits_.has_key && happens(300))
    order_.id.clear();  // under its key it may ask for the approval again, too
  awaiting_ = awaiting::nothing;
  cancel_timeout();
  after(random(20, 200), [this] { ask(); });
}

std::string http_client::body_of(const trace& t, std::uint64_t amount) const {
  // A repeat has exactly the same body, so its time is the first one's.
  const auto now = std::string(world_.clock.now());
  return R"({"mti":"0200","processing_code":"000000","amount":")" + std::to_string(amount) + R"(","stan":")" +
         digits(t.stan, 6) + R"(","transmission_time":")" + now.substr(2) + R"(","local_time":")" + now +
         R"(","pos_entry_mode":"021","function_code":"200","pos_condition_code":"00",)"
         R"("track2":"4850781234567891=25122011000000000000","terminal_id":")" +
         digits(t.tid, 8) + R"(","merchant_id":"123456789012345","currency":"978"})";
}

}  // namespace chaos
