// What the program says of its options: --help, the manual page, the completions of shells.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "config/options.hpp"

namespace config {

/// The text of `--help`, at most 80 columns wide.
std::string help_text();

/// That of `--help=TOPIC`: a group, an option, commands, environment, signals or status. Nothing where there
/// is no such topic.
std::optional<std::string> help_of(std::string_view topic);

/// Why there is no such topic, and which one is nearest.
std::string no_such_topic(std::string_view topic);

/// The name as it is given: "--listenPort=port", "-c FILE".
std::string usage_of(const option& o);

/// The text of an option with its default.
std::string text_with_default(const option& o);

struct paragraph {
  std::string_view topic, title, text;
};

/// What --help and the manual say behind the options.
std::span<const paragraph> closing_paragraphs();

/// The manual page, section 1, in man(7)'s macros.
std::string manual_page();

/// The completion of `shell`: bash, zsh or fish; nothing for another one.
std::optional<std::string> completion_of(std::string_view shell);

/// "2.0.0"
std::string_view version();

}  // namespace config
