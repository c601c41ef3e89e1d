// sq_chaos: kills the released gateway under load, again and again, and audits the bank.
//
// Terminals, programs and the bank live in this process, on one thread; the gateway is a child on one journal. Nothing is
// judged while it runs but what must never happen; in the end each cent at the bank must be one that a client was told
// of, or one on the gateway's own list.

#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>

#include "codec/dialect_file.hpp"
#include "config/dialects.hpp"
#include "tests/chaos/bank.hpp"
#include "tests/chaos/gateway_process.hpp"
#include "tests/chaos/http_terminal.hpp"
#include "tests/chaos/options.hpp"
#include "tests/chaos/raw_terminal.hpp"

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;
using steady = std::chrono::steady_clock;
using chaos::trace;

constexpr int exit_failed = 1;   // the books do not agree, or the gateway did not do what it must
constexpr int exit_misused = 2;  // nothing could be tried

// Terminals with a raw client each; the last of them share theirs with the first programs that speak HTTP.
constexpr std::uint64_t first_tid = 10'000'000, raw_terminals = 35, first_http_tid = first_tid + 30, http_terminals = 20;

// From its start to its open doors, with all that the journal has gathered.
constexpr auto start_patience = 60s;

// The clients have their answers by then.
constexpr auto clients_patience = 90s, brief_clients_patience = 4s;

// What nobody fetches is reversed after 10 s and 30 s more, what the bank does not know after a minute.
constexpr auto grace = 45s, settling = 65s, drain_patience = 300s;

struct result {
  std::uint64_t kills = 0;
  std::uint64_t early_kills = 0;
  std::vector<milliseconds> starts;
  std::size_t parked = 0;
  milliseconds took{}, drain{};
  chaos::balance balance;
  std::size_t unconfirmed = 0, reversing = 0;

  milliseconds slowest_start() const { return starts.empty() ? 0ms : *std::ranges::max_element(starts); }
  milliseconds usual_start() const {
    if (starts.empty())
      return 0ms;
    auto sorted = starts;
    std::ranges::nth_element(sorted, sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2));
    return sorted[sorted.size() / 2];
  }
};

// A port of this machine that nobody uses, below those of outgoing connections.
std::uint16_t free_port(chaos::asio::io_context& io) {
  static std::uint32_t next = static_cast<std::uint32_t>(getpid()) * 61 % 12000;
  for (;;) {
    const auto port = static_cast<std::uint16_t>(20000 + next++ % 12000);
    chaos::tcp::acceptor probe(io);
    boost::system::error_code taken;
    probe.open(chaos::tcp::v4());
    probe.bind({chaos::tcp::v4(), port}, taken);
    if (!taken)
      return port;
  }
}

std::string option(const char* name, std::uint16_t port) { return std::string("--") + name + "=" + std::to_string(port); }

class run {
public:
  run(const chaos::options& o, const codec::dialect& d, std::string directory)
    : options_(o), directory_(std::move(directory)), wire_(d), dice_(o.seed), bank_(io_, d, books_, dice_()),
      world_{io_, d, wire_, books_, endpoint(), endpoint()} {
    bank_port_ = free_port(io_);
    gateway_ = std::make_unique<chaos::gateway_process>(
      io_, o.program, directory_ + "/journal",
      std::vector<std::string>{"--upstreamHost=127.0.0.1", option("upstreamPort", bank_port_), option("listenPort", world_.raw.port()),
                               option("listenHttpPort", world_.http.port()), "--queueTimeout=8", "--hostTimeout=1.5", "--queueShortTimeout=1",
                               "--logFile=" + directory_ + "/gateway.log", "--v"});
    for (std::uint64_t i = 0; i < raw_terminals; ++i)
      terminals_.push_back(std::make_unique<chaos::raw_terminal>(world_, first_tid + i, dice_()));
    for (std::uint64_t i = 0; i < http_terminals; ++i)
      terminals_.push_back(std::make_unique<chaos::http_terminal>(world_, first_http_tid + i, dice_()));
  }

  std::string prepare() { return bank_.listen(bank_port_); }

  result play() {
    const auto begun = steady::now();
    for (auto& t : terminals_)
      t->begin();
    for (std::uint64_t n = 1; n <= options_.kills && go_on(); ++n)
      live_and_die(n);
    if (go_on())
      come_to_an_end();
    result_.took = since(begun);
    result_.parked = parked_.size();
    result_.balance = books_.reconcile(list_.unconfirmed, list_.reversing);
    result_.unconfirmed = list_.unconfirmed.size();
    result_.reversing = list_.reversing.size();
    return result_;
  }

private:
  chaos::tcp::endpoint endpoint() { return {chaos::asio::ip::address_v4::loopback(), free_port(io_)}; }

