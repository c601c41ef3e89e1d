// Writes on its own thread, because a sync takes milliseconds and the loop's thread must not block. The
// thread only touches batches and results: callbacks are called and destroyed on the loop's thread.

#include "store/writer.hpp"

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

namespace store {

namespace {

using post_function = std::function<void(std::function<void()>)>;

class thread_writer final : public writer {
public:
  thread_writer(std::unique_ptr<journal_store> to, post_function post)
    : store_(std::move(to)),
      post_(std::move(post)),
      thread_([this, alive = std::weak_ptr(alive_)] { run(alive); }) {}

  ~thread_writer() override {
    alive_.reset();
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    change_.notify_one();
    thread_.join();
  }
  thread_writer(const thread_writer&) = delete;
  thread_writer& operator=(const thread_writer&) = delete;

  void write(batch b, std::function<void(result)> done) override {
    done_ = std::move(done);
    {
      const std::lock_guard lock(mutex_);
      next_ = std::move(b);
    }
    change_.notify_one();
  }

  void find(std::string key, std::function<void(found_records)> done) override {
    lookups_done_[++last_lookup_] = std::move(done);
    {
      const std::lock_guard lock(mutex_);
      lookups_.emplace_back(last_lookup_, std::move(key));
    }
    change_.notify_one();
  }

private:
  using lookup = std::pair<std::uint64_t, std::string>;  // number, key

  // The thread's next task; the thread ends where both are empty.
  struct order {
    std::optional<batch> write;
    std::optional<lookup> find;
  };

  void run(const std::weak_ptr<const int>& alive) {
    for (auto next = take(); next.write || next.find; next = take())
      if (next.write)
        write_now(*next.write, alive);
      else
        find_now(*next.find, alive);
  }

  void write_now(const batch& b, const std::weak_ptr<const int>& alive) {
    auto problem = store_->write(b);
    result r{std::move(problem), store_->room()};
    // The writer may be destroyed before the loop runs this.
    post_([this, alive, outcome = std::move(r)] {
      if (!alive.expired())
        std::exchange(done_, nullptr)(outcome);
    });
  }

  void find_now(const lookup& l, const std::weak_ptr<const int>& alive) {
    post_([this, alive, number = l.first, found = store_->find(l.second)]() mutable {
      if (!alive.expired())
        lookups_done_.extract(number).mapped()(std::move(found));
    });
  }

  // A batch that was handed over is written even while stopping.
  order take() {
    std::unique_lock lock(mutex_);
    change_.wait(lock, [this] { return next_ || !lookups_.empty() || stopping_; });
    order next{std::exchange(next_, std::nullopt), std::nullopt};
    if (!next.write && !stopping_) {
      next.find = std::move(lookups_.front());
      lookups_.pop_front();
    }
    return next;
  }

  std::unique_ptr<journal_store> store_;
  post_function post_;
  std::shared_ptr<const int> alive_ = std::make_shared<const int>();  ///< expires with this object
  std::function<void(result)> done_;                                  ///< used on the loop's thread only
  std::map<std::uint64_t, std::function<void(found_records)>> lookups_done_;  ///< the same
  std::uint64_t last_lookup_ = 0;                                             ///< the same

  std::mutex mutex_;
  std::condition_variable change_;
  std::optional<batch> next_;
  std::deque<lookup> lookups_;
  bool stopping_ = false;

  std::thread thread_;  ///< the last member, because it uses all others
};

}  // namespace

std::unique_ptr<writer> make_thread_writer(std::unique_ptr<journal_store> to,
                                           std::function<void(std::function<void()>)> post) {
  return std::make_unique<thread_writer>(std::move(to), std::move(post));
}

}  // namespace store
