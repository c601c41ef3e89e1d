// The state of a story being played, shared by the verbs. A verb reads its words, acts on the world, and
// throws `unmet` where an expectation is not met.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "codec/message.hpp"
#include "scenarios/player/step_reader.hpp"
#include "scenarios/player/world.hpp"

namespace player {

/// An expectation was not met; `what` says what happened instead.
struct unmet {
  std::string what;
};

struct client {
  line_ptr connection;
  bool by_http = false;
  net::bytes unread = {};  ///< received, but not yet checked by the story
  std::size_t seen = 0;    ///< segments already moved into `unread`
};

class script {
public:
  script(const codec::dialect& d, way how, make_world make, unsigned stan_shift);

  void perform(const step& s);

  std::chrono::milliseconds time() const;
  std::string trace() const;

  // --- for verbs -------------------------------------------------------------

  const step& now() const { return *now_; }
  const step_reader& read() const { return *read_; }
  const codec::dialect& dialect() const { return setup.dialect; }
  way how() const { return how_; }

  /// The world; made at the first call, and then the story begins.
  world& here();
  bool has_begun() const { return world_ != nullptr; }

  /// Assigns "maxQueue=1", ... , the words of the step from `at` on, and appends them to `texts`.
  void assign_options(std::size_t at, config::settings& into, std::vector<std::string>& texts) const;

  /// Chooses the dialect that the options name.
  void choose_dialect();

  /// Throws `unmet` with `otherwise`, where `what` does not become true.
  void expect(const std::function<bool()>& what, const std::function<std::string()>& otherwise);

  /// The step's client; it connects where it is new.
  client& the_client(bool by_http = false);
  /// The step's client, which must have connected before.
  client& known_client();
  /// A new client, which takes over the name.
  void new_client(bool by_http);

  /// Moves what the gateway has sent to this client into `unread`.
  static void receive_as(client& c);
  /// The same for the host: moves messages into `unread_requests`.
  void receive_as_host();

  /// The host link; waits for it where there is none.
  line& host_line();

  std::string table(const codec::message& m) const;

  world_settings setup;  ///< what the gateway starts with; not changed after the story has begun
  std::vector<codec::message> unread_requests;  ///< received by the host, but not yet checked by the story
  std::vector<codec::message> read_requests;    ///< checked by the story, in that order
  std::vector<codec::message> exchanged;        ///< those, and what the host has sent

private:
  way how_;
  make_world make_;
  unsigned stan_shift_;
  std::unique_ptr<world> world_;
  const step* now_ = nullptr;
  std::optional<step_reader> read_;
  std::map<std::string, client> clients_;
  /// Steps about the host are about this one from now on.
  void turn_to_host(std::size_t which);

  line_ptr host_line_;
  std::size_t host_seen_ = 0;

  // The same of the other host, which the step is not about.
  struct other_host {
    std::vector<codec::message> unread, read;
    line_ptr line;
    std::size_t seen = 0;
  };
  other_host other_host_;
  std::size_t turned_to_ = 0;
};

}  // namespace player
