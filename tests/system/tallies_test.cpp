// What the gateway counts against what its bank and its clients have counted, with a bank that misbehaves and
// a restart in the middle. SQ_TALLIES is the number of purchases, 3,000 without it.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <set>
#include <sstream>

#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "tests/lab/bank_port.hpp"
#include "tests/lab/browser.hpp"
#include "tests/lab/purchase.hpp"
#include "tests/lab/stream.hpp"
#include "tests/store/directory.hpp"
#include "tests/support/dialects.hpp"
#include "tests/support/program.hpp"

using nlohmann::json;
using support::free_port;
namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// By the last digits of a purchase's amount.
enum class bank_does { approves, declines, stays_silent, approves_twice, sends_an_unknown_response_too };

bank_does what_bank_does(std::uint64_t amount) {
  const auto digits = amount % 100;
  return digits < 80   ? bank_does::approves
         : digits < 95 ? bank_does::declines
         : digits < 96 ? amount % 500 < 100 ? bank_does::stays_silent : bank_does::approves
         : digits < 98 ? bank_does::approves_twice
                       : bank_does::sends_an_unknown_response_too;
}

class counting_bank {
public:
  explicit counting_bank(asio::io_context& io)
    : acceptor_(io),
      line_(io, 65536,
            {[this](std::string_view unread) { return take(unread); }, [](const std::string&) {}}) {
    REQUIRE(lab::listen(acceptor_, port, 4).empty());
    accept();
  }

  const std::uint16_t port = free_port();
  std::map<std::string, std::uint64_t> messages;  // by MTI, in both directions
  std::map<std::string, std::uint64_t> refused;   // by code
  std::uint64_t approved = 0, silent = 0, doubled = 0, unknown = 0;
  std::set<std::string> still_held, reversed;  // by terminal and STAN
  std::vector<std::string> undelivered;        // approvals that are reversed
  std::uint64_t requested_amount = 0, approved_amount = 0, reversed_amount = 0;

private:
  void accept() {
    acceptor_.async_accept([this](boost::system::error_code error, tcp::socket socket) {
      if (error)
        return;
      line_.adopt(std::move(socket));
      accept();
    });
  }

  std::size_t take(std::string_view unread) {
    std::size_t taken = 0;
    std::string_view frame;
    while (lab::cut_frame(unread.substr(taken), frame) == lab::cut::frame) {
      take_message(*codec::unpack(frame, support::smart_vista()));
      taken += lab::header_size + frame.size();
    }
    line_.flush();
    return taken;
  }

  void take_message(const codec::message& m) {
    ++messages[std::string(m.mti())];
    const auto amount = lab::read_digits(m[4]);
    if (m.mti() == "0400") {
      const auto of = std::string(m[41]) + std::string(m[11]);
      still_held.erase(of);
      if (what_bank_does(amount) != bank_does::stays_silent)
        undelivered.push_back(of);
      if (reversed.insert(of).second)
        reversed_amount += amount;
      return answer(m, "000");
    }
    if (m.mti() != "0200")
      return answer(m, "000");
    requested_amount += amount;
    const auto does = what_bank_does(amount);
    if (does == bank_does::stays_silent) {
      ++silent;
      still_held.insert(std::string(m[41]) + std::string(m[11]));
      return;
    }
    if (does == bank_does::declines) {
      ++refused["116"];
      return answer(m, "116");
    }
    ++approved;
    approved_amount += amount;
    if (does == bank_does::sends_an_unknown_response_too) {
      ++unknown;
      auto other = m;
      other.set(41, "99999999");
      answer(other, "000");
    }
    answer(m, "000");
    if (does == bank_does::approves_twice) {
      ++doubled;
      answer(m, "000");
    }
  }

  void answer(codec::message m, const std::string& code) {
    m.set(0, codec::response_mti(m.mti()));
    if (m.mti() == "0210" && code == "000") {
      m.set(37, "123456789012");
      m.set(38, "A1B2C3");
    }
    m.set(39, code);
    ++messages[std::string(m.mti())];
    line_.queue(lab::framed(*codec::pack(m, support::smart_vista())));
  }

  tcp::acceptor acceptor_;
  lab::stream line_;
};

