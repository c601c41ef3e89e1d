// A CAF node whose only actor passes questions on to the gateway.
//
//   other nodes <-CAF-> inspector -question-> gateway_pipe -bytes-> standard input -> gateway
//
// It opens few files and takes little memory, however many strangers call: beyond that it ends, and the
// gateway starts it again.

#include "actors/remote/node_command.hpp"

#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstdio>
#include <functional>
#include <unordered_map>

#include "actors/core/default_handlers.hpp"
#include "actors/protocol/inspection.hpp"
#include "actors/remote/inspector.hpp"
#include "actors/remote/node_config.hpp"
#include "actors/remote/node_pipe.hpp"

namespace actors {

namespace {

constexpr std::string_view command = "inspection-node";

// Connections, and the few files of the process itself.
constexpr rlim_t files_max = 1024;
constexpr rlim_t memory_max = 512 * 1024 * 1024;

/// A frame of the gateway's.
struct from_gateway {
  std::string content;
};

bool write_all(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto written = ::send(STDIN_FILENO, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (written < 0 && errno != EINTR)
      return false;
    bytes.remove_prefix(written < 0 ? 0 : static_cast<std::size_t>(written));
  }
  return true;
}

// False at the gateway's end.
bool say(std::string_view content) {
  std::string frame;
  node_framing().append(frame, content);
  return write_all(frame);
}

}  // namespace

}  // namespace actors

CAF_ALLOW_UNSAFE_MESSAGE_TYPE(actors::from_gateway)

namespace actors {

namespace {

using pipe_actor = inspection::inspector_actor::extend<caf::reacts_to<from_gateway>>;

// Passes questions on to the gateway, and its answers back.
class gateway_pipe final : public pipe_actor::base {
public:
  explicit gateway_pipe(caf::actor_config& c) : pipe_actor::base(c) { with_default_handlers(this); }

  const char* name() const override { return "gateway_pipe"; }

protected:
  behavior_type make_behavior() override {
    using namespace inspection;
    return {
      [this](summary_atom a) { return ask<summary>(a); },
      [this](stats_atom a) { return ask<stats>(a); },
      [this](links_atom a) { return ask<links>(a); },
      [this](terminals_atom a) { return ask<terminals>(a); },
      [this](pending_atom a) { return ask<pending>(a); },
      [this](parts_atom a) { return ask<parts>(a); },
      [this](transactions_atom a, std::uint64_t most) { return ask<transactions>(a, most); },
      [this](const from_gateway& f) { take(f.content); },
    };
  }

private:
  template <class View>
  caf::typed_response_promise<View> ask(caf::atom_value what, std::uint64_t most = 0) {
    auto promise = make_response_promise<View>();
    const auto number = ++last_;
    asked_[number] = [promise](std::string_view bytes) mutable {
      if (View seen; !bytes.empty() && from_bytes(bytes, seen))
        promise.deliver(std::move(seen));
      else
        promise.deliver(caf::make_error(caf::sec::runtime_error));
    };
    say(to_bytes(node_question{number, what, most}));
    return promise;
  }

  void take(std::string_view content) {
    std::uint64_t number = 0;
    const auto found = from_bytes(content, number) ? asked_.find(number) : asked_.end();
    if (found == asked_.end())
      return;
    found->second(content.substr(to_bytes(number).size()));
    asked_.erase(found);
  }

  std::uint64_t last_ = 0;
  std::unordered_map<std::uint64_t, std::function<void(std::string_view)>> asked_;
};

// Ends with the gateway.
void pass_answers_on(const pipe_actor& to) {
  const auto how = node_framing();
  std::string stream, part(64 * 1024, '\0');
  for (;;) {
    const auto size = ::read(STDIN_FILENO, part.data(), part.size());
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return;
    stream.append(part, 0, static_cast<std::size_t>(size));
    for (auto cut = how.find(stream); cut.is == net::cut::kind::frame; cut = how.find(stream)) {
      caf::anon_send(to, from_gateway{stream.substr(cut.begin, cut.end - cut.begin)});
      stream.erase(0, cut.next);
    }
  }
}

void set_limits() {
  // The gateway's own signals are the gateway's: the terminal and the service manager send them to all.
  for (const int signal : {SIGTERM, SIGINT, SIGHUP})
    std::signal(signal, SIG_IGN);
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = std::min(files.rlim_max, files_max);
  setrlimit(RLIMIT_NOFILE, &files);
#ifndef __SANITIZE_ADDRESS__  // it maps more than that for itself
  const rlimit memory{memory_max, memory_max};
  setrlimit(RLIMIT_DATA, &memory);
#endif
  const rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
}

config::node_settings settings_in(std::span<const char* const> a) {
  config::node_settings s;
  const std::string_view port(a[1]);
  std::from_chars(port.data(), port.data() + port.size(), s.port);
  s.address = a[2];
  s.certificate_file = a[3];
  s.key_file = a[4];
  s.authority_file = a[5];
  return s;
}

}  // namespace

std::vector<std::string> node_arguments(const config::node_settings& s) {
  return {"socketqueue",      std::string(command), std::to_string(s.port), s.address,
          s.certificate_file, s.key_file,           s.authority_file};
}

bool is_node_command(std::span<const char* const> arguments) {
  return !arguments.empty() && arguments.front() == command;
}

int run_node_command(std::span<const char* const> arguments) {
  struct stat input {};
  if (arguments.size() != 6 || ::fstat(STDIN_FILENO, &input) != 0 || !S_ISSOCK(input.st_mode)) {
    std::fputs(
      "socketqueue: inspection-node is started by a gateway that has a nodePort, and by nobody else\n",
      stderr);
    return 2;
  }
  set_limits();
  const auto settings = settings_in(arguments);
  caf::actor_system_config config;
  make_node(config, settings);
  config.set("scheduler.max-threads", std::size_t(1));
  config.set("scheduler.policy", caf::atom("sharing"));
  caf::actor_system system(config);
  const pipe_actor gateway = system.spawn<gateway_pipe>();
  const auto fault = publish_inspector(system, settings, gateway);
  if (say(to_bytes(node_question{}, fault)) && fault.empty())
    pass_answers_on(gateway);
  // Nobody waits for the actors' end.
  std::_Exit(fault.empty() ? 0 : 1);
}

}  // namespace actors
