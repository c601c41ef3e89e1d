// Tells a service manager (systemd) how the process is, as sd_notify(3) describes.
#pragma once

#include <string>
#include <string_view>

namespace net {

/// Does nothing where no service manager asks. Never blocks.
class service_manager {
public:
  /// `address`: the path of its datagram socket, or @ and a name that has no file; empty: nobody asks.
  explicit service_manager(std::string address) : address_(std::move(address)) {}

  bool asks() const { return !address_.empty(); }

  /// The process serves. False where the manager could not be told: tell it again.
  bool ready();

  /// The process reads its configuration again; when it has, `reloaded`. Nothing before `ready`.
  void reloading() const;
  void reloaded() const;

  /// The process ends in order.
  void stopping();

  /// The process is not stuck.
  void alive() const { tell("WATCHDOG=1"); }

private:
  bool tell(std::string_view state) const;

  std::string address_;
  bool serves_ = false;
};

}  // namespace net
