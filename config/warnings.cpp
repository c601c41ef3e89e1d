#include "config/warnings.hpp"

#include <algorithm>
#include <utility>

#include "config/dependencies.hpp"

namespace config {

namespace {

std::string in_seconds(milliseconds time) {
  auto text = std::to_string(time.count() / 1000);
  if (const auto rest = time.count() % 1000; rest != 0)
    text += "." + std::to_string(1000 + rest).substr(1);
  return text + " s";
}

}  // namespace

std::vector<std::string> warnings_of(const settings& s) {
  std::vector<std::string> all;
  if (!s.has_upstream())
    return all;
  const bool has_raw_clients =
    std::ranges::any_of(s.raw_listeners, [](const auto& l) { return l.port != 0; });
  if (s.delivery.of_unconfirmed == unconfirmed::reverse && has_raw_clients &&
      s.delivery.raw == raw_delivery::tcp && s.journal.is_kept())
    all.emplace_back(
      "--unconfirmed=reverse with --clientDelivery=tcp: raw clients cannot ask for an answer again, so after "
      "a "
      "kill approvals that they have read are reversed too, 30 s after the start; give "
      "--clientDelivery=idempotent if they repeat what they miss, else --unconfirmed=keep");
  if (s.delivery.of_unconfirmed == unconfirmed::reverse && !s.journal.is_kept())
    all.emplace_back(
      "--unconfirmed=reverse with --journal=none does nothing: after a kill no approval is known any more; "
      "leave one of the two out");
  // The same for all links.
  if (const auto time = s.upstreams.front().host_timeout; time > s.queue.timeout)
    all.push_back("hostTimeout (" + in_seconds(time) + ") is longer than queueTimeout (" +
                  in_seconds(s.queue.timeout) + "): a client may wait " + in_seconds(s.queue.timeout + time) +
                  " for its answer; one that gives up earlier has its approvals reversed");
  for (const auto& host : s.upstreams) {
    if (dials_itself(s, host))
      all.push_back("upstreamHost=" + host.host + " with upstreamPort=" + std::to_string(host.port) +
                    ": that port of this machine is the gateway's own, for its clients; it would be its own "
                    "bank");
    const auto& keys = host.dialect.key_fields;
    for (const auto& [number, what] :
         {std::pair(11, "of one terminal's messages a late response may be taken for that of the next"),
          std::pair(41, "two terminals with the same STAN are in each other's way")})
      if (!keys.empty() && std::ranges::find(keys, number) == keys.end())
        all.push_back("queueMessageKeyFields has no field " + std::to_string(number) + ": " + what +
                      "; without this option they are those of the dialect, else 11,41");
  }
  return all;
}

}  // namespace config
