// Listens on a Unix domain socket, for the operator of this machine.
//
// The file's mode protects it: from the first moment only its user and root can connect. The listener never
// removes a file that is not a socket, nor a socket with a running process behind it, nor, when it closes, a
// socket that another process has put in place of its own. It recreates its socket file when that is removed
// while it runs and the place is still its own. It cannot keep apart two processes that start at the same
// instant: the owner of the directory locks the directory first.

#include "net/local/listener.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <cstring>
#include <optional>

#include "net/local/socket.hpp"
#include "net/local/socket_path.hpp"
#include "net/loop.hpp"
#include "net/tcp/accepting.hpp"

namespace net {

namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

// How often a listener checks that its file is still there.
constexpr auto check_period = std::chrono::seconds(1);

// Removes the socket file that a stopped process left at `path`. Returns why no socket can be made there,
// empty where one can.
std::string remove_stale_socket(const std::string& path) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0)
    return {};  // no file is there, or bind reports what is wrong
  if (!S_ISSOCK(there.st_mode))
    return "a file that is not a socket is there; move it away";
  // Only a connection attempt tells whether a process listens behind the file.
  switch (const auto attempt = connect_local(path, std::chrono::milliseconds(100)); attempt.error) {
    case 0:
    case EAGAIN:
      return "a running gateway listens there already; stop it first, or give this one another folder";
    case ECONNREFUSED:
      if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return "a stopped process left its socket there, and it cannot be removed: " +
               std::string(std::strerror(errno));
      return {};
    case ENOENT: return {};
    default:
      return "a socket is there, and whether a process listens there is unknown: " +
             std::string(std::strerror(attempt.error));
  }
}

class local_listener final : public listener {
public:
  local_listener(loop& on, std::string path, listen_options options, std::function<bool()> may_recreate)
    : on_(on),
      check_timer_(on.io()),
      accepting_(std::make_shared<accepting<stream_protocol>>(on.io(), std::move(options))),
      path_(std::move(path)),
      may_recreate_(std::move(may_recreate)) {}
  ~local_listener() override { local_listener::close(); }
  local_listener(const local_listener&) = delete;
  local_listener& operator=(const local_listener&) = delete;

  error_code bind() {
    auto& acceptor = accepting_->acceptor;
    error_code error;
    acceptor.open(stream_protocol(), error);
    if (error)
      return error;
    // Linux gives a socket's file the mode of the socket, so the file never has another mode.
    if (::fchmod(acceptor.native_handle(), S_IRUSR | S_IWUSR) != 0)
      return {errno, boost::system::system_category()};
    acceptor.bind(stream_protocol::endpoint(path_), error);
    if (error)
      return error;
    if (struct stat made{}; ::lstat(path_.c_str(), &made) == 0)
      file_ = made;
    acceptor.listen(16, error);
    return error;
  }

  void open(std::function<void(link_ptr)> on_accept) override {
    accepting_->open(std::move(on_accept));
    check_later();
  }

  void close() override {
    check_timer_.cancel();
    accepting_->stop();
    if (is_there())
      ::unlink(path_.c_str());
    file_.reset();
  }

  std::uint16_t port() const override { return 0; }

private:
  // Not an actor's timer: it only concerns a file, and nothing else depends on it.
  void check_later() {
    check_timer_.expires_after(check_period);
    check_timer_.async_wait([this, here = std::weak_ptr(here_)](error_code cancelled) {
      if (cancelled || here.expired() || !file_)
        return;
      if (!is_there() && (!may_recreate_ || may_recreate_()))
        recreate();
      check_later();
    });
  }

  // The old socket cannot get a file again. Connections already accepted do not need it.
  void recreate() {
    if (!remove_stale_socket(path_).empty())
      return;
    const auto old =
      std::exchange(accepting_, std::make_shared<accepting<stream_protocol>>(on_.io(), accepting_->options));
    if (bind()) {
      accepting_ = old;
      return;
    }
    auto on_accept = old->on_accept;
    old->stop();
    accepting_->open(std::move(on_accept));
    accepting_->warn(path_ + " was removed or replaced and is made again");
  }

  bool is_there() const {
    struct stat there {};
    return file_ && ::lstat(path_.c_str(), &there) == 0 && there.st_dev == file_->st_dev &&
           there.st_ino == file_->st_ino;
  }

  loop& on_;
  boost::asio::steady_timer check_timer_;
  std::shared_ptr<const int> here_ = std::make_shared<const int>();  // expires with this object
  std::shared_ptr<accepting<stream_protocol>> accepting_;
  std::string path_;
  std::function<bool()> may_recreate_;
  std::optional<struct stat> file_;
};

}  // namespace

std::variant<std::unique_ptr<listener>, std::string> listen_local(loop& on, const std::string& path,
                                                                  listen_options options,
                                                                  std::function<bool()> may_recreate) {
  if (auto fault = fault_of_local_path(path); !fault.empty())
    return fault;
  if (const auto taken = remove_stale_socket(path); !taken.empty())
    return "cannot listen at " + path + ": " + taken;
  auto made = std::make_unique<local_listener>(on, path, std::move(options), std::move(may_recreate));
  if (const auto error = made->bind())
    return "cannot listen at " + path + ": " + error.message();
  return made;
}

}  // namespace net
