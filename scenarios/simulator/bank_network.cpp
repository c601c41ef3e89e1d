// What the simulated bank's messages are on the link, and what it says about the link itself.

#include <algorithm>

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/reversal.hpp"
#include "codec/exchange/translation.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "scenarios/simulator/bank.hpp"

namespace simulator {

namespace {

constexpr int original_data = 56;  // ISO 8583:1993

}  // namespace

codec::result<codec::message> bank::read(const std::string& frame) {
  if (!own_)
    return codec::unpack(frame, world_.dialect);
  const auto m = codec::unpack(frame, *own_);
  if (!m || codec::message_class(m->mti()) == '8')
    return m;
  if (m->mti().front() == '1')
    return read_1993(*m);
  return codec::translated_request(*m, *own_, world_.dialect, {}, world_.local_time());
}

// Of edition 1993. Reversals have a STAN of their own there, and name the one of their original in field 56.
codec::message bank::read_1993(const codec::message& m) {
  auto meant = codec::translated_original(m, *own_, world_.dialect, {}, world_.local_time());
  if (codec::is_reversal(m)) {
    const auto original = m[original_data];
    meant.set(codec::fields::stan, std::string(original.substr(4, 6)));
    meant.set(codec::fields::local_time, std::string(original.substr(10, 12)));
    // Function code 400 takes back all, whatever the amount.
    const auto* t = world_.audit.find(m[codec::fields::amount]);
    if (t && m[codec::fields::function_code] == "400")
      meant.set(codec::fields::amount, amount_text(t->amount));
  }
  asked_.push_back({meant, m});
  return meant;
}

// The request of edition 1993 that this answers. The response may lack its time or its amount.
const bank::asked* bank::answered_by(const codec::message& response) const {
  namespace fields = codec::fields;
  const auto fits = [&](const codec::message& meant) {
    const auto same = [&](int number) { return !response.has(number) || meant[number] == response[number]; };
    return codec::response_mti(meant.mti()) == response.mti() && same(fields::tid) && same(fields::stan) &&
           same(fields::local_time) && meant[own_mark_field] == response[own_mark_field] &&
           (!response.has(fields::amount) ||
            (world_.audit.find(meant[fields::amount]) == world_.audit.find(response[fields::amount]) &&
             (!codec::is_reversal(meant) || same(fields::amount))));
  };
  const auto it = std::find_if(asked_.rbegin(), asked_.rend(), [&](const asked& a) { return fits(a.meant); });
  return it == asked_.rend() ? nullptr : &*it;
}

std::string bank::bytes_of(const codec::message& m) const {
  const bool is_translated = own_ && codec::message_class(m.mti()) != '8';
  const auto bytes =
    is_translated ? codec::pack(in_own_dialect(m), *own_) : codec::pack(m, own_ ? *own_ : world_.dialect);
  return bytes ? *bytes : std::string();
}

codec::message bank::in_own_dialect(const codec::message& response) const {
  const auto* request = answered_by(response);
  auto own = codec::translated_response(response, request ? &request->came : nullptr, world_.dialect, *own_,
                                        world_.local_time());
  if (request && codec::is_reversal(request->came) && own.has(codec::fields::amount))
    own.set(codec::fields::amount, std::string(request->came[codec::fields::amount]));
  return own;
}

void bank::chatters() {
  codec::message m("0800");
  m.set(11, "000077");
  m.set(41, "00000099");
  m.set(24, "831");
  m.set(3, "990000");
  m.set(7, codec::transmission_time(world_.local_time()));
  switch (world_.random.below(4)) {
    case 0: break;
    case 1:
      m.set(0, "0200");
      m.set(4, "1");
      break;
    case 2: m.set(0, "0420"); break;
    default:
      m.set(0, "0210");
      m.set(39, "000");
      break;
  }
  write(m);
}

// Some banks answer no echoes, or not all.
void bank::echo(const codec::message& m) {
  if (!world_.calm && !world_.random.chance(world_.echoes))
    return;
  auto r = m;
  r.set(0, codec::response_mti(m.mti()));
  r.set(39, own_ ? own_->answers.approved : "000");
  write(r);
}

}  // namespace simulator
