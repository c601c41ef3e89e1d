// A connection in memory between two actors of one `virtual_time`: what one end sends, the other receives.
// For the emulator and the test clients; clients that a story plays itself have a `connection`
// (memory_link.hpp).
#pragma once

#include <array>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "net/link.hpp"

namespace player {

class memory_pipe {
public:
  /// Makes both ends. Dropping one closes it, and the other end is notified.
  static std::pair<net::link_ptr, net::link_ptr> make(const std::shared_ptr<memory_pipe>& c,
                                                      const std::string& first_peer,
                                                      const std::string& second_peer) {
    return {std::make_shared<end>(c, 0, first_peer), std::make_shared<end>(c, 1, second_peer)};
  }

  /// The process at this end has ended: it receives and sends nothing more, and the other end is reset.
  void reset_end(std::size_t at) {
    sides_[at].events = {};
    sides_[at].closing = sides_[at].gone = true;
    report_down(1 - at, "connection reset by peer");
  }

private:
  struct side {
    net::link_events events;
    std::vector<net::frame> waiting;  // received before `open`
    bool is_open = false;
    bool closing = false;     // sends nothing more
    bool gone = false;        // dropped, or down
    std::uint64_t given = 0;  // bytes given to `send`
    std::uint64_t lost = 0;   // of these, not delivered
  };

  class end final : public net::link {
  public:
    end(std::shared_ptr<memory_pipe> c, std::size_t at, std::string peer)
      : pipe_(std::move(c)), at_(at), peer_(std::move(peer)) {}
    ~end() override { pipe_->drop(at_); }
    end(const end&) = delete;
    end& operator=(const end&) = delete;

    void open(net::link_events events) override { pipe_->open(at_, std::move(events)); }
    using net::link::send;
    void send(std::string_view frame, net::ack) override { pipe_->send(at_, frame); }
    void close() override { pipe_->close(at_); }
    void reset() override { pipe_->reset_end(at_); }
    std::uint64_t sent() const override { return pipe_->sides_[at_].given; }
    std::uint64_t acknowledged() const override { return pipe_->sides_[at_].given - pipe_->sides_[at_].lost; }
    const std::string& peer() const override { return peer_; }

  private:
    std::shared_ptr<memory_pipe> pipe_;
    std::size_t at_;
    std::string peer_;
  };

  void open(std::size_t at, net::link_events events) {
    auto& s = sides_[at];
    if (s.gone)
      return;
    s.events = std::move(events);
    s.is_open = true;
    if (auto frames = std::exchange(s.waiting, {}); !frames.empty())
      s.events.frames(std::move(frames));
    if (sides_[1 - at].closing)
      finish(at);
  }

  void send(std::size_t at, std::string_view frame) {
    auto& to = sides_[1 - at];
    sides_[at].given += frame.size();
    if (sides_[at].closing || to.gone) {
      sides_[at].lost += frame.size();
      return;
    }
    if (to.is_open)
      to.events.frames({net::frame{net::bytes(frame)}});
    else
      to.waiting.push_back({net::bytes(frame)});
  }

  void close(std::size_t at) {
    if (std::exchange(sides_[at].closing, true))
      return;
    finish(1 - at);
  }

  void drop(std::size_t at) {
    sides_[at].gone = true;
    sides_[at].events = {};
    close(at);
  }

  // The other end sends no more. When both ends send no more, the connection is down.
  void finish(std::size_t at) {
    auto& s = sides_[at];
    if (!s.is_open || s.gone)
      return;
    if (!s.closing)
      return s.events.finished();
    report_down(0, "closed");
    report_down(1, "closed");
  }

  void report_down(std::size_t at, const std::string& why) {
    auto& s = sides_[at];
    s.gone = true;
    const auto events = std::exchange(s.events, {});
    if (events.down)
      events.down(why);
  }

  std::array<side, 2> sides_;
};

}  // namespace player
