// What tells an operator's changed host from the one that a transaction was sent to.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "config/settings.hpp"

namespace actors {

/// What the files of a dialect say, without what is for people alone.
struct dialect_texts {
  std::string messages;  ///< how messages are written, paired and reversed
  std::string others;    ///< examples, and network management that has a file of its own

  friend bool operator==(const dialect_texts&, const dialect_texts&) = default;
};

/// Of the clients' dialect, and of the links' by their names.
struct texts_of_dialects {
  dialect_texts clients;
  std::map<std::string, dialect_texts> links;
};

/// As the files are now.
texts_of_dialects texts_of(const config::settings& s);

/// By the name of their upstreams; never 0. See `environment::mark_of`. `in_use`: what the dialects of the
/// running process were made of, which files may not say any more.
std::map<std::string, std::uint64_t> marks_of_hosts(const config::settings& s,
                                                    const texts_of_dialects& in_use);
inline std::map<std::string, std::uint64_t> marks_of_hosts(const config::settings& s) {
  return marks_of_hosts(s, texts_of(s));
}

}  // namespace actors
