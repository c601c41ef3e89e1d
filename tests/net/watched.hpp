// One end of a connection, and what it saw.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "net/link.hpp"
#include "net/loop.hpp"

struct watched {
  net::link_ptr link;
  std::vector<net::bytes> frames;
  std::vector<net::frame::kind> kinds;  // a bad one has no bytes
  std::vector<net::frame_context> contexts;
  int received_count = 0;
  bool finished = false;
  std::optional<std::string> down;

  net::link_events events() {
    net::link_events e;
    e.up = [this](net::link_ptr l) { link = std::move(l); };
    e.frames = [this](std::vector<net::frame> more) {
      ++received_count;
      for (auto& f : more) {
        if (f.is != net::frame::kind::bad)
          frames.push_back(std::move(f.content));
        kinds.push_back(f.is);
        contexts.push_back(std::move(f.context));
      }
    };
    e.finished = [this] { finished = true; };
    e.down = [this](std::string why) { down = std::move(why); };
    return e;
  }

  std::string all() const {
    std::string text;
    for (const auto& f : frames)
      text += f;
    return text;
  }
};

/// Runs the loop until it is so, or until a bound that only a failure meets.
inline bool run_until(net::loop& loop, const std::function<bool()>& done) {
  using clock = std::chrono::steady_clock;
  for (const auto end = clock::now() + std::chrono::seconds(20); !done() && clock::now() < end;)
    loop.run_for(std::chrono::milliseconds(100));
  return done();
}
