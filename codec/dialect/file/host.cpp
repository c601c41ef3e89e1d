// What of a dialect file is about the host itself, and not about one message: its network management and its
// rejects. A file of its own may have these keys, too (`exchangeConfig`).

#include "codec/dialect/file/exchange.hpp"
#include "codec/mti.hpp"

namespace codec::file {

namespace {

// {"mtis": ["0620"], "notProcessed": true}
reject_rules read_rejects(const place& p, const dialect& d) {
  p.only({"note", "mtis", "notProcessed"});
  reject_rules r;
  if (const auto mtis = p.find("mtis"))
    for (const auto& mti : mtis->items()) {
      if (!is_mti(mti.text()))
        mti.fail("an MTI of four digits");
      if (d.reversal.of.contains(mti.text()) || message_class(mti.text()) == '8')
        mti.fail("the MTI of a message that is no request of a client and no network management");
      r.mtis.insert(mti.text());
    }
  if (const auto never = p.find("notProcessed"))
    r.not_processed = never->flag();
  return r;
}

}  // namespace

void read_host_rules(const place& whole, dialect& d) {
  if (const auto network = whole.find("network"))
    whole.attempt([&] { d.network = read_network(*network, d); });
  if (const auto rejects = whole.find("rejects"))
    whole.attempt([&] { d.rejects = read_rejects(*rejects, d); });
}

}  // namespace codec::file
