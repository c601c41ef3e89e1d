// A door at a path, for the operator of this machine.
//
// The file's mode is the lock: only its user and root can open it, from the first moment on. It never removes
// a file that is not a socket, nor a socket that somebody answers at, nor, at its end, one that another door
// has put in place of its own; what was taken away from it while it runs it makes again. Two that start at
// one instant it cannot keep apart: whose folder it is locks the folder first.

#include "net/local/listener.hpp"

#include <sys/stat.h>
#include <unistd.h>
#include <boost/asio/local/stream_protocol.hpp>
#include <cerrno>
#include <cstring>
#include <optional>

#include "net/local/socket.hpp"
#include "net/loop.hpp"
#include "net/tcp/accepting.hpp"

namespace net {

namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

// How often a door looks for its file.
constexpr auto look_period = std::chrono::seconds(1);

// Why a door cannot stand at `path`; empty where nothing is, or only what a dead process left.
std::string make_room_at(const std::string& path) {
  struct stat there {};
  if (::lstat(path.c_str(), &there) != 0)
    return {};  // nothing is there, or binding will say what is wrong
  if (!S_ISSOCK(there.st_mode))
    return "a file that is not a socket is there; move it away";
  // Only a call tells a living door from what a dead one left.
  switch (const auto call = call_local(path, std::chrono::milliseconds(100)); call.error) {
    case 0:
    case EAGAIN:
      return "a gateway that runs already answers there; stop it first, or give this one another folder";
    case ECONNREFUSED:
      if (::unlink(path.c_str()) != 0 && errno != ENOENT)
        return "a dead process left its socket there, and it cannot be removed: " +
               std::string(std::strerror(errno));
      return {};
    case ENOENT: return {};
    default:
      return "a socket is there, and whether somebody answers at it cannot be told: " +
             std::string(std::strerror(call.error));
  }
}

class local_listener final : public listener {
public:
  local_listener(loop& on, std::string path, listen_options options)
    : on_(on),
      look_(on.io()),
      accepting_(std::make_shared<accepting<stream_protocol>>(on.io(), std::move(options))),
      path_(std::move(path)) {}
  ~local_listener() override { local_listener::close(); }
  local_listener(const local_listener&) = delete;
  local_listener& operator=(const local_listener&) = delete;

  error_code bind() {
    auto& acceptor = accepting_->acceptor;
    error_code error;
    acceptor.open(stream_protocol(), error);
    if (error)
      return error;
    // Linux gives a socket's file the mode of the socket, so at no moment it has another.
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
    look_later();
  }

  void close() override {
    look_.cancel();
    accepting_->stop();
    if (is_there())
      ::unlink(path_.c_str());
    file_.reset();
  }

  std::uint16_t port() const override { return 0; }

private:
  // Not an actor's wait: it is about a file, and nothing else depends on it.
  void look_later() {
    look_.expires_after(look_period);
    look_.async_wait([this, here = std::weak_ptr(here_)](error_code cancelled) {
      if (cancelled || here.expired() || !file_)
        return;
      if (!is_there())
        make_again();
      look_later();
    });
  }

  // The old socket cannot get a file again; callers that are in already do not need it.
  void make_again() {
    if (!make_room_at(path_).empty())
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
    accepting_->complain(path_ + " was removed or replaced and is made again");
  }

  bool is_there() const {
    struct stat there {};
    return file_ && ::lstat(path_.c_str(), &there) == 0 && there.st_dev == file_->st_dev &&
           there.st_ino == file_->st_ino;
  }

  loop& on_;
  boost::asio::steady_timer look_;
  std::shared_ptr<const int> here_ = std::make_shared<const int>();  // as long as the door stands
  std::shared_ptr<accepting<stream_protocol>> accepting_;
  std::string path_;
  std::optional<struct stat> file_;
};

}  // namespace

std::variant<std::unique_ptr<listener>, std::string> listen_local(loop& on, const std::string& path,
                                                                  listen_options options) {
  if (auto fault = fault_of_local_path(path); !fault.empty())
    return fault;
  if (const auto taken = make_room_at(path); !taken.empty())
    return "cannot listen at " + path + ": " + taken;
  auto made = std::make_unique<local_listener>(on, path, std::move(options));
  if (const auto error = made->bind())
    return "cannot listen at " + path + ": " + error.message();
  return made;
}

}  // namespace net
