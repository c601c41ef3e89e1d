#include "tests/chaos/stage.hpp"

#include <algorithm>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <utility>

#include "tests/lab/bank_port.hpp"

namespace chaos {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;

namespace {

// The first HTTP clients share their terminals with the last of 35 raw clients.
constexpr std::uint64_t first_tid = 10'000'000, first_http_tid = first_tid + 30,
                        first_concentrator_tid = 20'000'000;
constexpr std::uint64_t tids_of_a_concentrator = 100;

// From its start until its ports are open, with everything that the journal has gathered.
constexpr auto start_timeout = 180s;

// The clients have their responses by then.
constexpr auto clients_timeout = 90s, brief_clients_timeout = 4s;

// An approval that is not fetched is reversed after 10 s and 30 s more, one that the bank does not know after
// a minute.
constexpr auto grace = 45s, late_arrival = 65s, drain_timeout = 300s;

// Bytes that a killed gateway has left in the kernels have been read by then.
constexpr auto last_output_timeout = 500ms;

constexpr std::size_t histories_max = 3;

std::string option(const char* name, std::uint16_t port) {
  return std::string("--") + name + "=" + std::to_string(port);
}

}  // namespace

milliseconds result::slowest_start() const {
  return starts.empty() ? 0ms : *std::ranges::max_element(starts);
}

milliseconds result::usual_start() const {
  if (starts.empty())
    return 0ms;
  auto sorted = starts;
  std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2));
  return sorted[sorted.size() / 2];
}

stage::stage(const options& o, const codec::dialect& d, std::string directory)
  : options_(o),
    directory_(std::move(directory)),
    journal_(directory_ + "/journal"),
    wire_(d),
    random_(o.seed),
    bank_(bank_loop_, d, books_, random_()),
    world_{client_loop_, d, wire_, books_, {endpoint()}, {endpoint()}},
    next_raw_tid_(first_tid),
    next_http_tid_(first_http_tid),
    next_concentrator_tid_(first_concentrator_tid) {}

tcp::endpoint stage::endpoint() { return {asio::ip::address_v4::loopback(), lab::free_port()}; }

std::string stage::prepare(scene& s) {
  gateway_options_ = {option("listenPort", world_.raw.to.port()),
                      option("listenHttpPort", world_.http.to.port()),
                      "--queueTimeout=8",
                      "--hostTimeout=1.5",
                      "--queueShortTimeout=1",
                      "--maxQueue=1000",
                      "--logFile=" + directory_ + "/gateway.log",
                      "--v"};
  if (auto why = add_way_to_bank(); !why.empty())
    return why;
  if (auto why = s.set_up(*this); !why.empty())
    return why;
  if (auto why = lead_to_bank(); !why.empty())
    return why;
  gateway_ = std::make_unique<gateway_process>(io_, options_.program, journal_, gateway_options_);
  return {};
}

std::string stage::add_way_to_bank() {
  bank_ports_.push_back(lab::free_port());
  return bank_.listen(bank_ports_.back());
}

// One link is two options, several are a configuration file.
std::string stage::lead_to_bank() {
  if (bank_ports_.size() == 1) {
    gateway_options_.emplace_back("--upstreamHost=127.0.0.1");
    gateway_options_.push_back(option("upstreamPort", bank_ports_.front()));
    return {};
  }
  auto links = nlohmann::json::array();
  for (const auto port : bank_ports_)
    links.push_back({{"name", "link" + std::to_string(links.size())},
                     {"upstreamHost", "127.0.0.1"},
                     {"upstreamPort", port}});
  const auto path = directory_ + "/gateway.json";
  std::ofstream file(path);
  file << nlohmann::json{{"upstreams", links}} << std::flush;
  gateway_options_.insert(gateway_options_.begin(), {"-c", path});
  return file ? "" : "cannot write " + path;
}

void stage::add_raw(int count, const way& on, raw_habits h) {
  for (; count > 0; --count)
    clients_.push_back(std::make_unique<raw_client>(world_, on, next_raw_tid_++, random_(), h));
}

void stage::add_http(int count, const way& on, http_habits h) {
  for (; count > 0; --count)
    clients_.push_back(std::make_unique<http_client>(world_, on, next_http_tid_++, random_(), h));
}

void stage::add_concentrators(int count, const way& on, const concentrator_habits& h) {
  for (; count > 0; --count) {
    clients_.push_back(std::make_unique<concentrator>(world_, on, next_concentrator_tid_, random_(), h));
    next_concentrator_tid_ += tids_of_a_concentrator;
  }
}

milliseconds stage::since(steady::time_point then) const {
  return std::chrono::duration_cast<milliseconds>(steady::now() - then);
}

void stage::pass(milliseconds time) {
  const auto until = steady::now() + time;
  do {
    for (auto* loop : {&bank_loop_, &client_loop_}) {
      if (loop == &bank_loop_ ? bank_stands_ : clients_stand_)
        continue;
      loop->restart();
      loop->poll();
    }
    // A loop without pending work would not wait at all.
    asio::steady_timer moment(io_, 1ms);
    moment.async_wait([](boost::system::error_code) {});
    io_.restart();
    io_.run_for(1ms);
  } while (steady::now() < until);
}

template <class Done>
bool stage::await(Done done, milliseconds timeout) {
  for (const auto begun = steady::now(); !done();) {
    if (since(begun) > timeout)
      return false;
    pass(5ms);
  }
  return true;
}

