// The `network` of a dialect file: codes that the field can have and that mean one thing each, steps that can
// be done, answers that there are.

#include <algorithm>

#include "codec/dialect/file/exchange.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"

namespace codec::file {

namespace {

constexpr std::pair<std::string_view, network_kind> network_kinds[] = {{"echo", network_kind::echo},
                                                               {"signOn", network_kind::sign_on},
                                                               {"signOff", network_kind::sign_off},
                                                               {"cutOver", network_kind::cut_over},
                                                               {"keyChange", network_kind::key_change}};

constexpr std::pair<std::string_view, network_answer> answers[] = {{"approve", network_answer::approve},
                                                                   {"decline", network_answer::decline},
                                                                   {"ignore", network_answer::ignore}};

constexpr std::pair<std::string_view, network_pause> pauses[] = {{"wait", network_pause::wait},
                                                                 {"refuse", network_pause::refuse}};

// The name of a member, which only() has let through.
network_kind kind_named(std::string_view name) {
  const auto found = std::ranges::find(network_kinds, name, [](const auto& k) { return k.first; });
  return found == std::end(network_kinds) ? network_kind::unknown : found->second;
}

// A code as the field can have it, or with fewer zeros in front; kept without any.
std::string read_kind_code(const place& p, const field_spec& spec) {
  const std::string code(without_leading_zeros(p.text()));
  auto wide = code;
  if (spec.is_fixed() && wide.size() < spec.text_size_max())
    wide.insert(0, spec.text_size_max() - wide.size(), '0');
  if (is_blank(p.text()) || value_fault(wide, spec))
    p.fail("a value that field " + std::to_string(spec.number) + " can have");
  return code;
}

void read_kinds(const place& p, const field_spec& spec, network_rules& r) {
  p.only({"echo", "signOn", "signOff", "cutOver", "keyChange"});
  for (const auto& [name, list] : p.members()) {
    auto& mine = r.values[static_cast<std::size_t>(kind_named(name))];
    for (const auto& item : list.items()) {
      const auto code = read_kind_code(item, spec);
      for (const auto& [other, kind] : network_kinds)
        if (r.values_of(kind).contains(code))
          item.fail("a code of one kind, and " + std::string(other) + " has this one too");
      mine.insert(code);
    }
    if (mine.empty())
      list.fail("at least one code");
  }
}

// Without a word in the file: keys are not changed here, and what is not known is not approved.
void read_answers(const place& network, network_rules& r) {
  r.answers.fill(network_answer::approve);
  const auto set = [&r](network_kind k, network_answer a) { r.answers[static_cast<std::size_t>(k)] = a; };
  set(network_kind::key_change, network_answer::decline);
  set(network_kind::unknown, network_answer::decline);
  const auto p = network.find("answers");
  if (!p)
    return;
  p->only({"echo", "signOn", "signOff", "cutOver", "keyChange", "unknown"});
  for (const auto& [name, answer] : p->members())
    set(kind_named(name), answer.one_of(answers));
  if (r.answer_to(network_kind::unknown) == network_answer::approve)
    p->at("unknown").fail("decline or ignore: what is not known is not approved");
}

// {"39": "00"}: what the response must have.
std::map<int, std::string> read_expected(const place& p, const dialect& d) {
  std::map<int, std::string> all;
  for (const auto& [called, value] : p.members()) {
    const auto* spec = d.find(std::string_view(called));
    if (!spec)
      throw bad_dialect{value.path() + ": there is no field '" + called + "'"};
    if (value_fault(value.text(), *spec))
      value.fail("a value that field " + std::to_string(spec->number) + " can have");
    all[spec->number] = value.text();
  }
  if (all.empty())
    p.fail("at least one field; leave expect out where an approval is enough");
  return all;
}

network_step read_step(const place& p, const dialect& d, const network_rules& r) {
  p.only({"send", "expect", "await"});
  network_step step;
  if (const auto await = p.find("await")) {
    if (p.find("send") || p.find("expect"))
      p.fail("send, or await, and not both");
    step.await = await->one_of(network_kinds);
    if (r.values_of(*step.await).empty())
      await->fail("a kind that stands in network.kinds, for else it would never come");
    if (r.answer_to(*step.await) != network_answer::approve)
      await->fail("a kind that is approved when it comes, by network.answers");
    return step;
  }
  step.send = read_example(p.at("send"), d);
  if (message_class(step.send.mti) != '8')
    p.at("send").at("mti").fail("the MTI of a request of network management, whose second digit is 8");
  if (const auto expect = p.find("expect"))
    step.expect = read_expected(*expect, d);
  return step;
}

std::vector<network_step> read_steps(const place& network, const char* key, const dialect& d,
                                     const network_rules& r) {
  constexpr std::size_t steps_max = 16;
  std::vector<network_step> steps;
  const auto list = network.find(key);
  if (!list)
    return steps;
  for (const auto& item : list->items())
    steps.push_back(read_step(item, d, r));
  if (steps.size() > steps_max)
    list->fail("at most " + std::to_string(steps_max) + " steps");
  return steps;
}

// {"requests": "wait", "pause": 30}
void read_cut_over(const place& p, network_rules& r) {
  constexpr std::size_t pause_max = 3600;
  p.only({"requests", "pause"});
  r.after_cut_over = p.at("requests").one_of(pauses);
  if (const auto pause = p.find("pause"))
    r.cut_over_pause = std::chrono::seconds(pause->number(1, pause_max));
  if (r.values_of(network_kind::cut_over).empty())
    p.fail("codes of cutOver in network.kinds, for else it would never come");
}

int read_field(const place& p, const dialect& d) {
  const int field = read_number(p, &d);
  if (field == fields::mti)
    p.fail("another field than the message type");
  return field;
}

void read_decline(const place& network, const dialect& d, network_rules& r) {
  const auto code = network.find("declineWith");
  if (!code)
    return;
  r.decline_with = read_own_code(*code, d);
  if (d.approvals.contains(without_leading_zeros(r.decline_with)))
    code->fail("a code that is none of approvals");
}

// The gateway's own echo, which this host may send in the same form.
void check_echo(const place& p, const dialect& d, const network_rules& r) {
  const auto own = d.echo.fields.find(r.field);
  if (own == d.echo.fields.end() || own->second.find('{') != std::string::npos)
    return;
  if (!r.values_of(network_kind::echo).contains(without_leading_zeros(own->second)))
    p.at("kinds").fail("the code of examples.echo, " + own->second + ", among those of echo");
}

}  // namespace

network_rules read_network(const place& p, const dialect& d) {
  network_rules r;
  p.attempt([&] {
    p.only({"note", "field", "kinds", "answers", "declineWith", "onConnect", "beforeClose", "afterSignOff",
            "afterCutOver"});
  });
  r.field = read_field(p.at("field"), d);
  const bool has_kinds = p.attempt([&] {
    read_kinds(p.at("kinds"), *d.find(r.field), r);
    check_echo(p, d, r);
  });
  const bool has_answers = p.attempt([&] { read_answers(p, r); });
  p.attempt([&] { read_decline(p, d, r); });
  // Which kinds can be awaited follows from both.
  if (has_kinds && has_answers) {
    p.attempt([&] { r.on_connect = read_steps(p, "onConnect", d, r); });
    p.attempt([&] { r.before_close = read_steps(p, "beforeClose", d, r); });
  }
  r.after_sign_off = network_pause::wait;
  if (const auto after = p.find("afterSignOff"))
    p.attempt([&] { r.after_sign_off = after->one_of(pauses); });
  if (const auto after = p.find("afterCutOver"); after && has_kinds)
    p.attempt([&] { read_cut_over(*after, r); });
  return r;
}

}  // namespace codec::file
