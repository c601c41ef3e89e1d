#include "scenarios/player/memory_disk.hpp"

#include <catch2/catch.hpp>

#include <deque>
#include <memory>
#include <string>
#include <vector>

namespace {

using Catch::Matchers::Contains;

store::batch noting(std::uint64_t purchase, std::string content) {
  store::batch b;
  b.records.push_back({0, purchase, 1, std::move(content)});
  return b;
}

/// One disk, and the process that uses it.
struct computer {
  computer() { boot(); }

  void boot() {
    writer = std::make_unique<player::memory_writer>(
      disk, [this](std::function<void()> f) { posted.push_back(std::move(f)); });
  }

  void write(store::batch b) {
    writer->write(std::move(b), [this](const store::writer::result& r) {
      results.push_back(r.problem + (r.room.is_enough ? "" : " (no room)"));
    });
  }

  void run() {
    while (!posted.empty()) {
      const auto f = std::move(posted.front());
      posted.pop_front();
      f();
    }
  }

  std::string kept() const {
    std::string all;
    for (const auto& r : disk->read().records)
      all += r.content;
    return all;
  }

  /// As a start would find it.
  std::string found() const {
    const auto start = disk->start();
    const auto* problem = std::get_if<std::string>(&start);
    return problem ? *problem : std::to_string(std::get<store::contents>(start).records.size()) + " records";
  }

  std::shared_ptr<player::memory_disk> disk = std::make_shared<player::memory_disk>();
  std::deque<std::function<void()>> posted;
  std::vector<std::string> results;
  std::unique_ptr<store::writer> writer;
};

}  // namespace

TEST_CASE_METHOD(computer, "a batch is durable when its writer is told so, and not before") {
  write(noting(7, "a"));
  CHECK(results.empty());
  CHECK(kept() == "");
  run();
  CHECK(results == std::vector<std::string>{""});
  CHECK(disk->read().records == std::vector<store::record>{{1, 7, 1, "a"}});
  CHECK(disk->written() == 1);
  CHECK(disk->acknowledged() == 1);
}

TEST_CASE_METHOD(computer, "cards are kept, erased and forgotten with their purchase") {
  auto b = noting(7, "a");
  b.records.push_back({0, 8, 1, "b"});
  b.cards = {{7, "sealed 7"}, {8, "sealed 8"}, {9, "sealed 9"}};
  write(b);
  run();
  CHECK(disk->read().cards.size() == 3);
  store::batch later;
  later.erased = {8};
  later.forgotten = {7};
  write(later);
  run();
  CHECK(disk->read().cards == std::map<std::uint64_t, std::string>{{9, "sealed 9"}});
  CHECK(kept() == "b");
}

TEST_CASE_METHOD(computer, "a sequence is not used again when its record was forgotten") {
  write(noting(7, "a"));
  run();
  store::batch later;
  later.forgotten = {7};
  write(later);
  run();
  CHECK(found() == "0 records");
  write(noting(8, "b"));
  run();
  CHECK(disk->read().records.front().sequence == 2);
}

TEST_CASE_METHOD(
  computer, "a batch that fails is gone or kept, as it was asked for, and its writer writes nothing more") {
  const bool kept_all_the_same = GENERATE(false, true);
  disk->fail_next("input/output error", kept_all_the_same);
  write(noting(7, "a"));
  run();
  write(noting(8, "b"));
  run();
  CHECK(results == std::vector<std::string>{"input/output error", "input/output error"});
  CHECK(kept() == (kept_all_the_same ? "a" : ""));
  CHECK(disk->failed() == 2);
  // The next process finds a sound disk.
  writer.reset();
  boot();
  write(noting(9, "c"));
  run();
  CHECK(results.back() == "");
}

TEST_CASE_METHOD(computer, "a full disk fails every batch until there is space again") {
  disk->full(true);
  write(noting(7, "a"));
  run();
  CHECK_THAT(results.back(), Contains("disk is full"));
  disk->full(false);
  writer.reset();
  boot();
  write(noting(7, "a"));
  run();
  CHECK(results.back() == "");
  CHECK(kept() == "a");
}

TEST_CASE_METHOD(computer, "a result says whether there is room") {
  disk->room(false);
  write(noting(7, "a"));
  run();
  disk->room(true);
  write(noting(7, "b"));
  run();
  CHECK(results == std::vector<std::string>{" (no room)", ""});
}

