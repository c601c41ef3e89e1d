// What the simulated bank's messages are on the link, and what it says about the link itself.

#include "codec/exchange/local_time.hpp"
#include "codec/exchange/translation.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/unpack.hpp"
#include "scenarios/simulator/bank.hpp"

namespace simulator {

codec::result<codec::message> bank::read(const std::string& frame) const {
  if (!own_)
    return codec::unpack(frame, world_.dialect);
  const auto m = codec::unpack(frame, *own_);
  if (!m || m->mti() == "0800")
    return m;
  return codec::translated_request(*m, *own_, world_.dialect, {}, world_.local_time());
}

std::string bank::bytes_of(const codec::message& m) const {
  const bool is_network = codec::message_class(m.mti()) == '8';
  const auto own = !own_ || is_network
                     ? m
                     : codec::translated_response(m, nullptr, world_.dialect, *own_, world_.local_time());
  const auto bytes = codec::pack(own, own_ ? *own_ : world_.dialect);
  return bytes ? *bytes : std::string();
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
  r.set(0, "0810");
  r.set(39, own_ ? own_->answers.approved : "000");
  write(r);
}

}  // namespace simulator
