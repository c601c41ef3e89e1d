// What the actor `idempotency` remembers: the requests whose result can be asked for later, by id and by the
// client's key, with the promises of the actors that wait for it. No actor: it submits and sends nothing, and
// it stays when that actor is restarted.
//
// If there are too many, requests of no money, or without a key, are dropped: a client that asks for them
// later loses nothing. A key of a transaction protects against a second charge, so the journal is asked for
// keys that memory does not hold.
#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/core/lived_clock.hpp"
#include "actors/protocol/directory.hpp"
#include "actors/transaction/request_phase.hpp"
#include "store/sealing.hpp"

namespace actors {

class request_cache {
public:
  using promise = caf::typed_response_promise<request_status>;

  static constexpr std::chrono::hours retention{24};
  static constexpr std::chrono::seconds tick_period{1};
  static constexpr std::size_t other_requests_max = 100000;  ///< of no money, or without a key
  static constexpr std::size_t keyed_without_disk_max =
    1000000;  ///< of transactions under a key, if no disk has them

  request_cache(std::shared_ptr<const store::sealer> s, std::size_t keyed_max);

  /// The time by which the clients' time limits are measured; `now`: the actor's clock.
  time_point look_at_clock(time_point now) { return clock_.look(now); }

  /// What represents a key or a request in memory and on the disk: clients put anything into them, card
  /// numbers too.
  std::string fingerprint(const std::string& text) const;

  struct entry {
    std::string key, digest;
    time_point begun{};
    time_point deadline{};         ///< after it the request's end is not waited for
    std::vector<promise> waiting;  ///< for its end, or for the result of an approval that no client has
    request::phase phase = request::phase::under_way;
    request_status now;                     ///< the reply to a client, except for what follows from the phase
    std::optional<time_point> fetch_until;  ///< while it is fetchable; later it is revoked
    bool moves_money = false;
    delivery how = delivery::tcp;
    bool given_to_several = false;
    transaction_id journal_id = 0;
    std::string tid;
    std::shared_ptr<custody> hands;    ///< of an approval
    std::shared_ptr<way_to_host> way;  ///< as in `submit`; none: unknown how far it has come

    bool has_ended() const { return phase != request::phase::under_way; }
    bool is_in_hand() const { return hands && hands->holders != 0; }

    /// Whether nothing of it was sent; then nothing will be.
    bool withdraw_unsent() {
      if (!way || way->has_begun)
        return false;
      way->is_closed = true;
      return true;
    }
  };

  entry* find(const std::string& id);
  entry* find_key(const std::string& key);
  entry& add(const keyed_submit& d, bool moves_money, time_point now);

  // --- keys that only the journal may know ---

  /// An actor that waits for the journal's reply about a key.
  struct inquirer {
    std::optional<keyed_submit> what;  ///< none: it wants the state only, and submits nothing
    std::string digest;
    promise p;
  };

  /// Until `then` the journal has keys of transactions that are not here.
  void ask_journal_until(time_point then) { ask_until_ = std::max(ask_until_, then); }
  bool must_ask_journal(const std::string& key, time_point now) const;

  /// Adds an inquirer. True if it is the first one for this key, so that the caller asks the journal.
  bool wait_for_journal(const std::string& key, inquirer i);
  std::vector<inquirer> take_inquirers(const std::string& key);

  /// The journal has no transaction with this key. That stays true until a request with the key is taken, so
  /// it is kept only for a short time.
  void note_unknown(const std::string& key) { unknown_to_journal_.insert(key); }

  // --- what becomes of a request ---

  void begin(entry& e, time_point deadline);

  /// Requests that have not ended by their deadline, or whose end would go to a stopped actor.
  std::vector<entry*> take_overdue(time_point now);

  /// Ends a request, once: replies to every actor that waits.
  void end(entry& e, message_ptr response, std::optional<refusal> refused, transaction_id delivery_of,
           std::shared_ptr<custody> hands = {});

  /// The actor that would have received the ends has stopped. What was not sent is refused as that, of the
  /// others the outcome is unknown. Returns what it had submitted, for withdrawal.
  std::vector<withdraw> end_all_failed();

  /// Adds a transaction of an earlier process, or one that was dropped here. `since`: the time that its age
  /// counts from.
  void add_known(const transaction& t, bool is_operators, const environment& env, time_point since);

  /// A session gets the approval and reports whether it was delivered. If it stops without a report, it does
  /// not have the transaction in hand any more.
  void give(entry& e, time_point now);

  /// The client may not have it: it may ask again for a while, unless another client that was given it has
  /// it.
  void delivery_failed(entry& e, time_point now);

  /// The ids of those that no client fetched in time.
  std::vector<std::string> take_unfetched(time_point now);

  /// The client has it, and the journal has recorded that.
  void delivered(entry& e);

  /// The reversal is due durably, or completed.
  void revoked(entry& e) { take_reversal(e, request::event::revoked, refusal_of(e.hands.get())); }
  void reversal_completed(entry& e) {
    take_reversal(e, request::event::reversal_completed, refusal_of(e.hands.get()));
  }

  /// The host has done its client's own reversal of it.
  void reversed_by_client(entry& e);

  /// Its reversal is decided or about to be; a client that asks waits for the result.
  static bool is_being_revoked(const entry& e, time_point now);

  /// The reply to a client. With `reply_with` the receiver has the approval in hand.
  static request_status status_of(const entry& e);
  static void reply_with(const entry& e, promise p);

  void forget_old(time_point now);

private:
  static bool advance(entry& e, request::event on);
  static void reply_to_waiting(entry& e);
  void take_reversal(entry& e, request::event on, refusal told);
  void wait_until(entry& e, time_point then);
  void stop_waiting(entry& e);
  void forget_old(std::deque<std::string>& ids, std::size_t most, time_point now);

  std::shared_ptr<const store::sealer> sealer_;
  std::size_t keyed_max_;
  time_point ask_until_ = time_point::min();
  std::unordered_map<std::string, std::vector<inquirer>> inquirers_;  // by key
  std::set<std::string> unknown_to_journal_;                          // for about a second
  lived_clock clock_;
  std::set<std::string> to_be_fetched_;
  std::deque<std::string> under_way_;  // ids by their deadlines; some have ended
  std::unordered_map<std::string, entry> by_id_;
  std::unordered_map<std::string, std::string> by_key_;  // key to id
  std::deque<std::string> keyed_, others_;               // ids, oldest first
};

}  // namespace actors
