// Writes messages to the log, only through codec/privacy, so never with card data in clear.

#include "actors/core/message_log.hpp"

#include "codec/fields.hpp"
#include "codec/privacy/message_table.hpp"

namespace actors {

namespace log = config::log;

about::operator log::subject() const {
  return {id, std::string(public_id), codec::masked_text(m.mti()), codec::masked_text(m[codec::fields::tid]),
          codec::masked_text(m[codec::fields::stan])};
}

// A table costs more than the rest of a transaction, so a thread of the log makes it. A message makes texts
// when it is read, so that thread has a copy.
void log_message(std::string_view who, const about& what, const dialect_ptr& d, const environment& env,
                 bool expired) {
  if (!log::shows(log::level::verbose))
    return;
  auto render = [who = std::string(who), m = what.m, d, exposure = env.exposure, expired] {
    const std::string rule(96, '=');
    auto text = "\n\n" + who + "\n" + rule + "\n\n";
    text += codec::message_table(m, *d, exposure, expired);
    text += "\n" + rule + "\n";
    return text;
  };
  log::write_table(log::level::verbose, std::move(render), what);
}

}  // namespace actors
