// What of a dialect file is about the host itself, and not about one message: its network management, its
// rejects, the numbers that it wants. A file of its own may have these keys, too (`exchangeConfig`).

#include "codec/dialect/file/exchange.hpp"
#include "codec/exchange/rrn.hpp"
#include "codec/fields.hpp"
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

// {"fill": true, "format": "YDDDhhNNNNNN"}
rrn_rules read_rrn(const place& p, const dialect& d) {
  p.only({"note", "fill", "format"});
  rrn_rules r;
  const auto* spec = d.find(fields::reference);
  r.fill = p.at("fill").flag();
  if (r.fill && !spec)
    p.at("fill").fail("false, for there is no row of field 37 in fields");
  const auto format = p.find("format");
  r.format = format ? format->text() : std::string(spec ? spec->text_size_max() : 0, 'N');
  const auto sample = rrn_sample(r.format);
  if (!sample) {
    format.value_or(p).fail(
      "pieces of the local time (YY or Y, MM, DD or the day of the year DDD, hh, mm, ss), digits, and once 6 "
      "to 12 N, the digits of the counter");
  }
  if (spec && (value_fault(*sample, *spec) || (spec->is_fixed() && sample->size() != spec->text_size_max())))
    format.value_or(p).fail("an RRN that field 37 can have: " + std::to_string(spec->text_size_max()) +
                            " characters");
  return r;
}

// {"mtis": ["0202"], "nextRequest": false, "answer": true, "forward": false}
confirmation_rules read_confirmation(const place& p, const dialect& d) {
  p.only({"note", "mtis", "nextRequest", "answer", "forward"});
  confirmation_rules r;
  const auto flag = [&p](const char* key, bool& into) {
    if (const auto found = p.find(key))
      into = found->flag();
  };
  if (const auto mtis = p.find("mtis"))
    for (const auto& mti : mtis->items()) {
      auto text = read_request(mti);
      if (d.reversal.of.contains(text) || message_class(text) == '4')
        mti.fail("the MTI of a message that moves no money, neither of reversal.of nor of class 4");
      r.mtis.insert(std::move(text));
    }
  flag("nextRequest", r.next_request);
  flag("answer", r.answer);
  flag("forward", r.forward);
  if (!r.is_given())
    p.fail("mtis, or nextRequest: true, for without them nothing would confirm an approval");
  if (r.forward && (r.mtis.empty() || !r.answer))
    p.at("forward").fail("false where there are no mtis, or with answer: false, for the host answers them");
  return r;
}

// {"fallback": {"0200": "91", "0420": "00"}, "seconds": 10}
host_request_rules read_host_requests(const place& p, const dialect& d) {
  constexpr std::size_t seconds_max = 300;
  p.only({"note", "fallback", "seconds"});
  host_request_rules r;
  for (const auto& [mti, code] : p.at("fallback").members()) {
    if (!is_mti(mti) || !is_request(mti) || message_class(mti) == '8' || d.rejects.mtis.contains(mti))
      throw bad_dialect{code.path() +
                        ": expected MTIs of requests that are no network management (network) and "
                        "no rejects, but one is '" +
                        mti + "'"};
    r.fallback[mti] = code.text().empty() ? "" : read_own_code(code, d);
  }
  if (r.fallback.empty())
    p.at("fallback").fail("at least one MTI; leave hostRequests out where none is answered");
  if (const auto seconds = p.find("seconds"))
    r.time = std::chrono::seconds(seconds->number(1, seconds_max));
  return r;
}

}  // namespace

void read_host_rules(const place& whole, dialect& d) {
  if (const auto network = whole.find("network"))
    whole.attempt([&] { d.network = read_network(*network, d); });
  if (const auto rejects = whole.find("rejects"))
    whole.attempt([&] { d.rejects = read_rejects(*rejects, d); });
  if (const auto rrn = whole.find("rrn"))
    whole.attempt([&] { d.rrn = read_rrn(*rrn, d); });
  if (const auto confirmation = whole.find("confirmation"))
    whole.attempt([&] { d.confirmation = read_confirmation(*confirmation, d); });
  if (const auto requests = whole.find("hostRequests"))
    whole.attempt([&] { d.host_requests = read_host_requests(*requests, d); });
}

}  // namespace codec::file
