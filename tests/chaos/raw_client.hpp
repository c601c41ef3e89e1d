// A client that speaks ISO 8583 over TCP: one connection a purchase, or a few. What it has not read it was
// not told.
#pragma once

#include "tests/chaos/client.hpp"

namespace chaos {

/// What it does besides paying.
struct raw_habits {
  int purchases_max = 1;  ///< in one connection, one after the other
  /// So many milliseconds after it has read the last answer it resets the connection; -1: it closes it at
  /// once.
  int resets_after = -1;
  int leaves = 30;  ///< in a thousand: hangs up before any answer can have come
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
  int to_come_ = 0;  ///< purchases in this connection
};

}  // namespace chaos
