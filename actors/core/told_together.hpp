// What an actor is told of often, in few messages.
#pragma once

#include <memory>
#include <utility>
#include <vector>

namespace actors {

/// Things for one actor. What is added while the message with the list is in that actor's mailbox goes along
/// with it; all are on the loop's thread.
template <class T>
class told_together {
public:
  using list = std::shared_ptr<const std::vector<T>>;

  /// The list to send, where none is on its way; else nullptr.
  list add(T&& what) {
    const bool is_on_its_way = list_.use_count() > 1;
    if (!is_on_its_way) {
      list_ = std::make_shared<std::vector<T>>();
      list_->reserve(usual_count);
    }
    list_->push_back(std::move(what));
    return is_on_its_way ? nullptr : list_;
  }

  /// What is added from now on goes into another list.
  void begin_another() { list_.reset(); }

private:
  static constexpr std::size_t usual_count = 16;  // in one list, of a busy gateway

  std::shared_ptr<std::vector<T>> list_;
};

}  // namespace actors
