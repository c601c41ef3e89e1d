#include "actors/client/options_of.hpp"

#include "actors/core/digest.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/fields.hpp"
#include "codec/pack.hpp"

namespace actors {

client_options options_of(const codec::message& request, const codec::dialect& d, const environment& env) {
  const auto how = env.settings.delivery.raw;
  if (how == config::raw_delivery::tcp || !codec::moves_money(request, d))
    return {};
  const auto bytes = codec::pack(request, d);
  const auto key = "tcp/" + codec::terminal_of(request) + "/" + std::string(request[codec::fields::stan]) +
                   "/" + codec::moment_text(request, d);
  return {how == config::raw_delivery::confirm ? delivery::confirm_by_message : delivery::idempotent,
          env.new_public_id(), key, digest_of(bytes ? *bytes : std::string())};
}

}  // namespace actors
