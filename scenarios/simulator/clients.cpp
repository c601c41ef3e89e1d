// What clients do. client_receives.cpp has what they receive.

#include "scenarios/simulator/clients.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdio>

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/matching.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "scenarios/simulator/cards.hpp"

namespace simulator {

namespace {

std::string digits(const char* format, std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

codec::message usual(const ledger_entry& t, random_source& random) {
  codec::message m("0200");
  const std::string pan(test_pans[random.below(test_pans.size())]);
  m.set(3, random.chance(0.1) ? "200000" : "000000");
  m.set(4, amount_text(t.amount));
  m.set(7, t.time.substr(2));
  m.set(11, t.stan);
  m.set(12, t.time);
  m.set(22, "021");
  m.set(24, "200");
  m.set(25, "00");
  m.set(41, t.tid);
  m.set(42, "000000000000123");
  m.set(49, "643");
  if (random.chance(0.5))
    m.set(2, pan);
  if (random.chance(0.7))
    m.set(35, pan + std::string(track_end));
  if (random.chance(0.3))
    m.set(52, std::string(test_pin_block));
  if (random.chance(0.3))
    m.set(55, std::string(test_icc));
  return m;
}

clients::clients(world& w, player::gateway_on_disk& gateway) : world_(w), gateway_(gateway) {
  const auto count = 2 + w.random.below(4);
  for (std::uint64_t i = 1; i <= count; ++i)
    terminals_.push_back(digits("%08llu", i));
  stans_.resize(count);
  w.audit.may_still_read = [this](const ledger_entry& t) {
    return std::ranges::any_of(conversations_, [&t](const conversation_ptr& c) {
      return !c->left && !c->stranger &&
             (c->line->has_unread() || c->received < c->line->sent.size() || !c->unread.empty()) &&
             std::ranges::any_of(
               c->open, [&t](const asked& a) { return a.about == &t && a.what != question::balance; });
    });
  };
}

void clients::fill_in(ledger_entry& t) {
  auto& random = world_.random;
  const auto at = random.below(terminals_.size());
  auto& stan = stans_[at];
  t.tid = terminals_[at];
  // Now and then a terminal repeats a STAN.
  if (stan == 0 || !random.chance(0.04))
    ++stan;
  t.stan = digits("%06llu", static_cast<std::uint64_t>(stan));
  t.time = codec::format_local_time(world_.local_time());
  // Within one second, a STAN of its own tells the transactions of a terminal apart.
  for (const auto& other : world_.audit.all())
    if (&other != &t && other.tid == t.tid && other.stan == t.stan && other.time == t.time)
      t.stan = digits("%06llu", static_cast<std::uint64_t>(++stan));
  const auto m = usual(t, random);
  if (const auto bytes = codec::pack(m, world_.dialect))
    t.frame = *bytes;
  auto body = nlohmann::json::object();
  for (const auto& [number, value] : m)
    body[std::to_string(number)] = value;
  t.body = body.dump();
}

void clients::choose_delivery(requester& a) {
  const auto& s = world_.settings;
  using actors::delivery;
  if (a.how == client_protocol::raw)
    a.delivery = s.delivery.raw == config::raw_delivery::confirm      ? delivery::confirm
                 : s.delivery.raw == config::raw_delivery::idempotent ? delivery::idempotent
                                                                      : delivery::tcp;
  else if (s.delivery.http == config::http_delivery::confirm && (a.how == client_protocol::v1 || a.by_key()))
    a.delivery = delivery::confirm;
  else
    a.delivery = a.by_key() && s.delivery.http == config::http_delivery::idempotent ? delivery::idempotent
                                                                                    : delivery::tcp;
}

// The same request without the same key, or from another client, is of another requester.
requester& clients::new_requester(ledger_entry& t, bool same_way) {
  auto& random = world_.random;
  requester a;
  const auto how = random.below(10);
  a.how = same_way  ? t.requesters.front().how
          : how < 5 ? client_protocol::raw
          : how < 7 ? client_protocol::legacy
                    : client_protocol::v1;
  const bool raw_is_one =
    a.how == client_protocol::raw && world_.settings.delivery.raw != config::raw_delivery::tcp;
  if (raw_is_one)
    for (auto& other : t.requesters)
      if (other.how == client_protocol::raw)
        return other;
  if (a.how != client_protocol::raw && random.chance(0.6))
    a.key = "order-" + std::to_string(t.amount) +
            (t.requesters.empty() ? "" : "-" + std::to_string(t.requesters.size()));
  choose_delivery(a);
  return t.requesters.emplace_back(std::move(a));
}

void clients::buy() {
  auto& t = world_.audit.new_purchase();
  fill_in(t);
  auto& a = new_requester(t, false);
  if (world_.doubts == 0 || !world_.random.chance(world_.doubts))
    return begin(t, a);
  ask(t, nullptr, question::balance, true);
  world_.in(world_.random.between(0ms, 8s), [this, &t, &a] { begin(t, a); });
}

void clients::begin(ledger_entry& t, requester& a) {
  ask(t, &a, question::purchase);
  plan_more(t, a);
  plan_strangers(t, a);
  if (world_.doubts > 0)
    plan_doubts(t);
}

// Plans repeats, the client's reversal and inquiries: some while the transaction is under way, some after its
// end.
void clients::plan_more(ledger_entry& t, requester& a) {
  auto& random = world_.random;
  const bool again = a.by_key() || (a.how == client_protocol::raw && a.delivery != actors::delivery::tcp);
  if (again)
    for (auto times = random.below(4); times > 0 && random.chance(0.5); --times)
      world_.in(random.between(0ms, random.chance(0.5) ? 5s : 90s),
                [this, &t, &a] { ask(t, &a, question::purchase); });
  // An exact repeat without a key: a terminal sends again what it has no response to.
  if (random.chance(world_.repeats))
    for (auto times = 1 + random.below(3); times > 0; --times)
      world_.in(random.between(0ms, random.chance(0.5) ? 10s : 150s),
                [this, &t] { ask(t, &new_requester(t, world_.random.chance(0.7)), question::purchase); });
  if (random.chance(0.1))
    world_.in(random.between(0ms, 28s), [this, &t] { reverse(t); });
  if (a.how == client_protocol::v1 && random.chance(0.3))
    world_.in(random.between(1s, 120s), [this, &t, &a] { ask(t, &a, question::inquiry); });
}

// --- connections -------------------------------------------------------------------

void clients::ask(ledger_entry& t, requester* who, question what, bool once_more) {
  auto& random = world_.random;
  const auto how = who ? who->how : client_protocol::raw;
  if ((what == question::inquiry || what == question::confirmation) && how != client_protocol::raw &&
      who->transaction.empty())
    return;
  std::string bytes;
  if (what == question::own_reversal) {
    bytes = reversal_of(t, t.own_reversals.back());
  } else if (what == question::balance) {
    bytes = balance_inquiry_of(t);
    ++world_.audit.sums.inquiries;
  } else if (what == question::confirmation && how == client_protocol::raw) {
    bytes = raw_confirmation(t);
  } else {
    bytes = how == client_protocol::raw ? t.frame : http(t, *who, what);
  }
  static constexpr const char* said[]{"asks", "asks to reverse it", "asks for its outcome", "confirms it",
                                      "inquires with its STAN"};
  world_.audit.note(t, std::string("the client ") + said[static_cast<std::size_t>(what)] +
                         (who && who != &t.requesters.front() ? ", as another one" : ""));
  if (what == question::purchase) {
    ++t.asked_times;
    if (t.asked_times == 1)
      t.first_asked = world_.now();
  }
  auto c = once_more ? nullptr : find_open(how);
  const bool fresh = !c;
  if (fresh)
    c = enter(how);
  else
    c->read_slowly = true;  // this request waits for those in front of it
  c->open.push_back({&t, who, what, world_.now(), world_.stood_still,
                     what == question::own_reversal ? &t.own_reversals.back() : nullptr});
  if (what == question::balance)
    c->stays = false;
  if (c->line->has_seen_end())
    return;  // the connection was refused
  send_bytes(c, bytes);
  if (what == question::purchase && fresh)
    behave(c);
  if (what == question::own_reversal && fresh && world_.doubts > 0 && random.chance(0.3))
    world_.in(random.between(0ms, 3s), [this, c] { leave(c); });
}

clients::conversation_ptr clients::enter(client_protocol how) {
  auto& random = world_.random;
  player::network way;
  way.later = [this](milliseconds pause, std::function<void()> what) { world_.in(pause, std::move(what)); };
  if (random.chance(world_.slowness))
    way.latency = random.chance(0.7) ? random.between(1ms, 60ms) : random.between(100ms, 2s);
  const auto c = std::make_shared<conversation>(conversation{
    (how == client_protocol::raw ? gateway_.listener() : gateway_.http_listener()).enter(way), how});
  if (random.chance(world_.slowness)) {
    c->line->way.acknowledges_after = random.chance(0.8) ? 40ms : random.between(40ms, 200ms);
    c->line->acknowledges(player::acknowledging::late);
  }
  c->read_slowly = way.latency > 0ms;
  if (world_.settings.raw_listeners.front().keep_open || how != client_protocol::raw)
    if (c->stays = random.chance(0.4); c->stays)
      world_.in(random.between(0ms, 60s), [this, c] {
        c->stays = false;
        if (c->open.empty())
          depart(*c);
      });
  conversations_.push_back(c);
  return c;
}

// An open connection for a further request, whatever is under way on it: of several terminals, or of a
// pipelining client.
clients::conversation_ptr clients::find_open(client_protocol how) {
  for (const auto& c : conversations_)
    if (c->how == how && c->stays && !c->left && !c->stranger && !c->line->has_seen_end() &&
        world_.random.chance(0.5))
      return c;
  return nullptr;
}

void clients::send_bytes(const conversation_ptr& c, const std::string& bytes) {
  const auto cut = world_.random.chance(0.1) ? world_.random.below(bytes.size()) : 0;
  if (cut != 0)
    c->line->says(bytes.substr(0, cut));
  c->line->says(bytes.substr(cut));
}

// Chooses whether the client waits for its response and reads it.
void clients::behave(const conversation_ptr& c) {
  auto& random = world_.random;
  if (world_.calm || !random.chance(world_.wildness))
    return;
  const auto when = random.chance(0.3)   ? 0ms
                    : random.chance(0.5) ? random.between(0ms, 3s)
                                         : random.between(0ms, 45s);
  switch (random.below(6)) {
    case 0:
    case 1: return world_.in(when, [this, c] { leave(c); });
    case 2:  // shuts down sending, and reads on
      c->stays = false;
      return world_.in(when, [c] {
        if (!c->left)
          c->line->finishes();
      });
    case 3:
    case 4: return world_.in(random.chance(0.5) ? 0ms : when, [this, c] { reads_slowly(c); });
    default: return world_.in(when, [this, c] { is_cut_off(c); });
  }
}

// The client does not read for a while, or reads a little now and then; its kernel takes some bytes or none.
void clients::reads_slowly(const conversation_ptr& c) {
  auto& random = world_.random;
  if (c->left)
    return;
  c->read_slowly = true;
  c->line->stop_reading(random.chance(0.4) ? 0 : random.chance(0.5) ? random.below(400) : 100000);
  const auto span = random.between(0ms, random.chance(0.8) ? 40s : 120s);
  const bool sips = random.chance(0.5);
  if (sips) {
    const auto size = 1 + random.below(60);
    for (auto at = random.between(50ms, 3s); at < span; at += random.between(50ms, 3s))
      world_.in(at, [this, c, size] {
        if (c->left)
          return;
        c->line->read_bytes(size);
        receive_on(*c);
      });
  }
  world_.in(span, [this, c] {
    if (c->left)
      return;
    c->line->read_on();
    receive_on(*c);
  });
}

// The client's network is cut; it comes back, or its program gives up at last.
void clients::is_cut_off(const conversation_ptr& c) {
  auto& random = world_.random;
  if (c->left)
    return;
  for (const auto& a : c->open)
    world_.audit.note(*a.about, "the client is cut off");
  c->read_slowly = true;
  c->line->cut();
  const auto span = random.between(0ms, random.chance(0.6) ? 20s : 100s);
  if (random.chance(0.6))
    return world_.in(span, [this, c] {
      if (c->left)
        return;
      for (const auto& a : c->open)
        world_.audit.note(*a.about, "the client is back");
      c->line->heal();
      receive_on(*c);
    });
  world_.in(span, [this, c] { leave(c); });
  if (random.chance(0.5))
    world_.in(span + random.between(0ms, 20s), [c] { c->line->heal(); });
}

// The client reads what its kernel has received, and resets the connection.
void clients::leave(const conversation_ptr& c) {
  if (c->left || c->line->has_seen_end())
    return;
  c->line->read_what_is_there();
  receive_on(*c);
  if (c->left)
    return;
  for (const auto& a : c->open) {
    world_.audit.note(*a.about, "the client leaves");
    a.about->gone = true;
    if (a.reversal && !c->line->is_cut())
      a.reversal->gone_at = world_.now();
  }
  c->left = true;
  c->line->vanishes();
}

std::string clients::raw_confirmation(const ledger_entry& t) const {
  codec::message m("0202");
  m.set(4, amount_text(t.is_approved_in_part() ? t.approved : t.amount));
  m.set(11, t.stan);
  m.set(12, t.time);
  m.set(41, t.tid);
  if (!t.reference.empty() && world_.random.chance(0.5))
    m.set(37, t.reference);
  return codec::pack(m, world_.dialect).value();
}

std::string clients::http(const ledger_entry& t, const requester& a, question what) const {
  const std::string end = "Host: simulator\r\nContent-Type: application/json\r\n";
  if (what == question::inquiry)
    return "GET /v1/messages/" + a.transaction + " HTTP/1.1\r\n" + end + "\r\n";
  if (what == question::confirmation)
    return "POST /v1/messages/" + a.transaction + "/confirm HTTP/1.1\r\n" + end + "Content-Length: 0\r\n\r\n";
  return std::string("POST ") + (a.how == client_protocol::v1 ? "/v1/messages" : "/") + " HTTP/1.1\r\n" +
         end + (a.by_key() ? "Idempotency-Key: " + a.key + "\r\n" : "") +
         "Content-Length: " + std::to_string(t.body.size()) + "\r\n\r\n" + t.body;
}

void clients::ask_again() {
  for (auto& t : world_.audit.all())
    for (auto& a : t.requesters) {
      if (a.by_key())
        ask(t, &a, question::purchase, true);
      if (a.how == client_protocol::v1)
        ask(t, &a, question::inquiry, true);
      if (a.delivery == actors::delivery::confirm && !a.shown.empty() && !a.knows_failure)
        ask(t, &a, question::confirmation, true);
    }
}

}  // namespace simulator
