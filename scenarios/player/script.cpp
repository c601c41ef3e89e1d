// The state of a story being played, shared by the verbs.

#include "scenarios/player/script.hpp"

#include <algorithm>

#include "actors/core/chosen_dialect.hpp"
#include "codec/privacy/message_table.hpp"
#include "codec/unpack.hpp"
#include "config/load.hpp"
#include "config/options.hpp"
#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

constexpr std::string_view players_own[]{"upstreamHost",
                                         "upstreamPort",
                                         "upstreamListenPort",
                                         "listenPort",
                                         "listenHttpPort",
                                         "echoServerPort",
                                         "testClients",
                                         "testTargetHost",
                                         "testTargetPort",
                                         "statServerPort",
                                         "c",
                                         "v",
                                         "vv",
                                         "silent",
                                         "logFile",
                                         "pidFile",
                                         "help",
                                         "journalKeyFile",
                                         "journalAdopt"};

}  // namespace

script::script(const codec::dialect& d, way how, make_world make, unsigned stan_shift)
  : how_(how), make_(std::move(make)), stan_shift_(stan_shift) {
  setup.settings = config::defaults();
  setup.settings.raw_listeners.front().port = 1;
  // Only stories about them have echoes.
  setup.settings.upstreams.front().liveness.echo_interval = {};
  setup.dialect = d;
}

void script::perform(const step& s) {
  now_ = &s;
  read_.emplace(
    s, setup.dialect, exchanged, [this] { return here().local_time(); }, stan_shift_);
  if (s.subject == "backup" && setup.settings.groups.empty())
    read_->fail(nullptr, "there is no second link; expected before: gateway has two links");
  if (s.subject == "backup" || s.subject == "host")
    turn_to_host(s.subject == "host" ? 0 : 1);
  s.does->perform(*this);
  if (world_)
    world_->take_notice();
}

std::chrono::milliseconds script::time() const {
  return world_ ? world_->since_begin() : std::chrono::milliseconds(0);
}

std::string script::trace() const { return world_ ? world_->trace() : ""; }

void script::turn_to_host(std::size_t which) {
  if (which == turned_to_)
    return;
  turned_to_ = which;
  here().turn_to_host(which);
  std::swap(unread_requests, other_host_.unread);
  std::swap(read_requests, other_host_.read);
  std::swap(host_line_, other_host_.line);
  std::swap(host_seen_, other_host_.seen);
}

world& script::here() {
  if (!world_)
    world_ = make_(setup);
  return *world_;
}

void script::assign_options(std::size_t at, config::settings& into, std::vector<std::string>& texts) const {
  if (at >= now_->rest.size())
    read_->fail(nullptr, "expected options of the gateway, like maxQueue=5");
  for (; at < now_->rest.size(); ++at) {
    const auto& w = now_->rest[at];
    const auto equals = w.text.find('=');
    const auto name = w.text.substr(0, equals);
    const auto* o = config::find_option(name);
    if (o && std::ranges::find(players_own, o->name) != std::end(players_own))
      read_->fail(
        &w,
        "'" + name + "' is set by the player, which chooses ports, addresses and files, and reads the log");
    if (const auto now = config::renamed_option(name); !now.empty())
      read_->fail(&w, "the option '" + name + "' is called '" + std::string(now) + "' now");
    if (!o) {
      const auto nearest = std::string(config::nearest_option(name));
      read_->fail(
        &w, "there is no option '" + name + "'" +
              (nearest.empty() ? "; socketqueue --help lists all" : "; did you mean '" + nearest + "'?"));
    }
    const auto value = equals == std::string::npos ? "true" : w.text.substr(equals + 1);
    if (o->name == "journal" && value != "none")
      read_->fail(&w, "the player chooses the journal's directory; there is only journal=none");
    if (const auto why = config::assign(into, *o, value); !why.empty())
      read_->fail(&w, std::string(o->name) + " " + why);
    texts.push_back(std::string(o->name) + "=" + value);
  }
}

void script::choose_dialect() {
  auto chosen = actors::chosen_dialect(setup.settings.upstreams.front().dialect);
  if (const auto* why = std::get_if<std::string>(&chosen))
    read_->fail(&now_->rest[0], *why);
  setup.dialect = std::get<codec::dialect>(std::move(chosen));
}

void script::expect(const std::function<bool()>& what, const std::function<std::string()>& otherwise) {
  if (!here().comes(what))
    throw unmet{otherwise()};
}

client& script::the_client(bool by_http) {
  const auto it = clients_.find(now_->name);
  if (it != clients_.end())
    return it->second;
  return clients_.emplace(now_->name, client{here().enter(by_http), by_http}).first->second;
}

client& script::known_client() {
  const auto it = clients_.find(now_->name);
  if (it == clients_.end())
    read_->fail(nullptr, "client " + now_->name + " has not connected in this story");
  return it->second;
}

void script::new_client(bool by_http) {
  clients_.erase(now_->name);
  the_client(by_http);
}

void script::receive_as(client& c) {
  for (; c.seen < c.connection->sent.size(); ++c.seen)
    c.unread += c.connection->sent[c.seen];
}

void script::receive_as_host() {
  const auto line = here().host_line();
  const auto take = [this] {
    for (; host_line_ && host_seen_ < host_line_->sent.size(); ++host_seen_)
      if (auto m = codec::unpack(host_line_->sent[host_seen_], setup.dialect))
        unread_requests.push_back(std::move(*m));
  };
  take();
  if (line == host_line_)
    return;
  host_line_ = line;
  host_seen_ = 0;
  take();
}

line& script::host_line() {
  const auto there = [this] {
    const auto line = here().host_line();
    return line && line->is_open();
  };
  expect(there, [] { return "  there is no link\n"; });
  return *here().host_line();
}

std::string script::table(const codec::message& m) const { return codec::message_table(m, setup.dialect); }

}  // namespace player
