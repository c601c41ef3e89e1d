// What a host does beside responding to requests, as a dialect file has it: it rejects them, and it wants
// them numbered. What its clients say of its approvals stands here too.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "codec/dialect/few_texts.hpp"

namespace codec {

/// Messages by which the host says that it does not take a request (codec/exchange/reject).
struct reject_rules {
  few_texts mtis;              ///< of those that say so by their MTI: "0620"
  bool not_processed = false;  ///< a request that it rejects was never processed
};

/// The RRN (field 37) of requests whose client gave none (codec/exchange/rrn).
struct rrn_rules {
  bool fill = false;   ///< the gateway gives one
  std::string format;  ///< "YDDDhhNNNNNN": pieces of the local time and the digits of a counter
};

/// By which messages raw clients say that they have an approval (codec/exchange/confirmation).
struct confirmation_rules {
  few_texts mtis;             ///< of messages that are nothing else: "0202"
  bool next_request = false;  ///< a terminal's request says so of those with earlier STANs
  bool answer = true;         ///< the gateway answers the messages
  bool forward = false;       ///< they go to the host, which answers them

  bool is_given() const { return next_request || !mtis.empty(); }
};

/// What becomes of the host's own requests that are no network management, by MTI.
struct host_request_rules {
  std::map<std::string, std::string, std::less<>>
    fallback;                     ///< field 39 of the response where no client gives one; empty: none
  std::chrono::seconds time{10};  ///< for a client's response
};

}  // namespace codec
