// socketqueue-demo: what `./run demo` shows.

#include <charconv>
#include <csignal>
#include <iostream>
#include <span>
#include <string_view>

#include "actors/core/chosen_dialect.hpp"
#include "config/installed.hpp"
#include "scenarios/demo/story.hpp"

namespace {

int misused(const std::string& why) {
  std::cerr << "demo: " << why << "; there are --for 20s, --dialect NAME and --vv\n";
  return 2;
}

// "20s" or "20".
bool read_seconds(std::string_view text, std::chrono::seconds& into) {
  constexpr unsigned most = 86400;
  if (text.ends_with('s'))
    text.remove_suffix(1);
  unsigned count = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
  into = std::chrono::seconds(count);
  return error == std::errc() && end == text.data() + text.size() && count != 0 && count <= most;
}

}  // namespace

int main(int argc, char** argv) {
  demo::setup setup{config::installed_beside("socketqueue"), "smartVista", std::chrono::seconds(40), false};
  const std::span<char*> arguments{argv + 1, static_cast<std::size_t>(argc - 1)};
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view argument = arguments[i];
    const auto equals = argument.find('=');
    const auto name = argument.substr(0, equals);
    if (argument == "--vv") {
      setup.verbose = true;
      continue;
    }
    if (name != "--for" && name != "--dialect")
      return misused("no option '" + std::string(argument) + "'");
    if (equals == std::string_view::npos && ++i == arguments.size())
      return misused(std::string(name) + " needs a value");
    const std::string_view value =
      equals == std::string_view::npos ? arguments[i] : argument.substr(equals + 1);
    if (name == "--dialect")
      setup.dialect = value;
    else if (!read_seconds(value, setup.length))
      return misused("--for needs seconds, as in --for 20s, not '" + std::string(value) + "'");
  }
  auto dialect = actors::chosen_dialect({setup.dialect, {}, {}});
  if (const auto* why = std::get_if<std::string>(&dialect))
    return misused(*why);
  auto& d = std::get<codec::dialect>(dialect);
  if (d.purchase.mti.empty() || d.reversal.of.empty())
    return misused("the dialect '" + d.name +
                   "' has no example of a purchase, or no reversals: it needs both");
  std::signal(SIGPIPE, SIG_IGN);
  net::loop loop;
  demo::story story(loop, setup, std::make_shared<const codec::dialect>(std::move(d)));
  loop.on_signals({SIGINT, SIGTERM, SIGHUP}, [&story](int) { story.stop(); });
  return story.play();
}
