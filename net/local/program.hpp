// Runs a program of this machine, without a shell.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "net/loop.hpp"

namespace net {

/// Why the program at `path` cannot be run; empty where it can.
std::string fault_of_program(const std::string& path);

/// Runs the program at `path`, with no arguments and `input`, a few thousand bytes at most, on its standard
/// input. Calls `then` once, on the loop's thread, when the program has ended: with why it failed, or with
/// nothing. After `timeout` it is killed, with all that it has started in its process group.
void run_program(loop& on, const std::string& path, const std::string& input,
                 std::chrono::milliseconds timeout, std::function<void(std::string why)> then);

/// As process 1 of a container this process gets the children of those that have ended: from now on it waits
/// for their end too, so that none stays as a zombie. Does nothing in a process that is not process 1.
void reap_orphans(loop& on);

}  // namespace net
