// What needs a person: which alarms are on, since when, and what is to be said about them. No actor.
//
// An alarm begins with one notice and ends with one. As long as it is on, it is repeated every hour, a day
// long, and when more of it is there: at most once a minute.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "actors/protocol/metrics.hpp"
#include "actors/protocol/transaction.hpp"

namespace actors {

enum class alarm_kind : std::uint8_t {
  case_parked,    ///< a transaction that only a person can end
  link_down,      ///< no requests are sent over a link, for a while
  journal_full,   ///< its disk has no room: new transactions are refused
  key_lost,       ///< the file of its key was removed or changed: no later start could read it
  gateway_ended,  ///< the process ends itself, as when the disk fails
};
/// Those that a running gateway has.
inline constexpr alarm_kind alarm_kinds[]{alarm_kind::case_parked, alarm_kind::link_down,
                                          alarm_kind::journal_full, alarm_kind::key_lost};
const char* to_string(alarm_kind k);

/// What is said about an alarm. Has no card data.
struct alarm_notice {
  enum class state : std::uint8_t { raised, repeated, cleared };

  std::string id;  ///< of the alarm, from `raised` to `cleared`
  alarm_kind kind;
  std::string link = {};  ///< its name, where there are several
  state is = state::raised;
  std::string text;          ///< one sentence
  std::size_t count = 1;     ///< cases
  unsigned number = 1;       ///< of the notice, for its alarm
  std::string at = {};       ///< "2026-11-26T10:00:00Z"
  std::string gateway = {};  ///< which one says so
};
const char* to_string(alarm_notice::state s);

/// As a JSON object in one line.
std::string json_of(const alarm_notice& n);

class alarm_watch {
public:
  /// What is new. `new_id`: of an alarm that begins. A link counts as down after `link_down_after`.
  std::vector<alarm_notice> look(const gateway_status& now_is, time_point now, caf::timespan link_down_after,
                                 const std::function<std::string()>& new_id);

  /// How many alarms of this kind are on.
  std::size_t count(alarm_kind k) const;

private:
  struct alarm {
    std::string id;
    std::size_t count;
    unsigned notices = 1, hourly = 0;
    time_point said;  ///< when the last notice was made
  };
  using what = std::pair<alarm_kind, std::string>;  ///< and the link
  std::map<what, alarm> on_;
};

}  // namespace actors
