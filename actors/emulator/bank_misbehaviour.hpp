// How the emulated bank fails its clients: silent, late, refusing, hanging up. No actor.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

#include "codec/dialect/dialect.hpp"
#include "config/settings.hpp"

namespace actors {

struct bank_misbehaviour {
  std::size_t silent = 0;            ///< of 100 requests so many get no answer
  std::chrono::milliseconds late{};  ///< each answer comes so late
  std::string code;                  ///< of each financial response; empty: the accounts decide
  bool hangs_up = false;             ///< on each request

  friend bool operator==(const bank_misbehaviour&, const bank_misbehaviour&) = default;
};

/// Of the options. The second alternative says which of them the dialect cannot express.
std::variant<bank_misbehaviour, std::string> misbehaviour_of(const config::bank_settings& s,
                                                             const codec::dialect& d);

/// Of a command: "silent", "silent 10", "late 3s", "refuse 116", "hangup" or "normal". The second alternative
/// says what was expected.
std::variant<bank_misbehaviour, std::string> read_misbehaviour(std::string_view command,
                                                               const codec::dialect& d);

/// In words: "as ever", "3 s late".
std::string to_string(const bank_misbehaviour& m);

}  // namespace actors
