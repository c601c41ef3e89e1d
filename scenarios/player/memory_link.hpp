// Links made of memory: what the sockets would do, without sockets. For stories and tests.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "net/link.hpp"

namespace player {

/// One connection, seen from the peer's side.
struct connection {
  net::link_events events;       ///< of the gateway's end
  std::vector<net::bytes> sent;  ///< by the gateway
  bool closed = false;           ///< the gateway has hung up, in order or by dropping the link

  void says(net::bytes frame) {
    if (events.frames)
      events.frames({std::move(frame)});
  }
  void finishes() {
    if (events.finished)
      events.finished();
  }
  void vanishes(const std::string& why = "connection reset by peer") {
    const auto e = std::exchange(events, {});
    if (e.down)
      e.down(why);
  }
};

using connection_ptr = std::shared_ptr<connection>;

class memory_link final : public net::link {
public:
  memory_link(connection_ptr c, std::string peer) : connection_(std::move(c)), peer_(std::move(peer)) {}
  ~memory_link() override {
    connection_->closed = true;
    connection_->events = {};
  }
  memory_link(const memory_link&) = delete;
  memory_link& operator=(const memory_link&) = delete;

  void open(net::link_events events) override { connection_->events = std::move(events); }
  void send(std::string_view frame) override {
    if (!connection_->closed)
      connection_->sent.emplace_back(frame);
  }
  // The peer hangs up as soon as it sees us do so.
  void close() override {
    connection_->closed = true;
    connection_->vanishes("closed");
  }
  const std::string& peer() const override { return peer_; }

private:
  connection_ptr connection_;
  std::string peer_;
};

class memory_door final : public net::door {
public:
  void open(std::function<void(net::link_ptr)> visit) override { visit_ = std::move(visit); }
  void close() override { visit_ = nullptr; }
  std::uint16_t port() const override { return 1; }

  bool is_open() const { return visit_ != nullptr; }

  /// Someone comes in; nothing happens to them where the door is shut.
  connection_ptr enter() {
    auto c = std::make_shared<connection>();
    auto link = std::make_shared<memory_link>(c, "client:" + std::to_string(++visitors_));
    if (visit_)
      visit_(std::move(link));
    return c;
  }

private:
  std::function<void(net::link_ptr)> visit_;
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
