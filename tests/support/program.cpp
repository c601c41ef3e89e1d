#include "tests/support/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <csignal>

namespace support {

namespace {

using tcp = boost::asio::ip::tcp;

// Only a failing test waits that long.
constexpr int timeout_ms = 60000;

}  // namespace

program::program(const std::vector<std::string>& given, const char* path) {
  auto arguments = given;
  const auto begins = [&](const char* name) {
    return std::ranges::any_of(given, [name](const std::string& a) { return a.starts_with(name); });
  };
  if (begins("--upstream") && !begins("--journal"))
    arguments.push_back("--journal=" + journal_.emplace().path());
  if ((begins("--upstream") || begins("--echoServerPort")) && !begins("--v"))
    arguments.emplace_back("--v");
  int ends[2];
  REQUIRE(pipe2(ends, O_CLOEXEC) == 0);
  std::vector<char*> argv{const_cast<char*>(path)};
  for (const auto& a : arguments)
    argv.push_back(const_cast<char*>(a.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  REQUIRE(pid_ >= 0);
  if (pid_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    execv(path, argv.data());
    _exit(127);
  }
  close(ends[1]);
  pipe_ = ends[0];
}

program::~program() {
  if (!waited_) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
  }
  close(pipe_);
}

bool program::says(const std::string& text, int times) {
  for (;;) {
    int found = 0;
    for (auto at = output_.find(text); at != std::string::npos; at = output_.find(text, at + text.size()))
      ++found;
    if (found >= times)
      return true;
    if (!read_more())
      return false;
  }
}

void program::signal(int number) const { kill(pid_, number); }

int program::wait() {
  while (!waited_ && read_more()) {}
  if (!waited_) {
    int status = 0;
    waitpid(pid_, &status, 0);
    waited_ = true;
    status_ = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  return status_;
}

bool program::read_more() {
  pollfd p{pipe_, POLLIN, 0};
  if (poll(&p, 1, timeout_ms) <= 0) {
    kill(pid_, SIGKILL);
    return false;
  }
  char buffer[65536];
  const auto size = read(pipe_, buffer, sizeof buffer);
  if (size <= 0)
    return false;
  output_.append(buffer, static_cast<std::size_t>(size));
  return true;
}

std::string ask_port(std::uint16_t port, const std::string& bytes) {
  boost::asio::io_context io;
  tcp::socket socket(io);
  socket.connect({boost::asio::ip::address_v4::loopback(), port});
  boost::asio::write(socket, boost::asio::buffer(bytes));
  std::string answer;
  boost::system::error_code end;
  boost::asio::read(socket, boost::asio::dynamic_buffer(answer), end);
  return answer;
}

}  // namespace support
