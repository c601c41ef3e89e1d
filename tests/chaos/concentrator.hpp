// Many terminals behind one persistent connection with a small window: it sends their purchases without
// waiting, and reads later. Its TCP acknowledges what fits into the window, so what it has read and what is
// acknowledged differ.
#pragma once

#include <set>
#include <string>

#include "tests/chaos/client.hpp"

namespace chaos {

struct concentrator_habits {
  enum class reading : std::uint8_t {
    late,    ///< nothing for 11 to 13 s, then everything
    slowly,  ///< `bytes_a_second`, while it sends: the queue in front of it is never empty
  };
  reading how = reading::late;
  int at_once = 40;  ///< purchases under way
  int rounds = 1;    ///< how often it sends `at_once` on one connection
  int bytes_a_second = 1500;
  bool resets = false;  ///< at the end
  bool small_window = true;
};

class concentrator final : public client {
public:
  concentrator(world& w, const way& on, std::uint64_t first_tid, std::uint64_t seed, concentrator_habits h);

  void begin() override;

private:
  void connected();
  void buy();
  void look();
  void read(std::size_t size_max);
  void take();
  void take_answer(std::string_view message, const lab::outline& where);
  void write();
  void finish(bool by_reset);
  void tick();

  using clock = std::chrono::steady_clock;

  const way& way_;
  concentrator_habits habits_;
  tcp::socket socket_;
  asio::steady_timer next_look_;
  std::uint64_t next_tid_;
  std::set<trace> asked_;  ///< without a response yet
  std::string unsent_, unread_;
  std::size_t to_send_ = 0;
  clock::time_point reads_from_, gives_up_at_;
  std::uint64_t generation_ = 0;
};

}  // namespace chaos
