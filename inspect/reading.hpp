// Reads bytes as messages of a dialect, as far as they can be read, and says what cannot.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "codec/composite/composite.hpp"
#include "codec/dialect/dialect.hpp"
#include "inspect/frames.hpp"

namespace inspect {

/// What could not be read, or breaks a rule. Has no value in it.
struct unread {
  std::size_t offset;  ///< from the first of all bytes
  std::string path;    ///< "55.9F26"; empty: of the whole message, or between messages
  std::string why;
};

struct read_message {
  piece where;
  codec::message value = {};  ///< without fields where not even its type could be read
  std::size_t end = 0;        ///< up to where it could be read
  std::vector<unread> faults = {};
  /// What the dialect's rules say against a request; it can be read all the same.
  std::vector<codec::part_fault> against_rules = {};
};

struct reading {
  frame by;
  std::vector<read_message> messages = {};
  std::vector<unread> faults = {};  ///< between the messages
  std::size_t size = 0;             ///< of all bytes
  std::size_t read = 0;             ///< how many of them could be read, headers too
  std::size_t doubts =
    0;  ///< what speaks against this dialect or frame, without being a fault: fields missing

  std::size_t fault_count() const;
  bool is_whole() const { return fault_count() == 0 && !messages.empty(); }
};

/// The bytes as messages, one behind another.
reading read_as(std::string_view bytes, const codec::dialect& d, const frame& by);

/// Whether `a` explains the same bytes better than `b`.
bool better(const reading& a, const reading& b);

/// The frame that explains the bytes best; of equal ones the first.
reading best_reading(std::string_view bytes, const codec::dialect& d, const std::vector<frame>& frames);

/// "byte 23, field 4: not a digit".
std::string to_string(const unread& u);

}  // namespace inspect
