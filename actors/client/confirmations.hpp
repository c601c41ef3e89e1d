// What raw clients say about approvals that they have: their confirmations, where the dialect names any.
//
// A confirmation has its place among the messages of its client. The journal knows which transaction it
// means; whether that one is approved from then on decides the same actor that decides it for HTTP clients
// (idempotency), durably. It goes on to the host only where the dialect says so.
#pragma once

#include "actors/client/delivery.hpp"
#include "actors/core/environment.hpp"

namespace actors {

class confirmations {
public:
  confirmations(session_actor::pointer self, client_delivery& delivery, environment_ptr env,
                raw_port_ptr port)
    : self_(self), delivery_(delivery), env_(std::move(env)), port_(std::move(port)) {}

  void learn(const directory& d) { peers_ = d; }

  /// Whether a client says by this message that it has an approval.
  bool is_one(const codec::message& m) const;

  /// Ends `m`, which is one and was begun: with a yes or no of the gateway, or the host's response.
  void take(std::uint64_t number, message_ptr m);

  /// A terminal's next request may say that it has the responses to those before.
  void take_request(const message_ptr& m);

private:
  bool is_on() const;
  void confirm_for(std::uint64_t number, const message_ptr& m, const std::string& id);
  /// `of`: the approval's id, where one is meant.
  void tell(std::uint64_t number, const message_ptr& m, const std::string& of, bool is_confirmed);

  session_actor::pointer self_;
  client_delivery& delivery_;
  environment_ptr env_;
  raw_port_ptr port_;
  directory peers_;
};

}  // namespace actors
