// Programs that are run: what they get, and when they end.

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <optional>

#include "net/local/program.hpp"
#include "tests/store/directory.hpp"

using namespace std::chrono_literals;
using Catch::Contains;

namespace {

// A program of the test's own, a script.
struct script {
  explicit script(const std::string& text) : path(home / "program") {
    test::write(path, "#!/bin/sh\n" + text + "\n");
    ::chmod(path.c_str(), S_IRWXU);
  }
  // Why it failed.
  std::string run(const std::string& input = "", std::chrono::milliseconds timeout = 60s) const {
    net::loop loop;
    std::optional<std::string> result;
    net::run_program(loop, path, input, timeout, [&](std::string why) { result = std::move(why); });
    while (!result)
      loop.run_for(60s);
    return *result;
  }
  test::directory home;
  std::string path;
};

}  // namespace

TEST_CASE("a program gets its input whole, then its end, and no argument") {
  const script s("cat >$0.got; echo $# >>$0.got");
  CHECK(s.run("{\"a\": 1}\n").empty());
  CHECK(test::read(s.path + ".got") == "{\"a\": 1}\n0\n");
}

TEST_CASE("a program that does not read its input is no failure") {
  CHECK(script("exit 0").run("text").empty());
}

TEST_CASE("why a program failed is a sentence") {
  CHECK(script("exit 3").run() == "its exit status is 3");
  CHECK(script("kill -TERM $$").run() == "the signal 15 ended it");
  const script s("exit 0");
  ::chmod(s.path.c_str(), S_IRUSR | S_IWUSR);
  CHECK_THAT(s.run(), Contains("it cannot be run"));
  CHECK_THAT(s.run(std::string(5000, 'x')), Contains("it cannot be run: Message too long"));
  CHECK_THAT(net::fault_of_program(s.path), Contains("it cannot be run"));
  CHECK(net::fault_of_program(s.home.path()) == "it is no program");
  CHECK_THAT(net::fault_of_program(s.home / "none"), Contains("No such file"));
}

TEST_CASE("a program that takes too long is killed, and so is what it has started") {
  const script s("mkfifo $0.pipe; cat $0.pipe & cat $0.pipe");
  CHECK_THAT(s.run("", 300ms), Contains("had not ended after 300 ms and was killed"));
  // Soon nobody reads the pipe any more.
  const auto is_read = [&] {
    const int end = ::open((s.path + ".pipe").c_str(), O_WRONLY | O_NONBLOCK);
    return end >= 0 && ::close(end) == 0;
  };
  const auto last = std::chrono::steady_clock::now() + 60s;
  while (is_read() && std::chrono::steady_clock::now() < last) {}
  CHECK_FALSE(is_read());
}

TEST_CASE("a program has none of the files that are open here") {
  const test::directory home;
  const int leaked = ::open((home / "socket").c_str(), O_RDWR | O_CREAT, S_IRUSR | S_IWUSR);
  constexpr int above_the_shells_own = 100;
  const int high = ::fcntl(leaked, F_DUPFD, above_the_shells_own);
  REQUIRE(high >= above_the_shells_own);
  CHECK(script("test ! -e /proc/$$/fd/" + std::to_string(high)).run().empty());
  ::close(high);
  ::close(leaked);
}

TEST_CASE("two programs at a time each have their own end") {
  const script good("exit 0"), bad("exit 5");
  net::loop loop;
  std::vector<std::string> results;
  const auto then = [&](const std::string& why) { results.push_back(why); };
  net::run_program(loop, bad.path, "", 60s, then);
  net::run_program(loop, good.path, "", 60s, then);
  while (results.size() < 2)
    loop.run_for(60s);
  std::sort(results.begin(), results.end());
  CHECK(results == std::vector<std::string>{"", "its exit status is 5"});
}
