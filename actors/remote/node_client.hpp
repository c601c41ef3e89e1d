// A connection to a gateway's `nodePort`, for `socketqueue inspect`. Its calls wait: not for actors.
//
// Its destructor waits for CAF's network thread, which may wait for a host that does not answer.
#pragma once

#include <caf/all.hpp>

#include <memory>
#include <string>
#include <variant>

#include "actors/protocol/inspection.hpp"
#include "config/settings.hpp"

namespace actors {

class node_client {
public:
  /// For connecting, and for each answer: together less than five seconds.
  static constexpr std::chrono::milliseconds connect_max{3000}, answer_max{1500};

  /// `where`: its address and port; TLS where it has certificates.
  explicit node_client(const config::node_settings& where);
  ~node_client();
  node_client(const node_client&) = delete;
  node_client& operator=(const node_client&) = delete;

  /// Connects where there is no connection. Returns why there is none, a sentence; empty: there is one.
  std::string connect();

  /// Where there is a connection.
  const inspection::inspector_actor& node() const { return node_; }

  /// The second alternative says why there is no answer; then there is no connection any more.
  template <class View, class... What>
  std::variant<View, std::string> ask(What... what) {
    if (auto why = connect(); !why.empty())
      return why;
    std::variant<View, std::string> got;
    self_->request(node_, answer_max, what...)
      .receive([&got](View& v) { got = std::move(v); }, [this, &got](caf::error&) { got = lost(); });
    return got;
  }

private:
  std::string lost();
  std::string meaning(const caf::error& e) const;
  std::string title() const { return where_.address + ":" + std::to_string(where_.port); }

  config::node_settings where_;
  std::unique_ptr<caf::actor_system_config> config_;
  std::unique_ptr<caf::actor_system> system_;
  std::unique_ptr<caf::scoped_actor> scope_;
  caf::blocking_actor* self_ = nullptr;
  inspection::inspector_actor node_;
};

}  // namespace actors
