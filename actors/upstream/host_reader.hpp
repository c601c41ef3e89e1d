// Reads what the host sends.
#pragma once

#include <functional>
#include <string_view>

#include "actors/protocol/upstreams.hpp"
#include "codec/message.hpp"
#include "codec/result.hpp"

namespace actors {

/// A message that cannot be read completely is used if its key fields and its response code can be read,
/// unless the settings say otherwise: to drop an approval because of a field that is not needed would mean to
/// reverse it. `tell` gets what could not be read of such a message.
codec::result<codec::message> read_from_host(std::string_view frame, const upstream& host,
                                             const std::function<void(const codec::fault&)>& tell);

}  // namespace actors
