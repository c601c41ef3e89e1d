// What an operator asks of a running gateway: the list of open cases, or decisions about some. No actor.
#pragma once

#include <functional>
#include <nlohmann/json.hpp>
#include <string>

#include "actors/core/environment.hpp"
#include "actors/protocol/directory.hpp"

namespace actors {

/// How many cases one line may name.
inline constexpr std::size_t cases_named_max = 100;

struct operator_result {
  enum class kind : std::uint8_t {
    done,      ///< every decision is carried out, or this is the list
    not_done,  ///< some decision is not: the state of its case does not allow it, or a part has failed
    wrong,     ///< the request cannot be understood
  };
  kind is;
  std::string json;  ///< {"cases": [...], "next": 17}, {"results": [...]} or {"error": "..."}, one line
};

/// Belongs to a session, which asks one thing at a time.
class operator_requests {
public:
  using reply = std::function<void(const operator_result&)>;

  operator_requests(session_actor::pointer self, environment_ptr env);

  void learn(const directory& d) { peers_ = d; }

  /// "pending after=17 state=unconfirmed", "retry 3", "reverse 3-5,9 WHY" or "resolve 3 WHY"; `who`: the
  /// operator, for the log and the journal. `to` gets the result once.
  void serve(std::string request, const std::string& who, reply to);

private:
  template <class Office, class Wish>
  void ask(const Office& whom, Wish wish);
  void take_result(std::size_t at, const operator_reply& t);
  void list(std::string words);
  void refuse(const std::string& why);

  session_actor::pointer self_;
  environment_ptr env_;
  directory peers_;
  reply to_;
  nlohmann::ordered_json results_;  // in the order of the request
  std::size_t left_ = 0;            // decisions without a reply
  bool all_done_ = true;
};

}  // namespace actors
