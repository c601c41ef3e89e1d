// A story being played: what the verbs share. A verb reads its words, does something in the theatre, and
// throws `unmet` where what it expects did not come.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "codec/message.hpp"
#include "scenarios/player/step_reader.hpp"
#include "scenarios/player/world.hpp"

namespace player {

/// An expectation that did not come true; `what` came instead.
struct unmet {
  std::string what;
};

struct client {
  line_ptr connection;
  bool by_http = false;
  net::bytes unread = {};  ///< what it got and the story has not looked at
  std::size_t seen = 0;    ///< segments taken into `unread`
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
  const codec::dialect& dialect() const { return bill.dialect; }
  way how() const { return how_; }

  /// The theatre; the first who asks for it lets the story begin.
  world& here();
  bool has_begun() const { return world_ != nullptr; }

  /// Assigns "maxQueue=1", ... of the step from word `at` on, and remembers them as text.
  void assign_options(std::size_t at, config::settings& into, std::vector<std::string>& texts) const;

  /// Takes the dialect that the options name.
  void choose_dialect();

  /// Throws `unmet` with what `otherwise` says, where `what` does not come true.
  void expect(const std::function<bool()>& what, const std::function<std::string()>& otherwise);

  /// The step's client; it comes in where it is new.
  client& the_client(bool by_http = false);
  /// One that is there already.
  client& known_client();
  /// A new one, whoever had the name before.
  void new_client(bool by_http);

  /// Takes what the gateway has sent to it.
  static void listen_as(client& c);
  /// The same for the host: messages into `unheard`.
  void listen_as_host();

  /// The link; waits for it where there is none.
  line& host_line();

  std::string table(const codec::message& m) const;

  world_settings bill;                    ///< what the gateway starts with; changed before the story begins
  std::vector<codec::message> unheard;    ///< that the host received and the story has not looked at
  std::vector<codec::message> heard;      ///< that the story has looked at, in that order
  std::vector<codec::message> exchanged;  ///< those, and what the host has sent

private:
  way how_;
  make_world make_;
  unsigned stan_shift_;
  std::unique_ptr<world> world_;
  const step* now_ = nullptr;
  std::optional<step_reader> read_;
  std::map<std::string, client> clients_;
  line_ptr host_line_;
  std::size_t host_seen_ = 0;
};

}  // namespace player
