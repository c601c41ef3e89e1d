// The simulated bank: its ledger is `ledger_entry`; its behaviour is drawn at random for every message.

#include "scenarios/simulator/bank.hpp"

#include <algorithm>
#include <cstdio>

#include "codec/bitmap.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"

namespace simulator {

namespace {

const std::vector<std::string> yes{"000", "000", "000", "001", "003"};
const std::vector<std::string> no{"100", "116", "121", "200", "902"};
const std::vector<std::string> unknown{"005", "909", "911", "912", "923"};

// Fields that its responses may lack.
const std::vector<std::vector<int>> forgotten{{3}, {4}, {12}, {3, 12}, {4, 12}, {3, 4, 12}};

// The bank may apply a request up to a minute after it came, and no later.
constexpr auto latest = 59'900ms;

}  // namespace

void bank::accept_dial(const net::link_events& events) {
  receive();
  if (world_.now() < refuses_until_)
    return events.down("cannot connect: Connection refused");
  world_.audit.disturbed();
  line_ = std::make_shared<player::connection>();
  line_->home = world_.machine;
  handled_ = 0;
  auto link = std::make_shared<player::memory_link>(line_, "host");
  link->open(events);
  events.up(link);
}

void bank::notice_end() {
  if (std::exchange(was_connected_, is_connected()) && !was_connected_)
    world_.audit.disturbed();
}

bool bank::receive() {
  if (!line_ || handled_ == line_->sent.size())
    return false;
  while (line_ && handled_ < line_->sent.size()) {
    const auto m = read(line_->sent[handled_++]);
    if (!m) {
      world_.audit.fail("M6", "the gateway sends what is no message");
      continue;
    }
    // Its first byte has left, whatever becomes of the rest.
    world_.audit.on_wire(*m);
    if (world_.now() < black_hole_until_)
      continue;
    if (std::exchange(loses_next_, false)) {
      cuts();
      return true;
    }
    handle(*m);
  }
  return true;
}

void bank::cuts() {
  world_.audit.disturbed();
  // What was under way counts as sent: the gateway cannot know otherwise.
  for (; line_ && handled_ < line_->sent.size(); ++handled_)
    if (const auto m = read(line_->sent[handled_]))
      world_.audit.on_wire(*m);
  if (line_)
    line_->vanishes();
}

void bank::hangs_up() {
  world_.audit.disturbed();
  if (line_)
    line_->finishes();
}

void bank::gateway_stops() {
  receive();
  world_.audit.disturbed();
  if (line_)
    line_->gateway_stops();
}

void bank::calms_down() {
  refuses_until_ = {};
  loses_next_ = false;
  // What the bank did not receive on this link, it will not receive.
  if (world_.now() < black_hole_until_)
    cuts();
  black_hole_until_ = {};
}

void bank::handle(const codec::message& m) {
  auto* t = world_.audit.find(m[4]);
  if (codec::message_class(m.mti()) == '8')
    echo(m);
  else if (is_balance_inquiry(m))
    inquiry(m);
  else if (m.mti() == "0200" && t)
    purchase(*t, m);
  else if (m.mti() == "0400" && t)
    reversal(*t, m);
}

// --- purchases -----------------------------------------------------------------

void bank::purchase(ledger_entry& t, const codec::message& m) {
  auto& random = world_.random;
  // The bank takes the same terminal, STAN and time for the same transaction as long as it stands; after its
  // reversal, for another one.
  if (t.may_apply_later || (t.held > 0 && random.chance(0.9)))
    return answer(t, m, t.held > 0 && random.chance(0.3) ? "000" : "913");
  if (!world_.calm && random.chance(world_.wildness))
    return purchase_wildly(t, m);
  const auto pause = random.chance(0.5) ? 0ms : random.between(0ms, 2s);
  if (random.chance(0.2))
    return answer(t, m, random.one_of(no), pause);
  apply(t);
  answer(t, m, random.one_of(yes), pause);
}

void bank::purchase_wildly(ledger_entry& t, const codec::message& m) {
  auto& random = world_.random;
  const bool takes_it = random.chance(0.6);
  const auto late = random.between(0ms, latest);
  switch (random.below(18)) {
    case 0:  // slow
      apply(t);
      return answer_forgetfully(
        t, m, "000", random.between(5s, std::max<milliseconds>(36s, world_.settings.queue.timeout)));
    case 1:  // far too late
      apply(t);
      return answer_forgetfully(t, m, "000", random.between(30s, 400s));
    case 2:  // silent
      if (takes_it)
        apply(t);
      return;
    case 3: return apply_in(t, late);
    case 4:
      apply_in(t, late);
      world_.in(late + random.between(0ms, 5s), [this, &t, m] {
        if (t.was_applied)
          answer_forgetfully(t, m, "000", 0ms);
      });
      return;
    case 5:
      if (takes_it)
        apply(t);
      return answer(t, m, random.one_of(unknown), random.between(0ms, 3s));
    case 6:  // "do not know", and then an approval
      apply(t);
      answer(t, m, random.one_of(unknown), random.between(0ms, 3s));
      return answer(t, m, "000", random.between(3s, 120s));
    case 7: return answer(t, m, "913");
    case 8:
      if (takes_it)
        apply(t);
      world_.in(random.between(0ms, 500ms), [this] { cuts(); });
      return;
    default: return answer_wildly(t, m, takes_it);
  }
}

// Answers in time, but wrongly.
void bank::answer_wildly(ledger_entry& t, const codec::message& m, bool takes_it) {
  auto& random = world_.random;
  switch (random.below(9)) {
    case 0: {  // another amount
      if (takes_it)
        apply(t);
      auto wrong = response_to(t, m, "000");
      wrong.set(4, amount_text(reserved));
      wrong.set(39, "000");
      world_.in(random.between(0ms, 2s), [this, wrong] { write(wrong); });
      return;
    }
    case 1:
      if (takes_it)
        apply(t);
      return garble(random.between(0ms, 2s));
    case 2: {  // sent twice
      apply(t);
      const auto first = random.between(0ms, 2s);
      answer(t, m, "000", first);
      return answer(t, m, "000", first + random.between(0ms, 60s));
    }
    case 3: {  // an approval, then a decline
      apply(t);
      const auto first = random.between(0ms, 2s), second = first + random.between(0ms, 60s);
      // Only where the approval has reached the link: a decline alone could not be recognized as false.
      world_.in(first, [this, &t, m, first, second] {
        if (!is_connected() || world_.now() < black_hole_until_)
          return world_.audit.note(t, "the bank's 0210 finds no link");
        answer(t, m, "000");
        answer(t, m, "116", second - first);
      });
      return;
    }
    case 4: return answer_forgetfully(t, m, random.one_of(no), random.between(5s, 60s));
    case 5: {  // no response code
      if (takes_it)
        apply(t);
      auto without = response_to(t, m, "000");
      without.erase(39);
      return send(t, std::move(without), random.between(0ms, 2s));
    }
    default: apply(t); return approve_oddly(t, m, random.between(0ms, 2s));
  }
}

// Some banks use another edition of the standard: it is an approval all the same.
void bank::approve_oddly(ledger_entry& t, const codec::message& m, milliseconds pause) {
  auto& random = world_.random;
  if (own_)
    return answer(t, m, "000", pause);
  auto r = response_to(t, m, "000");
  const auto packed = codec::pack(r, world_.dialect);
  auto bytes = packed ? *packed : std::string();
  const auto replace = [&bytes](std::string_view what, std::string_view by) {
    if (const auto at = bytes.rfind(what); at != std::string::npos)
      bytes.replace(at, what.size(), by);
  };
  const std::string tid(r[41]);
  switch (random.below(5)) {
    case 0:
      replace(tid, std::string(tid.find_first_not_of('0'), ' ') + tid.substr(tid.find_first_not_of('0')));
      break;
    case 1:  // field 39, because field 40 is absent
      if (r[39] == "000")
        replace("000" + tid, "00 " + tid);
      break;
    case 2: bytes += random.chance(0.5) ? std::string(" ") : std::string("\r\n\0", 3); break;
    case 3: replace(r[42], "            123"); break;
    default: {  // a field of the bank's edition only
      const auto before = codec::write_bitmap(r, world_.dialect.bitmap).size();
      r.set(63, "abc");
      bytes.replace(4, before, codec::write_bitmap(r, world_.dialect.bitmap));
      bytes += "03abc";
    }
  }
  world_.in(pause, [this, &t, bytes, r] {
    if (!is_connected() || world_.now() < black_hole_until_)
      return world_.audit.note(t, "the bank's 0210 finds no link");
    world_.audit.bank_says(t, r);
    world_.audit.note(t, "that was an approval in odd bytes");
    world_.odd_answers.emplace_back(bytes, r);
    line_->says(bytes);
  });
}

void bank::apply(ledger_entry& t) {
  t.may_apply_later = false;
  char digits[16];
  std::snprintf(digits, sizeof digits, "%012llu", static_cast<unsigned long long>(++references_));
  t.reference = digits;
  const bool approves_a_part = world_.parts > 0 && world_.random.chance(world_.parts);
  const auto part = approves_a_part ? world_.audit.part_of(t, t.amount, world_.random) : 0;
  t.approved = part == 0 ? t.amount : part;
  world_.audit.applied(t);
}

void bank::apply_in(ledger_entry& t, milliseconds pause) {
  t.may_apply_later = true;
  // Then its responses to reversals are late too.
  t.answers_reversals_late = world_.random.chance(0.4);
  world_.audit.note(t, "the bank lets it wait");
  world_.in(pause, [this, &t] {
    if (t.may_apply_later)
      apply(t);
  });
}

// --- responses ---------------------------------------------------------------

codec::message bank::response_to(const ledger_entry& t, const codec::message& m,
                                 const std::string& code) const {
  auto r = m;
  for (const int number : {2, 14, 35, 52, 55})
    r.erase(number);
  r.set(0, codec::response_mti(m.mti()));
  r.set(39, code);
  if (!t.reference.empty()) {
    r.set(37, t.reference);
    r.set(38, t.reference.substr(6));
  }
  if (m.mti() == "0200" && t.is_approved_in_part() &&
      world_.dialect.approvals.contains(codec::without_leading_zeros(code))) {
    r.set(39, t.amount % 2 == 0 ? "002" : "020");
    r.set(4, amount_text(t.approved));
  }
  // Some banks say what they have given back, others what was asked.
  const bool is_of_all = m.mti() == "0400" && t.part_named(m[4]) == 0;
  if (is_of_all && t.was_applied && t.approved < t.amount && t.amount % 3 == 0)
    r.set(4, amount_text(t.approved));
  return r;
}

void bank::answer(ledger_entry& t, const codec::message& m, const std::string& code, milliseconds pause) {
  send(t, response_to(t, m, code), pause);
}

// Only the one response to a message: a repeated one that lacks its time could not be told from that of a
// later message with its terminal and STAN. Where there is such a message, it must at least say its amount.
void bank::answer_forgetfully(ledger_entry& t, const codec::message& m, const std::string& code,
                              milliseconds pause) {
  if (world_.doubts == 0 || !world_.random.chance(world_.doubts))
    return answer(t, m, code, pause);
  world_.in(pause, [this, &t, r = response_to(t, m, code)]() mutable {
    const bool must_say_amount = world_.audit.has_namesake(t) || t.approved < t.amount;
    for (const int number : world_.random.one_of(forgotten))
      if (number != codec::fields::amount || !must_say_amount)
        r.erase(number);
    send(t, std::move(r), 0ms);
  });
}

// Whether it can be delivered is decided when it is sent.
void bank::send(ledger_entry& t, codec::message response, milliseconds pause) {
  world_.in(pause, [this, &t, r = std::move(response)] {
    if (!is_connected() || world_.now() < black_hole_until_)
      return world_.audit.note(t, "the bank's " + std::string(r.mti()) + " finds no link");
    // After an attempt that was lost meanwhile, the gateway could not detect that this is false.
    if (r.mti() == "0410" && r[39] == "913" && t.attempt_was_lost && (t.held > 0 || t.may_apply_later))
      return world_.audit.note(t, "the bank keeps a 913 to itself");
    world_.audit.bank_says(t, r);
    write(r);
  });
}

void bank::write(const codec::message& m) {
  if (!is_connected() || world_.now() < black_hole_until_)
    return;
  if (const auto bytes = bytes_of(m); !bytes.empty())
    line_->says(bytes);
}

void bank::garble(milliseconds pause) {
  world_.in(pause, [this] {
    if (!is_connected() || world_.now() < black_hole_until_)
      return;
    std::string noise(20 + world_.random.below(80), '\0');
    for (auto& c : noise)
      c = static_cast<char>(world_.random.below(256));
    line_->says(noise);
  });
}

}  // namespace simulator
