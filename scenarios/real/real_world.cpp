// A story's world of real sockets and clocks.
//
// Each expectation is awaited. Before a step may claim that something did not happen, the gateway must have
// answered several probes, so it has handled everything sent before. No other delay is used, except `time
// passes` and the timeouts.

#include "scenarios/real/real_world.hpp"

#include <algorithm>
#include <csignal>
#include <set>

#include "net/local/client.hpp"
#include "scenarios/player/script.hpp"
#include "scenarios/real/framing.hpp"
#include "scenarios/real/ports.hpp"

namespace real {

using namespace std::chrono_literals;
using player::host_behaviour;
using player::unmet;
using steady = std::chrono::steady_clock;

namespace {

// A gateway that could not reach its host redials within half a minute.
constexpr auto first_call_timeout = 40s;

// Long enough to start a process on a busy machine.
constexpr auto start_timeout = 30s;

// After this many probes, earlier messages have passed all parts of the gateway.
constexpr int probes_needed = 3;

std::string option(const char* name, std::uint16_t port) {
  return std::string("--") + name + "=" + std::to_string(port);
}

void add_options(std::vector<std::string>& arguments, const std::vector<std::string>& options) {
  for (const auto& o : options)
    arguments.push_back("--" + o);
}

}  // namespace

real_world::real_world(ground& g, const player::world_settings& setup, std::optional<target> at)
  : ground_(g), setup_(setup), at_(std::move(at)) {
  if (at_)
    begin_at_target();
  else
    begin_with_child();
}

void real_world::begin_with_child() {
  state_.emplace();
  if (!state_->is_there())
    throw unmet{"  cannot make a directory like " + state_->path() + " for the gateway\n"};
  // Another process may take a port before the child does; then the child reports it and ends, and other
  // ports are tried.
  for (int attempt = 1;; ++attempt) {
    bank_port_ = free_port();
    port_ = free_port();
    http_port_ = free_port();
    stat_port_ = free_port();
    bank_ = std::make_shared<bank_port>(ground_.io, bank_port_, framing_of(setup_));
    if (setup_.behaviour == host_behaviour::is_bank)
      start_bank();
    if (const auto why = bank_->behave(setup_.behaviour); !why.empty() && attempt == 5)
      throw unmet{"  " + why + "\n"};
    log_.clear();
    start_gateway();
    if (!gateway_->has_ended())
      break;
    if (attempt == 5 || !logged("cannot listen on port"))
      throw unmet{"  the gateway does not start: " + end_of_log()};
  }
  await_start();
}

real_world::~real_world() {
  terminals_.reset();
  gateway_.reset();
  emulator_.reset();
  if (!at_ && bank_)
    bank_->behave(host_behaviour::refuses);
  poll();
}

void real_world::begin_at_target() {
  port_ = at_->port;
  http_port_ = at_->http_port;
  stat_port_ = at_->stat_port;
  address_ = at_->host;
  // With --target, a story has no options but those of the host link.
  if (std::exchange(ground_.targets_options, setup_.options) != setup_.options || !ground_.targets_bank) {
    ground_.targets_bank.reset();
    ground_.targets_bank = std::make_shared<bank_port>(ground_.io, at_->bank_port, framing_of(setup_));
  }
  bank_ = ground_.targets_bank;
  poll();
  bank_->forget();
  if (const auto why = bank_->behave(setup_.behaviour); !why.empty())
    throw unmet{"  " + why + "\n"};
  const auto called = [this] { return bank_->line() && bank_->line()->is_open(); };
  if (setup_.behaviour == host_behaviour::answers && !run_until(ground_.io, called, first_call_timeout))
    throw unmet{"  no gateway calls the story's host on port " + std::to_string(at_->bank_port) + "\n"};
}

void real_world::start_gateway() {
  std::vector<std::string> arguments{"--upstreamHost=127.0.0.1",
                                     option("upstreamPort", bank_port_),
                                     option("listenPort", port_),
                                     option("listenHttpPort", http_port_),
                                     option("statServerPort", stat_port_),
                                     "--journal=" + state_->path(),
                                     "--echoInterval=0",
                                     "--vv"};
  // The story's own options come last, so they win.
  add_options(arguments, setup_.options);
  const auto lines_before = log_.size();
  gateway_ = std::make_unique<child>(ground_.io, ground_.program, arguments,
                                     [this](const std::string& line) { log_.push_back(line); });
  run_until(
    ground_.io,
    [&] {
      return gateway_->has_ended() ||
             std::any_of(log_.begin() + static_cast<std::ptrdiff_t>(lines_before), log_.end(),
                         [](const std::string& line) {
                           return line.find("Raw clients are awaited") != std::string::npos;
                         });
    },
    start_timeout);
}

// Where the host accepts connections, the story begins when the link is up, as in virtual time.
void real_world::await_start() {
  const auto calls_before = host_calls();
  const auto called = [&] {
    switch (setup_.behaviour) {
      case host_behaviour::answers: return bank_->line() && bank_->line()->is_open();
      case host_behaviour::is_bank: return host_calls() > calls_before || calls_before > 0;
      default: return true;
    }
  };
  if (!run_until(ground_.io, called, start_timeout))
    throw unmet{"  the gateway does not call its host: " + end_of_log()};
  run_until_idle();
}

void real_world::start_bank() {
  std::vector<std::string> arguments{option("echoServerPort", bank_port_), "--v"};
  add_options(arguments, setup_.options);
  add_options(arguments, setup_.bank_options);
  emulator_ = std::make_unique<child>(ground_.io, ground_.program, arguments,
                                      [this](const std::string& line) { log_.push_back(line); });
  run_until(
    ground_.io, [this] { return emulator_->has_ended() || logged("Echo server listens"); }, start_timeout);
}

// --- time --------------------------------------------------------------------

std::chrono::local_seconds real_world::local_time() const { return clock_.local_time(); }

std::chrono::milliseconds real_world::since_begin() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(steady::now() - begun_at_);
}

