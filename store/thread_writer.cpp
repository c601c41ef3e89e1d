// Writes on a thread of its own, because a sync takes milliseconds and the loop's thread may not wait. The
// thread sees batches and results alone: whoever waits for a result is called, and let go, on the loop's
// thread.

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
      thread_([this, here = std::weak_ptr(here_)] { run(here); }) {}

  ~thread_writer() override {
    here_.reset();
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
  using lookup = std::pair<std::uint64_t, std::string>;  // its number, the key

  // What the thread does next; neither: it ends.
  struct order {
    std::optional<batch> write;
    std::optional<lookup> find;
  };

  void run(const std::weak_ptr<const int>& here) {
    for (auto next = take(); next.write || next.find; next = take())
      if (next.write)
        write_now(*next.write, here);
      else
        find_now(*next.find, here);
  }

  void write_now(const batch& b, const std::weak_ptr<const int>& here) {
    auto problem = store_->write(b);
    result r{std::move(problem), store_->has_room()};
    // The writer may be gone by the time the loop comes to it.
    post_([this, here, told = std::move(r)] {
      if (!here.expired())
        std::exchange(done_, nullptr)(told);
    });
  }

  void find_now(const lookup& l, const std::weak_ptr<const int>& here) {
    post_([this, here, number = l.first, found = store_->find(l.second)]() mutable {
      if (!here.expired())
        lookups_done_.extract(number).mapped()(std::move(found));
    });
  }

  // A batch that was handed over is written even if nobody waits for it any more.
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
  std::shared_ptr<const int> here_ = std::make_shared<const int>();  ///< as long as there is somebody to tell
  std::function<void(result)> done_;                                 ///< the loop's thread alone touches it
  std::map<std::uint64_t, std::function<void(found_records)>> lookups_done_;  ///< the same
  std::uint64_t last_lookup_ = 0;                                             ///< the same

  std::mutex mutex_;
  std::condition_variable change_;
  std::optional<batch> next_;
  std::deque<lookup> lookups_;
  bool stopping_ = false;

  std::thread thread_;  ///< the last member: it uses all others
};

}  // namespace

std::unique_ptr<writer> make_thread_writer(std::unique_ptr<journal_store> to,
                                           std::function<void(std::function<void()>)> post) {
  return std::make_unique<thread_writer>(std::move(to), std::move(post));
}

}  // namespace store
