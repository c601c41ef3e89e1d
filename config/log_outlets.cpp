#include "config/log_outlets.hpp"

#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

namespace config::log {

namespace {

constexpr int wait_ms = 100;

std::string why_failed(int error) { return std::generic_category().message(error); }

class file_descriptor {
public:
  explicit file_descriptor(int fd = -1) : fd_(fd) {}
  ~file_descriptor() {
    if (fd_ >= 0)
      ::close(fd_);
  }
  file_descriptor(file_descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  file_descriptor& operator=(file_descriptor other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

private:
  int fd_;
};

// A pipe that can take something takes PIPE_BUF bytes without blocking.
std::size_t write_some(int fd, std::string_view bytes, std::string& why) {
  struct stat is {};
  if (::fstat(fd, &is) != 0 || !S_ISREG(is.st_mode)) {
    pollfd ready{fd, POLLOUT, 0};
    if (::poll(&ready, 1, wait_ms) == 0)
      return 0;
    bytes = bytes.substr(0, PIPE_BUF);
  }
  const auto n = ::write(fd, bytes.data(), bytes.size());
  if (n < 0 && errno != EINTR && errno != EAGAIN)
    why = why_failed(errno);
  return n < 0 ? 0 : static_cast<std::size_t>(n);
}

class console_outlet final : public outlet {
public:
  std::size_t write(std::string_view bytes, std::string& why) override {
    return write_some(STDOUT_FILENO, bytes, why);
  }
};

class file_outlet final : public outlet {
public:
  explicit file_outlet(std::string path) : path_(std::move(path)) {}
  ~file_outlet() override { file_outlet::use_reopened(); }

  std::size_t write(std::string_view bytes, std::string& why) override {
    return write_some(file_.get(), bytes, why);
  }

  std::string reopen() override {
    const int fd = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666);
    if (fd < 0)
      return why_failed(errno);
    const file_descriptor unused(next_.exchange(fd));
    return {};
  }

  void use_reopened() override {
    if (const int fd = next_.exchange(-1); fd >= 0)
      file_ = file_descriptor(fd);
  }

private:
  std::string path_;
  file_descriptor file_;
  std::atomic<int> next_{-1};
};

class logstash_outlet final : public outlet {
public:
  logstash_outlet(std::string host, std::uint16_t port)
    : host_(std::move(host)), port_(std::to_string(port)) {}

  std::size_t write(std::string_view bytes, std::string& why) override {
    if (!socket_ && !(why = connect()).empty())
      return 0;
    pollfd ready{socket_.get(), POLLOUT | POLLRDHUP, 0};
    if (::poll(&ready, 1, wait_ms) == 0)
      return 0;
    // What is sent behind the peer's end is lost.
    if ((ready.revents & (POLLRDHUP | POLLHUP)) != 0)
      return lose("it has closed the connection", why);
    const auto n = ::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0)
      return static_cast<std::size_t>(n);
    return errno == EAGAIN || errno == EINTR ? 0 : lose(why_failed(errno), why);
  }

  bool repeats_lines() const override { return true; }

private:
  std::size_t lose(std::string reason, std::string& why) {
    socket_ = file_descriptor();
    why = std::move(reason);
    return 0;
  }

  // Its addresses, one after the other. Returns why not; empty: connected.
  std::string connect() {
    addrinfo wanted{}, *found = nullptr;
    wanted.ai_socktype = SOCK_STREAM;
    if (const int error = ::getaddrinfo(host_.c_str(), port_.c_str(), &wanted, &found); error != 0)
      return ::gai_strerror(error);
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> all(found, ::freeaddrinfo);
    std::string why;
    for (const auto* a = found; a && !socket_; a = a->ai_next)
      why = connect(*a);
    return socket_ ? "" : why;
  }

  std::string connect(const addrinfo& to) {
    constexpr int connect_ms = 2000;
    file_descriptor fd(::socket(to.ai_family, to.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, to.ai_protocol));
    if (!fd)
      return why_failed(errno);
    if (::connect(fd.get(), to.ai_addr, to.ai_addrlen) != 0) {
      if (errno != EINPROGRESS)
        return why_failed(errno);
      pollfd ready{fd.get(), POLLOUT, 0};
      if (::poll(&ready, 1, connect_ms) == 0)
        return why_failed(ETIMEDOUT);
      int error = 0;
      socklen_t size = sizeof error;
      if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0)
        return why_failed(error != 0 ? error : errno);
    }
    // A peer that is gone without a word must not keep the lines for a quarter of an hour.
    const unsigned silent_ms = 30000;
    ::setsockopt(fd.get(), IPPROTO_TCP, TCP_USER_TIMEOUT, &silent_ms, sizeof silent_ms);
    socket_ = std::move(fd);
    return {};
  }

  std::string host_, port_;
  file_descriptor socket_;
};

}  // namespace

std::unique_ptr<outlet> to_console() { return std::make_unique<console_outlet>(); }

std::variant<std::unique_ptr<outlet>, std::string> to_file(const std::string& path) {
  auto file = std::make_unique<file_outlet>(path);
  if (auto why = file->reopen(); !why.empty())
    return why;
  file->use_reopened();
  return file;
}

std::unique_ptr<outlet> to_logstash(const std::string& host, std::uint16_t port) {
  return std::make_unique<logstash_outlet>(host, port);
}

bool console_is_journal() {
  const char* journal = std::getenv("JOURNAL_STREAM");
  struct stat is {};
  return journal && ::fstat(STDOUT_FILENO, &is) == 0 &&
         std::to_string(is.st_dev) + ":" + std::to_string(is.st_ino) == journal;
}

}  // namespace config::log
