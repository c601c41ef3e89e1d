// The command line of `socketqueue pending`, `retry`, `reverse` and `resolve`.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "actors/operator/case_filter.hpp"

namespace actors {

/// What the operator asks for.
struct operator_request {
  std::string verb, cases, why, journal;
  std::vector<std::string> filters;  ///< in the gateway's syntax, "tid=00992468"
  case_filter filter;                ///< the same, parsed
  bool all = false, dry_run = false, json = false, help = false;
};

/// The page of --help.
extern const char* const operator_usage;

/// Whether `verb` needs a reason, --why.
bool takes_why(const std::string& verb);

/// Reads `arguments`, which begin with the verb, into `w`. Returns what is wrong with them, as a sentence;
/// empty: nothing.
std::string read_arguments(std::span<const char* const> arguments, operator_request& w);

}  // namespace actors
