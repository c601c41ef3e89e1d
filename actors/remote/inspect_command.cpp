#include "actors/remote/inspect_command.hpp"

#include <cstdlib>
#include <iostream>
#include <string_view>

#include "actors/core/inspection_json.hpp"
#include "actors/remote/inspect_arguments.hpp"
#include "actors/remote/inspect_tables.hpp"
#include "actors/remote/node_client.hpp"
#include "actors/remote/node_config.hpp"
#include "actors/remote/screen.hpp"
#include "actors/remote/watch.hpp"

namespace actors {

namespace {

constexpr int exit_failed = 1, exit_misused = 2;

int failed(const std::string& why, int status) {
  std::cerr << "socketqueue: " << why << "\n";
  return status;
}

template <class View, class... What>
int print(node_client& node, bool json, What... what) {
  const auto got = node.ask<View>(what...);
  if (const auto* why = std::get_if<std::string>(&got))
    return failed(*why, exit_failed);
  const auto& v = std::get<View>(got);
  if (json) {
    std::cout << json_of(v) << "\n";
  } else {
    for (const auto& line : table_of(v))
      std::cout << line << "\n";
  }
  return 0;
}

int print_view(node_client& node, const inspect_request& r) {
  using namespace inspection;
  constexpr std::uint64_t last = 50;
  if (r.view == "stats")
    return print<stats>(node, r.json, stats_atom::value);
  if (r.view == "link")
    return print<links>(node, r.json, links_atom::value);
  if (r.view == "terminals")
    return print<terminals>(node, r.json, terminals_atom::value);
  if (r.view == "pending")
    return print<pending>(node, r.json, pending_atom::value);
  if (r.view == "actors")
    return print<parts>(node, r.json, parts_atom::value);
  if (r.view == "transactions")
    return print<transactions>(node, r.json, transactions_atom::value, last);
  return print<summary>(node, r.json, summary_atom::value);
}

int run(const inspect_request& r) {
  if (r.watch && !screen::is_there())
    return failed("--watch needs a terminal; for a program there is --json", exit_misused);
  if (const auto why = fault_of_tls(r.where); !why.empty())
    return failed(why, exit_misused);
  node_client node(r.where);
  int status = 0;
  if (const auto why = node.connect(); !why.empty())
    status = failed(why, exit_failed);
  else if (r.watch)
    watch(node, r.view);
  else
    status = print_view(node, r);
  // Without the destructor of `node`, which may wait for long.
  std::cout.flush();
  std::_Exit(status);
}

}  // namespace

bool is_inspect_command(std::span<const char* const> arguments) {
  return !arguments.empty() && std::string_view(arguments[0]) == "inspect";
}

int inspect_command(std::span<const char* const> arguments) {
  const auto read = read_inspect(arguments.subspan(1));
  if (const auto* why = std::get_if<std::string>(&read))
    return failed(*why + "; --help tells more", exit_misused);
  const auto& r = std::get<inspect_request>(read);
  if (r.help) {
    std::cout << inspect_usage;
    return 0;
  }
  return run(r);
}

}  // namespace actors
