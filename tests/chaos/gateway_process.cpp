#include "tests/chaos/gateway_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/asio/buffer.hpp>
#include <nlohmann/json.hpp>

#include <csignal>
#include <cstdio>
#include <functional>

namespace chaos {

namespace {

constexpr std::size_t said_max = 4000;

// The standard output of a command that ends by itself.
std::string output_of(const std::string& command) {
  std::string text;
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  char buffer[65536];
  for (std::size_t size = 0; pipe && (size = fread(buffer, 1, sizeof buffer, pipe.get())) != 0;)
    text.append(buffer, size);
  return text;
}

}  // namespace

// Survives a process that is killed while its output is being read.
struct gateway_process::output : std::enable_shared_from_this<output> {
  output(asio::io_context& io, int end, std::function<void(std::string_view)> h)
    : pipe(io, end), on_output(std::move(h)) {}

  void read() {
    pipe.async_read_some(asio::buffer(buffer),
                         [self = shared_from_this()](boost::system::error_code error, std::size_t size) {
                           if (error)
                             return;
                           if (self->on_output)
                             self->on_output({self->buffer.data(), size});
                           self->read();
                         });
  }

  asio::posix::stream_descriptor pipe;
  std::function<void(std::string_view)> on_output;
  std::array<char, 65536> buffer{};
};

gateway_process::gateway_process(asio::io_context& io, std::string program, std::string journal,
                                 std::vector<std::string> arguments)
  : io_(io), program_(std::move(program)), journal_(std::move(journal)), arguments_(std::move(arguments)) {
  arguments_.push_back("--journal=" + journal_);
}

void gateway_process::start() {
  last_lines_.clear();
  is_ready_ = false;
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0)
    return;
  std::vector<char*> argv{program_.data()};
  for (auto& a : arguments_)
    argv.push_back(a.data());
  argv.push_back(nullptr);
  io_.notify_fork(asio::execution_context::fork_prepare);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(ends[1], STDOUT_FILENO);
    dup2(ends[1], STDERR_FILENO);
    close_range(STDERR_FILENO + 1, ~0U, 0);
    execv(program_.c_str(), argv.data());
    _exit(127);
  }
  io_.notify_fork(asio::execution_context::fork_parent);
  close(ends[1]);
  output_ = std::make_shared<output>(io_, ends[0], [this](std::string_view text) {
    last_lines_ += text;
    if (last_lines_.find("Raw clients are awaited") != std::string::npos)
      is_ready_ = true;
    if (last_lines_.size() > said_max)
      last_lines_.erase(0, last_lines_.size() - said_max);
  });
  output_->read();
}

void gateway_process::kill() {
  if (pid_ <= 0)
    return;
  ::kill(pid_, SIGKILL);
  wait();
}

void gateway_process::signal(int number) const {
  if (pid_ > 0)
    ::kill(pid_, number);
}

int gateway_process::end() {
  if (pid_ <= 0)
    return -1;
  ::kill(pid_, SIGTERM);
  return wait();
}

int gateway_process::wait() {
  int status = 0;
  waitpid(pid_, &status, 0);
  pid_ = -1;
  output_->on_output = nullptr;
  boost::system::error_code ignored;
  output_->pipe.close(ignored);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool gateway_process::has_failed() {
  int status = 0;
  if (pid_ > 0 && waitpid(pid_, &status, WNOHANG) == pid_)
    pid_ = -1;
  return pid_ <= 0;
}

bool gateway_process::list(open_cases& into) const {
  const auto j = nlohmann::json::parse(
    output_of("'" + program_ + "' pending --json --journal='" + journal_ + "'"), nullptr, false);
  if (!j.is_object())
    return false;
  into = {};
  for (const auto& c : j.at("cases")) {
    const trace t{std::stoull(c.at("tid").get<std::string>()), std::stoull(c.at("stan").get<std::string>())};
    const auto state = c.at("state").get<std::string>();
    const auto number = c.at("case").get<std::uint64_t>();
    if (state == "unconfirmed") {
      into.unconfirmed.insert(t);
      continue;
    }
    into.reversing.insert(t);
    into.numbers.push_back(number);
    if (state == "needs you")
      into.for_a_person.push_back(number);
  }
  return true;
}

void gateway_process::retry(std::uint64_t number) const {
  output_of("'" + program_ + "' retry " + std::to_string(number) + " --journal='" + journal_ + "' 2>&1");
}

}  // namespace chaos
