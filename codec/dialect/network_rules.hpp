// Network management (MTI x8xx) as a dialect file has it: what the host's requests are for and how they are
// answered, what opens a link and what ends it in order, and what a sign-off means for requests.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "codec/dialect/templates.hpp"

namespace codec {

/// What a message of network management is for.
enum class network_kind : std::uint8_t {
  echo,
  sign_on,
  sign_off,
  cut_over,
  key_change,
  unknown,  ///< its code stands in none of the file's lists
};

inline constexpr std::size_t network_kind_count = 6;

/// In the order of network_kind, as dialect files have them.
inline constexpr std::array<const char*, network_kind_count> network_kind_names{
  "echo", "signOn", "signOff", "cutOver", "keyChange", "unknown"};

inline const char* name_of(network_kind k) { return network_kind_names[static_cast<std::size_t>(k)]; }

/// How a request of the host is answered.
enum class network_answer : std::uint8_t { approve, decline, ignore };

/// What becomes of requests for a host that has signed off.
enum class network_pause : std::uint8_t {
  none,    ///< they are sent
  wait,    ///< they wait, up to their own deadline
  refuse,  ///< they are refused at once
};

/// One step before the link carries requests, or before it is closed in order.
struct network_step {
  example_message send;               ///< without `await`
  std::map<int, std::string> expect;  ///< of its response, by field; empty: an approval
  std::optional<network_kind> await;  ///< the host asks this, and the gateway answers
};

struct network_rules {
  int field = 0;                                 ///< tells the kind; 0: this dialect does not say
  std::array<codes, network_kind_count> values;  ///< of that field by kind, without leading zeros
  std::array<network_answer, network_kind_count> answers{};
  std::string decline_with;  ///< the code of field 39 of a decline; empty: own_codes::not_permitted
  std::vector<network_step> on_connect, before_close;
  network_pause after_sign_off = network_pause::none;
  network_pause after_cut_over = network_pause::none;
  std::chrono::seconds cut_over_pause{};  ///< so long after a cut-over; 0: until the host signs on

  bool is_given() const { return field != 0; }
  network_answer answer_to(network_kind k) const { return answers[static_cast<std::size_t>(k)]; }
  const codes& values_of(network_kind k) const { return values[static_cast<std::size_t>(k)]; }
};

}  // namespace codec
