// What came of a message, for people and for scripts.
#pragma once

#include <string>

#include "sender/exchange.hpp"

namespace sender {

/// The exit status of `socketqueue send`.
enum class verdict { approved = 0, refused = 1, misused = 2, unknown = 3 };

struct report {
  verdict is = verdict::unknown;
  std::string outcome = {};   ///< approved, declined, not_sent, reversing, unknown
  std::string sentence = {};  ///< for people
  std::string table = {};     ///< the answer, card data masked; empty: there is none
  std::string response = {};  ///< the same as JSON
  std::string code = {};      ///< of the gateway's refusal: "timed_out"
};

/// Of a request that was sent over HTTP (`is_http`), or in its bytes.
report report_of(const exchanged& e, bool is_http, const destination& to, const codec::message& request,
                 const codec::dialect& d);

/// The object of --json, in a line.
std::string json_of(const report& r, const destination& to, const codec::message& request,
                    const codec::dialect& d);

}  // namespace sender
