// Reads the settings from the command line, a configuration file and the environment.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/settings.hpp"

namespace config {

/// `arguments` are without the program's name. The command line wins over the file, and the file over the
/// environment. The second alternative is one sentence for the operator: what is wrong, where, what to do.
std::variant<settings, std::string> load(std::span<const char* const> arguments);

struct loaded {
  settings what;
  std::vector<std::string> faults;  ///< a sentence each; empty: the settings may be used
  std::map<std::string_view, std::string> given =
    {};  ///< the text of each option that a source gives, by name
  bool is_whole = false;  ///< all sources were read to their ends; what has a fault is not in the settings
};

/// The same with all faults, of an environment of "NAME=value".
loaded load_all(std::span<const char* const> arguments, std::span<const char* const> environment);

/// The settings with all defaults.
settings defaults();

/// The journal's directory when no option names one: that of $SOCKETQUEUE_JOURNAL, else where the service
/// manager wants it ($STATE_DIRECTORY), else ./socketqueue-state.
std::string default_journal();

}  // namespace config
