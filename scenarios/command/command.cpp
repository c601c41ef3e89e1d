// `socketqueue scenario`: plays stories and reports, for people, for CI and for scripts.

#include "scenarios/command/command.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <iostream>
#include <sstream>

#include "actors/core/chosen_dialect.hpp"
#include "config/file.hpp"
#include "config/installed.hpp"
#include "config/load.hpp"
#include "scenarios/command/arguments.hpp"
#include "scenarios/command/report.hpp"
#include "scenarios/player/player.hpp"
#include "scenarios/real/bank_line.hpp"
#include "scenarios/real/real_world.hpp"

namespace command {

namespace {

using player::way;

class company {
public:
  explicit company(const request& q)
    : request_(q),
      dialect_(
        std::get<codec::dialect>(actors::chosen_dialect(config::defaults().upstreams.front().dialect))) {}

  report play(const std::string& file) {
    report r;
    r.file = file;
    const auto read = config::read_file(file);
    if (const auto* why = std::get_if<std::string>(&read)) {
      r.why = file + ": this story " + *why;
      return r;
    }
    auto parsed = player::parse_story(file, std::get<config::file_text>(read).text, request_.options);
    if (const auto* error = std::get_if<player::story_error>(&parsed)) {
      r.why = to_string(*error, file);
      return r;
    }
    const auto& s = std::get<player::story>(parsed);
    r.sentence = s.sentence;
    if (request_.list)
      r.is = verdict::good;
    else
      play(s, r);
    return r;
  }

private:
  void play(const player::story& s, report& r) {
    const auto begun_at = std::chrono::steady_clock::now();
    const auto tell = [&](const player::played_step& step) {
      r.step_lines += line_of(step);
      if (step.failure)
        r.why =
          s.file + ":" + std::to_string(step.what->line) + ": " + step.what->text + "\n" + *step.failure;
    };
    const auto o =
      request_.how == way::virtual_time
        ? player::play(s, dialect_, request_.seed, tell)
        : player::play(s, dialect_, {request_.how, request_.timeout, next_stan_shift()}, world(), tell);
    r.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_at).count();
    r.is = o.error              ? verdict::wrong
           : !o.skipped.empty() ? verdict::skipped
           : o.good             ? verdict::good
                                : verdict::failed;
    if (o.error)
      r.why = to_string(*o.error, s.file);
    if (!o.skipped.empty())
      r.why = o.skipped;
    r.left_out = o.left_out;
    r.trace = o.trace;
  }

  // A gateway or host that is not ours remembers the STANs of the day, so each story shifts its own.
  unsigned next_stan_shift() {
    constexpr unsigned far_enough = 1009;
    if (request_.how != way::target && request_.how != way::host)
      return 0;
    return stan_shift_ += far_enough;
  }

  player::make_world world() {
    return [this](const player::world_settings& setup) -> std::unique_ptr<player::world> {
      if (request_.how == way::host)
        return std::make_unique<real::bank_line>(ground_.io, setup, request_.host, request_.host_port);
      return std::make_unique<real::real_world>(ground_, setup, request_.target);
    };
  }

  const request& request_;
  codec::dialect dialect_;
  real::ground ground_;
  unsigned stan_shift_ = static_cast<unsigned>(
    std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch())
      .count() %
    86400 * 11);
};

// Why real-time stories cannot start a gateway; empty where they can.
std::string gateway_fault() {
  const auto gateway = config::installed_beside("socketqueue");
  if (access(gateway.c_str(), X_OK) == 0)
    return {};
  return "--real starts the program socketqueue, and " +
         (gateway.empty() ? "where it lies is not known" : gateway + " cannot be run") + ": " +
         std::strerror(errno) + "; put the socketqueue of the same build beside socketqueue-lab";
}

}  // namespace

int scenario(std::span<const char* const> arguments) {
  constexpr int all_good = 0, one_failed = 1, misused = 2;
  const auto asked = read_arguments(arguments);
  if (const auto* why = std::get_if<std::string>(&asked)) {
    std::cerr << "socketqueue scenario: " << *why << "; --help tells more\n";
    return misused;
  }
  const auto& q = std::get<request>(asked);
  if (q.help || q.verbs) {
    std::cout << (q.help ? help_page() : verbs_page());
    return all_good;
  }
  if (q.how == way::real)
    if (const auto why = gateway_fault(); !why.empty()) {
      std::cerr << "socketqueue scenario: " << why << "\n";
      return misused;
    }
  company players(q);
  std::vector<report> reports;
  for (const auto& file : q.files) {
    reports.push_back(players.play(file));
    if (!q.json)
      print(reports.back(), q);
  }
  if (q.json)
    std::cout << as_json(reports, q) << "\n";
  else if (!q.list && reports.size() > 1)
    std::cout << "\n" << summary(reports) << "\n";
  if (!q.junit.empty() && !write_junit(reports, q.junit)) {
    std::cerr << "socketqueue scenario: cannot write " << q.junit << "\n";
    return misused;
  }
  const auto has = [&reports](verdict v) {
    return std::ranges::find(reports, v, &report::is) != reports.end();
  };
  return has(verdict::wrong) ? misused : has(verdict::failed) ? one_failed : all_good;
}

}  // namespace command
