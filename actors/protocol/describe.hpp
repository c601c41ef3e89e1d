// A message that an operator wants to read, of whatever dialect.
//
//   admin_service -describe_message-> admin_describe
#pragma once

#include <string>

#include "actors/protocol/common.hpp"

namespace actors {

/// What is this?
struct describe_message {
  std::string text;     ///< hexadecimal digits, or JSON of fields; full of card data
  std::string dialect;  ///< empty: the one that fits best
};

/// What it is, masked, or why it cannot be read.
struct message_described {
  unsigned status;   ///< of HTTP
  std::string json;  ///< the table, or a problem
};

/// Reads one message and stops. It tells itself what it is.
using admin_describe_actor = caf::typed_actor<caf::replies_to<describe_message>::with<message_described>,
                                              caf::reacts_to<message_described>>;

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::describe_message)
CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::message_described)
