// Reads the text of a story into steps. docs/SCENARIOS.md has the grammar.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace player {

struct word {
  std::string text;
  int column = 1;  ///< of its first character, from 1
  bool quoted = false;
};

/// An error in a story and its place, for the story's author.
struct story_error {
  int line = 0;
  int column = 0;
  std::string what;  ///< "expected a duration like 35s or 500ms, not 'soon'"
};

std::string to_string(const story_error& e, const std::string& file);

struct verb;

/// One line: a subject, a verb, and the rest.
struct step {
  int line = 0;
  std::string text;     ///< the line as written, for the report
  std::string subject;  ///< gateway, host, client, ...
  std::string name;     ///< a client's name, or a number of clients
  const verb* does;     ///< "receives", "is closed"
  std::vector<word> rest;
};

struct story {
  std::string file;
  std::string sentence;  ///< the first comment: what the story shows
  std::vector<step> steps;
};

/// Reads a story and unrolls its loops (`for N = 1 to 200 ... end`, `{N}` is the number). `options`:
/// "maxQueue=5", as if `gateway runs with` them were the first line.
std::variant<story, story_error> parse_story(const std::string& file, std::string_view text,
                                             const std::vector<std::string>& options = {});

/// "35s", "500ms", "2min", "1h".
std::variant<std::chrono::milliseconds, story_error> parse_duration(const word& w, int line);

}  // namespace player
