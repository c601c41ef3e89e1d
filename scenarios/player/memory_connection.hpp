// A connection in memory: what a socket would do, without sockets. For stories and tests.
//
// Between the gateway and its peer are two kernels and a network, and each does what TCP does: a send queue,
// bytes under way, a receive buffer of limited size, and acknowledgements by bytes that come later or never.
// By default nothing takes time: what is sent is read and acknowledged at once.
#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <functional>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/player/line.hpp"
#include "scenarios/player/memory_network.hpp"

namespace player {

/// One connection, seen from the peer's side.
struct connection final : line, std::enable_shared_from_this<connection> {
  static constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

  net::link_events events;  ///< of the gateway's end
  machine_ptr home;         ///< the gateway's machine; none: never suspended
  network way;
  std::size_t content_max = no_limit;  ///< the longest frame of the gateway's end

  // --- the peer's program ------------------------------------------------------

  void says(net::bytes frame) override {
    if (is_cut_)
      return unsent_.push_back(std::move(frame));
    acknowledge(arrived_);
    if (is_dropped_)
      return reset();
    deliver([this, frame = std::move(frame)] {
      if (events.frames && !is_held_)
        events.frames({net::frame{frame}});
      else if (!is_open_ || is_held_)
        early_.push_back(frame);
    });
  }
  void finishes() override {
    if (is_cut_) {
      finish_unsent_ = true;
      return;
    }
    acknowledge(arrived_);
    deliver([this] {
      finished_early_ = !is_open_ || is_held_;
      if (events.finished && !is_held_)
        events.finished();
    });
  }
  void vanishes() override {
    peer_is_gone_ = true;
    if (!is_cut_)
      in(way.latency, [this] { is_reset("connection reset by peer"); });
  }
  bool is_open() const override { return events.frames != nullptr; }

  void stop_reading() override { stop_reading(0); }
  /// What arrives from now on waits in the peer's kernel while there is room, and after that in the
  /// gateway's.
  void stop_reading(std::size_t room) override {
    reads_ = false;
    room_ = room;
    pump();
  }
  void read_on() override {
    if (peer_is_gone_)
      return;
    reads_ = true;
    read_bytes(no_limit);
  }
  /// Reads at most that many bytes of what the kernel has and then receives.
  void read_bytes(std::size_t most) override {
    while (most > 0) {
      if (buffer_.empty())
        make_room_for(most);
      if (buffer_.empty())
        break;
      auto& front = buffer_.front();
      const auto size = std::min(most, front.size());
      buffered_ -= size;
      take_in(front.substr(0, size));
      most -= most == no_limit ? 0 : size;
      if (size == front.size())
        buffer_.pop_front();
      else
        front.erase(0, size);
    }
    pump();
    see_end();
  }
  /// Reads what the kernel has, whether the program reads otherwise or not.
  void read_what_is_there() {
    for (auto& bytes : std::exchange(buffer_, {}))
      take_in(std::move(bytes));
    buffered_ = 0;
  }
  bool has_unread() const { return !buffer_.empty(); }
  void acknowledges(acknowledging when) { when_ = when; }
  void acknowledges_late() override { when_ = acknowledging::when_told; }

  /// The program has read everything that arrived, and the gateway has hung up: nothing more comes.
  bool has_seen_end() const { return has_seen_end_; }

  // --- the network -------------------------------------------------------------

  /// Cuts the network in both directions. Bytes under way are sent again by `heal`.
  void cut() override {
    is_cut_ = true;
    ++times_cut_;
    while (!under_way_.empty()) {
      queue_.push_front(std::move(under_way_.back()));
      under_way_.pop_back();
    }
    under_way_bytes_ = 0;
  }
  void heal() override {
    if (!std::exchange(is_cut_, false))
      return;
    if (peer_is_gone_)
      return is_reset("connection reset by peer");
    acknowledge(arrived_);
    for (auto& frame : std::exchange(unsent_, {}))
      says(std::move(frame));
    if (std::exchange(finish_unsent_, false))
      finishes();
    pump();
    if (reset_sent_)
      meets_reset();
  }
  bool is_cut() const { return is_cut_; }

