// Links made of memory: what the sockets would do, without sockets. For stories and tests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "scenarios/player/line.hpp"

namespace player {

/// One connection, seen from the peer's side.
struct connection final : line {
  net::link_events events;  ///< of the gateway's end

  void says(net::bytes frame) override {
    if (events.frames)
      events.frames({std::move(frame)});
  }
  void finishes() override {
    if (events.finished)
      events.finished();
  }
  void vanishes() override { falls("connection reset by peer"); }
  bool is_heard() const override { return events.frames != nullptr; }

  /// The gateway's process has died: its end hears and says nothing more.
  void gateway_dies() {
    events = {};
    closed = gone_ = true;
  }

  void falls(const std::string& why) {
    gone_ = true;
    const auto e = std::exchange(events, {});
    if (e.down)
      e.down(why);
  }

  void stop_reading() override { reading_ = false; }

  /// Sees, too, whether the gateway has hung up.
  void read_on() override {
    if (gone_)
      return;
    reading_ = true;
    for (auto& frame : std::exchange(waiting_, {}))
      arrives(std::move(frame));
    if (closed)
      falls("closed");
  }

  /// As `net::link` has them.
  std::uint64_t given() const { return given_; }
  std::uint64_t acknowledged() const { return acknowledged_; }

private:
  friend class memory_link;

  void take(std::string_view frame) {
    given_ += frame.size();
    if (closed || gone_)
      return;
    if (reading_)
      arrives(net::bytes(frame));
    else
      waiting_.emplace_back(frame);
  }

  void arrives(net::bytes frame) {
    acknowledged_ += frame.size();
    sent.push_back(std::move(frame));
  }

  std::vector<net::bytes> waiting_;  // for a peer that does not read
  std::uint64_t given_ = 0, acknowledged_ = 0;
  bool reading_ = true;
  bool gone_ = false;
};

using connection_ptr = std::shared_ptr<connection>;

class memory_link final : public net::link {
public:
  memory_link(connection_ptr c, std::string peer) : connection_(std::move(c)), peer_(std::move(peer)) {}
  ~memory_link() override {
    connection_->closed = true;
    connection_->gone_ = true;
    connection_->events = {};
  }
  memory_link(const memory_link&) = delete;
  memory_link& operator=(const memory_link&) = delete;

  void open(net::link_events events) override { connection_->events = std::move(events); }
  using net::link::send;
  void send(std::string_view frame, net::ack) override { connection_->take(frame); }
  // The peer hangs up as soon as it sees us do so; one that does not read sees nothing.
  void close() override {
    connection_->closed = true;
    if (connection_->reading_)
      connection_->falls("closed");
  }
  void reset() override {
    connection_->closed = connection_->gone_ = true;
    connection_->events = {};
  }
  std::uint64_t sent() const override { return connection_->given(); }
  std::uint64_t acknowledged() const override { return connection_->acknowledged(); }
  const std::string& peer() const override { return peer_; }

private:
  connection_ptr connection_;
  std::string peer_;
};

class memory_door final : public net::door {
public:
  /// `guests`: what whoever comes in is called, with a number.
  explicit memory_door(std::string guests = "client") : guests_(std::move(guests)) {}

  void open(std::function<void(net::link_ptr)> visit) override { visit_ = std::move(visit); }
  void close() override { visit_ = nullptr; }
  std::uint16_t port() const override { return 1; }

  bool is_open() const { return visit_ != nullptr; }

  /// Someone comes in; nothing happens to them where the door is shut.
  connection_ptr enter() {
    auto c = std::make_shared<connection>();
    inside_.push_back(c);
    let_in(std::make_shared<memory_link>(c, guests_ + ":" + std::to_string(++visitors_)));
    return c;
  }

  void let_in(net::link_ptr link) {
    if (visit_)
      visit_(std::move(link));
  }

  /// The gateway's process has died.
  void dies() {
    visit_ = nullptr;
    for (const auto& c : std::exchange(inside_, {}))
      if (const auto still_there = c.lock())
        still_there->gateway_dies();
  }

private:
  std::string guests_;
  std::function<void(net::link_ptr)> visit_;
  std::vector<std::weak_ptr<connection>> inside_;
  int visitors_ = 0;
};

class memory_dialer final : public net::dialer {
public:
  void dial(net::link_events events) override {
    ++dials;
    calling = std::move(events);
  }
  void abandon() override { calling.reset(); }
  bool waits() const override { return waiting; }
  const std::string& target() const override { return target_; }

  connection_ptr answer_call() {
    auto c = std::make_shared<connection>();
    const auto events = *std::exchange(calling, std::nullopt);
    auto link = std::make_shared<memory_link>(c, "host");
    link->open(events);
    events.up(link);
    return c;
  }
  void refuse_call() {
    const auto events = *std::exchange(calling, std::nullopt);
    events.down("cannot connect: Connection refused");
  }

  int dials = 0;
  bool waiting = false;
  std::optional<net::link_events> calling;

private:
  std::string target_ = "host:1";
};

} // namespace player
