// What sq_load is told on its command line.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <variant>

namespace bench {

/// What stands between our clients and our bank.
enum class between {
  gateway,  ///< one link to the bank, with a length in front of each message
  relay,    ///< one connection to the bank for each client, messages bare
};

struct options {
  between mode = between::gateway;
  std::uint16_t target_port = 0;
  std::uint16_t bank_port = 0;
  std::size_t clients = 50;
  std::optional<std::size_t> transactions;  ///< none: 10,000, or none at all where connections are held
  std::size_t warmup = 0;
  std::size_t depth = 1;
  std::size_t connections = 0;
  std::chrono::seconds hold{0};
  std::chrono::seconds timeout{60};
  std::uint64_t seed = 1;
  std::size_t pid = 0;  ///< 0: nobody's CPU time is read
  bool hostile = false;
  bool one_shot = false;
  bool json = false;
  bool help = false;

  std::size_t transaction_count() const { return transactions.value_or(connections == 0 ? 10'000 : 0); }
};

/// An error is a sentence.
std::variant<options, std::string> parse(std::span<const char* const> arguments);

std::string help_text();

}  // namespace bench
