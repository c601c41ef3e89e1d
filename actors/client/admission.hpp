// How many clients' messages may be inside the gateway at a time (`maxQueue`).
//
// A session takes a seat, one of `maxQueue`, for a message and has it until the message's answer or refusal.
// Where none is free it takes a place in the waiting line: first come, first served. The destructors of seats
// and places give them back, also when a session fails. All of it is on the loop's thread.
#pragma once

#include <cstddef>
#include <functional>
#include <list>
#include <memory>
#include <utility>

namespace actors {

class admission {
  struct waiter {
    std::function<void()> called;
    std::list<std::shared_ptr<waiter>>::iterator at = {};
    bool waits = false;
  };
  // What all copies of one admission share.
  struct room {
    std::ptrdiff_t seats, free;  // `free` is below 0 where more seats are taken than there are now
    std::list<std::shared_ptr<waiter>> waiting = {};

    // The seat goes to the first that waits.
    void give_back() {
      if (free < 0 || waiting.empty())
        ++free;
      else
        call_next();
    }

    void call_next() {
      const auto next = waiting.front();
      waiting.pop_front();
      next->waits = false;
      next->called();
    }
  };

public:
  explicit admission(std::size_t seats_max)
    : room_(std::make_shared<room>(
        room{static_cast<std::ptrdiff_t>(seats_max), static_cast<std::ptrdiff_t>(seats_max)})) {}

  class seat {
  public:
    seat() = default;
    explicit seat(std::shared_ptr<room> from) : from_(std::move(from)) {}
    seat(seat&&) = default;
    seat& operator=(seat&& other) noexcept {
      std::swap(from_, other.from_);
      return *this;
    }
    ~seat() {
      if (from_)
        from_->give_back();
    }
    explicit operator bool() const { return from_ != nullptr; }

  private:
    std::shared_ptr<room> from_;
  };

  /// A place in the waiting line. To drop it is to leave the line.
  class place {
  public:
    place() = default;
    place(std::shared_ptr<room> of, std::shared_ptr<waiter> me) : room_(std::move(of)), me_(std::move(me)) {}
    place(place&&) = default;
    place& operator=(place&& other) noexcept {
      std::swap(room_, other.room_);
      std::swap(me_, other.me_);
      return *this;
    }
    ~place() {
      if (me_ && me_->waits)
        room_->waiting.erase(me_->at);
      else if (me_)
        room_->give_back();
    }

    /// Whether a seat is kept for it.
    bool is_called() const { return me_ && !me_->waits; }

    /// That seat; the place is left.
    seat take() {
      me_.reset();
      return seat(std::move(room_));
    }

  private:
    std::shared_ptr<room> room_;
    std::shared_ptr<waiter> me_;
  };

  /// An empty seat where `maxQueue` messages are inside.
  seat enter() const {
    if (room_->free <= 0)
      return {};
    --room_->free;
    return seat(room_);
  }

  /// A place in the line, behind all others. `called`, when a seat is kept for it; not before this returns.
  place line_up(std::function<void()> called) const {
    const auto me = std::make_shared<waiter>(waiter{std::move(called)});
    room_->waiting.push_back(me);
    me->at = std::prev(room_->waiting.end());
    me->waits = true;
    return {room_, me};
  }

  /// More seats from now on, or fewer; those that are taken stay taken.
  void add_seats(std::ptrdiff_t count) const {
    room_->seats += count;
    room_->free += count;
    for (; room_->free > 0 && !room_->waiting.empty(); --room_->free)
      room_->call_next();
  }

  /// How many messages are inside.
  std::size_t taken_count() const { return static_cast<std::size_t>(room_->seats - room_->free); }

private:
  std::shared_ptr<room> room_;
};

}  // namespace actors
