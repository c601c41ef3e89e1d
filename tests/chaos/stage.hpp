// One gateway on one journal, its bank, its clients, and a clock: what a scene acts on, and the audit at its
// end.
//
// Bank and clients have a loop each, so either can be suspended like a stopped process: the kernel goes on,
// and what was due meanwhile comes at once.
#pragma once

#include <chrono>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "tests/chaos/bank.hpp"
#include "tests/chaos/concentrator.hpp"
#include "tests/chaos/gateway_process.hpp"
#include "tests/chaos/http_client.hpp"
#include "tests/chaos/options.hpp"
#include "tests/chaos/raw_client.hpp"

namespace chaos {

struct result {
  std::string scene;
  std::string skipped;  ///< why it could not be played
  std::uint64_t kills = 0, early_kills = 0, disturbances = 0;
  std::vector<std::chrono::milliseconds> starts;
  std::size_t parked = 0;
  std::chrono::milliseconds took{}, drain{};
  chaos::balance balance;
  std::vector<std::vector<std::string>> histories;  ///< of the first purchases that are wrong
  std::size_t purchases = 0, unconfirmed = 0, reversing = 0;

  bool good() const { return balance.good(); }
  std::chrono::milliseconds slowest_start() const;
  std::chrono::milliseconds usual_start() const;
};

class stage;

/// The disturbances of a run. A scene owns what it needs for them.
class scene {
public:
  virtual ~scene() = default;

  /// Called before anything else of the run exists. Returns why this machine does not allow the scene, empty
  /// where it does.
  virtual std::string enter(const std::string&) { return {}; }

  /// Adds its clients, and what is between them and the gateway. Returns an error, empty where there is none.
  virtual std::string set_up(stage&) = 0;

  /// Causes one disturbance, for as long as it takes.
  virtual void act(stage&) = 0;

  /// Whether nothing more is to do, whatever the time.
  virtual bool is_over(const stage&) const { return false; }

  /// Ends all disturbances: what is begun can be brought to its end.
  virtual void heal(stage&) {}

  /// Called before the clients are disconnected: removes what is in front of the gateway.
  virtual void clear(stage&) {}
};

class stage {
public:
  using milliseconds = std::chrono::milliseconds;

  stage(const options& o, const codec::dialect& d, std::string directory);

  /// Empty, or why it could not begin.
  std::string prepare(scene& s);
  result play(scene& s, std::chrono::seconds duration);

  // For scenes, while they set up.
  void add_gateway_option(const char* option) { gateway_options_.emplace_back(option); }
  /// One more way to the bank, and so one more link of the gateway. Returns an error, empty where there is
  /// none.
  std::string add_way_to_bank();
  void put_journal(std::string directory) { journal_ = std::move(directory); }
  void add_raw(int count, const way& on, raw_habits h = {});
  void add_http(int count, const way& on, http_habits h = {});
  void add_concentrators(int count, const way& on, const concentrator_habits& h);
  tcp::endpoint endpoint();
  asio::io_context& network_loop() { return io_; }
  const std::string& directory() const { return directory_; }

  // For scenes, while they act.
  chaos::world& world() { return world_; }
  chaos::books& books() { return books_; }
  chaos::bank& bank() { return bank_; }
  gateway_process& gateway() { return *gateway_; }
  void stop_bank(bool is) { bank_stands_ = is; }
  void stop_clients(bool is) { clients_stand_ = is; }
  bool is_brief() const { return options_.brief; }
  std::uint64_t kills_asked() const { return options_.kills.value_or(200); }
  std::uint64_t kills_done() const { return result_.kills; }

  void pass(milliseconds time);
  int random(int least, int most) { return std::uniform_int_distribution<int>(least, most)(random_); }
  bool happens(int in_a_thousand) { return random(0, 999) < in_a_thousand; }
  std::uint64_t seed() { return random_(); }

  bool start();
  void kill();
  void kill_while_it_starts();
  void kill_now_and_then(int in_a_thousand);
  bool go_on() const { return !failed_; }
  void fail(const std::string& why);

  /// Logs it into the histories and counts it as a disturbance.
  void disturb(const std::string& what);
  void print(const std::string& what) const;

private:
  template <class Done>
  bool await(Done done, milliseconds timeout);
  milliseconds since(std::chrono::steady_clock::time_point then) const;
  std::string lead_to_bank();
  void come_to_an_end(scene& s);
  void end_briefly(scene& s);
  void drain();
  void audit();

  options options_;
  std::string directory_, journal_;
  asio::io_context io_{1}, bank_loop_{1}, client_loop_{1};
  lab::layout wire_;
  chaos::books books_;
  std::mt19937_64 random_;
  chaos::bank bank_;
  chaos::world world_;
  std::vector<std::uint16_t> bank_ports_;
  std::vector<std::string> gateway_options_;
  std::unique_ptr<gateway_process> gateway_;
  std::vector<std::unique_ptr<client>> clients_;
  std::uint64_t next_raw_tid_, next_http_tid_, next_concentrator_tid_;
  open_cases list_;
  std::set<std::uint64_t> parked_;
  std::size_t reported_open_ = 0;
  result result_;
  bool failed_ = false, bank_stands_ = false, clients_stand_ = false;
};

}  // namespace chaos
