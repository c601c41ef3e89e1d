// Sends one request line to a running gateway on this machine and reads the whole reply, for the command
// line.
//
// The calls block: the calling process has neither a loop nor actors and nothing else to do. A reply that was
// cut off is reported as an error.

#include "net/local/client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <cerrno>
#include <cstring>

#include "net/local/socket.hpp"
#include "net/local/socket_path.hpp"

namespace net {

namespace {

using result = std::variant<std::string, std::string>;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

result failure(std::string why) { return result(std::in_place_index<1>, std::move(why)); }

std::string in_words(milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                  : std::to_string(time.count()) + " ms";
}

class conversation {
public:
  conversation(const std::string& path, milliseconds timeout)
    : path_(path), timeout_(timeout), end_(clock::now() + timeout) {}

  result run(std::string line) {
    auto connected = connect_local(path_, timeout_);
    if (connected.error != 0)
      return no_answer(connected.error);
    socket_ = std::move(connected.socket);
    if (const auto error = send(line); error != 0)
      return no_answer(error);
    return receive();
  }

private:
  // Returns 0 or an errno. When the gateway hangs up meanwhile it may have sent a reason, so `receive` reads
  // it.
  int send(std::string_view rest) {
    while (!rest.empty()) {
      const auto size = ::send(socket_.get(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      if (size >= 0)
        rest.remove_prefix(static_cast<std::size_t>(size));
      else if (errno == EPIPE || errno == ECONNRESET)
        return 0;
      else if (errno == EAGAIN) {
        if (!wait_for(POLLOUT))
          return EAGAIN;
      } else if (errno != EINTR)
        return errno;
    }
    return 0;
  }

  result receive() {
    std::string received;
    for (char buffer[16384];;) {
      const auto size = ::recv(socket_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
      if (size > 0)
        received.append(buffer, static_cast<std::size_t>(size));
      else if (size == 0)
        return received.empty() ? no_answer(ECONNRESET) : result(std::in_place_index<0>, std::move(received));
      else if (errno == EAGAIN) {
        if (!wait_for(POLLIN))
          return no_answer(EAGAIN);
      } else if (errno != EINTR)
        return no_answer(errno);
    }
  }

  // False when the timeout has expired.
  bool wait_for(short what) const {
    for (;;) {
      const auto left = std::chrono::ceil<milliseconds>(end_ - clock::now());
      if (left.count() <= 0)
        return false;
      pollfd one{socket_.get(), what, 0};
      if (::poll(&one, 1, static_cast<int>(std::min<milliseconds::rep>(left.count(), 60000))) > 0)
        return true;
    }
  }

  result no_answer(int error) const {
    switch (error) {
      case ENOENT:
      case ENOTDIR:
      case ECONNREFUSED:
        return failure("no gateway answers at " + path_ + "; is it running, and with --journal=DIR?");
      case EACCES:
      case EPERM:
        return failure("the gateway at " + path_ +
                       " may be asked by root and the user it runs as alone; permission denied");
      case EAGAIN: return failure("the gateway at " + path_ + " did not answer within " + in_words(timeout_));
      case ECONNRESET:
        return failure("the gateway at " + path_ + " hung up before it had answered; its log may say why");
      default: return failure("cannot ask the gateway at " + path_ + ": " + std::strerror(error));
    }
  }

  const std::string& path_;
  milliseconds timeout_;
  clock::time_point end_;
  descriptor socket_;
};

}  // namespace

std::variant<std::string, std::string> ask_local(const std::string& path, const std::string& request_line,
                                                 milliseconds timeout) {
  if (auto fault = fault_of_local_path(path); !fault.empty())
    return failure(std::move(fault));
  return conversation(path, timeout).run(request_line + "\n");
}

bool is_listened_at(const std::string& path) {
  if (!fault_of_local_path(path).empty())
    return false;
  const auto error = connect_local(path, milliseconds(0)).error;
  return error != ENOENT && error != ENOTDIR && error != ECONNREFUSED;
}

}  // namespace net
