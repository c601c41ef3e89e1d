// What clients receive, and what they conclude from it.

#include <nlohmann/json.hpp>

#include <charconv>

#include "codec/exchange/reversal.hpp"
#include "codec/unpack.hpp"
#include "scenarios/simulator/clients.hpp"

namespace simulator {

namespace {

using nlohmann::json;

std::string text_at(const json& object, const char* key) {
  const auto it = object.find(key);
  if (it == object.end())
    return {};
  return it->is_string() ? it->get<std::string>() : it->dump();
}

bool is_yes(const std::string& code, const codec::dialect& d) {
  return !code.empty() && d.approvals.contains(codec::without_leading_zeros(code));
}

}  // namespace

bool clients::receive() {
  bool any = false;
  for (std::size_t i = 0; i < conversations_.size();) {
    const auto c = conversations_[i];
    if (!c->left)
      any = receive_on(*c) || any;
    if (c->left || c->line->has_seen_end()) {
      if (!c->left)
        closed(*c);
      conversations_[i] = conversations_.back();
      conversations_.pop_back();
    } else {
      ++i;
    }
  }
  return any;
}

bool clients::receive_on(conversation& c) {
  const auto& sent = c.line->sent;
  if (c.received == sent.size())
    return false;
  while (c.received < sent.size())
    c.unread += sent[c.received++];
  if (c.stranger)
    return false;
  while (!c.left && (c.how == client_protocol::raw ? take_message(c) : take_reply(c))) {}
  return true;
}

bool clients::take_message(conversation& c) {
  if (c.unread.empty())
    return false;
  if (!c.tail.empty() && (c.unread.starts_with(c.tail) || c.tail.starts_with(c.unread))) {
    if (c.unread.size() < c.tail.size())
      return false;
    c.unread.erase(0, c.tail.size());
    c.position += std::exchange(c.tail, {}).size();
    return !c.unread.empty();
  }
  c.tail.clear();
  // A client knows its bank's edition of the standard.
  auto front = codec::unpack_front(c.unread, world_.dialect);
  for (const auto& [bytes, meant] : world_.odd_answers) {
    if (c.unread.starts_with(bytes))
      front = codec::unpacked{meant, bytes.size()};
    else if (bytes.starts_with(c.unread) && (!front || c.line->has_unread()))
      return false;  // the rest is on its way; a stored response has none
    else if (bytes.starts_with(c.unread))
      c.tail = bytes.substr(front->size);
  }
  if (!front) {
    if (front.error().code != codec::fault_code::truncated)
      world_.audit.fail("C1", "a client gets what is no message");
    return false;
  }
  c.unread.erase(0, front->size);
  c.position += front->size;
  received_raw(c, front->value, c.position);
  if (c.open.empty() && !c.stays)
    depart(c);
  return true;
}

// The client has its answer and may disconnect.
void clients::depart(conversation& c) {
  if (c.left || c.line->has_seen_end() ||
      (c.how == client_protocol::raw && !world_.settings.raw_listeners.front().keep_open &&
       !world_.random.chance(0.3)))
    return;
  c.left = true;
  if (world_.random.chance(0.5))
    return c.line->vanishes();
  // Where bytes came behind its answer, its kernel takes them: the program has made room by reading.
  c.line->read_on();
  c.line->finishes();
}

void clients::received_raw(conversation& c, const codec::message& m, std::uint64_t end) {
  const auto what = m.mti() == "0410"   ? question::own_reversal
                    : m.mti() == "0212" ? question::confirmation
                                        : question::purchase;
  if (!c.open.empty() && c.open.front().what == question::balance)
    return received_balance(c, m);
  auto* t = world_.audit.find(m[4]);
  // The bank may leave its amount out.
  const auto is_about = [&](const asked& a) {
    if (!m.has(4))
      return a.about->is_named_by(m);
    return a.about == t && (!a.reversal || a.reversal->part == t->part_named(m[4]));
  };
  const auto it = std::ranges::find_if(c.open, [&](const asked& a) { return a.what == what && is_about(a); });
  if (it == c.open.end())
    return world_.audit.fail("C1", "a client gets an answer to what it has not asked here, or twice", t);
  const auto a = *it;
  t = a.about;
  c.open.erase(it);
  punctual(c, a);
  if (what == question::own_reversal)
    return world_.audit.on_own_reversal(*t, *a.reversal, m);
  if (is_yes(std::string(m[39]), world_.dialect))
    return received_approval(c, a, end);
  // A confirmation that is told no is told so for good.
  world_.audit.on_failure(*t, *a.who, what == question::confirmation, "code " + std::string(m[39]));
}

bool clients::take_reply(conversation& c) {
  const auto end = c.unread.find("\r\n\r\n");
  if (end == std::string::npos)
    return false;
  std::size_t length = 0;
  if (const auto at = c.unread.find("Content-Length: "); at < end)
    std::from_chars(c.unread.data() + at + 16, c.unread.data() + end, length);
  if (c.unread.size() < end + 4 + length)
    return false;
  int status = 0;
  std::from_chars(c.unread.data() + 9, c.unread.data() + 12, status);
  const auto body = c.unread.substr(end + 4, length);
  c.unread.erase(0, end + 4 + length);
  c.position += end + 4 + length;
  if (c.open.empty()) {
    world_.audit.fail("C1", "a client gets a reply to nothing");
    return false;
  }
  const auto a = c.open.front();
  c.open.pop_front();
  punctual(c, a);
  received_http(c, a, status, body, c.position);
  if (c.open.empty() && !c.stays)
    depart(c);
  return true;
}

void clients::received_http(const conversation& c, const asked& a, int status, const std::string& body,
                            std::uint64_t end) {
  auto& t = *a.about;
  auto& who = *a.who;
  const auto j = json::parse(body, nullptr, false);
  if (j.is_discarded())
    return world_.audit.fail("C1", "a client gets a body that is no JSON", &t);
  const auto said = text_at(j, "outcome");
  // A request that was not sent may be repeated under its key and is another transaction then; a late reader
  // may read of the first one last.
  if (const auto id = text_at(j, "transaction_id");
      !id.empty() && a.what == question::purchase && (said != "not_sent" || who.transaction.empty())) {
    if (!who.transaction.empty() && who.transaction != id && who.by_key() && who.knows_failure)
      world_.audit.fail("C2", "one key has a second transaction after the first has ended", &t);
    who.transaction = id;
  }
  const bool legacy = who.how == client_protocol::legacy;
  const auto& message = legacy ? j.find("result") : j.find("message");
  const bool has_answer = status == 200 && message != j.end() && message->is_object();
  const auto amount = has_answer ? text_at(*message, legacy ? "4" : "amount") : "";
  if (!amount.empty() && world_.audit.find(amount) != &t)
    return world_.audit.fail("C1", "a client gets the answer to another purchase", &t);
  const auto outcome = legacy ? std::string() : said;
  if (has_answer && is_yes(legacy ? text_at(*message, "39") : text_at(j, "response_code"), world_.dialect))
    return received_approval(c, a, end);
  // The old interface does not report what is known about the money.
  const bool is_the_end = has_answer || outcome == "reversing" || outcome == "reversed" ||
                          (outcome == "unknown" && status != 404 && status < 503);
  if (outcome == "pending" || status == 404)
    return world_.audit.note(t,
                             "the client receives: " + (outcome.empty() ? std::to_string(status) : outcome));
  world_.audit.on_failure(t, who, is_the_end && (who.by_key() || a.what == question::inquiry),
                          std::to_string(status) + (outcome.empty() ? "" : ", " + outcome));
}

void clients::received_approval(const conversation& c, const asked& a, std::uint64_t end) {
  auto& t = *a.about;
  auto& who = *a.who;
  if (a.what == question::confirmation)
    return world_.audit.on_confirmation(t, who);
  const bool is_first = t.approvals_read() == 0;
  world_.audit.on_approval(t, who, {c.line, end}, who.by_key() || a.what == question::inquiry, a.at);
  if (is_first && world_.parts > 0)
    plan_parts(t);
  if (who.delivery != actors::delivery::confirm ||
      (who.how != client_protocol::raw && who.transaction.empty()))
    return;
  // Most clients confirm, some late, some never; one without a reply asks again.
  auto& random = world_.random;
  if (random.chance(0.85))
    for (auto times = 1 + random.below(3); times > 0; --times)
      world_.in(random.between(0ms, random.chance(0.7) ? 5s : 40s),
                [this, &t, &who] { ask(t, &who, question::confirmation); });
}

// L1: every request is answered within the sum of its timeouts.
void clients::punctual(const conversation& c, const asked& a) {
  const auto& s = world_.settings;
  const auto most =
    s.queue.timeout + s.upstreams.front().host_timeout + 7s + world_.stood_still - a.stood_still;
  if (a.what == question::purchase && !c.read_slowly && world_.now() - a.at > most && !world_.slow_disk)
    world_.audit.fail(
      "L1", "a client waits " + std::to_string((world_.now() - a.at) / 1s) + " s for the end of its question",
      a.about);
}

void clients::closed(conversation& c) {
  for (const auto& a : c.open) {
    // A machine without power resets connections only when power is back.
    if (!world_.audit.disturbed_since(a.at))
      punctual(c, a);
    if (a.who)
      world_.audit.on_failure(*a.about, *a.who, false, "its connection is closed");
  }
}

}  // namespace simulator
