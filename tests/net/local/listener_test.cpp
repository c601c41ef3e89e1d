// The operator's door and who asks at it, over real sockets. Waits end by events, and by a bound that only a
// failure meets.

#include <catch2/catch.hpp>

#include <boost/asio.hpp>

#include <sys/stat.h>
#include <unistd.h>
#include <filesystem>
#include <fstream>
#include <thread>

#include "net/local/client.hpp"
#include "net/local/listener.hpp"
#include "net/loop.hpp"
#include "tests/net/watched.hpp"

using namespace std::chrono_literals;

namespace {

namespace fs = std::filesystem;
using boost::asio::local::stream_protocol;
using answer = std::variant<std::string, std::string>;

// A folder of its own, gone with it.
struct folder {
  std::string name = (fs::temp_directory_path() / "local_door_XXXXXX").string();
  folder() {
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    fs::permissions(name, fs::perms(0755));
  }
  ~folder() { fs::remove_all(name); }
  folder(const folder&) = delete;
  folder& operator=(const folder&) = delete;
  std::string path() const { return name + "/control.sock"; }
};

struct place : folder {
  net::loop loop;
  std::unique_ptr<net::listener> listener = listening();
  watched operator_side;  // our end of the line to whoever called last

  std::unique_ptr<net::listener> listening() {
    auto made = net::listen_local(loop, path());
    if (const auto* error = std::get_if<std::string>(&made))
      FAIL(*error);
    return std::get<std::unique_ptr<net::listener>>(std::move(made));
  }

  // Asks from a thread of its own, as another process would, while the loop runs.
  answer ask(const std::string& line, std::chrono::milliseconds timeout,
             const std::function<void(watched&)>& heard) {
    operator_side = {};
    listener->open([this](net::link_ptr link) {
      operator_side.link = std::move(link);
      operator_side.link->open(operator_side.events());
    });
    std::optional<answer> got;
    std::thread asking([&] {
      auto a = net::ask_local(path(), line, timeout);
      loop.post([&got, a = std::move(a)] { got = a; });
    });
    const bool said = run_until(loop, [&] { return operator_side.all().ends_with('\n'); });
    if (said)
      heard(operator_side);
    const bool ended = run_until(loop, [&] { return got.has_value(); });
    asking.join();
    REQUIRE(said);
    REQUIRE(ended);
    return *got;
  }
};

std::string refusal_of(std::variant<std::unique_ptr<net::listener>, std::string> listening) {
  return std::get<std::string>(std::move(listening));
}

}  // namespace

TEST_CASE("the operator's line goes in, everything comes back, and we know who asked") {
  place p;
  const std::string much(300000, 'x');
  const auto got = p.ask("list unconfirmed", 20s, [&](watched& w) {
    CHECK(w.all() == "list unconfirmed\n");
    CHECK(w.link->peer() == "uid " + std::to_string(::getuid()) + " pid " + std::to_string(::getpid()));
    w.link->send(much);
    w.link->close();
  });
  REQUIRE(got.index() == 0);
  CHECK(std::get<0>(got) == much);
  REQUIRE(run_until(p.loop, [&] { return p.operator_side.down.has_value(); }));
  CHECK(*p.operator_side.down == "closed");
  CHECK(p.operator_side.link->unacknowledged() == 0);
}

TEST_CASE("a caller at the local door that finished early is answered and hung up on at once") {
  place p;
  p.listener->open([&](net::link_ptr link) {
    p.operator_side.link = std::move(link);
    p.operator_side.link->open(p.operator_side.events());
  });
  stream_protocol::socket caller(p.loop.io());
  caller.connect(stream_protocol::endpoint(p.path()));
  caller.shutdown(boost::asio::socket_base::shutdown_send);
  REQUIRE(run_until(p.loop, [&] { return p.operator_side.finished; }));
  p.operator_side.link->send("answer");
  CHECK(p.operator_side.link->unacknowledged() == 6);
  p.operator_side.link->close();
  REQUIRE(run_until(p.loop, [&] { return p.operator_side.down.has_value(); }));
  CHECK(*p.operator_side.down == "closed");
  CHECK(p.operator_side.link->unacknowledged() == 0);
  std::string text;
  boost::system::error_code end;
  boost::asio::read(caller, boost::asio::dynamic_buffer(text), end);
  CHECK(end == boost::asio::error::eof);
  CHECK(text == "answer");
}