void real_world::pass(std::chrono::milliseconds time) {
  run_for(ground_.io, time);
  clock_.pass(time);
}

bool real_world::comes(const std::function<bool()>& what) {
  return run_until(ground_.io, what, ground_.expectation_timeout);
}

void real_world::poll() { ground_.io.poll(); }

void real_world::take_notice() {
  probe();
  poll();
}

void real_world::run_until_idle() {
  for (int n = 0; n < probes_needed && probe(); ++n) {}
  poll();
  // A thread writes the log: it is complete when no line has come for a moment.
  for (auto lines = log_.size() + 1; gateway_ && lines != log_.size();) {
    lines = log_.size();
    ground_.io.run_for(20ms);
  }
}

// --- the gateway -------------------------------------------------------------

std::shared_ptr<wire> real_world::call(std::uint16_t port, net::framing how) {
  std::string why;
  return dial(ground_.io, address_, port, std::move(how), why);
}

// Asks for the statistics, where there are any: the gateway sends them and closes. Else connects as a client
// that sends nothing and finishes: the gateway closes that too.
bool real_world::probe() {
  if (gateway_ && gateway_->has_ended())
    return false;
  const auto w = call(stat_port_ != 0 ? stat_port_ : port_);
  if (!w)
    return false;
  if (stat_port_ == 0)
    w->finishes();
  return comes([&w] { return w->closed; });
}

player::line_ptr real_world::enter(bool by_http) {
  if (by_http && http_port_ == 0)
    throw player::not_here{"the port for HTTP is not known; give --http-port"};
  if (auto w = by_http ? call(http_port_) : call(port_, client_framing_of(setup_)))
    return w;
  if (at_)
    throw unmet{"  no gateway answers at " + address_ + ":" + std::to_string(by_http ? http_port_ : port_) +
                "\n"};
  // Refused, as by a listener that is closed.
  auto refused = std::make_shared<wire>(boost::asio::ip::tcp::socket(ground_.io), net::framing{});
  refused->closed = true;
  return refused;
}

void real_world::drain() {
  gateway_->signal(SIGTERM);
  comes([this] { return logged("Ending on a signal") || gateway_->has_ended(); });
}

void real_world::kill() {
  killed_ = true;
  gateway_->signal(SIGKILL);
  comes([this] { return gateway_->has_ended(); });
}

void real_world::start_again() {
  start_gateway();
  killed_ = false;
  if (gateway_->has_ended())
    throw unmet{"  the gateway does not start again: " + end_of_log()};
  await_start();
}

std::string real_world::ask_as_operator(const std::string& line) {
  const auto asked = net::ask_local(state_->path() + "/control", line, ground_.expectation_timeout);
  poll();
  return asked.index() == 0 ? std::get<0>(asked) : "";
}

std::string real_world::how_it_ended() {
  const auto status = gateway_ ? gateway_->status() : std::nullopt;
  return killed_ || !status || *status == 0
           ? ""
           : "with exit status " + std::to_string(*status) + ", having said: " + end_of_log();
}

bool real_world::has_ended() { return gateway_ && gateway_->has_ended(); }

std::string real_world::statistics() {
  if (stat_port_ == 0)
    throw player::not_here{"the statistics of this gateway cannot be read; give --stat-port"};
  const auto w = call(stat_port_);
  if (!w)
    return "";
  comes([&w] { return w->closed; });
  std::string line;
  for (const auto& segment : w->sent)
    line += segment;
  return line.substr(0, line.find('\n'));
}

bool real_world::logged(const std::string& text) const {
  return std::ranges::any_of(
    log_, [&text](const std::string& line) { return line.find(text) != std::string::npos; });
}

std::string real_world::end_of_log() const { return (log_.empty() ? "it says nothing" : log_.back()) + "\n"; }

// --- the host ----------------------------------------------------------------

void real_world::host_behaves(host_behaviour how) {
  if (how != host_behaviour::is_bank)
    emulator_.reset();
  if (const auto why = bank_->behave(how); !why.empty())
    throw unmet{"  " + why + "\n"};
}

long real_world::host_calls() {
  if (setup_.behaviour != host_behaviour::is_bank)
    return bank_->calls();
  return std::ranges::count_if(log_, [](const std::string& line) {
    return line.find("Echo server: ") != std::string::npos && line.ends_with(" connected");
  });
}

// --- the test clients ----------------------------------------------------------

void real_world::run_test_clients(std::size_t count, const config::settings&,
                                  const std::vector<std::string>& options) {
  std::vector<std::string> arguments{"--testTargetHost=" + address_, option("testTargetPort", port_),
                                     "--testClients=" + std::to_string(count), "--v"};
  add_options(arguments, setup_.options);
  add_options(arguments, options);
  terminals_count_ = count;
  terminals_log_.clear();
  terminals_ =
    std::make_unique<child>(ground_.io, ground_.program, arguments, [this](const std::string& line) {
      terminals_log_.push_back(line);
      log_.push_back(line);
    });
}

player::test_clients_report real_world::terminals() {
  player::test_clients_report r{terminals_count_, 0, 0, 0};
  std::set<std::string> served;
  for (const auto& line : terminals_log_) {
    if (const auto end = line.find(" got correct response"); end != std::string::npos) {
      ++r.good;
      served.insert(line.substr(line.find("Test client "), end));
    } else if (line.find("Test failed:") != std::string::npos) {
      ++r.failed;
    }
  }
  r.never_served = terminals_count_ - served.size();
  return r;
}

}  // namespace real