TEST_CASE_METHOD(computer, "a slow disk says nothing until it is released") {
  disk->pause();
  write(noting(7, "a"));
  run();
  CHECK(results.empty());
  CHECK(disk->waiting() == 1);
  disk->release();
  CHECK(results.empty());
  run();
  CHECK(results.size() == 1);
  CHECK(kept() == "a");
}

TEST_CASE_METHOD(
  computer, "a power failure keeps a beginning of what nobody was told of, and nobody is told any more") {
  std::mt19937_64 random_source(1);
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    disk = std::make_shared<player::memory_disk>();
    boot();
    write(noting(7, "a"));
    run();
    results.clear();
    write(noting(7, "b"));
    write(noting(7, "c"));
    const auto survivors = disk->power_fails(random_source);
    run();
    write(noting(7, "of the dead"));
    run();
    CHECK(results.empty());
    CHECK(kept().size() == 1 + survivors);
    seen.insert(kept());
    writer.reset();
  }
  CHECK(seen == std::set<std::string>{"a", "ab", "abc"});
}

TEST_CASE_METHOD(computer, "what a killed process has written survives it") {
  disk->pause();
  write(noting(7, "a"));
  disk->process_ends();
  disk->release();
  run();
  CHECK(results.empty());
  CHECK(kept() == "a");
  writer.reset();
  boot();
  write(noting(7, "b"));
  run();
  CHECK(kept() == "ab");
}

TEST_CASE_METHOD(computer, "a writer that is destroyed finishes its batch and says nothing") {
  const bool slow = GENERATE(false, true);
  if (slow)
    disk->pause();
  write(noting(7, "a"));
  writer.reset();
  CHECK(kept() == "a");
  run();
  CHECK(results.empty());
}

TEST_CASE_METHOD(computer, "a disk that lost records a writer was told of refuses the start") {
  for (const auto* content : {"a", "b", "c"}) {
    write(noting(7, content));
    run();
  }
  CHECK(found() == "3 records");
  disk->drop_last(2);
  CHECK(found() == "records 2 to 3 that were acknowledged are missing");
}

TEST_CASE_METHOD(computer, "a damaged record refuses the start and is named") {
  write(noting(7, "a"));
  run();
  write(noting(8, "b"));
  run();
  CHECK(disk->flip(1));
  CHECK_FALSE(disk->flip(5));
  CHECK(found() == "record 1 (purchase 7) is damaged");
}

TEST_CASE_METHOD(computer, "a damaged record at the end that nobody was told of is cut") {
  write(noting(7, "a"));
  run();
  write(noting(8, "b"));
  disk->process_ends();
  CHECK(found() == "2 records");
  CHECK(disk->flip(2));
  CHECK(found() == "1 records");
}

TEST_CASE_METHOD(computer,
                 "the youngest purchase with a key is found by it, until that is forgotten, and over the "
                 "death of its process") {
  auto b = noting(7, "a");
  b.records.push_back({0, 8, 1, "b"});
  b.records.push_back({0, 7, 2, "c"});
  b.keys = {{"key", 7}, {"other", 8}};
  write(b);
  std::vector<std::string> found;
  const auto look = [&](const std::string& key) {
    writer->find(key, [&found](const store::found_records& f) {
      found.push_back(f.problem);
      for (const auto& r : f.records)
        found.back() += r.content;
    });
  };
  look("key");
  CHECK(found.empty());
  run();
  CHECK(found == std::vector<std::string>{"ac"});
  disk->process_ends();
  writer.reset();
  boot();
  disk->pause();
  look("other");
  look("none");
  run();
  CHECK(found.size() == 1);
  disk->release();
  run();
  CHECK(found == std::vector<std::string>{"ac", "b", ""});
  auto again = noting(9, "d");
  again.keys = {{"key", 9}};
  write(again);
  run();
  look("key");
  run();
  CHECK(found.back() == "d");
  store::batch later;
  later.forgotten = {7, 9};
  write(later);
  run();
  look("key");
  run();
  CHECK(found.back() == "");
  look("key");
  writer.reset();
  run();
  CHECK(found.size() == 5);
}

TEST_CASE_METHOD(computer, "an older copy that is put back refuses the start, and the newest one does not") {
  write(noting(7, "a"));
  run();
  const auto older = disk->copied();
  write(noting(8, "b"));
  run();
  disk->process_ends();
  const auto newest = disk->copied();
  disk->put_back(older);
  CHECK(found() == "record 2 that was acknowledged is missing");
  disk->put_back(newest);
  CHECK(found() == "2 records");
}