// What all clients share.
struct crowd {
  asio::io_context& io;
  std::uint16_t port;
  std::uint64_t left = 0;  // purchases that may begin
  std::uint64_t begun = 0, approved = 0, declined = 0, without_response = 0;
  lab::layout wire{support::smart_vista()};
  lab::wall_clock clock = {};
};

// One terminal on one connection, a purchase after the other; a new connection where it was closed.
class paying_client {
public:
  paying_client(crowd& of, std::uint64_t tid)
    : all_(of),
      tid_(tid),
      purchase_(support::smart_vista(), of.wire, tid),
      line_(
        of.io, 4096,
        {[this](std::string_view unread) { return take(unread); },
         [this](const std::string&) { ended(); }}) {}

  void begin() {
    if (all_.left == 0)
      return;
    if (line_.is_open())
      return send();
    line_.connect({asio::ip::address_v4::loopback(), all_.port}, [this] { send(); });
  }

  bool is_idle() const { return !is_waiting_; }
  bool is_connected() const { return line_.is_open(); }

private:
  void send() {
    if (all_.left == 0)
      return;
    --all_.left;
    const auto amount = 100 + all_.begun++ * 7 % 90'000;
    is_waiting_ = true;
    line_.queue(purchase_.write(amount, ++stan_, all_.clock.now()));
    line_.flush();
  }

  std::size_t take(std::string_view unread) {
    lab::outline where;
    if (all_.wire.read(unread, where) != lab::reading::whole)
      return 0;
    ++(lab::read_digits(where.field(unread, 39)) == 0 ? all_.approved : all_.declined);
    is_waiting_ = false;
    send();
    return where.size;
  }

  void ended() {
    if (!std::exchange(is_waiting_, false))
      return;
    ++all_.without_response;
    begin();
  }

  crowd& all_;
  std::uint64_t tid_, stan_ = 0;
  lab::purchase purchase_;
  lab::stream line_;
  bool is_waiting_ = false;
};

// Metrics by name and labels, summed over the processes.
class scraped {
public:
  void add(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);)
      if (const auto space = line.rfind(' '); !line.starts_with('#') && space != std::string::npos)
        values_[line.substr(0, space)] += std::strtod(line.c_str() + space, nullptr);
  }

  // Of all samples of this name whose labels have all of `labels`.
  std::uint64_t sum(const std::string& name, const std::vector<std::string>& labels = {}) const {
    double all = 0;
    for (const auto& [sample, value] : values_)
      if ((sample == name || sample.starts_with(name + "{")) && has_all(sample, labels))
        all += value;
    return static_cast<std::uint64_t>(all);
  }

private:
  static bool has_all(const std::string& sample, const std::vector<std::string>& labels) {
    return std::ranges::all_of(labels, [&](const auto& l) { return sample.find(l) != std::string::npos; });
  }

  std::map<std::string, double> values_;
};

struct tallied {
  void start() {
    gateway = std::make_unique<support::program>(std::vector<std::string>{
      "--upstreamHost=127.0.0.1", "--upstreamPort=" + std::to_string(bank.port),
      "--listenPort=" + std::to_string(clients.port), "--adminPort=" + std::to_string(admin_port),
      "--statServerPort=" + std::to_string(stat_port), "--statDumpFile=" + (home / "statistics"),
      "--journal=" + (home / "journal"), "--clientKeepOpen", "--hostTimeout=6", "--echoInterval=0"});
    REQUIRE(gateway->says("Connected to"));
  }

