#include "config/variables.hpp"

#include <unistd.h>

#include <algorithm>
#include <regex>

#include "config/config_file.hpp"

namespace config {

namespace {

constexpr std::string_view prefix = "SOCKETQUEUE_";

std::string upper(char c) { return std::string(1, c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c); }

bool is_capital(char c) { return c >= 'A' && c <= 'Z'; }

// A service that is called socketqueue, or socketqueue-admin, is told of in its neighbours' environments:
// SOCKETQUEUE_SERVICE_HOST, SOCKETQUEUE_ADMIN_PORT=tcp://10.0.0.1:2015, SOCKETQUEUE_PORT_2014_TCP_ADDR.
bool tells_of_a_service(const std::string& name, std::string_view text) {
  static const std::regex service(
    "SOCKETQUEUE_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_[0-9]+_(TCP|UDP|SCTP)(_.*)?)|"
    "SOCKETQUEUE_(NAME|PORT|ENV_.*)");
  return std::regex_match(name, service) ||
         (name.ends_with("_PORT") && text.find("://") != std::string_view::npos);
}

std::string no_such_variable(const std::string& name) {
  std::vector<std::string> all;
  for (const auto& group : option_groups())
    for (const auto& o : group.options)
      if (o.stands != standing::command_line)
        all.push_back(variable_of(o));
  const auto near = nearest(name, std::vector<std::string_view>(all.begin(), all.end()));
  return "there is no option for the variable " + in_quotes(name) + " of the environment" +
         (near.empty() ? "; take it out, --help lists all options"
                       : "; did you mean " + in_quotes(near) + "?");
}

}  // namespace

std::string variable_of(const option& o) {
  std::string name(prefix);
  for (const char c : o.name) {
    if (is_capital(c))
      name += '_';
    name += upper(c);
  }
  return name;
}

std::vector<variable> options_in(std::span<const char* const> environment, std::vector<std::string>& faults) {
  std::vector<variable> all;
  for (const std::string_view entry : environment) {
    const auto equals = entry.find('=');
    if (!entry.starts_with(prefix) || equals == entry.npos || equals + 1 == entry.size())
      continue;
    const auto name = std::string(entry.substr(0, equals));
    const auto text = entry.substr(equals + 1);
    if (tells_of_a_service(name, text))
      continue;
    const option* found = nullptr;
    for (const auto& group : option_groups())
      for (const auto& o : group.options)
        if (o.stands != standing::command_line && variable_of(o) == name)
          found = &o;
    if (found)
      all.push_back({found, name, std::string(text)});
    else
      faults.push_back(no_such_variable(name));
  }
  return all;
}

std::vector<const char*> own_environment() {
  std::vector<const char*> all;
  for (auto* entry = environ; entry && *entry; ++entry)
    all.push_back(*entry);
  return all;
}

}  // namespace config