TEST_CASE("the file of the local door is its user's alone, whatever the umask, and goes with the door") {
  const auto before = ::umask(0);
  place p;
  ::umask(before);
  struct stat made {};
  REQUIRE(::stat(p.path().c_str(), &made) == 0);
  CHECK(S_ISSOCK(made.st_mode));
  CHECK((made.st_mode & 0777) == 0600);
  p.listener->close();
  CHECK_FALSE(fs::exists(p.path()));
  // What another has put there since is not ours to remove.
  const auto next = p.listening();
  p.listener.reset();
  CHECK(fs::exists(p.path()));
}

TEST_CASE(
  "a local door whose file was removed or replaced stands there again, and callers that were in stay") {
  place p;
  const std::string way =
    GENERATE("removed", "another's socket, dead", "its directory moved away and made again later");
  const auto is_answered = [&](const std::string& line) {
    const auto got = p.ask(line, 20s, [&](watched& w) {
      w.link->send(line);
      w.link->close();
    });
    return got.index() == 0 && std::get<0>(got) == line;
  };
  CHECK(is_answered("first"));
  net::link_ptr its_link;
  p.listener->open([&](net::link_ptr link) { its_link = std::move(link); });
  stream_protocol::socket within(p.loop.io());
  within.connect(stream_protocol::endpoint(p.path()));
  REQUIRE(run_until(p.loop, [&] { return its_link != nullptr; }));
  its_link->open({{}, [](const std::vector<net::frame>&) {}, [] {}, [](const std::string&) {}, {}});

  std::optional<stream_protocol::acceptor> dead;
  fs::remove(p.path());
  if (way == "another's socket, dead") {
    dead.emplace(p.loop.io(), stream_protocol::endpoint(p.path()));
    dead.reset();
    REQUIRE(fs::is_socket(p.path()));
  } else if (way != "removed") {
    fs::remove(p.name);
    p.loop.run_for(1500ms);
    fs::create_directory(p.name);
  }
  const auto can_be_called = [&] {
    stream_protocol::socket caller(p.loop.io());
    boost::system::error_code error;
    caller.connect(stream_protocol::endpoint(p.path()), error);
    return !error;
  };
  REQUIRE(run_until(p.loop, can_be_called));
  CHECK(is_answered("second"));
  its_link->send("still in");
  std::string text(8, ' ');
  REQUIRE(run_until(p.loop, [&] { return within.available() == text.size(); }));
  boost::asio::read(within, boost::asio::buffer(text));
  CHECK(text == "still in");
  p.listener->close();
  p.loop.run_for(1500ms);
  CHECK_FALSE(fs::exists(p.path()));
}

TEST_CASE("a local door is made again only where its place is still its own") {
  folder f;
  net::loop loop;
  bool is_own = false;
  int asked = 0;
  auto made = net::listen_local(loop, f.path(), {}, [&] {
    ++asked;
    return is_own;
  });
  REQUIRE(made.index() == 0);
  std::get<0>(made)->open([](const net::link_ptr&) {});
  fs::remove(f.path());
  REQUIRE(run_until(loop, [&] { return asked == 2; }));
  CHECK_FALSE(fs::exists(f.path()));
  is_own = true;
  CHECK(run_until(loop, [&] { return fs::is_socket(f.path()); }));
}

