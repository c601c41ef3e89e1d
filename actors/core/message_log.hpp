// Messages in the log: what a line is about, and at `--vv` whole messages as tables, card data masked.
#pragma once

#include <string>
#include <string_view>

#include "actors/core/environment.hpp"
#include "config/log.hpp"

namespace actors {

/// A message that a line is about, and its transaction where it has one. It becomes a subject only where the
/// line is shown.
struct about {
  const codec::message& m;
  transaction_id id = 0;            ///< 0: none
  std::string_view public_id = {};  ///< empty: none

  operator config::log::subject() const;
};

inline about subject_of(const transaction& t) { return {*t.request, t.id, t.options.public_id}; }

/// `who`: the head of the table, "127.0.0.1:53578" or "ISO host to 127.0.0.1:53578".
void log_message(std::string_view who, const about& what, const dialect_ptr& d, const environment& env,
                 bool expired = false);

}  // namespace actors
