// A terminal that speaks ISO 8583 over TCP: one connection a purchase. What it has not read it was not told.
#pragma once

#include "tests/chaos/terminal.hpp"

namespace chaos {

class raw_terminal final : public terminal {
public:
  raw_terminal(world& w, std::uint64_t tid, std::uint64_t seed);

  void begin() override;

private:
  void send();
  std::size_t take(std::string_view unread);
  void ended();

  bench::purchase purchase_;
  bench::stream line_;
  trace current_;
  bool sent_ = false;
};

} // namespace chaos
