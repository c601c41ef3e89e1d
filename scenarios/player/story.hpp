// A scenario as text: lines of words, read into steps. docs/SCENARIOS.md is its grammar.
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

/// A place in a story and what is wrong there, for whoever wrote it.
struct story_error {
  int line = 0;
  int column = 0;
  std::string what;  ///< "expected a duration like 35s or 500ms, not 'soon'"
};

std::string to_string(const story_error& e, const std::string& file);

struct verb;

/// One line: who, what, and the rest.
struct step {
  int line = 0;
  std::string text;     ///< as it stands there, for the report
  std::string subject;  ///< gateway, host, client, ...
  std::string name;     ///< a client's, a number of terminals
  const verb* does;     ///< "receives", "is closed"
  std::vector<word> rest;
};

struct story {
  std::string file;
  std::string sentence;  ///< the first comment: what it tells
  std::vector<step> steps;
};

/// Reads a story; `for N = 1 to 200 ... end` is written out, `{N}` stands for the number. `options`:
/// "maxQueue=5", as if `gateway runs with` them stood in front of it.
std::variant<story, story_error> parse_story(const std::string& file, std::string_view text,
                                             const std::vector<std::string>& options = {});

/// "35s", "500ms", "2min", "1h".
std::variant<std::chrono::milliseconds, story_error> parse_duration(const word& w, int line);

}  // namespace player
