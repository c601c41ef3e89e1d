// What clients do. What they hear, and what it means, is in client_ears.cpp.

#include "scenarios/simulator/clients.hpp"

#include <nlohmann/json.hpp>

#include <cstdio>

#include "codec/pack.hpp"
#include "codec/validate.hpp"
#include "scenarios/simulator/cards.hpp"

namespace simulator {

namespace {

std::string digits(const char* format, std::uint64_t number) {
  char text[32];
  std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(number));
  return text;
}

codec::message usual(const truth& t, dice& luck) {
  codec::message m("0200");
  const std::string pan(test_pans[luck.below(test_pans.size())]);
  m.set(3, luck.chance(0.1) ? "200000" : "000000");
  m.set(4, digits("%012llu", t.amount));
  m.set(7, t.time.substr(2));
  m.set(11, t.stan);
  m.set(12, t.time);
  m.set(22, "021");
  m.set(24, "200");
  m.set(25, "00");
  m.set(41, t.tid);
  m.set(42, "000000000000123");
  m.set(49, "643");
  if (luck.chance(0.5))
    m.set(2, pan);
  if (luck.chance(0.7))
    m.set(35, pan + std::string(track_end));
  if (luck.chance(0.3))
    m.set(52, std::string(test_pin_block));
  if (luck.chance(0.3))
    m.set(55, std::string(test_icc));
  return m;
}

} // namespace

clients::clients(world& w, player::gateway_on_disk& gateway) : world_(w), gateway_(gateway) {
  const auto count = 2 + w.luck.below(4);
  for (std::uint64_t i = 1; i <= count; ++i)
    terminals_.push_back(digits("%08llu", i));
  stans_.resize(count);
}

void clients::fill_in(truth& t) {
  auto& luck = world_.luck;
  const auto at = luck.below(terminals_.size());
  auto& stan = stans_[at];
  t.tid = terminals_[at];
  // Now and then a terminal that has lost its count.
  if (stan == 0 || !luck.chance(0.04))
    ++stan;
  t.stan = digits("%06llu", static_cast<std::uint64_t>(stan));
  t.time = codec::format_local_time(world_.local_time());
  // A second is long: another purchase of this moment is told by the next one.
  for (const auto& other : world_.audit.all())
    if (&other != &t && other.tid == t.tid && other.stan == t.stan && other.time == t.time)
      t.stan = digits("%06llu", static_cast<std::uint64_t>(++stan));
  t.asked = world_.now();
  const auto& s = world_.settings;
  const auto how = luck.below(10);
  t.how = how < 5 ? tongue::raw : how < 7 ? tongue::legacy : tongue::v1;
  if (t.how != tongue::raw && luck.chance(0.6))
    t.key = "order-" + std::to_string(t.amount);
  using actors::contract;
  if (t.how == tongue::raw)
    t.terms = s.client_contract == "idempotent" ? contract::idempotent : contract::tcp;
  else if (s.http_contract == "confirm" && (t.how == tongue::v1 || !t.key.empty()))
    t.terms = contract::confirm;
  else
    t.terms = !t.key.empty() && s.http_contract == "idempotent" ? contract::idempotent : contract::tcp;
  const auto m = usual(t, luck);
  if (t.how == tongue::raw) {
    if (const auto bytes = codec::pack(m, world_.dialect))
      t.frame = *bytes;
    return;
  }
  auto body = nlohmann::json::object();
  for (const auto& [number, value] : m)
    body[std::to_string(number)] = value;
  t.body = body.dump();
}

void clients::buy() {
  auto& t = world_.audit.new_purchase();
  fill_in(t);
  ask(t, wish::purchase);
  plan_more(t);
}

// The same again, its undoing, and questions about it: some come while it is under way, some when all is over.
void clients::plan_more(truth& t) {
  auto& luck = world_.luck;
  const bool again = by_key(t) || (t.how == tongue::raw && t.terms == actors::contract::idempotent);
  if (again)
    for (auto times = luck.below(4); times > 0 && luck.chance(0.5); --times)
      world_.in(luck.between(0ms, luck.chance(0.5) ? 5s : 90s), [this, &t] { ask(t, wish::purchase); });
  else if (t.how == tongue::raw && luck.chance(0.03))
    world_.in(luck.between(0ms, 25s), [this, &t] { ask(t, wish::purchase); });
  if (luck.chance(0.1))
    world_.in(luck.between(0ms, 28s), [this, &t] { ask(t, wish::own_reversal); });
  if (t.how == tongue::v1 && luck.chance(0.3))
    world_.in(luck.between(1s, 120s), [this, &t] { ask(t, wish::inquiry); });
}

