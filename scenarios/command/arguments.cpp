// The command line behind "socketqueue scenario".

#include "scenarios/command/arguments.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>

#include "scenarios/player/story.hpp"
#include "scenarios/player/verbs.hpp"

namespace command {

namespace {

namespace fs = std::filesystem;
using player::way;

constexpr const char* help_text =
  "usage: socketqueue scenario [--option ...] FILE...\n"
  "\n"
  "Plays stories of clients, gateway and host. FILE may be a folder: then all *.scenario in it and below are "
  "played.\n"
  "\n"
  "How they are played; without any of these, in virtual time, where a timeout of 35 s takes no time\n"
  "  --real                against the released program: a child process, real sockets, real clocks\n"
  "  --target HOST:PORT    against a gateway that runs already; with --bank-port, the port on which the "
  "story's\n"
  "                        host awaits its call, and if known --http-port and --stat-port\n"
  "  --host HOST:PORT      without a gateway: clients straight to a bank's test host; all other steps are "
  "left out\n"
  "\n"
  "  --with OPTION=VALUE   an option of the gateway for every story, like headerFormat=length:b-hex:2; "
  "repeatable\n"
  "  --seed N              in virtual time: the order in which things that happen at once happen (default "
  "1)\n"
  "  --patience DURATION   in real time: a story in which more time passes is skipped (default 60s)\n"
  "\n"
  "Output\n"
  "  --list                each story's first sentence, without playing it\n"
  "  --verbs               every step that a story can have\n"
  "  --json                the outcome as JSON\n"
  "  --junit FILE          the outcome for a CI server\n"
  "  --trace               in virtual time: every message that an actor receives, by its type\n"
  "\n"
  "Exit status: 0 all stories passed, or were skipped with a reason; 1 one failed; 2 a story or the "
  "command is wrong.\n"
  "The grammar is docs/SCENARIOS.md.\n";

template <class Number>
bool read_number(std::string_view text, Number& n) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return !text.empty() && error == std::errc() && end == text.data() + text.size();
}

// "10.0.0.1:5000", "[::1]:5000"
bool read_address(std::string_view text, std::string& host, std::uint16_t& port) {
  const auto colon = text.rfind(':');
  if (colon == std::string_view::npos || colon == 0 || !read_number(text.substr(colon + 1), port) ||
      port == 0)
    return false;
  host = text.substr(0, colon);
  if (host.starts_with('[') && host.ends_with(']'))
    host = host.substr(1, host.size() - 2);
  return true;
}

std::string add_files(const std::string& path, std::vector<std::string>& files) {
  std::error_code error;
  if (!fs::is_directory(path, error)) {
    files.push_back(path);
    return {};
  }
  const auto before = files.size();
  for (const auto& entry : fs::recursive_directory_iterator(path, error))
    if (entry.path().extension() == ".scenario")
      files.push_back(entry.path().string());
  if (error)
    return "cannot read the folder " + path + ": " + error.message();
  std::sort(files.begin() + static_cast<std::ptrdiff_t>(before), files.end());
  return files.size() == before ? "there is no *.scenario in the folder " + path : "";
}

class reader {
public:
  explicit reader(std::span<const char* const> arguments) : arguments_(arguments) {}

  std::string read(request& r) {
    for (at_ = 0; at_ < arguments_.size(); ++at_) {
      const std::string_view a = arguments_[at_];
      if (auto why = a.starts_with("-") && a != "-" ? read_option(a, r) : add_files(std::string(a), r.files);
          !why.empty())
        return why;
    }
    return check(r);
  }

private:
  std::string read_option(std::string_view a, request& r) {
    const auto equals = a.find('=');
    const auto name = a.substr(0, equals);
    constexpr std::string_view flags[]{"--help", "--list", "--verbs", "--json", "--trace", "--real"};
    constexpr std::string_view valued[]{"--seed",      "--patience",  "--junit",     "--with", "--target",
                                        "--http-port", "--stat-port", "--bank-port", "--host"};
    if (std::ranges::find(flags, a) != std::end(flags)) {
      (a == "--help"    ? r.help
       : a == "--list"  ? r.list
       : a == "--verbs" ? r.verbs
       : a == "--json"  ? r.json
       : a == "--trace" ? r.trace
                        : real_) = true;
      return {};
    }
    if (std::ranges::find(valued, name) == std::end(valued))
      return "there is no option '" + std::string(a) + "'";
    std::string value;
    if (equals != std::string_view::npos)
      value = a.substr(equals + 1);
    else if (at_ + 1 < arguments_.size() && std::string_view(arguments_[at_ + 1]).starts_with("--"))
      return std::string(name) + " needs a value, and '" + arguments_[at_ + 1] +
             "' is an option; a value that begins so is written " + std::string(name) + "=" +
             arguments_[at_ + 1];
    else if (at_ + 1 < arguments_.size())
      value = arguments_[++at_];
    return take_value(name, value, r);
  }

