#include "actors/upstream/host_lines.hpp"

#include "codec/privacy/masking.hpp"
#include "codec/text/hex.hpp"

namespace actors {

namespace log = config::log;

namespace {

bool is_own(const in_flight::entry& e) { return e.is_echo || e.is_step; }

// Length and MTI; with `--dangerous` all of it.
void log_bytes(const about& what, std::string_view bytes, const environment& env) {
  if (!log::shows(log::level::verbose))
    return;
  if (env.exposure == codec::exposure::everything)
    log::verbose(what, "[{}]", codec::to_hex(bytes));
  log::verbose(what, "[{:04}{}...]", bytes.size(), codec::masked_text(what.m.mti()));
}

}  // namespace

void log_down(const std::string& title, const net::link_ptr& link, const std::string& target,
              const std::string& why) {
  if (link)
    log::warning("Lost {} {}: {}", title, link->peer(), why);
  else
    log::warning("No {} at {}: {}", title, target, why);
}

void log_sent(const in_flight::entry& e, const std::string& bytes, const environment& env) {
  if (!is_own(e))
    log::info(e.subject(), "Upstreaming data for {}", e.reverses != 0 ? "auto-reversal" : e.client);
  log_bytes(e.subject(), bytes, env);
}

void log_read(const std::vector<net::frame>& frames) {
  std::size_t size = 0;
  for (const auto& f : frames)
    size += f.context.header.size() + f.content.size();
  if (size != 0)
    log::info("Got data from ISO-host ({}b)", size);
}

void log_found(const codec::message& m, std::string_view bytes, const environment& env) {
  log_bytes({m}, bytes, env);
}

void log_paired(const in_flight::entry& e) {
  if (!is_own(e))
    log::info(e.subject(), "Parsed data for {}", e.reverses != 0 ? "auto-reversal" : e.client);
}

void log_unpaired(const codec::message& m, const in_flight::paired& p, const dialect_ptr& d,
                  const environment& env) {
  log::warning(about{m, p.of}, "Dropped {} from the ISO-host: it {}", codec::label(m), meaning(p.why));
  log_message("ISO host, dropped", {m, p.of}, d, env);
}

}  // namespace actors