  void run_until(const std::function<bool()>& done) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(4);
    while (!done()) {
      INFO(clients.left << " purchases left, " << bank.still_held.size() << " to be reversed");
      REQUIRE(std::chrono::steady_clock::now() < until);
      io.restart();
      io.run_for(std::chrono::milliseconds(20));
    }
  }

  // So many purchases, and all reversals that follow from them.
  void pay(std::uint64_t count) {
    clients.left = count;
    for (auto& t : terminals)
      t->begin();
    run_until([this] {
      return clients.left == 0 && bank.still_held.empty() &&
             std::ranges::all_of(terminals, [](const auto& t) { return t->is_idle(); });
    });
    // The last response of the bank is on its way until the gateway has counted it.
    run_until([this] {
      const auto now = support::ask_port(stat_port, "");
      return json::parse(now).at("packetCount").at("0410") == bank.messages["0410"];
    });
  }

  std::string metrics() const { return lab::browser(admin_port).ask(lab::http_get("/metrics")).body; }

  void stop() {
    // Connections are counted once a second.
    run_until([this] {
      scraped now;
      now.add(metrics());
      const auto connected =
        std::ranges::count_if(terminals, [](const auto& t) { return t->is_connected(); });
      return now.sum("socketqueue_sessions", {"port=\"raw\""}) == static_cast<std::uint64_t>(connected);
    });
    counted.add(metrics());
    statistics = json::parse(support::ask_port(stat_port, ""));
    gateway->signal(SIGTERM);
    REQUIRE(gateway->wait() == 0);
    run_until([this] {
      return std::ranges::none_of(terminals, [](const auto& t) { return t->is_connected(); });
    });
  }

  test::directory home;
  asio::io_context io;
  counting_bank bank{io};
  crowd clients{io, free_port()};
  std::uint16_t admin_port = free_port(), stat_port = free_port();
  std::vector<std::unique_ptr<paying_client>> terminals;
  std::unique_ptr<support::program> gateway;
  scraped counted;
  json statistics;
};

std::uint64_t purchases_asked() {
  const char* asked = std::getenv("SQ_TALLIES");
  return asked ? std::strtoull(asked, nullptr, 10) : 3'000;
}

}  // namespace

TEST_CASE_METHOD(tallied,
                 "metrics and statistics equal what bank and clients have counted, over silences, "
                 "duplicates, unknown responses and a restart") {
  const auto all = purchases_asked();
  for (std::uint64_t tid = 10'000'000; tid < 10'000'050; ++tid)
    terminals.push_back(std::make_unique<paying_client>(clients, tid));
  start();
  pay(all / 2);
  stop();
  start();
  pay(all - all / 2);
  stop();

  for (const auto mti : {"0200", "0210", "0400", "0410"}) {
    CAPTURE(mti);
    CHECK(counted.sum("socketqueue_host_messages_total", {std::string("mti=\"") + mti + "\""}) ==
          bank.messages[mti]);
    CHECK(statistics.at("packetCount").at(mti) == bank.messages[mti]);
  }
  const auto ended = [this](const char* outcome) {
    return counted.sum("socketqueue_transactions_total",
                       {"mti=\"0200\"", std::string("outcome=\"") + outcome + "\""});
  };
  CHECK(bank.messages["0200"] == all);
  CHECK(bank.undelivered.empty());
  CHECK(ended("approved") == bank.approved);
  CHECK(ended("declined") == bank.refused["116"]);
  CHECK(ended("unknown") == bank.silent);
  CHECK(clients.approved == bank.approved);
  CHECK(clients.declined == bank.refused["116"]);
  CHECK(clients.without_response == bank.silent);
  CHECK(counted.sum("socketqueue_unmatched_responses_total", {"reason=\"duplicate\""}) == bank.doubled);
  CHECK(counted.sum("socketqueue_unmatched_responses_total", {"reason=\"unknown\""}) == bank.unknown);

  CHECK(counted.sum("socketqueue_reversal_attempts_total") == bank.messages["0400"]);
  CHECK(counted.sum("socketqueue_journal_size_bytes") > 0);
  CHECK(counted.sum("socketqueue_journal_free_bytes") > 0);

  CHECK(counted.sum("socketqueue_transaction_seconds_count") == all);
  CHECK(counted.sum("socketqueue_queue_wait_seconds_count") == all);
  CHECK(counted.sum("socketqueue_commit_seconds_count") == all);
  CHECK(counted.sum("socketqueue_host_response_seconds_count") == all - bank.silent);
  CHECK(counted.sum("socketqueue_transaction_seconds_bucket", {"le=\"+Inf\""}) == all);

  const auto cents = [this](const char* key) { return std::llround(statistics.at(key).get<double>() * 100); };
  CHECK(cents("processedAmount") == static_cast<long long>(bank.requested_amount));
  CHECK(cents("securedAmount") == static_cast<long long>(bank.approved_amount));
  CHECK(cents("reversalAmount") == static_cast<long long>(bank.reversed_amount));
  CHECK(statistics.at("faultStat").at("116") == bank.refused["116"]);
  CHECK(statistics.at("strayCount").at("duplicate") == bank.doubled);
  CHECK(statistics.at("strayCount").at("unknown") == bank.unknown);
}
