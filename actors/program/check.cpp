#include "actors/program/check.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "actors/program/preparation.hpp"
#include "actors/program/wiring.hpp"
#include "actors/remote/node_config.hpp"
#include "config/warnings.hpp"
#include "net/loop.hpp"
#include "store/journal_files.hpp"

namespace actors {

namespace {

// One half of a pair without the other is a fault that is told already.
config::settings without_halves(config::settings s) {
  if (s.alarms.url.empty() != s.alarms.secret_file.empty())
    s.alarms.url.clear(), s.alarms.secret_file.clear();
  if (s.host_requests.url.empty() != s.host_requests.secret_file.empty())
    s.host_requests.url.clear(), s.host_requests.secret_file.clear();
  auto& n = s.node;
  if (n.certificate_file.empty() || n.key_file.empty() || n.authority_file.empty())
    n.certificate_file.clear(), n.key_file.clear(), n.authority_file.clear();
  return s;
}

// A start verifies the records when it opens the journal, last of all.
std::string fault_of_records(const config::settings& s) {
  const auto& j = s.journal;
  if (!s.has_upstream() || !j.is_kept())
    return "";
  const auto key_file = j.key_file.empty() ? j.directory + "/journal.key" : j.key_file;
  return store::fault_of_whole_journal(j.directory, key_file, j.adopt);
}

std::vector<std::string> faults_of(const config::settings& s) {
  std::vector<std::string> faults;
  if (auto why = fault_of_tls(s.node); !why.empty())
    faults.push_back(std::move(why));
  net::loop on;
  roles r;
  auto env = make_environment(s);
  if (auto* why = std::get_if<std::string>(&env))
    faults.push_back(std::move(*why));
  auto others = env.index() == 0
                  ? faults_before_start(r, *std::get<std::shared_ptr<environment>>(env), on)
                  : faults_without_hosts(s, on);
  faults.insert(faults.end(), std::move_iterator(others.begin()), std::move_iterator(others.end()));
  if (auto why = fault_of_records(s); !why.empty())
    faults.push_back(std::move(why));
  return faults;
}

// One option may concern several parts of the process, each of which says the same of it.
std::vector<std::string> all_faults(const config::loaded& all) {
  auto faults = all.faults;
  if (!all.is_whole)
    return faults;
  for (auto& why : faults_of(faults.empty() ? all.what : without_halves(all.what)))
    if (std::ranges::find(faults, why) == faults.end())
      faults.push_back(std::move(why));
  return faults;
}

}  // namespace

int check_configuration(const config::loaded& all, std::ostream& out, std::ostream& err) {
  constexpr int exit_misused = 2;
  const auto faults = all_faults(all);
  auto warnings = all.faults.empty() ? config::warnings_of(all.what) : std::vector<std::string>();
  const auto& s = all.what;
  if (all.faults.empty() && s.has_upstream() && s.journal.is_kept() &&
      store::is_in_memory(s.journal.directory))
    warnings.push_back("journal: " + s.journal.directory +
                       " is in memory (tmpfs), and lost with the power: what was to be reversed then is not; "
                       "give a directory on a disk");
  const int status = faults.empty() ? 0 : exit_misused;
  if (all.what.reading.json) {
    const nlohmann::ordered_json whole{{"ok", faults.empty()}, {"faults", faults}, {"warnings", warnings}};
    out << whole.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) << "\n";
    return status;
  }
  for (const auto& why : faults)
    err << "socketqueue: " << why << "\n";
  for (const auto& text : warnings)
    err << "socketqueue: warning: " << text << "\n";
  if (faults.empty())
    out << "socketqueue: the configuration is in order, and a start would succeed"
        << (s.has_upstream() && s.journal.is_kept() && store::has_journal(s.journal.directory)
              ? " (not looked at: whether the open transactions in the journal fit its groups and dialects)\n"
              : "\n");
  return status;
}

}  // namespace actors