void stage::fail(const std::string& why) {
  failed_ = true;
  books_.report_violation(why + "; its last words: " + gateway_->last_output());
}

bool stage::start() {
  const auto begun = steady::now();
  gateway_->start();
  if (!await([this] { return gateway_->is_ready() || gateway_->has_failed(); }, start_timeout) ||
      !gateway_->is_ready()) {
    fail("the gateway does not start");
    return false;
  }
  result_.starts.push_back(since(begun));
  books_.log_to_all("the gateway has started");
  return true;
}

void stage::kill() {
  books_.log_to_all("the gateway is killed");
  gateway_->kill();
  ++result_.kills;
}

void stage::kill_while_it_starts() {
  gateway_->start();
  pass(milliseconds(random(0, 60)));
  gateway_->kill();
  ++result_.early_kills;
}

void stage::kill_now_and_then(int in_a_thousand) {
  if (!go_on() || !happens(in_a_thousand))
    return;
  kill();
  pass(milliseconds(random(0, 80)));
  start();
}

void stage::disturb(const std::string& what) {
  ++result_.disturbances;
  books_.log_to_all(what);
}

void stage::print(const std::string& what) const {
  (options_.json ? std::cerr : std::cout) << options_.scene << ": " << what << std::endl;
}

result stage::play(scene& s, std::chrono::seconds duration) {
  result_.scene = options_.scene;
  const auto begun = steady::now();
  auto client_outcome = begun;
  for (auto& c : clients_)
    c->begin();
  if (start())
    while (go_on() && !s.is_over(*this) && steady::now() - begun < duration) {
      s.act(*this);
      if (go_on() && gateway_->has_failed())
        fail("the gateway has ended by itself");
      if (steady::now() - client_outcome >= 10s) {
        client_outcome = steady::now();
        print(std::to_string(since(begun).count() / 1000) + " s; " +
              std::to_string(books_.receipts().size()) + " purchases; " +
              std::to_string(result_.disturbances) + " disturbances, killed " +
              std::to_string(result_.kills) + " times");
      }
    }
  if (go_on())
    come_to_an_end(s);
  result_.took = since(begun);
  audit();
  return result_;
}

void stage::audit() {
  result_.parked = parked_.size();
  // Where the run failed early, too much is still under way for a full audit.
  result_.balance =
    failed_ ? books_.complaints_alone() : books_.reconcile(list_.unconfirmed, list_.reversing);
  result_.purchases = books_.receipts().size();
  result_.unconfirmed = list_.unconfirmed.size();
  result_.reversing = list_.reversing.size();
  for (const auto& t : result_.balance.suspects) {
    if (result_.histories.size() == histories_max)
      break;
    result_.histories.push_back(books_.history(t));
    result_.histories.back().insert(result_.histories.back().begin(), label(t));
  }
}

void stage::come_to_an_end(scene& s) {
  stop_bank(false);
  stop_clients(false);
  s.heal(*this);
  if (gateway_->has_failed() && !start())
    return;
  pass(2s);
  books_.log_to_all("the end begins: no more purchases");
  world_.closing = true;
  bank_.behave();
  const bool all_idle =
    await([this] { return std::ranges::all_of(clients_, [](const auto& c) { return c->is_idle(); }); },
          options_.brief ? milliseconds(brief_clients_timeout) : milliseconds(clients_timeout));
  if (!all_idle && !options_.brief)
    return fail("some clients do not come to their end");
  const auto begun = steady::now();
  if (options_.brief)
    end_briefly(s);
  else
    drain();
  s.clear(*this);
  result_.drain = since(begun);
  if (go_on() && gateway_->end() != 0)
    fail("the gateway does not end well");
}

// Approvals under way to clients that have disconnected become unconfirmed and are listed. Other waiting
// clients get no response.
void stage::end_briefly(scene& s) {
  gateway_->kill();
  pass(last_output_timeout / 2);
  s.clear(*this);
  pass(last_output_timeout / 2);
  stop_clients(true);
  if (start() && !gateway_->list(list_))
    fail("the gateway does not tell its cases");
}

// Runs until only unconfirmed cases are listed; an operator retries parked cases.
void stage::drain() {
  print("no more purchases; the gateway ends what is open");
  for (const auto begun = steady::now();;) {
    pass(2s);
    if (!gateway_->list(list_))
      return fail("the gateway does not tell its cases");
    if (list_.reversing.empty() && since(begun) >= grace)
      return;
    if (since(begun) > drain_timeout)
      return fail(std::to_string(list_.reversing.size()) + " cases do not come to their end");
    if (std::exchange(reported_open_, list_.reversing.size()) != list_.reversing.size())
      print(std::to_string(list_.reversing.size()) + " cases are open, " +
            std::to_string(list_.for_a_person.size()) + " of them for a person; " +
            std::to_string(list_.unconfirmed.size()) + " unconfirmed");
    parked_.insert(list_.for_a_person.begin(), list_.for_a_person.end());
    // What the bank does not know by then it never will, so the remaining attempts need not wait.
    const auto& tried = since(begun) >= late_arrival ? list_.numbers : list_.for_a_person;
    for (const auto number : tried) {
      gateway_->retry(number);
      pass(1ms);  // the bank has responses to send
    }
  }
}

}  // namespace chaos
