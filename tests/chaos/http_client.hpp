// A program that pays by HTTP. With an Idempotency-Key it asks again until it knows the outcome; without one
// it asks once.
//
// Now and then it asks again about a purchase that ended some time ago: the outcome must not have changed.
#pragma once

#include <deque>
#include <string>

#include "tests/chaos/client.hpp"

namespace chaos {

/// What it does besides paying.
struct http_habits {
  bool has_key = true;
  bool confirms = false;    ///< counts an approval only after its confirmation was accepted
  bool keeps_open = false;  ///< keeps its connection for more requests
  int resets_after =
    -1;  ///< resets the connection this many milliseconds after it has read the outcome; -1: no reset
};

class http_client final : public client {
public:
  http_client(world& w, const way& on, std::uint64_t tid, std::uint64_t seed, http_habits h = {});

  void begin() override;

private:
  struct order {
    trace what;
    std::string body;
    bool is_known = false;      ///< its outcome is known; asked about again
    bool is_confirmed = false;  ///< a confirmation was sent
    int tries = 0;
    std::string id;  ///< of an approval that is to be confirmed
  };

  // What it waits for; from the gateway only with the last three.
  enum class awaiting : std::uint8_t { nothing, connection, reply, confirmation };

  bool can_ask_again() const { return habits_.has_key || !order_.id.empty(); }
  void ask();
  void send();
  void confirm();
  void write(const std::string& request);
  std::size_t take(std::string_view unread);
  void take_reply(int status, const std::string& body);
  void take_confirmation(const std::string& outcome);
  void end(client_outcome how);
  void give_up();
  void hang_up();
  void ended();
  void ask_again();
  std::string body_of(const trace& t, std::uint64_t amount) const;

  const way& way_;
  http_habits habits_;
  lab::stream line_;
  order order_;
  awaiting awaiting_ = awaiting::nothing;
  std::deque<order> known_;
};

}  // namespace chaos
