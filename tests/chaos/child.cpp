#include "tests/chaos/child.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <memory>

namespace chaos {

void child::start(const std::vector<std::string>& command, const std::string& log) {
  kill();
  std::vector<char*> argv;
  for (const auto& c : command)
    argv.push_back(const_cast<char*>(c.c_str()));
  argv.push_back(nullptr);
  pid_ = fork();
  if (pid_ == 0) {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    setpgid(0, 0);
    if (const int file = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600); file >= 0) {
      dup2(file, STDOUT_FILENO);
      dup2(file, STDERR_FILENO);
    }
    close_range(STDERR_FILENO + 1, ~0U, 0);
    execvp(argv[0], argv.data());
    _exit(127);
  }
  setpgid(pid_, pid_);
}

void child::signal(int number) const {
  if (pid_ > 0)
    ::kill(pid_, number);
}

void child::kill() {
  if (pid_ <= 0)
    return;
  ::kill(-pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
  pid_ = -1;
}

bool child::is_running() {
  if (pid_ > 0 && waitpid(pid_, nullptr, WNOHANG) == pid_) {
    ::kill(-pid_, SIGKILL);  // its remaining child processes
    pid_ = -1;
  }
  return pid_ > 0;
}

std::string failure_of(const std::string& command) {
  std::string text;
  auto* pipe = popen(("(" + command + ") 2>&1").c_str(), "r");
  if (!pipe)
    return "cannot run " + command;
  char buffer[4096];
  for (std::size_t size = 0; (size = fread(buffer, 1, sizeof buffer, pipe)) != 0;)
    text.append(buffer, size);
  if (pclose(pipe) == 0)
    return {};
  while (!text.empty() && text.back() == '\n')
    text.pop_back();
  return "'" + command + "' failed: " + text;
}

}  // namespace chaos
