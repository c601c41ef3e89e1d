// What a raw client's message is known by when it is sent again.
#pragma once

#include "actors/core/environment.hpp"

namespace actors {

/// But for `clientDelivery=tcp` a transaction is known by its terminal, STAN and time: sent again, it is the
/// same one.
client_options options_of(const codec::message& request, const codec::dialect& d, const environment& env);

}  // namespace actors
