// The verbs of the story's host. It checks requests in any order: the first message that matches is taken.

#include <algorithm>

#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/text/hex.hpp"
#include "scenarios/player/script.hpp"
#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

namespace fields = codec::fields;

// Before the story begins this sets what the gateway will find.
void behave(script& p, host_behaviour how) {
  if (p.has_begun())
    p.here().host_behaves(how);
  else
    p.setup.behaviour = how;
}

void is_down(script& p) {
  p.read().no_words();
  behave(p, host_behaviour::refuses);
}

void is_up(script& p) {
  p.read().no_words();
  behave(p, host_behaviour::answers);
}

void closes_every_call(script& p) {
  const auto time = p.read().duration(p.read().only_word("a duration"));
  behave(p, host_behaviour::answers_and_closes);
  p.here().pass(time);
  behave(p, host_behaviour::answers);
}

void was_called_at_most(script& p) {
  const auto most = p.read().number(p.read().only_word("a number"));
  p.here().run_until_idle();
  if (p.here().host_calls() > most)
    throw unmet{"  it was called " + std::to_string(p.here().host_calls()) + " times\n"};
}

void was_called_at_least(script& p) {
  const auto least = p.read().number(p.read().only_word("a number"));
  p.expect([&] { return p.here().host_calls() >= least; },
           [&p] { return "  it was called " + std::to_string(p.here().host_calls()) + " times\n"; });
}

void receives(script& p) {
  const auto d = p.read().only_described(no_extras);
  auto it = p.unread_requests.end();
  const auto came = [&] {
    p.receive_as_host();
    it = std::ranges::find_if(p.unread_requests,
                              [&](const codec::message& m) { return p.read().difference(m, d).empty(); });
    return it != p.unread_requests.end();
  };
  p.expect(came, [&] {
    return p.unread_requests.empty() ? "  it received nothing\n"
                                     : p.read().difference(p.unread_requests.front(), d) +
                                         "  it received instead:\n\n" + p.table(p.unread_requests.front());
  });
  p.read_requests.push_back(*it);
  p.exchanged.push_back(*it);
  p.unread_requests.erase(it);
}

void receives_nothing(script& p) {
  p.read().no_words();
  p.here().run_until_idle();
  p.receive_as_host();
  if (!p.unread_requests.empty())
    throw unmet{"  it received:\n\n" + p.table(p.unread_requests.front())};
}

// Makes the response to a received request, found by tid and stan where they are given; else a message of the
// host's own.
codec::message reply(const script& p, const described& d) {
  auto m = p.read().usual(d.mti);
  if (codec::is_response(d.mti)) {
    const auto match =
      std::find_if(p.read_requests.rbegin(), p.read_requests.rend(), [&](const codec::message& r) {
        return p.dialect().response_mti(r.mti()) == d.mti &&
               std::ranges::all_of(d.fields, [&](const assignment& a) {
                 if (a.name == "without" || a.value == "same")
                   return true;
                 const auto& spec = p.read().field(a);
                 return (spec.number != fields::tid && spec.number != fields::stan) ||
                        r[spec.number] == p.read().value(a, spec);
               });
      });
    if (match != p.read_requests.rend())
      m = *match;
    m.set(fields::mti, d.mti);
    m.set(fields::reference, "000000000001");
    codec::set_code(m, p.dialect().answers.approved, p.dialect());
  }
  m = p.read().change(std::move(m), d);
  if (d.wrong_key)
    m.set(fields::stan, shifted(std::string(m[fields::stan]), 500000));
  return m;
}

void sends(script& p) {
  const auto d = p.read().only_described(in_pieces | misbehaviour);
  auto& line = p.host_line();
  const auto m = reply(p, d);
  const auto frame = p.read().wire(m);
  p.exchanged.push_back(m);
  for (int n = 0; n < (d.twice ? 2 : 1); ++n) {
    if (d.pieces)
      line.says_in_pieces(frame, *d.pieces);
    else
      line.says(frame);
  }
}

// A valid frame whose content is no message.
void sends_garbage(script& p) {
  p.read().no_words();
  p.host_line().says("this is no message");
}

void sends_bytes(script& p) {
  const auto& w = p.read().only_word("hexadecimal digits");
  const auto bytes = codec::from_hex(w.text);
  if (!bytes || bytes->empty())
    p.read().fail(&w, "expected hexadecimal digits, not '" + w.text + "'");
  p.host_line().says(*bytes);
}

void hangs_up(script& p) {
  p.read().no_words();
  p.host_line().finishes();
}

void cuts_the_link(script& p) {
  p.read().no_words();
  p.host_line().vanishes();
}

void stops_reading(script& p) {
  p.read().no_words();
  p.host_line().stop_reading();
}

void reads_on(script& p) {
  p.read().no_words();
  p.host_line().read_on();
}

constexpr verb all[]{
  {"is down", "", with_gateway, is_down},
  {"is up", "", with_gateway, is_up},
  {"closes every call for", "DURATION", with_gateway, closes_every_call},
  {"was called at most", "N", with_gateway, was_called_at_most},
  {"was called at least", "N", with_gateway, was_called_at_least},
  {"receives nothing", "", with_gateway, receives_nothing},
  {"receives", "MESSAGE", with_gateway, receives},
  {"sends bytes", "HEX", with_gateway, sends_bytes},
  {"sends garbage", "", with_gateway, sends_garbage},
  {"sends", "MESSAGE [wrong key] [twice] [in pieces of N]", with_gateway, sends},
  {"hangs up", "", with_gateway, hangs_up},
  {"cuts the link", "", with_gateway, cuts_the_link},
  {"stops reading", "", in(way::virtual_time), stops_reading},
  {"reads on", "", in(way::virtual_time), reads_on},
};

}  // namespace

std::span<const verb> host_verbs() { return all; }

}  // namespace player
