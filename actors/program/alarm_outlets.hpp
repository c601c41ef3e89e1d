// The ways on which alarms reach people.
#pragma once

#include <memory>
#include <string>
#include <variant>

#include "actors/metrics/alarms.hpp"
#include "net/loop.hpp"

namespace actors {

/// The error is a sentence for the operator.
std::variant<std::shared_ptr<alarm_outlets>, std::string> make_alarm_outlets(const config::alarm_settings& s,
                                                                             net::loop& on);

/// Says that the process ends itself, before it does: waits for the channels, but not long. Runs no actor,
/// and no other socket.
void send_last_alarm(const config::alarm_settings& s, const std::string& id, const std::string& why);

/// The secret in the file that `option` names. Empty, and `why`, where it cannot be used.
std::string secret_in(const std::string& file, const char* option, std::string& why);

}  // namespace actors