  /// The gateway's process has ended; `with_machine`: its machine has. Without `with_machine` the kernel
  /// still delivers what it has.
  void gateway_stops(bool with_machine = false) {
    if (!with_machine)
      return drop();
    events = {};
    closed = gone_ = true;
    end_here();
    queue_.clear();
    reset_sent_ = true;
    if (!is_cut_)
      in(way.latency, [this] { meets_reset(); });
  }

  void report_down(const std::string& why) {
    gone_ = true;
    end_here();
    const auto e = std::exchange(events, {});
    if (e.down)
      e.down(why);
  }

  // --- what an observer sees -----------------------------------------------------

  /// As in `net::link`.
  std::uint64_t given() const { return given_; }
  std::uint64_t acknowledged() const { return acknowledged_; }

  /// All bytes before `position` had left the gateway's kernel when its end ended, but their acknowledgement
  /// never came back: the gateway could not know that they were read.
  bool has_lost_acknowledgement_of(std::uint64_t position) const {
    return left_at_end_ && *left_at_end_ >= position && acknowledged_ < position;
  }

private:
  friend class memory_link;

  struct chunk {
    net::bytes bytes;
    bool soon;
  };

  template <class What>
  void in(std::chrono::milliseconds pause, What what) {
    if (!way.later || pause.count() == 0)
      return what();
    way.later(pause, [self = shared_from_this(), what = std::move(what)]() mutable { what(); });
  }
  template <class What>
  void deliver(What what) {
    if (home)
      home->deliver([self = shared_from_this(), what = std::move(what)] { what(); });
    else
      what();
  }

  // Frames that came before are delivered now.
  void open(net::link_events e) {
    events = std::move(e);
    is_open_ = true;
    hand_on_early();
    if (gone_ && !closed)
      report_down("connection reset by peer");
  }

  void hand_on_early() {
    for (auto& frame : std::exchange(early_, {}))
      if (events.frames)
        events.frames({net::frame{std::move(frame)}});
    if (std::exchange(finished_early_, false) && events.finished)
      events.finished();
  }

  // The gateway does not read for now.
  void hold(bool on) {
    if (std::exchange(is_held_, on) && !on)
      hand_on_early();
  }

  void take(std::string_view frame, net::ack when) {
    given_ += frame.size();
    if (closed || gone_)
      return;
    queue_.push_back({net::bytes(frame), when == net::ack::soon});
    pump();
  }

  // The gateway's kernel sends as much as the peer has room for.
  void pump() {
    while (!queue_.empty() && !is_cut_ && !peer_is_gone_) {
      const auto taken = buffered_ + under_way_bytes_;
      const auto room = reads_ ? no_limit : room_ > taken ? room_ - taken : 0;
      if (room == 0)
        return;
      auto& front = queue_.front();
      const bool whole = front.bytes.size() <= room;
      chunk piece = whole ? std::move(front) : chunk{front.bytes.substr(0, room), false};
      if (whole)
        queue_.pop_front();
      else
        front.bytes.erase(0, room);
      under_way_bytes_ += piece.bytes.size();
      under_way_.push_back(std::move(piece));
      in(way.latency, [this, times = times_cut_] {
        if (times == times_cut_)
          arrive();
      });
    }
    if (queue_.empty() && closing_ && !is_cut_ && !std::exchange(fin_sent_, true))
      in(way.latency, [this] {
        fin_sent_ = !is_cut_;
        fin_came_ = fin_came_ || !is_cut_;
        see_end();
      });
  }

  // For a program that reads exactly `size` bytes.
  void make_room_for(std::size_t size) {
    const auto room = std::exchange(room_, std::max(room_, size));
    pump();
    room_ = room;
  }

