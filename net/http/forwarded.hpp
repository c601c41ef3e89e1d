// Whose request a proxy has passed on.
#pragma once

#include <string>
#include <string_view>

namespace net {

class networks;

/// The client's address where `peer` ("10.0.0.1:53578") is a trusted proxy: of X-Forwarded-For the last one
/// that is no trusted proxy, for what stands in front of it anybody may have written. Empty: the peer itself
/// is the client, or the header names nobody.
std::string forwarded_client(std::string_view peer, std::string_view forwarded_for, const networks& trusted);

}  // namespace net
