#include "actors/program/check.hpp"

#include <nlohmann/json.hpp>
#include <ostream>

#include "actors/program/preparation.hpp"
#include "actors/program/wiring.hpp"
#include "actors/remote/node_config.hpp"
#include "config/warnings.hpp"
#include "net/loop.hpp"

namespace actors {

namespace {

std::vector<std::string> faults_of(const config::settings& s) {
  std::vector<std::string> faults;
  if (auto why = fault_of_tls(s.node); !why.empty())
    faults.push_back(std::move(why));
  auto env = make_environment(s);
  if (auto* why = std::get_if<std::string>(&env)) {
    faults.push_back(std::move(*why));
    return faults;
  }
  net::loop on;
  roles r;
  auto others = faults_before_start(r, *std::get<std::shared_ptr<environment>>(env), on);
  faults.insert(faults.end(), std::move_iterator(others.begin()), std::move_iterator(others.end()));
  return faults;
}

}  // namespace

int check_configuration(const config::loaded& all, std::ostream& out, std::ostream& err) {
  constexpr int exit_misused = 2;
  const auto faults = all.faults.empty() ? faults_of(all.what) : all.faults;
  const auto warnings = all.faults.empty() ? config::warnings_of(all.what) : std::vector<std::string>();
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
    out << "socketqueue: the configuration is in order, and a start would succeed\n";
  return status;
}

}  // namespace actors
