#include "net/tcp/host_listener.hpp"

#include <optional>
#include <utility>

#include "net/tcp/limits.hpp"
#include "net/tcp/listener.hpp"

namespace net {

namespace {

class host_listener final : public dialer {
public:
  explicit host_listener(std::unique_ptr<listener> l)
    : listener_(std::move(l)), target_("port " + std::to_string(listener_->port())) {
    listener_->open([this](link_ptr link) { take(std::move(link)); });
  }

  void dial(link_events events) override {
    waiting_ = std::move(events);
    rival_event_ = nullptr;
    if (auto link = std::exchange(rival_, nullptr))
      take(std::move(link));
  }
  void abandon() override { waiting_.reset(); }
  void refuse_rival() override { rival_ = nullptr; }
  bool waits() const override { return true; }
  const std::string& target() const override { return target_; }

private:
  void take(link_ptr link) {
    if (!waiting_) {
      rival_ = std::move(link);
      if (rival_event_)
        rival_event_(rival_->peer());
      return;
    }
    const auto events = *std::exchange(waiting_, std::nullopt);
    rival_event_ = events.rival;
    events.up(link);
    link->open(events);
  }

  std::unique_ptr<listener> listener_;
  std::optional<link_events> waiting_;
  std::function<void(std::string)> rival_event_;  // of the link that is in use
  link_ptr rival_;
  std::string target_;
};

}  // namespace

std::variant<std::unique_ptr<dialer>, std::string> listen_for_host(loop& on, std::uint16_t port,
                                                                   host_listen_options options) {
  listen_options how;
  how.how = std::move(options.how);
  how.trouble = std::move(options.trouble);
  how.allowed = std::move(options.allowed);
  how.limit = connection_limit(16);
  how.limits = host_limits;
  how.layer = std::move(options.layer);
  auto listening = listen(on, port, std::move(how));
  if (auto* error = std::get_if<std::string>(&listening))
    return std::move(*error);
  return std::make_unique<host_listener>(std::get<std::unique_ptr<listener>>(std::move(listening)));
}

}  // namespace net
