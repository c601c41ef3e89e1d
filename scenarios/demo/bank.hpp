// The demo's bank: the emulator's accounts behind a port, with moods that the story gives it.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "actors/emulator/bank_ledger.hpp"
#include "net/link.hpp"

namespace net {
class loop;
}

namespace demo {

class bank {
public:
  /// What it does with a request.
  enum class mood {
    answers,
    silent,   ///< does what the request asks, and says nothing
    refuses,  ///< does nothing, and says that a reversal is not possible
  };

  bank(actors::dialect_ptr dialect, std::function<std::chrono::local_seconds()> local_time);

  /// Returns why it cannot; empty where it listens.
  std::string listen(net::loop& on, std::uint16_t port);

  /// How it takes each request.
  std::function<mood(const codec::message& request)> mood_of = [](const auto&) { return mood::answers; };
  /// Called behind each request, with what it has answered, if anything.
  std::function<void(const codec::message& request, const std::optional<codec::message>& response)>
    on_request;

  /// The code by which it refuses a reversal.
  const std::string& refusal() const { return refusal_; }
  /// How often the gateway has connected.
  int calls() const { return calls_; }
  /// The transactions whose money it has.
  const std::vector<actors::bank_ledger::transaction>& holds() const { return ledger_.approved(); }

private:
  void take(const net::frame& f);

  actors::bank_ledger ledger_;
  std::function<std::chrono::local_seconds()> local_time_;
  std::string refusal_;
  std::unique_ptr<net::listener> listener_;
  net::link_ptr link_;
  int calls_ = 0;
};

/// No card has so much: more is declined. In hundredths.
inline constexpr std::int64_t opening_balance = 100000000;

}  // namespace demo