void clients::ask(truth& t, wish what) {
  auto& luck = world_.luck;
  if ((what == wish::inquiry || what == wish::confirmation) && t.transaction.empty())
    return;
  const bool raw = what == wish::own_reversal || t.how == tongue::raw;
  std::string bytes;
  if (what == wish::own_reversal) {
    auto m = usual(t, luck);
    for (const int number : {52, 55})
      m.erase(number);
    m.set(0, "0400");
    m.set(3, "000000");
    m.set(own_mark_field, own_mark);
    if (!t.reference.empty() && luck.chance(0.5))
      m.set(37, t.reference);
    const auto packed = codec::pack(m, world_.dialect);
    bytes = packed ? *packed : "";
    t.own_reversal = true;
  } else {
    bytes = raw ? t.frame : http(t, what);
  }
  static constexpr const char* said[]{"asks", "asks to undo it", "asks what became of it", "confirms it"};
  world_.audit.note(t, std::string("the client ") + said[static_cast<std::size_t>(what)]);
  const auto c = enter(raw ? tongue::raw : t.how);
  c->open.push_back({&t, what, world_.now()});
  if (c->line->closed)
    return;  // refused at the door
  say(c, bytes);
  if (what == wish::purchase)
    behave(c);
}

clients::talk_ptr clients::enter(tongue how) {
  const auto c = std::make_shared<talk>(talk{(how == tongue::raw ? gateway_.door() : gateway_.http_door()).enter(), how, {}});
  talks_.push_back(c);
  return c;
}

// A link that is not open yet hears nothing: the bytes wait in the socket.
void clients::say(const talk_ptr& c, const std::string& bytes) {
  if (!c->line->is_heard()) {
    if (!c->line->closed && !c->left)
      world_.in(1ms, [this, c, bytes] { say(c, bytes); });
    return;
  }
  const auto cut = world_.luck.chance(0.1) ? world_.luck.below(bytes.size()) : 0;
  if (cut != 0)
    c->line->says(bytes.substr(0, cut));
  c->line->says(bytes.substr(cut));
}

// Whether it waits for its answer, and reads it.
void clients::behave(const talk_ptr& c) {
  auto& luck = world_.luck;
  if (world_.calm || !luck.chance(world_.wildness))
    return;
  const auto when = luck.chance(0.3) ? 0ms : luck.chance(0.5) ? luck.between(0ms, 3s) : luck.between(0ms, 45s);
  switch (luck.below(5)) {
    case 0:
    case 1: return world_.in(when, [this, c] { leave(c); });
    case 2:  // it says no more, and reads on
      return world_.in(when, [c] {
        if (!c->left)
          c->line->finishes();
      });
    case 3: {  // it does not read for a while
      c->reads = false;
      c->dawdled = true;
      c->line->stop_reading();
      return world_.in(luck.between(0ms, 40s), [this, c] {
        if (c->left)
          return;
        c->line->read_on();
        c->reads = true;
        listen_to(*c);
      });
    }
    default:  // its cable is cut, or it closes: nothing is read any more
      return world_.in(when, [this, c] {
        if (c->left)
          return;
        listen_to(*c);
        c->line->stop_reading();
        if (world_.luck.chance(0.5))
          c->line->finishes();
        c->left = true;
        for (const auto& a : c->open)
          a.about->gone = true;
      });
  }
}

void clients::leave(const talk_ptr& c) {
  if (c->left || c->line->closed)
    return;
  if (!c->line->is_heard())
    return world_.in(1ms, [this, c] { leave(c); });
  listen_to(*c);
  for (const auto& a : c->open) {
    world_.audit.note(*a.about, "the client leaves");
    a.about->gone = true;
  }
  c->left = true;
  c->line->vanishes();
}

std::string clients::http(const truth& t, wish what) const {
  const std::string end = "Host: simulator\r\nContent-Type: application/json\r\n";
  if (what == wish::inquiry)
    return "GET /v1/messages/" + t.transaction + " HTTP/1.1\r\n" + end + "\r\n";
  if (what == wish::confirmation)
    return "POST /v1/messages/" + t.transaction + "/confirm HTTP/1.1\r\n" + end + "Content-Length: 0\r\n\r\n";
  return std::string("POST ") + (t.how == tongue::v1 ? "/v1/messages" : "/") + " HTTP/1.1\r\n" + end +
         (t.key.empty() ? "" : "Idempotency-Key: " + t.key + "\r\n") + "Content-Length: " + std::to_string(t.body.size()) + "\r\n\r\n" + t.body;
}

void clients::ask_again() {
  for (auto& t : world_.audit.all()) {
    if (by_key(t))
      ask(t, wish::purchase);
    ask(t, wish::inquiry);
    if (t.terms == actors::contract::confirm && t.shown && !t.told_no)
      ask(t, wish::confirmation);
  }
}

} // namespace simulator