TEST_CASE("a local door takes no place from a file that is no socket") {
  place p;
  p.listener->open([](const net::link_ptr&) {});
  fs::remove(p.path());
  std::ofstream(p.path()) << "somebody's notes";
  p.loop.run_for(2500ms);
  CHECK(fs::file_size(p.path()) == 16);
  fs::remove(p.path());
  CHECK(run_until(p.loop, [&] { return fs::is_socket(p.path()); }));
}

TEST_CASE("a living door is not taken from its gateway") {
  place p;
  CHECK_THAT(refusal_of(net::listen_local(p.loop, p.path())),
             Catch::Contains("listens there already") && Catch::Contains(p.path()));
  const auto got = p.ask("status", 20s, [](watched& w) {
    w.link->send("still here");
    w.link->close();
  });
  REQUIRE(got.index() == 0);
  CHECK(std::get<0>(got) == "still here");
}

TEST_CASE("the socket that a dead process left is replaced, and no other file is") {
  folder f;
  net::loop loop;
  { stream_protocol::acceptor dead(loop.io(), stream_protocol::endpoint(f.path())); }
  REQUIRE(fs::exists(f.path()));
  CHECK(std::holds_alternative<std::unique_ptr<net::listener>>(net::listen_local(loop, f.path())));
  CHECK_FALSE(fs::exists(f.path()));
  std::ofstream(f.path()) << "somebody's notes";
  CHECK_THAT(refusal_of(net::listen_local(loop, f.path())), Catch::Contains("is not a socket"));
  CHECK(fs::file_size(f.path()) == 16);
}

TEST_CASE("paths where no door can stand are sentences for the operator") {
  net::loop loop;
  const std::string longest = "/tmp/" + std::string(103, 'x');
  CHECK_THAT(refusal_of(net::listen_local(loop, longest)),
             Catch::Contains("107") && Catch::Contains("108") && Catch::Contains(longest));
  CHECK_THAT(std::get<1>(net::ask_local(longest, "status", 1s)), Catch::Contains("107"));
  CHECK_THAT(refusal_of(net::listen_local(loop, "")), Catch::Contains("needs a path"));
  CHECK_THAT(refusal_of(net::listen_local(loop, "/no/such/folder/control.sock")),
             Catch::Contains("/no/such/folder/control.sock: No such file"));
}

TEST_CASE("the operator is told when no gateway answers, whether its file is there or not") {
  folder f;
  const auto sentence = "no gateway answers at " + f.path() + "; is it running, and with --journal=DIR?";
  CHECK(std::get<1>(net::ask_local(f.path(), "status", 20s)) == sentence);
  net::loop loop;
  { stream_protocol::acceptor dead(loop.io(), stream_protocol::endpoint(f.path())); }
  CHECK(std::get<1>(net::ask_local(f.path(), "status", 20s)) == sentence);
}

TEST_CASE("the operator is told that the gateway may not be asked by just anybody") {
  place p;
  // Root may ask whatever the mode says, so as root the test asks as nobody.
  const bool root = ::geteuid() == 0;
  if (root)
    REQUIRE(::seteuid(65534) == 0);
  else
    ::chmod(p.path().c_str(), 0);
  const auto got = net::ask_local(p.path(), "status", 20s);
  if (root)
    REQUIRE(::seteuid(0) == 0);
  REQUIRE(got.index() == 1);
  CHECK_THAT(std::get<1>(got), Catch::Contains("permission denied") && Catch::Contains(p.path()));
}

TEST_CASE("the operator is told when the gateway says nothing in time, or hangs up without a word") {
  place p;
  const auto late = p.ask("status", 50ms, [](watched&) {});
  REQUIRE(late.index() == 1);
  CHECK(std::get<1>(late) == "the gateway at " + p.path() + " did not answer within 50 ms");
  const auto mute = p.ask("status", 20s, [](watched& w) { w.link->close(); });
  REQUIRE(mute.index() == 1);
  CHECK_THAT(std::get<1>(mute), Catch::Contains("hung up before it had answered"));
}
