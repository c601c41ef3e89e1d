// How the emulated bank treats requests. No actor.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "codec/dialect/dialect.hpp"
#include "config/settings.hpp"

namespace actors {

struct bank_manner {
  std::size_t silent = 0;            ///< of 100 requests so many get no answer
  std::chrono::milliseconds late{};  ///< each answer comes so late
  std::string code;                  ///< of each financial response; empty: the accounts decide
  bool hangs_up = false;             ///< on each request

  friend bool operator==(const bank_manner&, const bank_manner&) = default;
};

/// Of the options. The second alternative says which of them the dialect cannot express.
std::variant<bank_manner, std::string> manner_of(const config::bank_settings& s, const codec::dialect& d);

/// Of a command: "silent", "silent 10", "late 3s", "refuse 116", "hangup" or "normal". The second alternative
/// says what was expected.
std::variant<bank_manner, std::string> read_manner(std::string_view command, const codec::dialect& d);

/// In words: "as ever", "3 s late".
std::string to_string(const bank_manner& m);

}  // namespace actors
