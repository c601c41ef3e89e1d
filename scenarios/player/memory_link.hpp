// Links, a listener and a dialer in memory, as the gateway uses them: their other ends are `connection`s. For
// stories and tests.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/player/memory_connection.hpp"

namespace player {

class memory_link final : public net::link {
public:
  memory_link(connection_ptr c, std::string peer) : connection_(std::move(c)), peer_(std::move(peer)) {}
  ~memory_link() override { connection_->drop(); }
  memory_link(const memory_link&) = delete;
  memory_link& operator=(const memory_link&) = delete;

  void open(net::link_events events) override { connection_->open(std::move(events)); }
  using net::link::send;
  void send(std::string_view frame, net::ack when) override { connection_->take(frame, when); }
  std::size_t content_max() const override { return connection_->content_max; }
  void hold(bool on) override { connection_->hold(on); }
  void close() override { connection_->close(); }
  void reset() override { connection_->reset(); }
  std::uint64_t sent() const override { return connection_->given(); }
  std::uint64_t acknowledged() const override { return connection_->acknowledged(); }
  const std::string& peer() const override { return peer_; }

private:
  connection_ptr connection_;
  std::string peer_;
};

class memory_listener final : public net::listener {
public:
  /// `peer_name`: accepted links are named by it, with a number.
  explicit memory_listener(std::string peer_name = "client", machine_ptr home = {})
    : peer_name_(std::move(peer_name)), home_(std::move(home)) {}

  void open(std::function<void(net::link_ptr)> on_accept) override { on_accept_ = std::move(on_accept); }
  void close() override { on_accept_ = nullptr; }
  std::uint16_t port() const override { return 1; }

  bool is_open() const { return on_accept_ != nullptr; }

  /// A client connects. Nothing else happens where the listener is not open.
  connection_ptr enter(network way = {}) {
    auto c = std::make_shared<connection>();
    c->home = home_;
    c->way = std::move(way);
    connections_.push_back(c);
    auto link = std::make_shared<memory_link>(c, peer_name_ + ":" + std::to_string(++sessions_));
    if (home_)
      home_->deliver([on_accept = on_accept_, link] {
        if (on_accept)
          on_accept(link);
      });
    else
      accept(std::move(link));
    return c;
  }

  void accept(net::link_ptr link) {
    if (on_accept_)
      on_accept_(std::move(link));
  }

  /// The gateway's process has ended, or its machine.
  void stop(bool with_machine = false) {
    on_accept_ = nullptr;
    for (const auto& c : std::exchange(connections_, {}))
      if (const auto still_there = c.lock())
        still_there->gateway_stops(with_machine);
  }

private:
  std::string peer_name_;
  machine_ptr home_;
  std::function<void(net::link_ptr)> on_accept_;
  std::vector<std::weak_ptr<connection>> connections_;
  int sessions_ = 0;
};

class memory_dialer final : public net::dialer {
public:
  void dial(net::link_events events) override {
    ++dials;
    calling = std::move(events);
  }
  void abandon() override { calling.reset(); }
  void distrust() override { ++distrusted; }
  bool waits() const override { return waiting; }
  void refuse_rival() override { ++rivals_refused; }
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

  int dials = 0, rivals_refused = 0, distrusted = 0;
  bool waiting = false;
  std::optional<net::link_events> calling;

private:
  std::string target_ = "host:1";
};

}  // namespace player
