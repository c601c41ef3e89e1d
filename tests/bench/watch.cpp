// sq_watch: all that watches a busy gateway, in one process, so that it takes little of the processors.
//
// It watches until it gets SIGTERM, and then says what it has got. A measurement only counts where nothing
// failed.

#include <boost/asio/ip/tcp.hpp>
#include <caf/all.hpp>
#include <caf/io/all.hpp>

#include <atomic>
#include <csignal>
#include <ctime>
#include <functional>
#include <iostream>
#include <nlohmann/json.hpp>
#include <thread>

#include "actors/protocol/inspection.hpp"
#include "tests/lab/arguments.hpp"

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;
using boost::asio::ip::tcp;
namespace seen = actors::inspection;

struct options {
  std::uint16_t admin_port = 0, stat_port = 0, node_port = 0;
  unsigned asks = 0;
  bool help = false;
};

std::vector<lab::argument> table(options& o) {
  return {
    {"admin-port", "port",
     "each second a scrape of /metrics and the three lists of a program; two pages, which are sent events",
     lab::number(o.admin_port, 1, 65535)},
    {"stat-port", "port", "each second the line of the statistics", lab::number(o.stat_port, 1, 65535)},
    {"node-port", "port",
     "as two of inspect --watch: each second a summary, the terminals and 100 transactions",
     lab::number(o.node_port, 1, 65535)},
    {"asks", "count", "instead: so many summaries a second are asked for at node-port",
     lab::number(o.asks, 1, 100'000)},
    {"help", "", "this page", lab::flag(o.help)},
  };
}

// What has been got, and what has not.
struct counts {
  std::atomic<std::uint64_t> scrapes = 0, lists = 0, events = 0, lines = 0, answers = 0, failed = 0;
};
counts got;

void count(bool good, std::atomic<std::uint64_t>& as) { ++(good ? as : got.failed); }

// Runs `what` at set times.
void repeat(std::chrono::nanoseconds period, const std::function<void()>& what) {
  for (auto next = steady::now();; next += period) {
    std::this_thread::sleep_until(next);
    what();
  }
}

std::string get(std::uint16_t port, const std::string& path) {
  tcp::iostream s("127.0.0.1", std::to_string(port));
  s << "GET " << path << " HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n" << std::flush;
  return {std::istreambuf_iterator<char>(s), {}};
}

bool is_good(const std::string& reply) { return reply.starts_with("HTTP/1.1 200 "); }

void scrape(std::uint16_t port) {
  repeat(1s, [port] { count(is_good(get(port, "/metrics")), got.scrapes); });
}

void read_lists(std::uint16_t port) {
  repeat(1s, [port] {
    for (const auto* path : {"/v1/terminals", "/v1/transactions", "/v1/actors"})
      count(is_good(get(port, path)), got.lists);
  });
}

void open_page(std::uint16_t port) {
  tcp::iostream s("127.0.0.1", std::to_string(port));
  s << "GET /v1/events HTTP/1.1\r\nHost: bench\r\n\r\n" << std::flush;
  for (std::string line; std::getline(s, line);)
    if (line.starts_with("data: "))
      ++got.events;
  ++got.failed;
}

void read_statistics(std::uint16_t port) {
  repeat(1s, [port] {
    tcp::iostream s("127.0.0.1", std::to_string(port));
    std::string line;
    count(std::getline(s, line) && line.starts_with("{"), got.lines);
  });
}

// Another node, as `socketqueue inspect` is one.
class inspecting {
public:
  explicit inspecting(std::uint16_t port) {
    if (auto node = system_.middleman().remote_actor<seen::inspector_actor>("127.0.0.1", port))
      node_ = std::move(*node);
  }
  bool is_connected() const { return node_ != nullptr; }

  void watch() {
    repeat(1s, [this] {
      for (int i = 0; i < 2; ++i) {
        ask<seen::summary>(seen::summary_atom::value);
        ask<seen::terminals>(seen::terminals_atom::value);
        ask<seen::transactions>(seen::transactions_atom::value, std::uint64_t{100});
      }
    });
  }

  void ask_often(unsigned a_second) {
    repeat(std::chrono::nanoseconds(1s) / a_second,
           [this] { ask<seen::summary>(seen::summary_atom::value); });
  }

private:
  struct node_config : caf::actor_system_config {
    node_config() {
      add_message_types<caf::id_block::inspection>();
      load<caf::io::middleman>();
      set("middleman.app-identifiers", std::vector<std::string>{seen::application()});
      set("scheduler.max-threads", std::size_t{1});
      set("scheduler.policy", caf::atom("sharing"));
    }
  };

  template <class View, class... What>
  void ask(What... what) {
    self_->request(node_, 2s, what...)
      .receive([](const View&) { ++got.answers; }, [](caf::error&) { ++got.failed; });
  }

  node_config config_;
  caf::actor_system system_{config_};
  caf::scoped_actor self_{system_};
  seen::inspector_actor node_;
};

void look_at(const options& o) {
  inspecting node(o.node_port);
  if (!node.is_connected()) {
    ++got.failed;
    return;
  }
  if (o.asks != 0)
    node.ask_often(o.asks);
  else
    node.watch();
}

int watch(const options& o) {
  sigset_t end;
  sigemptyset(&end);
  sigaddset(&end, SIGTERM);
  pthread_sigmask(SIG_BLOCK, &end, nullptr);
  std::vector<std::thread> all;
  if (o.admin_port != 0) {
    all.emplace_back(scrape, o.admin_port);
    all.emplace_back(read_lists, o.admin_port);
    for (int page = 0; page < 2; ++page)
      all.emplace_back(open_page, o.admin_port);
  }
  if (o.stat_port != 0)
    all.emplace_back(read_statistics, o.stat_port);
  if (o.node_port != 0)
    all.emplace_back(look_at, o);
  int signal = 0;
  sigwait(&end, &signal);
  timespec used{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  const nlohmann::ordered_json result{{"scrapes", got.scrapes.load()},
                                      {"lists", got.lists.load()},
                                      {"events", got.events.load()},
                                      {"lines", got.lines.load()},
                                      {"answers", got.answers.load()},
                                      {"failed", got.failed.load()},
                                      {"cpu_ms", used.tv_sec * 1000 + used.tv_nsec / 1'000'000}};
  std::cout << result.dump() << std::endl;
  // The threads wait for the gateway.
  std::_Exit(got.failed == 0 ? 0 : 1);
}

}  // namespace

int main(int argc, char** argv) {
  options o;
  const auto wrong = lab::read_arguments({argv + 1, static_cast<std::size_t>(argc - 1)}, table(o));
  if (o.help) {
    std::cout << "sq_watch [option...]\n\nWatches a gateway until SIGTERM; the result is one JSON object, "
                 "the exit status is 0 "
                 "where nothing failed.\n\n"
              << lab::help_of(table(o));
    return 0;
  }
  if (!wrong.empty()) {
    std::cerr << "sq_watch: " << wrong << "\n";
    return 2;
  }
  return watch(o);
}
