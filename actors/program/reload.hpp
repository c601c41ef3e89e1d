// The configuration, read again while the gateway runs: by HUP, which `program/main` receives, or by
// `socketqueue reload`.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "actors/core/environment.hpp"
#include "actors/program/host_marks.hpp"
#include "actors/program/parts.hpp"
#include "actors/upstream/link_groups.hpp"
#include "config/load.hpp"

namespace net {
class loop;
}

namespace actors {

/// What a reload has done.
struct reload_report {
  std::vector<std::string> faults;   ///< not empty: nothing was changed
  std::vector<std::string> changed;  ///< "queueTimeout is 20 now"
  std::vector<std::string> restart;  ///< the same, but not before a restart

  bool ok() const { return faults.empty(); }
  /// One line: {"ok":true,"changed":[],"restart":[],"faults":[]}
  std::string json() const;
};

class reloader {
public:
  /// `started`: the configuration of this process; `set`: sends the links to their groups.
  reloader(std::shared_ptr<environment> env, std::span<const char* const> arguments, config::loaded started,
           net::loop& on, std::function<void(dialed_links)> set);

  /// The roles of the running gateway, which share with it what a reload changes.
  void begin(const roles& r);

  reload_report run();

private:
  struct candidate;

  reload_report apply(candidate& now);
  void apply_limits(const config::settings& now);
  void apply_links(candidate& now, reload_report& report);
  void apply_secrets(roles& now, reload_report& report);
  void compare(const config::loaded& now, reload_report& report) const;

  std::shared_ptr<environment> env_;
  std::span<const char* const> arguments_;
  const config::loaded started_;
  texts_of_dialects dialects_;  // those in use
  config::loaded last_;
  net::loop& loop_;
  std::function<void(dialed_links)> set_links_;
  std::optional<admission> seats_;
  std::shared_ptr<webhook> hook_;
  std::shared_ptr<alarm_outlets> alarms_;
  std::shared_ptr<std::string> token_;
};

/// `socketqueue reload`.
bool is_reload_command(std::span<const char* const> arguments);

/// Returns the exit status: 0 the configuration is read; 1 it has faults, and nothing was changed; 2 misused,
/// or no gateway answers.
int run_reload_command(std::span<const char* const> arguments);

}  // namespace actors
