// The command line of `socketqueue inspect`. Pure.
#pragma once

#include <span>
#include <string>
#include <variant>

#include "config/settings.hpp"

namespace actors {

extern const char* const inspect_usage;

struct inspect_request {
  config::node_settings where;
  std::string view = "summary";
  bool json = false, watch = false, help = false;
};

/// `arguments`: behind the word inspect. The error is a sentence.
std::variant<inspect_request, std::string> read_inspect(std::span<const char* const> arguments);

}  // namespace actors
