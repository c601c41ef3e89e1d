// The ways on which alarms reach people: a program, and a server.

#include "actors/program/alarm_outlets.hpp"

#include <unistd.h>

#include <algorithm>

#include "config/file.hpp"
#include "config/log.hpp"
#include "net/http/poster.hpp"
#include "net/local/program.hpp"

namespace actors {

namespace {

using namespace std::chrono_literals;

constexpr auto program_timeout = 10s;
constexpr auto last_alarm_timeout = 5s;
constexpr std::size_t secret_min = 16;

std::chrono::sys_seconds utc_now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::string machine_name() {
  char name[256] = "";
  ::gethostname(name, sizeof name - 1);
  return name;
}

}  // namespace

std::string secret_in(const std::string& file, const char* option, std::string& why) {
  const auto where = std::string(option) + " '" + file + "' ";
  const auto read = config::read_file(file);
  if (const auto* fault = std::get_if<std::string>(&read)) {
    why = where + *fault;
    return "";
  }
  const std::string_view text = std::get<config::file_text>(read).text;
  const auto secret = text.substr(0, text.find_last_not_of(" \r\n") + 1);
  if (secret.size() >= secret_min)
    return std::string(secret);
  why = where + "has a secret of " + std::to_string(secret.size()) + " characters; give it " +
        std::to_string(secret_min) + " at least";
  return "";
}

std::variant<std::shared_ptr<alarm_outlets>, std::string> make_alarm_outlets(const config::alarm_settings& s,
                                                                             net::loop& on) {
  auto outlets = std::make_shared<alarm_outlets>(alarm_outlets{{}, utc_now, machine_name()});
  if (!s.command.empty()) {
    if (const auto why = net::fault_of_program(s.command); !why.empty())
      return "alarmCommand '" + s.command + "': " + why;
    outlets->channels.push_back(
      {"alarmCommand", [&on, path = s.command](const alarm_notice& n, std::function<void(std::string)> then) {
         net::run_program(on, path, json_of(n) + "\n", program_timeout, std::move(then));
       }});
  }
  if (!s.url.empty()) {
    const auto url = net::parse_url(s.url);
    if (const auto* why = std::get_if<std::string>(&url))
      return "alarmUrl: " + *why;
    std::string why;
    auto secret = secret_in(s.secret_file, "alarmSecretFile", why);
    if (!why.empty())
      return why;
    auto post = net::make_poster(on, std::get<net::http_url>(url), s.ca_file);
    if (const auto* fault = std::get_if<std::string>(&post))
      return "alarmCaFile: " + *fault;
    outlets->channels.push_back(
      posting_channel(std::get<net::poster>(std::move(post)), std::move(secret), utc_now));
  }
  return outlets;
}

void send_last_alarm(const config::alarm_settings& s, const std::string& id, const std::string& why) {
  config::log::error("ALARM: the gateway has ended itself: {}", why);
  if (s.command.empty() && s.url.empty())
    return;
  // A name that is looked up would hold its destructor up; the process ends anyway.
  auto* own = new net::loop();
  const auto made = make_alarm_outlets(s, *own);
  const auto* outlets = std::get_if<std::shared_ptr<alarm_outlets>>(&made);
  if (!outlets)
    return config::log::error("{}", std::get<std::string>(made));
  auto left = std::make_shared<std::size_t>((*outlets)->channels.size());
  const auto notice = (*outlets)->stamped(
    {id, alarm_kind::gateway_ended, "", alarm_notice::state::raised, "The gateway has ended itself: " + why});
  for (const auto& channel : (*outlets)->channels)
    channel.send(notice, [left, name = channel.name](const std::string& fault) {
      --*left;
      if (!fault.empty())
        config::log::error("{}: the last alarm could not be sent: {}", name, fault);
    });
  const auto end = net::loop::clock::now() + last_alarm_timeout;
  for (auto now = net::loop::clock::now(); *left != 0 && now < end; now = net::loop::clock::now())
    own->run_for(end - now);
}

}  // namespace actors
