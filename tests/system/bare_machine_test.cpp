// The released program where a machine offers less than usual: no IPv6, no standard files, few descriptors, a
// read-only disk, process 1, a clock that jumps.

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <boost/asio.hpp>

#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/gateway_with_bank.hpp"
#include "tests/support/notify_socket.hpp"

using namespace std::chrono_literals;
using Catch::Contains;
using support::gateway_with_bank;
using support::program;
using tcp = boost::asio::ip::tcp;

namespace {

namespace fs = std::filesystem;

// The program with these arguments, started by a shell behind `preparation`.
std::vector<std::string> prepared(const std::string& preparation, const std::vector<std::string>& arguments) {
  std::vector<std::string> all{"-c", preparation + "exec \"$0\" \"$@\"", PROGRAM};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return all;
}

// Arguments of unshare(1), which runs such a shell.
std::vector<std::string> apart(std::vector<std::string> flags, const std::vector<std::string>& shell) {
  flags.push_back("/bin/sh");
  flags.insert(flags.end(), shell.begin(), shell.end());
  return flags;
}

bool can_unshare(const char* flags) {
  if (std::system(("unshare " + std::string(flags) + " true 2>/dev/null").c_str()) == 0)
    return true;
  WARN("only root can take a part of the machine away from a process, so this test does not run");
  return false;
}

// The only child of a process.
pid_t child_of(pid_t parent) {
  const auto p = std::to_string(parent);
  std::ifstream file("/proc/" + p + "/task/" + p + "/children");
  pid_t child = 0;
  file >> child;
  return child;
}

std::string state_of(pid_t process) {
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string number, name, state;
  file >> number >> name >> state;
  return state;
}

}  // namespace

TEST_CASE("without IPv6 a gateway and its bank work, names and all") {
  if (!can_unshare("-n"))
    return;
  gateway_with_bank g;
  auto arguments = g.arguments();
  const auto clients = std::to_string(support::free_port());
  arguments.insert(arguments.end(), {"--listenPort=" + clients, "--testTargetHost=localhost",
                                     "--testTargetPort=" + clients, "--testClients=2", "--testPurchases",
                                     "--adminPort=" + std::to_string(support::free_port())});
  const auto shell =
    prepared("echo 1 >/proc/sys/net/ipv6/conf/all/disable_ipv6 && ip link set lo up && ", arguments);
  program all(apart({"-n"}, shell), "/usr/bin/unshare");
  REQUIRE(all.says("got correct response", 4));
  all.signal(SIGTERM);
  CHECK(all.wait() == 0);
  CHECK_THAT(all.output(), Contains("failures: 0"));
}

TEST_CASE("started without standard files, the gateway writes no log into a connection or its journal") {
  const support::notify_socket manager;
  gateway_with_bank g;
  const auto shell = prepared("exec 0<&- 1>&- 2>&-; ", g.arguments());
  ::setenv("NOTIFY_SOCKET", manager.address().c_str(), 1);
  program gateway(shell, "/bin/sh");
  ::unsetenv("NOTIFY_SOCKET");
  REQUIRE_THAT(manager.heard(60s), Contains("READY=1"));
  CHECK_THAT(g.purchase(), Contains("\"approved\":true"));
  for (const auto* file : {"0", "1", "2"})
    CHECK(fs::read_symlink("/proc/" + std::to_string(gateway.pid()) + "/fd/" + file) == "/dev/null");
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);

  program next(g.arguments());
  REQUIRE(next.says("Connected to upstream"));
  CHECK_THAT(g.purchase(), Contains("\"approved\":true"));
}

TEST_CASE("with 256 descriptors the gateway hangs up on who has been idle longest, and serves on") {
  gateway_with_bank g;
  program gateway(prepared("ulimit -n 256; ", g.arguments()), "/bin/sh");
  REQUIRE(gateway.says("Connected to upstream"));
  boost::asio::io_context io;
  std::vector<tcp::socket> idle;
  for (int n = 0; n < 300; ++n)
    idle.emplace_back(io).connect({boost::asio::ip::address_v4::loopback(), g.http});
  char byte = 0;
  boost::system::error_code end;
  idle.front().read_some(boost::asio::buffer(&byte, 1), end);
  CHECK(end);
  idle.clear();
  CHECK_THAT(g.purchase(), Contains("\"approved\":true"));
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
}

TEST_CASE("where only the journal's directory can be written to, the gateway works") {
  if (!can_unshare("-m"))
    return;
  gateway_with_bank g;
  const auto home = g.home.path();
  const auto shell = prepared("mount --make-rprivate / && mount --bind " + home + " " + home +
                                " && mount -o remount,bind,ro / && ! touch /var/x 2>/dev/null && ",
                              g.arguments());
  program gateway(apart({"-m"}, shell), "/usr/bin/unshare");
  REQUIRE(gateway.says("Connected to upstream"));
  CHECK_THAT(g.purchase(), Contains("\"approved\":true"));
  gateway.signal(SIGTERM);
  CHECK(gateway.wait() == 0);
}

TEST_CASE("as process 1 the gateway obeys signals, and leaves no zombie of what others have started") {
  if (!can_unshare("--pid --fork --mount-proc"))
    return;
  gateway_with_bank g;
  // It ends when the gateway runs already, whose child it is.
  const auto go = g.home / "go";
  REQUIRE(::mkfifo(go.c_str(), S_IRUSR | S_IWUSR) == 0);
  const auto shell = prepared("(read word <" + go + ") & ", g.arguments());
  program outside(apart({"--pid", "--fork", "--mount-proc"}, shell), "/usr/bin/unshare");
  REQUIRE(outside.says("Connected to upstream"));
  const auto gateway = child_of(outside.pid());
  REQUIRE(gateway > 0);
  const auto orphan = child_of(gateway);
  REQUIRE(orphan > 0);
  test::write(go, "end\n");
  // It is gone, and not a zombie, when its number is free.
  for (int n = 0; n < 600 && !state_of(orphan).empty(); ++n)
    ::usleep(100'000);
  CHECK(state_of(orphan) == "");
  CHECK_THAT(g.purchase(), Contains("\"approved\":true"));
  ::kill(gateway, SIGHUP);
  CHECK(outside.says("opened anew"));
  ::kill(gateway, SIGTERM);
  CHECK(outside.wait() == 0);
}

TEST_CASE("a clock that is set back and forth stops no purchase, and no start on the journal") {
  gateway_with_bank g;
  const auto clock = g.home / "clock";
  test::write(clock, "0");
  ::setenv("MOVED_CLOCK", clock.c_str(), 1);
  // A sanitizer's library would like to be the first one.
  const auto shell = prepared(
    "export ASAN_OPTIONS=verify_asan_link_order=0 LD_PRELOAD=" MOVED_CLOCK_LIBRARY "; ", g.arguments());
  {
    program gateway(shell, "/bin/sh");
    REQUIRE(gateway.says("Connected to upstream"));
    for (const auto* seconds : {"0", "-3600", "-86400", "0", "86400", "31536000", "60"}) {
      test::write(clock, seconds);
      CHECK_THAT(g.purchase(), Contains("\"approved\":true"));
    }
    gateway.signal(SIGKILL);
    gateway.wait();
  }
  for (const auto* seconds : {"-172800", "172800"}) {
    test::write(clock, seconds);
    program gateway(shell, "/bin/sh");
    REQUIRE(gateway.says("Connected to upstream"));
    CHECK_THAT(g.purchase(), Contains("\"approved\":true"));
    gateway.signal(SIGTERM);
    CHECK(gateway.wait() == 0);
  }
  ::unsetenv("MOVED_CLOCK");
}