  void arrive() {
    auto piece = std::move(under_way_.front());
    under_way_.pop_front();
    under_way_bytes_ -= piece.bytes.size();
    arrived_ += piece.bytes.size();
    if (peer_is_gone_)
      return;
    if (piece.soon)
      soon_until_ = arrived_;
    if (when_ == acknowledging::at_once)
      acknowledge(arrived_);
    else if (when_ == acknowledging::late)
      in(way.acknowledges_after, [this] {
        if (!peer_is_gone_)
          acknowledge(arrived_);
      });
    if (reads_ && buffer_.empty())
      return take_in(std::move(piece.bytes));
    buffered_ += piece.bytes.size();
    buffer_.push_back(std::move(piece.bytes));
  }

  void take_in(net::bytes bytes) {
    read_ += bytes.size();
    sent.push_back(std::move(bytes));
    if (soon_until_ != 0 && read_ >= soon_until_)
      acknowledge(arrived_);
  }

  // An acknowledgement leaves the peer.
  void acknowledge(std::uint64_t position) {
    if (!is_cut_)
      in(way.latency, [this, position] {
        if (!is_cut_ && !gone_)
          acknowledged_ = std::max(acknowledged_, position);
      });
  }

  // The peer hangs up as soon as it reads the gateway's FIN; a peer that does not read does not see it.
  void see_end() {
    if (!fin_came_ || !reads_ || !buffer_.empty() || peer_is_gone_ || std::exchange(has_seen_end_, true))
      return;
    acknowledge(arrived_);
    in(way.latency, [this] {
      deliver([this] {
        if (!gone_)
          report_down("closed");
      });
    });
  }

  void is_reset(const char* why) {
    if (std::exchange(gone_, true))
      return;
    queue_.clear();
    end_here();
    deliver([this, why] { report_down(why); });
  }

  // The peer may still read what it has received.
  void meets_reset() {
    fin_came_ = true;
    see_end();
  }

  // The link was dropped without a reset: the kernel goes on by itself, until the peer sends something.
  void drop() {
    events = {};
    closed = true;
    if (gone_ || reset_sent_)
      return;
    end_here();
    is_dropped_ = true;
    closing_ = true;
    pump();
  }
  void close() {
    closed = true;
    closing_ = true;
    pump();
  }

  void reset() {
    events = {};
    closed = true;
    if (std::exchange(gone_, true))
      return;
    end_here();
    queue_.clear();
    reset_sent_ = true;
    if (!is_cut_)
      in(way.latency, [this] { meets_reset(); });
  }

  void end_here() {
    if (!left_at_end_)
      left_at_end_ = arrived_ + under_way_bytes_;
  }

  // The gateway's end.
  std::deque<chunk> queue_;
  std::uint64_t given_ = 0, acknowledged_ = 0;
  bool closing_ = false, fin_sent_ = false, reset_sent_ = false;
  bool gone_ = false;  // down, or reset
  bool is_dropped_ = false, is_open_ = false, is_held_ = false, finished_early_ = false;
  std::vector<net::bytes> early_;
  std::optional<std::uint64_t> left_at_end_;

  // In the network.
  std::deque<chunk> under_way_;
  std::size_t under_way_bytes_ = 0;
  bool is_cut_ = false;
  std::uint64_t times_cut_ = 0;
  std::vector<net::bytes> unsent_;

  // The peer's end.
  std::deque<net::bytes> buffer_;
  std::size_t buffered_ = 0, room_ = no_limit;
  std::uint64_t arrived_ = 0, read_ = 0, soon_until_ = 0;
  acknowledging when_ = acknowledging::at_once;
  bool reads_ = true, finish_unsent_ = false, peer_is_gone_ = false, fin_came_ = false, has_seen_end_ = false;
};

using connection_ptr = std::shared_ptr<connection>;

}  // namespace player
