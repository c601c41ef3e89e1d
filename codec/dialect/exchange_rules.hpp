// How messages are exchanged with a host: which MTIs ask for money, what pairs a response with its request,
// how a lost purchase is undone. All of it is data of a dialect file.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "codec/dialect/host_rules.hpp"
#include "codec/dialect/network_rules.hpp"
#include "codec/dialect/templates.hpp"

namespace codec {

/// MTIs by MTI.
using mti_table = std::map<std::string, std::string, std::less<>>;

/// How lost purchases are undone at this host (codec/exchange/reversal).
struct reversal_rules {
  few_texts of;  ///< requests that move money, by MTI; empty: this host knows no reversals
  std::vector<std::string> except_processing;  ///< but where field 3 begins so: a balance inquiry moves none
  std::string mti;                             ///< "0400"
  mti_table mtis;                ///< the same, where it depends on the MTI of the original: {"0220": "0420"}
  std::string repeat_mti;        ///< of the second attempt and later ones, "0401"; empty: the same
  mti_table repeat_mtis;         ///< the same by the MTI of the original
  templates set;                 ///< fields that get a value of their own
  std::vector<int> copy;         ///< the only fields that a reversal repeats; empty: all
  std::vector<int> without;      ///< fields that a reversal does not repeat
  bool new_stan = false;         ///< a reversal has a STAN of its own, the same at each attempt
  bool approved_amount = false;  ///< field 4 is what the host has approved, where that is less
  codes undetermined;            ///< of a purchase: the host itself does not know
  codes duplicate;               ///< of either: the host has seen it before
  codes done;                    ///< of a reversal: the original is undone
  codes system_errors;           ///< of a reversal: try again
  codes not_found;               ///< of a reversal: there is no such original
};

/// Which fields tell the local time of a transaction, and which of its digits each has.
struct local_time_rules {
  struct part {
    int field;
    std::size_t from, size;  ///< of the twelve digits YYMMDDhhmmss
  };
  std::vector<part> parts;        ///< by `from`; empty: this dialect does not say
  std::chrono::seconds expiry{};  ///< how far from now that time may be, either way; 0: not checked

  bool has(int field) const {
    for (const auto& p : parts)
      if (p.field == field)
        return true;
    return false;
  }
};

/// The fields by which a response finds its request. A field that one of the two does not have is skipped.
struct pairing_rules {
  std::vector<int> usual{11, 41};
  std::map<char, std::vector<int>> by_class;  ///< by the second digit of the MTI

  const std::vector<int>& of(std::string_view mti) const {
    const auto found = mti.size() == 4 ? by_class.find(mti[1]) : by_class.end();
    return found == by_class.end() ? usual : found->second;
  }
};

/// A field or part that is there or not, and like a pattern or anything.
struct condition {
  std::string path;
  bool present = true;
  std::string like;  ///< with * for any characters and ? for one; empty: anything
};

/// Which fields and parts a request must or must not have, where all conditions hold.
struct presence_rule {
  std::vector<std::string> of;  ///< MTIs; empty: any
  std::vector<condition> when;
  std::vector<std::string> mandatory, forbidden;  ///< paths: "35", "127.2"
};

/// The codes of field 39 that the gateway itself and the emulated bank answer with.
struct own_codes {
  std::string approved = "0";
  std::string system_error = "5";
  std::string insufficient_funds = "116";
  std::string not_permitted = "120";
  std::string not_found = "914";
};

struct exchange_rules {
  std::map<std::string, std::vector<int>, std::less<>> mandatory;  ///< by MTI: fields a request must carry
  std::vector<presence_rule> rules;
  bool has_value_rules = false;  ///< whether any field or part has value_rules
  mti_table response_mtis;       ///< of requests whose response is not the usual one
  pairing_rules pairing;
  local_time_rules local_time;
  std::vector<int> echoed;  ///< a response must repeat these as the request had them, where it has them
  /// What field 3 begins with where the response's amount is another thing: a balance.
  std::vector<std::string> free_amount_processing;
  codes free_amount_codes;  ///< that come with another amount
  codes approvals;          ///< that mean yes
  reversal_rules reversal;
  network_rules network;
  reject_rules rejects;
  rrn_rules rrn;
  confirmation_rules confirmation;
  host_request_rules host_requests;
  own_codes answers;
  example_message purchase, echo;

  /// The MTI of the response to a request of this one, which must be a request's.
  std::string response_mti(std::string_view request) const;
};

}  // namespace codec