  static milliseconds since(steady::time_point then) { return std::chrono::duration_cast<milliseconds>(steady::now() - then); }

  void pass(milliseconds time) {
    io_.restart();
    io_.run_for(time);
  }

  template <class Done>
  bool await(Done done, milliseconds patience) {
    for (const auto begun = steady::now(); !done();) {
      if (since(begun) > patience)
        return false;
      pass(5ms);
    }
    return true;
  }

  int random(int least, int most) { return std::uniform_int_distribution<int>(least, most)(dice_); }

  bool go_on() const { return !failed_; }

  void fail(const std::string& why) {
    failed_ = true;
    books_.complain(why + "; its last words: " + gateway_->last_words());
  }

  bool start() {
    const auto begun = steady::now();
    gateway_->start();
    if (!await([this] { return gateway_->is_ready() || gateway_->has_died(); }, start_patience) || !gateway_->is_ready()) {
      fail("the gateway does not start");
      return false;
    }
    result_.starts.push_back(since(begun));
    return true;
  }

  void live_and_die(std::uint64_t number) {
    if (random(1, 20) == 1) {
      // In the middle of reading its journal.
      gateway_->start();
      pass(milliseconds(random(0, 60)));
      gateway_->kill();
      ++result_.early_kills;
    }
    if (!start())
      return;
    pass(milliseconds(random(300, options_.brief ? 900 : 1500)));
    if (gateway_->has_died())
      return fail("the gateway has ended by itself");
    gateway_->kill();
    ++result_.kills;
    pass(milliseconds(random(0, 80)));
    if (number % 10 == 0)
      tell("killed " + std::to_string(number) + " times; " + std::to_string(books_.receipts().size()) + " purchases; the last start took " +
           std::to_string(result_.starts.back().count()) + " ms");
  }

  void come_to_an_end() {
    if (!start())
      return;
    pass(2s);
    world_.closing = true;
    bank_.behave();
    const bool all_idle = await([this] { return std::ranges::all_of(terminals_, [](const auto& t) { return t->is_idle(); }); },
                                options_.brief ? brief_clients_patience : clients_patience);
    if (!all_idle && !options_.brief)
      return fail("some clients do not come to their end");
    const auto begun = steady::now();
    if (options_.brief) {
      // Approvals under way to clients that have left become unconfirmed, and are listed. Who waits still, waits in vain.
      gateway_->kill();
      world_.raw = world_.http = endpoint();
      if (start() && !gateway_->list(list_))
        fail("the gateway does not tell its cases");
    } else {
      drain();
    }
    result_.drain = since(begun);
    if (go_on() && gateway_->end() != 0)
      fail("the gateway does not end well");
  }

  // Until nothing is listed but what waits for its client, with an operator who has parked cases tried again.
  void drain() {
    tell("no more purchases; the gateway ends what is open");
    for (const auto begun = steady::now();;) {
      pass(2s);
      if (!gateway_->list(list_))
        return fail("the gateway does not tell its cases");
      if (list_.reversing.empty() && since(begun) >= grace)
        return;
      if (since(begun) > drain_patience)
        return fail(std::to_string(list_.reversing.size()) + " cases do not come to their end");
      if (std::exchange(told_open_, list_.reversing.size()) != list_.reversing.size())
        tell(std::to_string(list_.reversing.size()) + " cases are open, " + std::to_string(list_.for_a_person.size()) + " of them for a person; " +
             std::to_string(list_.unconfirmed.size()) + " unconfirmed");
      parked_.insert(list_.for_a_person.begin(), list_.for_a_person.end());
      // What the bank still does not know by then it never will; whoever waits for the next attempt need not.
      const auto& tried = since(begun) >= settling ? list_.numbers : list_.for_a_person;
      for (const auto number : tried) {
        gateway_->retry(number);
        pass(1ms);  // the bank has answers to give
      }
    }
  }

  void tell(const std::string& what) { (options_.json ? std::cerr : std::cout) << what << std::endl; }

  chaos::options options_;
  std::string directory_;
  chaos::asio::io_context io_{1};
  bench::layout wire_;
  chaos::books books_;
  std::mt19937_64 dice_;
  chaos::bank bank_;
  chaos::world world_;
  std::uint16_t bank_port_ = 0;
  std::unique_ptr<chaos::gateway_process> gateway_;
  std::vector<std::unique_ptr<chaos::terminal>> terminals_;
  chaos::open_cases list_;
  std::set<std::uint64_t> parked_;
  std::size_t told_open_ = 0;
  result result_;
  bool failed_ = false;
};

std::string money(std::uint64_t minor) {
  const auto rest = std::to_string(minor % 100);
  return std::to_string(minor / 100) + "." + std::string(2 - rest.size(), '0') + rest;
}

