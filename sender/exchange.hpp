// Sends one message and waits for its answer. Blocks: the calling process has nothing else to do.
#pragma once

#include <chrono>
#include <string>

#include "codec/dialect/dialect.hpp"
#include "net/framing.hpp"
#include "net/tcp/target.hpp"

namespace sender {

struct destination {
  net::target at;
  std::chrono::milliseconds wait{};     ///< how long nobody may listen there, from now on
  std::chrono::milliseconds timeout{};  ///< for the answer
};

/// What came of it.
struct exchanged {
  enum class kind {
    not_sent,    ///< no connection; `why` says why
    unanswered,  ///< it may have arrived; `why` says what came in place of an answer
    answered,
  };
  kind is = kind::not_sent;
  std::string why = {};
  unsigned status = 0;          ///< of HTTP
  std::string body = {};        ///< of HTTP
  codec::message message = {};  ///< over TCP
};

/// Posts JSON to /v1/messages.
exchanged post(const destination& to, const std::string& json);

/// Sends `bytes`, a message of `d`, and reads until the response to `request` comes. `how`: the frames of
/// that port; without functions a message ends where its fields end.
exchanged send_raw(const destination& to, const std::string& bytes, const codec::message& request,
                   const net::framing& how, const codec::dialect& d);

}  // namespace sender
