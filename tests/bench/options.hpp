// The command line of sq_load.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace bench {

/// What is between the clients and the bank.
enum class between {
  gateway,  ///< one link to the bank, with a length in front of each message
  relay,    ///< a connection to the bank for each client, messages without a length
};

struct options {
  between mode = between::gateway;
  std::uint16_t target_port = 0;
  std::uint16_t bank_port = 0;
  std::size_t clients = 50;
  std::optional<std::size_t> transactions;  ///< none: 10,000, or 0 where connections are held
  std::size_t warmup = 0;
  std::size_t depth = 1;
  std::chrono::milliseconds bank_delay{0};
  std::size_t rate = 0;  ///< purchases a second, sent at set times; 0: the next one follows a reply
  std::size_t connections = 0;
  std::chrono::seconds hold{0};
  std::chrono::seconds timeout{60};
  std::uint64_t seed = 1;
  std::size_t pid = 0;  ///< 0: CPU time is not measured
  bool hostile = false;
  bool one_shot = false;
  bool http = false;
  bool json = false;
  bool help = false;

  std::size_t transaction_count() const { return transactions.value_or(connections == 0 ? 10'000 : 0); }
};

/// The second alternative is an error sentence.
std::variant<options, std::string> parse(std::span<const char* const> arguments);

std::string help_text();

}  // namespace bench
