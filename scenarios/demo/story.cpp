// The demo's story. Each part waits for what it tells of; only the pauses between them, in which the clients
// buy, are for the reader.

#include "scenarios/demo/story.hpp"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <ctime>

#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "net/tcp/listener.hpp"
#include "scenarios/real/ports.hpp"

namespace demo {

namespace fields = codec::fields;
using namespace std::chrono_literals;

namespace {

constexpr auto reading_time = 1500ms;
constexpr auto start_timeout = 60s;
constexpr auto event_timeout = 40s;
constexpr int host_timeout_s = 2;

std::chrono::local_seconds local_time() {
  const auto now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  return std::chrono::local_seconds(std::chrono::seconds(now + parts.tm_gmtoff));
}

std::string money(std::int64_t hundredths) {
  const auto rest = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + "." + (rest.size() == 1 ? "0" : "") + rest;
}

std::string client_of(const purchase& p) { return "client " + std::to_string(p.client); }

void print(const std::string& text) {
  std::fputs((text + "\n").c_str(), stdout);
  std::fflush(stdout);
}

void tell(const std::string& text) { print("\n== " + text); }
void add(const std::string& text) { print("   " + text); }

bool is_of(const codec::message& m, const purchase& p) {
  return m[fields::tid] == p.tid && m[fields::stan] == p.stan;
}

// Reversals have a STAN of their own in some dialects.
bool is_reversal_of(const codec::message& m, const purchase& p) {
  return codec::is_reversal(m) && m[fields::tid] == p.tid;
}

// The port that the documents name, if it is free.
std::uint16_t port_like(net::loop& on, std::uint16_t wanted) {
  net::listen_options options;
  options.address = "127.0.0.1";
  return net::listen(on, wanted, std::move(options)).index() == 0 ? wanted : real::free_port();
}

}  // namespace

story::story(net::loop& on, setup s, actors::dialect_ptr dialect)
  : loop_(on),
    setup_(std::move(s)),
    dialect_(std::move(dialect)),
    bank_(dialect_, local_time),
    end_(begun_ + setup_.length) {}

void story::stop() {
  if (std::exchange(stopped_, true)) {
    // A second time: at once.
    gateway_.reset();
    std::_Exit(1);
  }
  tell("Stopped: no client buys any more, and what is under way comes to its end.");
}

int story::play() {
  // Another process may take a port first; then the gateway ends, and other ports are tried.
  constexpr int attempts_max = 5;
  for (int attempt = 0; attempt < attempts_max && bank_.calls() == 0 && !stopped_; ++attempt) {
    open_ports(attempt == 0);
    start_gateway();
    until([this] { return bank_.calls() > 0; }, start_timeout);
  }
  if (stopped_)
    return 1;
  if (bank_.calls() == 0) {
    tell("The gateway does not start: " + (log_.empty() ? "it says nothing" : log_.back()));
    return 1;
  }
  introduce();
  for (const auto part :
       {&story::decline, &story::silent_bank, &story::killed_gateway, &story::refused_reversal}) {
    let_them_buy(reading_time);
    if (is_over())
      break;
    (this->*part)();
  }
  if (!is_over())
    tell("The clients buy on. What became of all of it comes at the end.");
  let_them_buy(std::chrono::duration_cast<std::chrono::milliseconds>(end_ - clock::now()));
  return judge();
}

void story::open_ports(bool is_first) {
  bank_port_ = real::free_port();
  // Another process may take the port first.
  for (int attempt = 0; !bank_.listen(loop_, bank_port_).empty() && attempt < 5; ++attempt)
    bank_port_ = real::free_port();
  port_ = is_first ? port_like(loop_, 2014) : real::free_port();
  admin_port_ = is_first ? port_like(loop_, 2015) : real::free_port();
  clients_ = std::make_unique<clients>(loop_, dialect_, port_, local_time);
  clients_->on_end = [this](const purchase& p) { tell_of(p); };
}

void story::start_gateway() {
  log_.clear();
  const auto option = [](const char* name, const std::string& value) {
    return std::string("--") + name + "=" + value;
  };
  std::vector<std::string> arguments{option("hostConfig", setup_.dialect),
                                     option("upstreamHost", "127.0.0.1"),
                                     option("upstreamPort", std::to_string(bank_port_)),
                                     option("listenPort", std::to_string(port_)),
                                     option("adminPort", std::to_string(admin_port_)),
                                     option("journal", home_.path() + "/journal"),
                                     option("hostTimeout", std::to_string(host_timeout_s))};
  if (setup_.verbose)
    arguments.emplace_back("--vv");
  gateway_ = std::make_unique<real::child>(loop_.io(), setup_.program, arguments,
                                           [this](const std::string& line) { hear(line); });
}

// What the gateway logs. Without --vv the story shows of it what a person should see.
void story::hear(const std::string& line) {
  log_.push_back(line);
  if (setup_.verbose)
    return print(line);
  for (const auto* word : {"ALARM", "The journal holds"})
    if (const auto at = line.find(word); at != std::string::npos)
      add("the gateway says: " + line.substr(at));
}

void story::introduce() const {
  const auto admin = "http://127.0.0.1:" + std::to_string(admin_port_);
  tell("A gateway, its bank and ten clients, in the dialect " + dialect_->name + ", for " +
       std::to_string(setup_.length.count()) + " s. Ctrl-C ends it earlier, in order.");
  add("Its live page:       " + admin + "/   (/v1/status, /metrics, /readyz for programs: docs/ADMIN.md)");
  add("Its open cases:      " + setup_.program + " pending --journal=" + home_.path() + "/journal");
  add("Its clients' port is " + std::to_string(port_) + ". A line below is a purchase, when it has ended:");
  print("");
}

void story::tell_of(const purchase& p) const {
  const auto now = std::time(nullptr);
  std::tm parts{};
  localtime_r(&now, &parts);
  char head[80];
  std::snprintf(head, sizeof head, "%02d:%02d:%02d  client %-2zu  STAN %s  %10s  ", parts.tm_hour,
                parts.tm_min, parts.tm_sec, p.client, p.stan.c_str(), money(p.amount).c_str());
  std::string what = "failed: no answer, the connection was closed";
  const auto meaning = std::string(dialect_->meaning_of(p.code));
  const auto code = "code " + p.code + (meaning.empty() ? "" : " (" + meaning + ")");
  if (p.is == purchase::state::approved)
    what = "approved";
  else if (p.is == purchase::state::declined)
    what = "declined, " + code;
  print(head + what + ", after " + std::to_string(p.took.count()) + " ms");
}

bool story::until(const std::function<bool()>& what, std::chrono::milliseconds at_most, bool is_needed) {
  const auto last = clock::now() + at_most;
  const bool was_stopped = stopped_;
  while (!what()) {
    if (clock::now() >= last || (stopped_ && !was_stopped && !is_needed))
      return false;
    clients_->tick();
    loop_.run_for(20ms);
    if (gateway_ && gateway_->has_ended())
      return what();
  }
  return true;
}

void story::let_them_buy(std::chrono::milliseconds time) {
  clients_->busy = true;
  until([this] { return is_over(); }, std::max(time, 0ms));
  clients_->busy = false;
}

void story::decline() {
  tell("A decline: client 1 asks for more than its card's account has.");
  const auto p = clients_->buy(1, opening_balance * 2);
  until([&] { return p->is != purchase::state::open; }, event_timeout);
  add("The bank says no, and so does the gateway. No money has moved.");
}

void story::silent_bank() {
  until([this] { return !clients_->have_open(); }, event_timeout);
  tell("A silent bank: it takes the money for the next purchase of client 2, and its response is lost.");
  const auto p = clients_->buy(2, 4200);
  bool reversed = false;
  bank_.mood_of = [p](const codec::message& m) {
    return is_of(m, *p) && !codec::is_reversal(m) ? bank::mood::silent : bank::mood::answers;
  };
  bank_.on_request = [&, p](const codec::message& m, const auto& response) {
    if (!codec::is_reversal(m) && is_of(m, *p))
      add("The bank holds " + money(p->amount) + ". The gateway waits " + std::to_string(host_timeout_s) +
          " s for the response (--hostTimeout).");
    if (is_reversal_of(m, *p) && response) {
      add("The gateway does not know what the bank did, so it has sent a reversal (" + std::string(m.mti()) +
          "). The bank has given the money back.");
      reversed = true;
    }
  };
  until([&] { return reversed && p->is != purchase::state::open; }, event_timeout);
  bank_.on_request = nullptr;
}

void story::killed_gateway() {
  until([this] { return !clients_->have_open(); }, event_timeout);
  tell("A kill -9: the gateway is killed while a purchase of client 3 is at the bank.");
  const auto p = clients_->buy(3, 7300);
  bool at_bank = false, reversed = false;
  bank_.mood_of = [p](const codec::message& m) {
    return is_of(m, *p) && !codec::is_reversal(m) ? bank::mood::silent : bank::mood::answers;
  };
  bank_.on_request = [&, p](const codec::message& m, const auto& response) {
    at_bank = at_bank || is_of(m, *p);
    reversed = reversed || (is_reversal_of(m, *p) && response);
  };
  until([&] { return at_bank; }, event_timeout);
  if (at_bank) {
    gateway_->signal(SIGKILL);
    until([this] { return gateway_->has_ended(); }, event_timeout, true);
    add("The bank holds " + money(p->amount) +
        ", and the gateway is gone. Its journal has what it had sent.");
    const auto calls = bank_.calls();
    start_gateway();
    add("The next gateway starts and replays the journal.");
    until([&] { return bank_.calls() > calls && reversed; }, event_timeout);
    if (reversed)
      add(
        "It has reversed the purchase before it serves that client again. The bank has given the money "
        "back.");
    until([&] { return p->is != purchase::state::open; }, event_timeout);
  }
  bank_.on_request = nullptr;
}

void story::refused_reversal() {
  until([this] { return !clients_->have_open(); }, event_timeout);
  tell(
    "The list of what needs a person: the bank is silent again for client 4, and then refuses the reversal, "
    "with code " +
    bank_.refusal() + ".");
  const auto p = clients_->buy(4, 1500);
  bank_.mood_of = [p](const codec::message& m) {
    return is_reversal_of(m, *p) ? bank::mood::refuses
           : is_of(m, *p)        ? bank::mood::silent
                                 : bank::mood::answers;
  };
  const auto has_alarm = [this] {
    return std::ranges::any_of(log_, [](const auto& l) { return l.find("ALARM") != std::string::npos; });
  };
  until(has_alarm, event_timeout);
  add("socketqueue pending --journal=...");
  print(operate({"pending"}));
  bank_.mood_of = [](const auto&) { return bank::mood::answers; };
  add(
    "Somebody has called the bank, which will agree now. socketqueue retry --state=needs-you --journal=...");
  print(operate({"retry", "--state=needs-you"}));
  if (until([&] { return !holds(*p); }, event_timeout))
    add("The gateway has sent the reversal again, and the bank has given the money back.");
}

std::string story::operate(std::vector<std::string> command) {
  command.push_back("--journal=" + home_.path() + "/journal");
  std::string text;
  real::child asked(loop_.io(), setup_.program, command,
                    [&](const std::string& line) { text += (text.empty() ? "     " : "\n     ") + line; });
  until([&] { return asked.has_ended(); }, event_timeout, true);
  return text;
}

bool story::holds(const purchase& p) const {
  return std::ranges::any_of(bank_.holds(), [&p](const auto& t) {
    return t.tid == p.tid && t.stan == p.stan && t.amount == p.amount;
  });
}

bool story::agrees() const {
  std::size_t shown = 0;
  for (const auto& p : clients_->all()) {
    const bool is_shown = p->is == purchase::state::approved;
    if (is_shown != holds(*p))
      return false;
    shown += is_shown ? 1 : 0;
  }
  return shown == bank_.holds().size();
}

// Why it was not in order; empty where it was.
std::string story::end_gateway() {
  gateway_->signal(SIGTERM);
  until([this] { return gateway_->has_ended(); }, event_timeout, true);
  const auto status = gateway_->status();
  gateway_.reset();
  return status && *status == 0 ? ""
                                : "the gateway did not end in order: " + (log_.empty() ? "" : log_.back());
}

int story::judge() {
  bank_.mood_of = [](const auto&) { return bank::mood::answers; };
  bank_.on_request = nullptr;
  until([this] { return !clients_->have_open(); }, event_timeout, true);
  // Reversals that are under way.
  until([this] { return agrees(); }, event_timeout, true);
  const auto why = end_gateway();
  std::int64_t held = 0, shown = 0;
  std::size_t approved = 0, declined = 0, failed = 0;
  for (const auto& t : bank_.holds())
    held += t.amount;
  for (const auto& p : clients_->all()) {
    const bool is_shown = p->is == purchase::state::approved;
    approved += is_shown ? 1 : 0;
    shown += is_shown ? p->amount : 0;
    declined += p->is == purchase::state::declined ? 1 : 0;
    failed += p->is == purchase::state::failed || p->is == purchase::state::open ? 1 : 0;
  }
  tell("The end: " + std::to_string(clients_->all().size()) + " purchases, of which " +
       std::to_string(approved) + " were approved, " + std::to_string(declined) + " declined, and " +
       std::to_string(failed) + " failed.");
  add("The bank holds      " + std::to_string(bank_.holds().size()) + " purchases, " + money(held));
  add("Clients were shown  " + std::to_string(approved) + " approvals, " + money(shown));
  for (const auto& p : clients_->all())
    if ((p->is == purchase::state::approved) != holds(*p))
      add(client_of(*p) + ", STAN " + p->stan + ", " + money(p->amount) + ": the bank " +
          (holds(*p) ? "holds it, and the client was not shown that"
                     : "does not hold what the client was shown"));
  const bool good = agrees() && why.empty() && approved > 0;
  add(!why.empty()    ? "But " + why
      : approved == 0 ? "But no client was served."
      : !agrees()     ? "They do NOT agree."
                      : "They agree, purchase by purchase.");
  return good ? 0 : 1;
}

}  // namespace demo
