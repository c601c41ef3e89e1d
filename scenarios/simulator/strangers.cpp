// Clients that ask for a transaction of another client: their requests must change nothing for it.

#include "scenarios/simulator/clients.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

#include "codec/exchange/matching.hpp"
#include "codec/pack.hpp"
#include "codec/validate.hpp"
#include "scenarios/simulator/cards.hpp"

namespace simulator {

void clients::plan_strangers(ledger_entry& t, requester& a) {
  if (world_.random.chance(world_.strangers))
    for (auto times = 1 + world_.random.below(3); times > 0; --times)
      world_.in(world_.random.between(0ms, world_.random.chance(0.7) ? 5s : 60s),
                [this, &t, &a] { ask_as_stranger(t, a); });
}

// A client that knows or guesses the transaction's name. What it receives, the transaction's own client does
// not know.
void clients::ask_as_stranger(const ledger_entry& t, const requester& a) {
  auto& random = world_.random;
  const auto name =
    random.chance(0.5) && !a.key.empty()
      ? a.key
      : "tcp/" + std::string(codec::without_leading_zeros(t.tid)) + "/" + t.stan + "/" + t.time;
  auto id = name;
  if (random.chance(0.5))
    for (auto at = id.find('/'); at != std::string::npos; at = id.find('/'))
      id.replace(at, 1, "%2F");
  const std::string end = " HTTP/1.1\r\nHost: simulator\r\n";
  // A transaction's id is secret to its client; another client's confirmation with it would count.
  if (a.by_key() && random.chance(0.2) && !a.transaction.empty())
    id = a.transaction;
  std::string bytes;
  switch (random.below(4)) {
    case 0: bytes = "HEAD /v1/messages/" + id + end + "\r\n"; break;
    case 1: bytes = "GET /v1/messages/" + id + end + "\r\n"; break;
    case 2:
      if (id == a.transaction)
        return;
      bytes = "POST /v1/messages/" + id + "/confirm" + end + "Content-Length: 0\r\n\r\n";
      break;
    default: {
      auto& own = world_.audit.new_purchase();
      fill_in(own);
      requester other;
      other.how = random.chance(0.5) ? client_protocol::legacy : client_protocol::v1;
      other.key = name;
      choose_delivery(other);
      return ask(own, &own.requesters.emplace_back(std::move(other)), question::purchase);
    }
  }
  const auto c = enter(client_protocol::v1);
  c->stranger = true;
  if (random.chance(0.5)) {
    c->line->stop_reading(random.chance(0.5) ? 0 : 100000);
    world_.in(random.between(0ms, 20s), [this, c] { leave(c); });
  }
  send_bytes(c, bytes);
  if (random.chance(0.4))
    world_.in(random.between(0ms, 100ms), [this, c] { leave(c); });
}

}  // namespace simulator