  std::string take_value(std::string_view name, const std::string& value, request& r) {
    const auto needs = [&](const char* what) {
      return std::string(name) + " needs " + what + (value.empty() ? "" : ", not '" + value + "'");
    };
    if (name == "--seed")
      return read_number(value, r.seed) ? "" : needs("a number");
    if (name == "--patience") {
      const auto d = player::parse_duration({value, 1, false}, 1);
      if (std::holds_alternative<player::story_error>(d))
        return needs("a duration like 60s or 5min");
      r.timeout = std::get<std::chrono::milliseconds>(d);
    } else if (name == "--junit") {
      r.junit = value;
      return value.empty() ? needs("a file") : "";
    } else if (name == "--with") {
      r.options.push_back(value);
      return value.empty() ? needs("an option of the gateway, like maxQueue=5") : "";
    } else if (name == "--target" || name == "--host") {
      auto& host = name == "--host" ? r.host : target_.host;
      auto& port = name == "--host" ? r.host_port : target_.port;
      return read_address(value, host, port) ? "" : needs("an address like 10.0.0.1:5000");
    } else {
      auto& port = name == "--http-port"   ? target_.http_port
                   : name == "--stat-port" ? target_.stat_port
                                           : target_.bank_port;
      return read_number(value, port) && port != 0 ? "" : needs("a port, 1 to 65535");
    }
    return {};
  }

  // Checks the options that depend on each other, and chooses the way of playing by them.
  std::string check(request& r) {
    const bool at_target = target_.port != 0, at_host = r.host_port != 0;
    if (r.help || r.verbs)
      return {};
    if (static_cast<int>(real_) + static_cast<int>(at_target) + static_cast<int>(at_host) > 1)
      return "--real, --target and --host are three ways; give one";
    if (at_target && target_.bank_port == 0)
      return "--target needs --bank-port, where the story's host awaits that gateway's call";
    if (!at_target && (target_.bank_port != 0 || target_.http_port != 0 || target_.stat_port != 0))
      return "--bank-port, --http-port and --stat-port belong to --target";
    r.how = real_ ? way::real : at_target ? way::target : at_host ? way::host : way::virtual_time;
    if (at_target)
      r.target = target_;
    if (r.trace && r.how != way::virtual_time)
      return "--trace shows the actors of virtual time; there are none to be seen otherwise";
    return r.files.empty() ? "no story to play: give files or a folder" : "";
  }

  std::span<const char* const> arguments_;
  std::size_t at_ = 0;
  real::target target_;
  bool real_ = false;
};

std::string ways_of(const player::verb& v) {
  const auto has = [&v](way w) { return (v.ways & player::in(w)) != 0; };
  return std::string(has(way::virtual_time) ? "v" : "-") + (has(way::real) ? "r" : "-") +
         (has(way::target) ? "t" : "-") + (has(way::host) ? "h" : "-");
}

}  // namespace

std::variant<request, std::string> read_arguments(std::span<const char* const> arguments) {
  request r;
  if (auto why = reader(arguments).read(r); !why.empty())
    return why;
  return r;
}

std::string help_page() { return help_text; }

std::string verbs_page() {
  std::string page = "The steps of a story; in front: v in virtual time, r --real, t --target, h --host.\n\n";
  for (const auto& s : player::subjects())
    for (const auto& v : s.verbs)
      page += ways_of(v) + "  " + std::string(s.name) +
              (s.name_follows.empty() ? "" : " " + std::string(s.name_follows)) + " " + std::string(v.words) +
              (v.rest.empty() ? "" : " " + std::string(v.rest)) + "\n";
  return page + "\n      for N = 1 to 200 ... end, with {N} and {N:8} in between\n";
}

}  // namespace command
