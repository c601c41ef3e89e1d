#include "store/writer.hpp"

#include <catch2/catch.hpp>

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace {

/// What a loop does: runs what is posted, on the thread that asks for it.
class loop {
public:
  void post(std::function<void()> f) {
    {
      const std::lock_guard lock(mutex_);
      posted_.push_back(std::move(f));
    }
    change_.notify_one();
  }
  void run_one() {
    std::unique_lock lock(mutex_);
    change_.wait(lock, [this] { return !posted_.empty(); });
    const auto f = std::move(posted_.front());
    posted_.pop_front();
    lock.unlock();
    f();
  }
  /// Without waiting.
  void run_ready() {
    while (ready())
      run_one();
  }
  bool ready() {
    const std::lock_guard lock(mutex_);
    return !posted_.empty();
  }

private:
  std::mutex mutex_;
  std::condition_variable change_;
  std::deque<std::function<void()>> posted_;
};

/// What is written, and a gate before it.
struct disk {
  std::mutex mutex;
  std::condition_variable change;
  bool is_open = true;
  bool is_reached = false;
  std::vector<std::uint64_t> written;
  std::thread::id by;
  std::string problem;

  void wait_for_writer() {
    std::unique_lock lock(mutex);
    change.wait(lock, [this] { return is_reached; });
  }
  void open() {
    {
      const std::lock_guard lock(mutex);
      is_open = true;
    }
    change.notify_all();
  }
};

class gated_store final : public store::journal_store {
public:
  explicit gated_store(disk& d) : disk_(d) {}
  std::string write(const store::batch& b) override {
    std::unique_lock lock(disk_.mutex);
    disk_.is_reached = true;
    disk_.change.notify_all();
    disk_.change.wait(lock, [this] { return disk_.is_open; });
    disk_.written.push_back(b.records.front().transaction);
    disk_.by = std::this_thread::get_id();
    return disk_.problem;
  }
  store::journal_room room() const override { return {false, 0, 0}; }
  store::found_records find(const std::string& key) override {
    const std::lock_guard lock(disk_.mutex);
    disk_.by = std::this_thread::get_id();
    store::found_records found;
    for (const auto purchase : disk_.written)
      found.records.push_back({0, purchase, 1, key});
    return found;
  }

private:
  disk& disk_;
};

store::batch batch_of(std::uint64_t purchase) {
  store::batch b;
  b.records.push_back({0, purchase, 1, ""});
  return b;
}

/// Its last owner is told where it goes.
struct witness {
  ~witness() { *gone_on = std::this_thread::get_id(); }
  std::thread::id* gone_on;
};

struct gateway {
  disk d;
  loop l;
  std::unique_ptr<store::writer> writer = store::make_thread_writer(
    std::make_unique<gated_store>(d), [this](std::function<void()> f) { l.post(std::move(f)); });
};

}  // namespace

TEST_CASE_METHOD(gateway,
                 "batches are written in order on another thread, and each has one result on the loop's") {
  std::vector<std::uint64_t> told;
  for (std::uint64_t n = 1; n <= 100; ++n) {
    writer->write(batch_of(n), [&told, n](const store::writer::result& r) {
      told.push_back(n);
      CHECK(r.problem == "");
      CHECK_FALSE(r.room.is_enough);
    });
    CHECK(told.size() == n - 1);
    l.run_one();
    CHECK(told.size() == n);
  }
  CHECK_FALSE(l.ready());
  CHECK(d.written == told);
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(d.by != std::this_thread::get_id());
}

TEST_CASE_METHOD(gateway, "the next batch may be written from within a result") {
  int results = 0;
  std::function<void(store::writer::result)> next = [&](const store::writer::result&) {
    if (++results < 3)
      writer->write(batch_of(1), next);
  };
  writer->write(batch_of(1), next);
  while (results < 3)
    l.run_one();
  CHECK(d.written.size() == 3);
}

TEST_CASE_METHOD(gateway, "a problem of the store is told as it is") {
  d.problem = "cannot write to the journal: disk I/O error";
  std::string told;
  writer->write(batch_of(1), [&told](const store::writer::result& r) { told = r.problem; });
  l.run_one();
  CHECK(told == d.problem);
}

TEST_CASE_METHOD(gateway, "a slow disk keeps nobody waiting") {
  d.is_open = false;
  bool told = false;
  writer->write(batch_of(1), [&told](const store::writer::result&) { told = true; });
  d.wait_for_writer();
  l.run_ready();
  CHECK_FALSE(told);
  d.open();
  l.run_one();
  CHECK(told);
}

TEST_CASE_METHOD(
  gateway, "a writer that is destroyed finishes its batch, says nothing, and lets go on the loop's thread") {
  const bool is_under_way = GENERATE(true, false);
  d.is_open = false;
  bool told = false;
  std::thread::id gone_on;
  writer->write(batch_of(1), [&told, w = std::make_shared<witness>(&gone_on)](const store::writer::result&) {
    told = true;
  });
  if (is_under_way)
    d.wait_for_writer();
  std::thread opener([this] { d.open(); });
  writer.reset();
  opener.join();
  CHECK(d.written == std::vector<std::uint64_t>{1});
  l.run_ready();
  CHECK_FALSE(told);
  CHECK(gone_on == std::this_thread::get_id());
}

TEST_CASE_METHOD(gateway, "a result that comes too late is told to nobody") {
  bool told = false;
  writer->write(batch_of(1), [&told](const store::writer::result&) { told = true; });
  while (!l.ready())
    std::this_thread::yield();
  writer.reset();
  l.run_ready();
  CHECK_FALSE(told);
}

TEST_CASE_METHOD(gateway, "a writer that has nothing to write ends at once") {
  writer.reset();
  CHECK(d.written.empty());
}

TEST_CASE_METHOD(gateway,
                 "lookups are made on the other thread, see every batch that is written, and are answered "
                 "each on the loop's") {
  int written = 0;
  writer->write(batch_of(7), [&written](const store::writer::result&) { ++written; });
  l.run_one();
  std::vector<std::string> told;
  for (const auto* key : {"a", "b", "c"})
    writer->find(key, [&told](const store::found_records& f) {
      REQUIRE(f.records.size() == 1);
      CHECK(f.records[0].transaction == 7);
      told.push_back(f.records[0].content);
    });
  CHECK(told.empty());
  while (told.size() < 3)
    l.run_one();
  CHECK(told == std::vector<std::string>{"a", "b", "c"});
  CHECK(written == 1);
  CHECK(d.by != std::this_thread::get_id());
}

TEST_CASE_METHOD(gateway, "a lookup waits behind a slow batch, and batches go on behind lookups") {
  d.is_open = false;
  std::vector<std::string> told;
  writer->write(batch_of(1), [&told](const store::writer::result&) { told.push_back("batch"); });
  d.wait_for_writer();
  writer->find("a", [&](const store::found_records&) {
    told.push_back("lookup");
    writer->write(batch_of(2), [&told](const store::writer::result&) { told.push_back("next batch"); });
  });
  l.run_ready();
  CHECK(told.empty());
  d.open();
  while (told.size() < 3)
    l.run_one();
  CHECK(told == std::vector<std::string>{"batch", "lookup", "next batch"});
}

TEST_CASE_METHOD(gateway, "a writer that is destroyed answers no lookup any more") {
  d.is_open = false;
  bool told = false;
  writer->write(batch_of(1), [](const store::writer::result&) {});
  d.wait_for_writer();
  writer->find("a", [&told](const store::found_records&) { told = true; });
  d.open();
  writer.reset();
  l.run_ready();
  CHECK_FALSE(told);
}
