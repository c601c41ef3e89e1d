#include "actors/program/ask_gateway.hpp"

#include "net/local/client.hpp"
#include "store/journal_files.hpp"

namespace actors {

std::variant<std::string, std::string> ask_gateway(const std::string& directory, const std::string& line,
                                                   std::chrono::milliseconds timeout) {
  const auto path = directory + "/control";
  auto asked = net::ask_local(path, line, timeout);
  if (asked.index() == 0 || net::is_listened_at(path))
    return asked;
  if (const auto process = store::user_of(directory); process != 0)
    return std::variant<std::string, std::string>(
      std::in_place_index<1>, "the gateway at " + directory + " (process " + std::to_string(process) +
                                ") does not answer: it is starting, and reads its journal first, or it is "
                                "ending; ask again in a moment");
  return asked;
}

}  // namespace actors
