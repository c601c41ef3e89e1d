// Writes messages to the log, only through codec/privacy, so never with card data in clear.

#include "actors/core/message_log.hpp"

#include "codec/privacy/message_table.hpp"
#include "config/log.hpp"

namespace actors {

namespace log = config::log;

void log_message(std::string_view who, const codec::message& m, const codec::dialect& d,
                 const environment& env, bool expired) {
  if (!log::shows(log::level::verbose))
    return;
  const std::string rule(96, '=');
  log::verbose("\n\n{}\n{}\n\n{}\n{}\n", who, rule, codec::message_table(m, d, env.exposure, expired), rule);
}

}  // namespace actors
