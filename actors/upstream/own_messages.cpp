#include "actors/upstream/own_messages.hpp"

#include <string>

#include "actors/upstream/unexpressed.hpp"
#include "codec/exchange/example.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/network.hpp"
#include "codec/exchange/renumber.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"
#include "config/log.hpp"

namespace actors {

namespace log = config::log;

namespace {

std::string random_digits(std::size_t count, std::mt19937_64& random_source) {
  std::string digits(count, '0');
  for (auto& d : digits)
    d = static_cast<char>('0' + std::uniform_int_distribution<int>(0, 9)(random_source));
  return digits;
}

}  // namespace

codec::message request_to_host(const codec::example_message& what, std::uint64_t stan,
                               const codec::dialect& d, std::chrono::local_seconds now) {
  codec::message given;
  given.set(codec::fields::stan, codec::stan_text(stan));
  return codec::example_of(what, given, d, now);
}

codec::message answer_to_host(const codec::message& request, codec::network_answer how,
                              const codec::dialect& d, std::chrono::local_seconds now,
                              std::mt19937_64& random_source) {
  using namespace codec;
  auto m = request;
  m.set(fields::mti, d.response_mti(request.mti()));
  set_known(m, fields::transmission_time, transmission_time(now), d);
  set_known(m, fields::reference, random_digits(12, random_source), d);
  set_code(m, how == network_answer::approve ? d.answers.approved : declines_with(d), d);
  m.erase(fields::function_code);
  m.erase(fields::merchant);
  return m;
}

void log_host_request(const codec::message& request, codec::network_kind kind, codec::network_answer how,
                      const codec::dialect& d) {
  using codec::network_answer, codec::network_kind, codec::network_pause;
  if (!d.network.is_given() || kind == network_kind::echo)
    return;
  const auto* spec = d.find(d.network.field);
  const auto what = "The ISO-host asked " + codec::label(request) + ", " + codec::name_of(kind) + " (field " +
                    std::to_string(d.network.field) + " is " +
                    (spec ? codec::shown(request[d.network.field], *spec) : std::string()) + ")";
  if (how == network_answer::decline)
    return log::warning("{}, which is declined", what);
  const auto ends = [](network_pause p) {
    return p == network_pause::none     ? ""
           : p == network_pause::refuse ? "; requests are refused from now on"
                                        : "; requests wait from now on";
  };
  log::notice("{}, which is {}{}", what, how == network_answer::approve ? "approved" : "not answered",
              kind == network_kind::sign_off   ? ends(d.network.after_sign_off)
              : kind == network_kind::cut_over ? ends(d.network.after_cut_over)
                                               : "");
}

void log_unanswered(const codec::message& request) {
  log::warning("The ISO-host asked {}, which is not answered", codec::label(request));
}

codec::result<std::string, refusal_detail> bytes_to_host(const about& what, const codec::dialect& d,
                                                         std::size_t content_max) {
  const auto& m = what.m;
  const auto& wire = m.wire();
  auto bytes = wire.empty() ? codec::pack(m, d) : codec::result<std::string>(wire);
  if (!bytes) {
    log::error(what, "{} cannot be expressed in the host's dialect: {}", codec::label(m),
               codec::to_string(bytes.error()));
    return why_unexpressed(bytes.error(), d, d);
  }
  if (bytes->size() > content_max) {
    log::error(what, "{} has {} bytes, a frame of the host link can have {}", codec::label(m), bytes->size(),
               content_max);
    return refusal_detail{"", "the message has " + std::to_string(bytes->size()) +
                                " bytes, and a frame of the host's link can have " +
                                std::to_string(content_max) + "; send a shorter one"};
  }
  return std::move(*bytes);
}

}  // namespace actors
