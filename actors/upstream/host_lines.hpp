// What the log tells of the link to the host and of each message on it, in the old program's words.
#pragma once

#include <string>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/upstream/in_flight.hpp"
#include "net/link.hpp"

namespace actors {

/// `link`: the one that was lost; null: there was none, at `target`.
void log_down(const std::string& title, const net::link_ptr& link, const std::string& target,
              const std::string& why);

/// A request is being sent; `bytes`: the message without its header.
void log_sent(const in_flight::entry& e, const std::string& bytes, const environment& env);

/// The frames of one read of the link.
void log_read(const std::vector<net::frame>& frames);

/// A message that was read.
void log_found(const codec::message& m, std::string_view bytes, const environment& env);

/// A response has found its request.
void log_paired(const in_flight::entry& e);

/// A response that ends no request.
void log_unpaired(const codec::message& m, const in_flight::paired& p, const dialect_ptr& d,
                  const environment& env);

}  // namespace actors
