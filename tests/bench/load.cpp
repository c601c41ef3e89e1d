// sq_load: clients and a bank in one process, around the gateway or a plain relay.
//
// One thread and one loop, so that its cost stays on one core. A measurement only counts where every reply
// was right.

#include <csignal>
#include <iomanip>
#include <iostream>
#include <nlohmann/json.hpp>
#include <optional>

#include "codec/dialect/dialect_file.hpp"
#include "config/dialects.hpp"
#include "tests/bench/bank.hpp"
#include "tests/bench/crowd.hpp"
#include "tests/bench/held_connections.hpp"
#include "tests/bench/process_usage.hpp"

namespace {

constexpr int exit_failed = 1;   // some replies were not right
constexpr int exit_misused = 2;  // nothing could be measured

int misused(const std::string& why) {
  std::cerr << "sq_load: " << why << "\n";
  return exit_misused;
}

struct outcome {
  bench::tally transactions;
  std::size_t count = 0;
  std::optional<double> cpu_per_transaction;  // microseconds
  std::optional<double> rss_mb;
  std::size_t held = 0;
  std::size_t held_and_served = 0;
  std::size_t bank_complaints = 0;

  double seconds() const { return std::chrono::duration<double>(transactions.took).count(); }
  double per_second() const { return count == 0 ? 0 : static_cast<double>(transactions.ok) / seconds(); }
  bool good(const bench::options& o) const {
    return transactions.ok == count && transactions.complaints == 0 && bank_complaints == 0 &&
           held_and_served == o.connections;
  }
};

void print(const outcome& r, const bench::options& o, std::ostream& out) {
  const auto& t = r.transactions;
  out << std::fixed << std::setprecision(1);
  if (r.count != 0) {
    out << o.clients << " clients, " << r.count << " transactions: " << t.ok << " right, " << t.wrong
        << " wrong, " << t.lost << " lost\n"
        << r.seconds() << " s, " << r.per_second() << " a second; half within " << t.milliseconds_at(0.5)
        << " ms, 99 % within " << t.milliseconds_at(0.99) << " ms\n";
  }
  if (r.cpu_per_transaction)
    out << "CPU of process " << o.pid << ": " << *r.cpu_per_transaction << " us a transaction\n";
  if (r.rss_mb)
    out << "memory of process " << o.pid << ": " << *r.rss_mb << " MB\n";
  if (o.connections != 0)
    out << "connections: " << r.held << " of " << o.connections << " held, " << r.held_and_served
        << " served at the end\n";
  if (const auto more = t.complaints + r.bank_complaints; more != 0)
    out << "other things that were wrong: " << more << "\n";
}

std::string as_json(const outcome& r, const bench::options& o) {
  const auto& t = r.transactions;
  nlohmann::ordered_json j{{"clients", o.clients},
                           {"transactions", r.count},
                           {"ok", t.ok},
                           {"wrong", t.wrong},
                           {"lost", t.lost},
                           {"seconds", r.seconds()},
                           {"per_second", r.per_second()},
                           {"p50_ms", t.milliseconds_at(0.5)},
                           {"p99_ms", t.milliseconds_at(0.99)},
                           {"p50_us", t.milliseconds_at(0.5) * 1000},
                           {"p99_us", t.milliseconds_at(0.99) * 1000}};
  if (r.cpu_per_transaction)
    j["cpu_us_per_transaction"] = *r.cpu_per_transaction;
  if (r.rss_mb)
    j["rss_mb"] = *r.rss_mb;
  if (o.connections != 0) {
    j["held"] = r.held;
    j["held_and_served"] = r.held_and_served;
  }
  j["complaints"] = t.complaints + r.bank_complaints;
  return j.dump();
}

// The measured part. The process must exist before and after it.
bool measure(bench::crowd& clients, const bench::options& o, outcome& into) {
  const auto before = bench::usage_of(o.pid);
  into.transactions = clients.run(into.count);
  const auto after = bench::usage_of(o.pid);
  if (o.pid == 0)
    return true;
  if (!before || !after)
    return false;
  into.rss_mb = after->rss_mb;
  if (into.count != 0)
    into.cpu_per_transaction =
      static_cast<double>((after->cpu - before->cpu).count()) / static_cast<double>(into.count);
  return true;
}

void stay_idle(lab::asio::io_context& io, std::chrono::seconds time) {
  io.restart();
  io.run_for(time);
}

int run(const bench::options& o) {
  const auto dialect = codec::parse_dialect(config::built_in_dialect("smartvista"));
  if (!dialect)
    return misused("the built-in dialect: " + dialect.error());
  const lab::layout wire(*dialect);
  lab::asio::io_context io(1);
  bench::bank bank(io, o, wire);
  if (const auto why = bank.listen(); !why.empty())
    return misused(why);
  if (!bank.wait_for_gateway())
    return misused("no gateway has called the bank on port " + std::to_string(o.bank_port));

  outcome result;
  result.count = o.transaction_count();
  bench::held_connections idle(io, *dialect, wire, o);
  idle.open();
  bench::crowd clients(io, *dialect, wire, o);
  if (result.count != 0 && !clients.connect())
    return misused("the clients cannot connect to port " + std::to_string(o.target_port));
  const auto warm = clients.run(o.warmup);
  if (result.count == 0)
    stay_idle(io, o.hold);
  if (!measure(clients, o, result))
    return misused("there is no process " + std::to_string(o.pid));
  result.held = idle.count();
  result.held_and_served = idle.echo();
  result.transactions.complaints += warm.complaints + warm.wrong + warm.lost;
  result.bank_complaints = bank.complaints();

  print(result, o, o.json ? std::cerr : std::cout);
  if (o.json)
    std::cout << as_json(result, o) << std::endl;
  return result.good(o) ? 0 : exit_failed;
}

}  // namespace

int main(int argc, char** argv) {
  const auto parsed = bench::parse({argv + 1, static_cast<std::size_t>(argc - 1)});
  if (const auto* why = std::get_if<std::string>(&parsed))
    return misused(*why);
  const auto& options = std::get<bench::options>(parsed);
  if (options.help) {
    std::cout << bench::help_text();
    return 0;
  }
  std::signal(SIGPIPE, SIG_IGN);
  bench::raise_file_limit();
  return run(options);
}
