// How many clients' messages may be inside the gateway at a time (`maxQueue`).
//
// A session takes a seat for a message and holds it until its answer or
// refusal; a session that dies gives its seats back by that.
#pragma once

#include <cstddef>
#include <memory>
#include <utility>

namespace actors {

class admission {
public:
  explicit admission(std::size_t seats_max) : free_(std::make_shared<std::size_t>(seats_max)) {}

  class seat {
  public:
    seat() = default;
    explicit seat(std::shared_ptr<std::size_t> from) : from_(std::move(from)) {}
    seat(seat&&) = default;
    seat& operator=(seat&& other) noexcept {
      std::swap(from_, other.from_);
      return *this;
    }
    ~seat() {
      if (from_)
        ++*from_;
    }
    explicit operator bool() const { return from_ != nullptr; }

  private:
    std::shared_ptr<std::size_t> from_;
  };

  /// An empty seat where `maxQueue` messages are inside.
  seat enter() const {
    if (*free_ == 0)
      return {};
    --*free_;
    return seat(free_);
  }

private:
  std::shared_ptr<std::size_t> free_;
};

}  // namespace actors
