// The messages of one client that are inside the gateway, and the approvals that are on their way back to it.
//
// What a raw client's session and an HTTP client's have in common: a seat for each message, its deadline, its
// end, the proof that the client has its approval, and giving up a client that does not take it. What they do
// with a message that has ended is a `conversation`.
#pragma once

#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "actors/client/admission.hpp"
#include "actors/client/connection.hpp"
#include "actors/client/pending_deliveries.hpp"
#include "actors/core/environment.hpp"
#include "actors/core/lived_clock.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// A message of a client, from its arrival to its answer.
struct client_message {
  std::uint64_t number = 0;  ///< of this client's messages: 0, 1, 2, ...
  time_point deadline{};     ///< by the lived clock
  std::string tid;           ///< of what was submitted, and its transaction: for withdrawing it
  transaction_id id = 0;     ///< 0: nothing was submitted
  client_options options;
  admission::seat seat;
  net::frame_context frame = {};  ///< of a request that came in a frame
  bool own_stan = false;          ///< the client gave no STAN

  bool ended = false;
  std::optional<refusal> refused;
  refusal_detail detail = {};             ///< of `refused`
  message_ptr response;                   ///< none where it was refused
  std::optional<bool> was_approval = {};  ///< as in `request_status`
  transaction_id delivery_of = 0;         ///< as in `answer`
  in_hand hand;
  bool asks_reversal = false;  ///< its approval is revoked; it is refused when that is durable

  time_point arrived_at = {};
  admission::place place = {};  ///< while it waits for a seat
  message_ptr request = {};     ///< the same: it has not been submitted
  transaction_id waits_as = 0;  ///< what it will be submitted as
};

/// What differs between raw clients and HTTP clients.
class conversation {
public:
  conversation() = default;
  virtual ~conversation() = default;
  conversation(const conversation&) = delete;
  conversation& operator=(const conversation&) = delete;

  /// This message has ended, and all before it are answered: now it is.
  virtual void answer(client_message&& m) = 0;

  /// A message was refused; those before it may still wait for their end.
  virtual void refused() = 0;

  /// The messages have not ended in their time.
  virtual void give_up_waiting() = 0;

  /// The client does not take its answer, and was hung up on.
  virtual void client_lost() = 0;

  virtual bool is_http() const { return false; }
};

class client_delivery {
public:
  client_delivery(session_actor::pointer self, conversation& with, environment_ptr env,
                  client_connection& connection, admission seats);
  /// First nothing more reaches the client, then what it has not got is given up.
  ~client_delivery();
  client_delivery(const client_delivery&) = delete;
  client_delivery& operator=(const client_delivery&) = delete;

  void learn(const directory& d);

  /// Something of the client has come in: whatever it says now, it has said behind what its TCP has
  /// acknowledged.
  void look();

  /// Every second or so.
  void tick();

  /// Whether no message is inside, and no part of an answer is kept back.
  bool is_idle() const { return messages_.empty() && (rest_.empty() || !connection_.link()); }

  /// Whether every approval that was written is known to have reached the client.
  bool is_proven() const { return pending_.empty(); }

  std::uint64_t begun_count() const { return next_number_; }

  /// How many messages are inside.
  std::size_t count() const { return messages_.size(); }

  /// Whether a message waits for a seat: until it has one, nothing more need be read.
  bool is_waiting() const { return waiting_count_ != 0; }

  /// The time for a message, from its arrival to its answer.
  caf::timespan timeout() const { return env_->settings.queue.timeout + host().settings.host_timeout; }

  /// A message has come, which must have ended when `timeout` is over.
  client_message& begin(caf::timespan timeout);

  /// The message, while it is inside.
  client_message* find(std::uint64_t number);

  /// Takes it to the host as this transaction when it has a seat, which it may have to wait for: as a request
  /// that can be asked for later where its options have an id. Refused where its time is up before, or its
  /// client is gone.
  void submit_message(client_message& m, message_ptr request, transaction_id id);

  /// The approval is revoked in memory. Calls `then` when that survives a kill: a client that is told of a
  /// reversal before would see an approval after a restart.
  void when_reversal_is_durable(transaction_id approval, std::function<void()> then);

  /// It has ended as the request that was asked for.
  void settle(std::uint64_t number, request_status& s);

  /// It has ended so.
  void refuse(std::uint64_t number, refusal why);

  /// The oldest one, which is answered otherwise.
  client_message take_front();

  /// Writes an answer. Where it shows the approval of `m`, the journal is told when the client has it;
  /// `when`: how soon its TCP should say so. `rest`: bytes that stand behind the answer, no part of it.
  void write(std::string_view bytes, client_message& m, net::ack when = net::ack::soon,
             std::string_view rest = {});

  /// Its approval cannot be shown to the client.
  void lose(const client_message& m);

  /// The client is gone, or is hung up on: what it has not got is given up, what was not sent need not be.
  void leave_client();

  /// No message is waited for any longer. The client does not get the approvals that wait for their turn.
  void give_back();

private:
  time_point now() const { return self_->clock().now(); }
  // The first one stands for all: what is asked of it here is the same for each.
  const upstream& host() const { return *env_->upstreams.all().front(); }
  void wait_for_seat(client_message& m);
  void look_for_seats();
  void refuse_unsubmitted(client_message& m, refusal why);
  void submit_now(client_message& m, message_ptr request, transaction_id id);
  void follow_up();
  void send_rest();
  void end(std::uint64_t number, answer a, std::optional<refusal> why = {});
  void answer_in_order();
  void log_answer(const client_message& m) const;
  void refuse_revoked(client_message& m);

  session_actor::pointer self_;
  conversation& with_;
  environment_ptr env_;
  client_connection& connection_;
  admission seats_;
  directory peers_;
  pending_deliveries pending_;
  lived_clock clock_;
  std::deque<client_message> messages_;  // in the order of their numbers, without gaps
  std::uint64_t next_number_ = 0;
  std::size_t waiting_count_ = 0;  // of those that wait for a seat
  std::string rest_;               // of the last answer, kept back
  std::chrono::milliseconds rest_pause_{};
  time_point look_for_rest_at_{};
};

}  // namespace actors
