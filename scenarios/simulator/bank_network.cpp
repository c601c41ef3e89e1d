// What the simulated bank says about the link itself.

#include "codec/exchange/local_time.hpp"
#include "scenarios/simulator/bank.hpp"

namespace simulator {

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
  r.set(39, "000");
  write(r);
}

}  // namespace simulator
