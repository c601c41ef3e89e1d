#include "actors/program/reload.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "actors/program/changed_links.hpp"
#include "actors/program/host_marks.hpp"
#include "actors/program/preparation.hpp"
#include "actors/program/wiring.hpp"
#include "codec/privacy/masking.hpp"
#include "config/dialects.hpp"
#include "config/file.hpp"
#include "config/links.hpp"
#include "config/log.hpp"
#include "config/options.hpp"
#include "config/variables.hpp"
#include "config/warnings.hpp"
#include "net/loop.hpp"

namespace actors {

namespace {

namespace log = config::log;

// The actors read these from the settings each time that they need them.
constexpr std::string_view live_limits[] = {"maxQueue",       "queueTimeout",  "queueShortTimeout",
                                            "unconfirmedAge", "alarmLinkDown", "drainTimeout"};

// What these name is read again, whether its name has changed or not.
constexpr std::string_view live_secrets[] = {"adminTokenFile",    "hostRequestUrl",   "hostRequestSecretFile",
                                             "hostRequestCaFile", "hostRequestCards", "alarmUrl",
                                             "alarmSecretFile",   "alarmCaFile"};

bool is_one_of(std::string_view name, std::span<const std::string_view> all) {
  return std::ranges::find(all, name) != all.end();
}

std::string text_in(const config::loaded& all, const config::option& o) {
  const auto it = all.given.find(o.name);
  return it == all.given.end() ? std::string(o.default_text) : it->second;
}

void tell_changed_links(const config::settings& from, const config::settings& to,
                        std::vector<std::string>& into) {
  const auto find = [](const config::settings& in, const std::string& name) {
    const auto found = std::ranges::find(in.upstreams, name, &config::upstream_settings::name);
    return found == in.upstreams.end() ? nullptr : &*found;
  };
  for (const auto& link : to.upstreams) {
    const auto* was = find(from, link.name);
    if (!was)
      into.push_back("the link '" + link.name + "' is new, and is dialed");
    else if (was->host != link.host || was->port != link.port)
      into.push_back("the link '" + link.name + "' has another address, and is dialed anew");
    else if (*was != link)
      into.push_back("the link '" + link.name + "' has other options, and is dialed anew");
  }
  for (const auto& link : from.upstreams)
    if (!find(to, link.name))
      into.push_back("the link '" + link.name + "' is not given any more, and ends behind its last response");
  if (from.groups != to.groups)
    into.emplace_back("groups have other links now");
}

}  // namespace

struct reloader::candidate {
  config::loaded all;
  std::shared_ptr<environment> env;
  roles parts;
  dialed_links links;
  bool has_old_dialect = true, is_list = false;
};

std::string reload_report::json() const {
  const nlohmann::ordered_json whole{
    {"ok", ok()}, {"changed", changed}, {"restart", restart}, {"faults", faults}};
  return whole.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

reloader::reloader(std::shared_ptr<environment> env, std::span<const char* const> arguments,
                   config::loaded started, net::loop& on, std::function<void(dialed_links)> set)
  : env_(std::move(env)),
    arguments_(arguments),
    started_(std::move(started)),
    dialects_(texts_of(started_.what)),
    last_(started_),
    loop_(on),
    set_links_(std::move(set)) {}

void reloader::begin(const roles& r) {
  seats_ = r.seats;
  hook_ = r.hook;
  alarms_ = r.alarms;
  token_ = r.admin_token;
}

reload_report reloader::run() {
  candidate now{config::load_all(arguments_, config::own_environment()), nullptr, {}, {}};
  reload_report report;
  report.faults = now.all.faults;
  if (report.ok()) {
    auto env = make_environment(now.all.what);
    if (auto* why = std::get_if<std::string>(&env))
      report.faults.push_back(std::move(*why));
    else
      now.env = std::get<std::shared_ptr<environment>>(std::move(env));
  }
  if (report.ok())
    report.faults = read_parts(now.parts, *now.env, loop_);
  // The links stay where the clients' dialect is another one now: they would speak different ones.
  now.has_old_dialect = texts_of(now.all.what).clients == dialects_.clients;
  now.is_list = !now.all.what.groups.empty() && !last_.what.groups.empty();
  // The last check, because it opens the ports of new links.
  if (report.ok() && now.is_list && now.has_old_dialect) {
    auto links = changed_links(last_.what, now.all.what, loop_);
    if (auto* why = std::get_if<std::string>(&links))
      report.faults.push_back(std::move(*why));
    else
      now.links = std::get<dialed_links>(std::move(links));
  }
  if (report.ok())
    report = apply(now);
  // What was mistyped may be anything.
  for (auto* texts : {&report.changed, &report.restart, &report.faults})
    for (auto& text : *texts)
      text = codec::masked_text(text);
  for (const auto& text : report.changed)
    log::notice("Reload: {}", text);
  for (const auto& text : report.restart)
    log::warning("Reload: {}", text);
  for (const auto& why : report.faults)
    log::error("The configuration stays as it is: {}", why);
  return report;
}

// What has changed, and whether it counts.
void reloader::compare(const config::loaded& now, reload_report& report) const {
  for (const auto& group : config::option_groups())
    for (const auto& o : group.options) {
      const bool is_live = is_one_of(o.name, live_limits) || is_one_of(o.name, live_secrets);
      // What needs a restart is told until there is one, or until it is as it was.
      const auto text = text_in(now, o);
      // A list of links tells of these by itself.
      if (!now.what.groups.empty() && config::is_option_of_a_link(o))
        continue;
      if (o.stands == config::standing::command_line || text == text_in(is_live ? last_ : started_, o))
        continue;
      const auto is =
        std::string(o.name) + (text.empty() ? " is not given any more" : " is " + text + " now");
      if (is_live)
        report.changed.push_back(is);
      else
        report.restart.push_back(is + ", which needs a restart");
    }
}

void reloader::apply_limits(const config::settings& now) {
  auto& s = env_->settings;
  if (seats_)
    seats_->add_seats(static_cast<std::ptrdiff_t>(now.queue.messages_max) -
                      static_cast<std::ptrdiff_t>(s.queue.messages_max));
  s.queue.messages_max = now.queue.messages_max;
  s.queue.timeout = now.queue.timeout;
  s.queue.short_timeout = now.queue.short_timeout;
  s.delivery.unconfirmed_age = now.delivery.unconfirmed_age;
  s.alarms.link_down_after = now.alarms.link_down_after;
  s.drain_timeout = now.drain_timeout;
}

void reloader::apply_secrets(roles& now, reload_report& report) {
  if (token_ && *token_ != *now.admin_token) {
    *token_ = *now.admin_token;
    report.changed.emplace_back("adminTokenFile has another token");
  }
  // What is told here is told once, and not as a change too.
  const auto needs_restart = [&report](const char* what, std::span<const std::string_view> options) {
    for (auto* list : {&report.changed, &report.restart})
      std::erase_if(*list, [options](std::string_view told) {
        return is_one_of(told.substr(0, told.find(' ')), options);
      });
    report.restart.push_back(std::string(what) + " is given now, or not any more, which needs a restart");
  };
  constexpr std::string_view of_hook[] = {"hostRequestUrl", "hostRequestSecretFile", "hostRequestCaFile"};
  if (static_cast<bool>(hook_) != static_cast<bool>(now.hook))
    needs_restart("hostRequestUrl", of_hook);
  else if (hook_)
    *hook_ = std::move(*now.hook);
  const auto names = [](const std::shared_ptr<alarm_outlets>& of) {
    std::set<std::string> all;
    if (of)
      for (const auto& c : of->channels)
        all.insert(c.name);
    return all;
  };
  constexpr std::string_view of_alarms[] = {"alarmCommand", "alarmUrl", "alarmSecretFile", "alarmCaFile"};
  if (names(alarms_) != names(now.alarms))
    needs_restart("alarmCommand or alarmUrl", of_alarms);
  else if (alarms_ && now.alarms)
    alarms_->channels = std::move(now.alarms->channels);
}

void reloader::apply_links(candidate& now, reload_report& report) {
  auto& s = now.all.what;
  const auto dialect_needs_restart = [&report](const std::string& whose) {
    report.restart.push_back("the dialect" + whose +
                             ", or its networkConfig or exchangeConfig, is another one now, which needs a "
                             "restart: open transactions are in the old one");
  };
  if (!now.has_old_dialect)
    dialect_needs_restart("");
  if (s.groups.empty() != last_.what.groups.empty())
    report.restart.emplace_back("`upstreams` is given now, or not any more, which needs a restart");
  if (!now.is_list || !now.has_old_dialect) {
    s.upstreams = last_.what.upstreams;
    s.groups = last_.what.groups;
    s.routes = last_.what.routes;
    return;
  }
  auto texts = texts_of(s).links;
  for (const auto& link : s.upstreams)
    if (std::ranges::find(last_.what.upstreams, link) != last_.what.upstreams.end() &&
        texts[link.name] != dialects_.links[link.name]) {
      dialect_needs_restart(" of the link '" + link.name + "'");
      texts[link.name] = dialects_.links[link.name];
    }
  dialects_.links = std::move(texts);
  tell_changed_links(last_.what, s, report.changed);
  if (s.routes != last_.what.routes)
    report.changed.emplace_back("new transactions go by the new routes");
  env_->routes = routes(s.routes);
  env_->host_marks = marks_of_hosts(s, dialects_);
  set_links_(std::move(now.links));
}

reload_report reloader::apply(candidate& now) {
  reload_report report;
  compare(now.all, report);
  apply_limits(now.all.what);
  apply_secrets(now.parts, report);
  for (const auto& text : config::warnings_of(now.all.what))
    log::warning("{}", text);
  apply_links(now, report);
  last_ = std::move(now.all);
  return report;
}

}  // namespace actors
