// The terminals that have a message waiting or at the host, for who looks at the gateway.
//
// Their queues are read where they are, by who looks. To ask each of them by a message would cost the more
// the more terminals there are, and with many as much as their purchases.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "actors/protocol/inspection.hpp"
#include "actors/protocol/transaction.hpp"

namespace actors {

class busy_terminals;

/// A terminal's queue as it is seen from outside.
class watched_terminal {
public:
  struct wait {
    std::size_t waiting;  ///< messages behind the first one that were not sent yet
    time_point since;     ///< the oldest message's arrival
  };

  watched_terminal() = default;
  watched_terminal(const watched_terminal&) = delete;
  watched_terminal& operator=(const watched_terminal&) = delete;
  inline virtual ~watched_terminal();

  /// Asked only of one that is busy.
  virtual wait look() const = 0;
  virtual inspection::terminal view() const = 0;

protected:
  inline void set_busy(const std::shared_ptr<busy_terminals>& all, bool is_busy);

private:
  friend class busy_terminals;
  std::shared_ptr<busy_terminals> in_;
  std::size_t place_ = 0;
};

/// All of a gateway, on the loop's thread.
class busy_terminals {
public:
  const std::vector<watched_terminal*>& all() const { return all_; }

private:
  friend class watched_terminal;

  void enter(watched_terminal& t) {
    t.place_ = all_.size();
    all_.push_back(&t);
  }

  void leave(watched_terminal& t) {
    all_[t.place_] = all_.back();
    all_[t.place_]->place_ = t.place_;
    all_.pop_back();
  }

  std::vector<watched_terminal*> all_;
};

watched_terminal::~watched_terminal() {
  if (in_)
    in_->leave(*this);
}

void watched_terminal::set_busy(const std::shared_ptr<busy_terminals>& all, bool is_busy) {
  if (is_busy && !in_) {
    in_ = all;
    in_->enter(*this);
  } else if (!is_busy && in_) {
    std::exchange(in_, nullptr)->leave(*this);
  }
}

}  // namespace actors