void print(const result& r, std::ostream& out) {
  out << "\n";
  const auto line = [&out](const std::string& name, const chaos::sum& s) {
    out << "  " << name << std::string(name.size() < 50 ? 50 - name.size() : 1, ' ') << std::string(9 - std::min<std::size_t>(9, std::to_string(s.count).size()), ' ')
        << s.count << std::string(15 - std::min<std::size_t>(15, money(s.amount).size()), ' ') << money(s.amount) << "\n";
  };
  for (const auto& [name, s] : r.balance.rows)
    line(name, s);
  out << "\n";
  line("held by the bank", r.balance.held);
  line("of it: clients were told approved", r.balance.shown);
  line("of it: open cases on the gateway's list", r.balance.open_unshown);
  out << "\nkills: " << r.kills << " (and " << r.early_kills << " while it started); start: " << r.usual_start().count() << " ms usually, "
      << r.slowest_start().count() << " ms at the most; all in all " << r.took.count() / 1000 << " s, of it " << r.drain.count() / 1000
      << " s for ending what was open\n"
      << "cases that an operator had tried again: " << r.parked << "; approvals kept on the list as unconfirmed: " << r.unconfirmed << "\n";
  constexpr std::size_t told_max = 20;
  for (std::size_t i = 0; i < std::min(told_max, r.balance.violations.size()); ++i)
    out << "WRONG: " << r.balance.violations[i] << "\n";
  if (r.balance.violations.size() > told_max)
    out << "and " << r.balance.violations.size() - told_max << " more\n";
  if (r.balance.violations.empty())
    out << (r.balance.good() ? "Nothing is orphaned, nothing shown as approved is reversed, nothing is charged twice.\n" : "WRONG: the sums do not agree\n");
}

std::string as_json(const result& r, std::uint64_t seed) {
  nlohmann::ordered_json rows;
  const auto sum_of = [](const chaos::sum& s) { return nlohmann::ordered_json{{"count", s.count}, {"amount", s.amount}}; };
  for (const auto& [name, s] : r.balance.rows)
    rows[name] = sum_of(s);
  return nlohmann::ordered_json{{"good", r.balance.good()}, {"seed", seed}, {"kills", r.kills}, {"early_kills", r.early_kills},
                                {"seconds", static_cast<double>(r.took.count()) / 1000}, {"drain_seconds", static_cast<double>(r.drain.count()) / 1000},
                                {"start_ms", r.usual_start().count()}, {"start_ms_max", r.slowest_start().count()}, {"held", sum_of(r.balance.held)},
                                {"shown", sum_of(r.balance.shown)}, {"open", sum_of(r.balance.open_unshown)}, {"unconfirmed", r.unconfirmed},
                                {"reversing", r.reversing}, {"parked", r.parked}, {"outcomes", rows}, {"violations", r.balance.violations}}
    .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

int misused(const std::string& why) {
  std::cerr << "sq_chaos: " << why << "\n";
  return exit_misused;
}

} // namespace

int main(int argc, char** argv) {
  const auto parsed = chaos::parse({argv + 1, static_cast<std::size_t>(argc - 1)});
  if (const auto* why = std::get_if<std::string>(&parsed))
    return misused(*why);
  const auto& o = std::get<chaos::options>(parsed);
  if (o.help) {
    std::cout << chaos::help_text;
    return 0;
  }
  if (access(o.program.c_str(), X_OK) != 0)
    return misused("there is no program " + o.program + "; build first");
  std::signal(SIGPIPE, SIG_IGN);
  const auto dialect = codec::parse_dialect(config::built_in_dialects().front().text);
  if (!dialect)
    return misused("the built-in dialect: " + dialect.error());
  auto directory = o.directory;
  if (directory.empty()) {
    directory = (std::filesystem::temp_directory_path() / "socketqueue-chaos-XXXXXX").string();
    if (mkdtemp(directory.data()) == nullptr)
      return misused("cannot make a temporary directory in " + std::filesystem::temp_directory_path().string());
  }
  std::error_code error;
  std::filesystem::create_directories(directory, error);

  auto& out = o.json ? std::cerr : std::cout;
  out << "seed " << o.seed << ", " << o.kills << " kills, in " << directory << std::endl;
  result r;
  {
    run all(o, *dialect, directory);
    if (const auto why = all.prepare(); !why.empty())
      return misused(why);
    r = all.play();
  }
  print(r, out);
  if (o.json)
    std::cout << as_json(r, o.seed) << std::endl;
  if (!r.balance.good())
    out << "The journal and the gateway's log are in " << directory << "\n";
  else if (o.directory.empty())
    std::filesystem::remove_all(directory, error);
  return r.balance.good() ? 0 : exit_failed;
}
