// A program that pays by HTTP under an Idempotency-Key, and asks again until it knows the end.
//
// Now and then it asks once more about a purchase that ended a while ago: its end must have stayed what it was.
#pragma once

#include <deque>
#include <string>

#include "tests/chaos/terminal.hpp"

namespace chaos {

class http_terminal final : public terminal {
public:
  http_terminal(world& w, std::uint64_t tid, std::uint64_t seed);

  void begin() override;

private:
  struct order {
    trace what;
    std::string body;
    bool is_known = false;  ///< asked about again
    int tries = 0;
  };

  void ask();
  void send();
  std::size_t take(std::string_view unread);
  void take_reply(unsigned status, const std::string& body);
  void end(told how);
  void ask_again();
  std::string body_of(const trace& t, std::uint64_t amount) const;

  bench::stream line_;
  order order_;
  std::deque<order> known_;
  std::string local_time_;
};

} // namespace chaos
