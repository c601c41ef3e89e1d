// A sink of the log over an outlet that a test blocks, and lets fail and work.

#include <catch2/catch.hpp>

#include <condition_variable>
#include <mutex>

#include "config/log_sink.hpp"

using namespace config::log;
using namespace std::chrono_literals;

namespace {

// Only a failing test waits that long.
constexpr auto patience = 60s;

struct desk {
  std::mutex mutex;
  std::condition_variable changed;
  std::string written;
  std::string fails;            // why
  std::size_t takes = 1000000;  // bytes, of which one write takes at most `at_once`
  std::size_t at_once = 1000000;
  std::size_t attempts = 0;
  bool repeats = false;

  template <class Change>
  void change(Change c) {
    const std::lock_guard l(mutex);
    c();
    changed.notify_all();
  }
  template <class Is>
  bool wait(Is is) {
    std::unique_lock l(mutex);
    return changed.wait_for(l, patience, is);
  }
  bool has(const std::string& text) {
    return wait([&] { return written.find(text) != std::string::npos; });
  }
};

class desk_outlet : public outlet {
public:
  explicit desk_outlet(desk& d) : d_(d) {}
  std::size_t write(std::string_view bytes, std::string& why) override {
    std::unique_lock l(d_.mutex);
    ++d_.attempts;
    d_.changed.notify_all();
    if (d_.takes == 0 && d_.fails.empty())
      d_.changed.wait_for(l, 20ms);
    const auto n = std::min({bytes.size(), d_.takes, d_.at_once});
    d_.written += bytes.substr(0, n);
    d_.takes -= n;
    if (n < bytes.size())
      why = d_.fails;
    d_.changed.notify_all();
    return n;
  }
  bool repeats_lines() const override { return d_.repeats; }
  void use_reopened() override {
    d_.change([this] { d_.written += "(new file)\n"; });
  }

private:
  desk& d_;
};

struct running {
  desk d;
  std::mutex mutex;
  std::string told;
  std::shared_ptr<sink> s;

  explicit running(std::chrono::milliseconds gathering = 5ms) {
    s = std::make_shared<sink>(
      std::make_unique<desk_outlet>(d),
      sink::options{"file", "the logFile", [](std::string& out, const record& r) { out += r.text() + "\n"; },
                    [this](const std::string& text) {
                      const std::lock_guard l(mutex);
                      told += text + "\n";
                    },
                    1000ms, gathering});
  }
  ~running() { stop(); }
  void run() { sink::run(s); }
  void put(const std::string& text) { s->put(std::make_shared<const record>(level::info, text, subject{})); }
  bool stop() {
    const auto until = std::chrono::steady_clock::now() + 5s;
    s->begin_stop(until);
    return s->has_stopped(until + patience);
  }
  std::string told_so_far() {
    const std::lock_guard l(mutex);
    return told;
  }
};

}  // namespace

TEST_CASE("a sink writes what it has until its end, in order") {
  running r;
  r.d.at_once = 3;
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    r.put("line " + std::to_string(i));
    all += "line " + std::to_string(i) + "\n";
  }
  r.run();
  CHECK(r.stop());
  CHECK(r.d.written == all);
  CHECK(r.s->dropped() == 0);
  r.put("behind the end");
  CHECK(r.d.written == all);
}

TEST_CASE("a sink that takes nothing keeps no more than it may, and its log says what is missing") {
  running r;
  r.d.takes = 0;
  r.run();
  r.put("first");
  REQUIRE(r.d.wait([&] { return r.d.attempts != 0; }));
  constexpr std::size_t too_many = 100;
  for (std::size_t i = 0; i < sink::lines_max + too_many; ++i)
    r.put(std::to_string(i));
  CHECK(r.s->dropped() == too_many);
  r.d.change([&] { r.d.takes = 1000000000; });
  REQUIRE(r.d.has("\n" + std::to_string(sink::lines_max + too_many - 1) + "\n"));
  CHECK(
    r.d.written.starts_with("first\n100 lines of this log were dropped, for they came faster than they could "
                            "be written\n100\n101\n"));
  CHECK(r.told_so_far().empty());
}

TEST_CASE("many lines that wait are written without a wait for more") {
  running r(1h);
  for (int i = 0; i < 1000; ++i)
    r.put(std::to_string(i));
  r.run();
  CHECK(r.d.has("\n700\n"));
}

TEST_CASE("long lines have as little memory as short ones") {
  running r;
  const std::string long_line(1024 * 1024, 'x');
  for (int i = 0; i < 32; ++i)
    r.put(long_line);
  CHECK(r.s->dropped() >= 16);
  r.run();
}

TEST_CASE("what a full disk does not take is written when it has room, with no line broken") {
  running r;
  r.d.takes = 8;
  r.d.fails = "No space left on device";
  r.run();
  r.put("one");
  r.put("two and more");
  REQUIRE(r.d.wait([&] { return r.d.attempts != 0; }));
  r.d.change([&] {
    r.d.takes = 1000000;
    r.d.fails.clear();
  });
  CHECK(r.s->reopen().empty());  // tries at once
  REQUIRE(r.d.has("more"));
  CHECK(r.d.written.starts_with("one\ntwo (new file)\nand more\n"));
  CHECK(r.stop());
  CHECK(
    r.told_so_far() ==
    "The log cannot be written to the logFile: No space left on device; its lines wait, and the oldest are "
    "dropped where there are too many\nThe log is written to the logFile again\n");
}

TEST_CASE("over a new connection the line that was cut off comes once more, as a whole") {
  running r;
  r.d.takes = 8;
  r.d.fails = "Connection reset by peer";
  r.d.repeats = true;
  r.put("one");
  r.put("two and more");
  r.run();
  REQUIRE(r.d.wait([&] { return r.d.attempts != 0; }));
  r.d.change([&] {
    r.d.takes = 1000000;
    r.d.fails.clear();
  });
  CHECK(r.s->reopen().empty());
  REQUIRE(r.d.has("more"));
  CHECK(r.d.written.starts_with("one\ntwo (new file)\ntwo and more\n"));
}

TEST_CASE("the lines in front of a rotation are in the old file, those behind it in the new one") {
  running r;
  r.put("one");
  r.put("two");
  CHECK(r.s->reopen().empty());
  r.put("three");
  r.run();
  CHECK(r.stop());
  CHECK(r.d.written == "one\ntwo\n(new file)\nthree\n");
}

TEST_CASE("a sink that fails or takes nothing does not hold up the end, and what it had counts as dropped") {
  for (const auto* why : {"", "Connection refused"}) {
    running r;
    r.d.takes = 0;
    r.d.fails = why;
    r.put("one");
    r.put("two");
    r.run();
    REQUIRE(r.d.wait([&] { return r.d.attempts != 0; }));
    r.put("three");
    CHECK(r.stop());
    CHECK(r.s->dropped() == 3);
  }
}
