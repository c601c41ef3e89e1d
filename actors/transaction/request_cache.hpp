// The requests that can be asked about later: by id, and by the key under which their client may ask again.
// No actor in it but the promises to those who wait.
//
// Requests that moved no money under a key are forgotten when there are too many: who asks for them later
// loses nothing. Those of money under a key stand between a client and a second charge; what memory cannot
// hold the journal is asked for.
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
    1000000;  ///< of money under a key, where no disk has them

  request_cache(std::shared_ptr<const store::sealer> s, std::size_t keyed_max);

  /// The time that clients are given is measured by this.
  time_point look_at_clock(time_point now) { return clock_.look(now); }

  /// What stands for a key, or for what was asked, in memory and on the disk: clients put anything into them,
  /// card numbers too.
  std::string fingerprint(const std::string& text) const;

  struct entry {
    std::string key, digest;
    time_point begun{};
    time_point deadline{};         ///< no one waits for its end any longer
    std::vector<promise> waiting;  ///< for its end, or for what becomes of an approval that nobody has
    request::phase phase = request::phase::under_way;
    request_status now;                     ///< what a client is told, but for what follows from the phase
    std::optional<time_point> fetch_until;  ///< while it is fetchable; later it is revoked
    bool moves_money = false;
    delivery how = delivery::tcp;
    bool given_to_several = false;
    transaction_id purchase = 0;
    std::shared_ptr<custody> hands;  ///< of an approval

    bool has_ended() const { return phase != request::phase::under_way; }
    bool is_in_hand() const { return hands && hands->holders != 0; }
  };

  entry* find(const std::string& id);
  entry* find_key(const std::string& key);
  entry& add(const keyed_submit& d, bool moves_money, time_point now);

  // --- keys that only the journal may know ---

  /// One who asks while the journal is asked for the key.
  struct inquirer {
    std::optional<keyed_submit> what;  ///< none: it wants to know, and nothing else
    std::string digest;
    promise p;
  };

  /// Until then the journal has keys of money that are not here.
  void ask_journal_until(time_point then) { ask_until_ = std::max(ask_until_, then); }
  bool must_ask_journal(const std::string& key, time_point now) const;

  /// Whether nobody has asked for it yet.
  bool wait_for_journal(const std::string& key, inquirer i);
  std::vector<inquirer> take_inquirers(const std::string& key);

  /// This stays true until a request with that key is taken; it need not be known for long.
  void note_unknown(const std::string& key) { unknown_to_journal_.insert(key); }

  // --- what becomes of a request ---

  void begin(entry& e, time_point deadline);

  /// Those that have not ended by their deadline, or whose end nobody would have heard.
  std::vector<entry*> take_overdue(time_point now);

  /// The one end of a request: everyone who waits hears it.
  void end(entry& e, message_ptr response, std::optional<refusal> refused, transaction_id delivery_of,
           std::shared_ptr<custody> hands = {});

  /// The actor that would have heard the ends has stopped.
  void end_unheard();

  /// A purchase of an earlier process, or one that was dropped here. `since`: how old it counts.
  void add_known(const transaction& t, bool is_operators, const environment& env, time_point since);

  /// A session is given it, and tells whether it was delivered; one that has stopped does not, and has it no
  /// longer in hand.
  void give(entry& e, time_point now);

  /// Its client may not have it: it has some time to ask again, or another client that was given it has it.
  void delivery_failed(entry& e, time_point now);

  /// Ids of those for which nobody came in time.
  std::vector<std::string> take_unfetched(time_point now);

  /// Its client has it, and the journal knows that.
  void delivered(entry& e);

  /// Its reversal is due durably, or completed.
  void revoked(entry& e) { take_back(e, request::event::revoked); }
  void reversal_completed(entry& e) { take_back(e, request::event::reversal_completed); }

  /// Decided or about to be; who asks waits for what becomes of it.
  static bool is_being_revoked(const entry& e, time_point now);

  /// What a client is told of it. By `tell` the receiver has the approval in hand.
  static request_status status_of(const entry& e);
  static void tell(const entry& e, promise p);

  void forget_old(time_point now);

private:
  static bool advance(entry& e, request::event on);
  static void tell_waiting(entry& e);
  void take_back(entry& e, request::event on);
  void wait_until(entry& e, time_point then);
  void stop_waiting(entry& e);
  void forget_old(std::deque<std::string>& ids, std::size_t most, time_point now);

  std::shared_ptr<const store::sealer> sealer_;
  std::size_t keyed_max_;
  time_point ask_until_ = time_point::min();
  std::unordered_map<std::string, std::vector<inquirer>> inquirers_;  // by key
  std::set<std::string> unknown_to_journal_;                          // keys; for a second or so
  lived_clock clock_;
  std::set<std::string> to_be_fetched_;
  std::deque<std::string> under_way_;  // ids, by their deadlines; some have ended
  std::unordered_map<std::string, entry> by_id_;
  std::unordered_map<std::string, std::string> by_key_;  // to ids
  std::deque<std::string> keyed_, others_;               // ids, oldest first
};

}  // namespace actors
