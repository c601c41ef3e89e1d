// A client that speaks ISO 8583 over TCP: one or a few purchases per connection. It only knows what it has
// read.
#pragma once

#include "tests/chaos/client.hpp"

namespace chaos {

/// What it does besides paying.
struct raw_habits {
  int purchases_max = 1;  ///< on one connection, one after the other
  /// Resets the connection this many milliseconds after the last response; -1: closes it at once.
  int resets_after = -1;
  int leaves = 30;  ///< per thousand: hangs up before any response can have come
};

class raw_client final : public client {
public:
  raw_client(world& w, const way& on, std::uint64_t tid, std::uint64_t seed, raw_habits h = {});

  void begin() override;

private:
  void send();
  std::size_t take(std::string_view unread);
  void take_answer(std::string_view message, const lab::outline& where);
  void hang_up();
  void ended();

  const way& way_;
  raw_habits habits_;
  lab::purchase purchase_;
  lab::stream line_;
  trace current_;
  bool sent_ = false;
  int to_come_ = 0;  ///< purchases left on this connection
};

}  // namespace chaos
