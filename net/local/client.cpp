// Asks a running gateway of this machine, for the command line: a line there, everything back.
//
// It blocks, which nothing else here does: the process that calls it has
// nothing else to do, and neither loop nor actors. An answer that was cut off is
// never taken for a whole one.

#include "net/local/client.hpp"

#include <poll.h>
#include <sys/socket.h>
#include <cerrno>
#include <cstring>

#include "net/local/socket.hpp"

namespace net {

namespace {

using result = std::variant<std::string, std::string>;
using clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

result trouble(std::string why) { return result(std::in_place_index<1>, std::move(why)); }

std::string in_words(milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                  : std::to_string(time.count()) + " ms";
}

class conversation {
public:
  conversation(const std::string& path, milliseconds timeout)
    : path_(path), timeout_(timeout), end_(clock::now() + timeout) {}

  result hold(std::string line) {
    auto call = call_local(path_, timeout_);
    if (call.error != 0)
      return no_answer(call.error);
    socket_ = std::move(call.socket);
    if (const auto error = say(line); error != 0)
      return no_answer(error);
    return listen();
  }

private:
  // 0, or an errno. A gateway that hangs up while we speak may have said why: that is for `listen`.
  int say(std::string_view rest) {
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

  result listen() {
    std::string heard;
    for (char buffer[16384];;) {
      const auto size = ::recv(socket_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
      if (size > 0)
        heard.append(buffer, static_cast<std::size_t>(size));
      else if (size == 0)
        return heard.empty() ? no_answer(ECONNRESET) : result(std::in_place_index<0>, std::move(heard));
      else if (errno == EAGAIN) {
        if (!wait_for(POLLIN))
          return no_answer(EAGAIN);
      } else if (errno != EINTR)
        return no_answer(errno);
    }
  }

  // False when the time is up.
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
        return trouble("no gateway answers at " + path_ + "; is it running, and with --journal=DIR?");
      case EACCES:
      case EPERM:
        return trouble("the gateway at " + path_ +
                       " may be asked by root and the user it runs as alone; permission denied");
      case EAGAIN: return trouble("the gateway at " + path_ + " did not answer within " + in_words(timeout_));
      case ECONNRESET:
        return trouble("the gateway at " + path_ + " hung up before it had answered; its log may say why");
      default: return trouble("cannot ask the gateway at " + path_ + ": " + std::strerror(error));
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
    return trouble(std::move(fault));
  return conversation(path, timeout).hold(request_line + "\n");
}

}  // namespace net
