// Reads the words behind a verb into values and messages.

#include "scenarios/player/step_reader.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "codec/exchange/example.hpp"
#include "codec/exchange/local_time.hpp"
#include "codec/fields.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/privacy/masking.hpp"

namespace player {

namespace fields = codec::fields;

std::string shifted(const std::string& stan, unsigned by) {
  unsigned number = 0;
  const auto [end, error] = std::from_chars(stan.data(), stan.data() + stan.size(), number);
  if (by == 0 || error != std::errc() || end != stan.data() + stan.size())
    return stan;
  const auto digits = std::to_string((number + by) % 1000000);
  return std::string(6 - digits.size(), '0') + digits;
}

void step_reader::fail(const word* at, const std::string& what) const {
  const int end = static_cast<int>(step_.text.size()) + 1;
  throw wrong{{step_.line, at ? at->column : end, what}};
}

const word& step_reader::only_word(const char* expected) const {
  if (step_.rest.empty())
    fail(nullptr, std::string("expected ") + expected);
  if (step_.rest.size() > 1)
    fail(&step_.rest[1], std::string("expected only ") + expected + "; several words are one in quotes");
  return step_.rest[0];
}

void step_reader::no_words() const {
  if (!step_.rest.empty())
    fail(&step_.rest[0], "expected the end of the line, not '" + step_.rest[0].text + "'");
}

assignment step_reader::read_assignment(const word& w) const {
  const auto equals = w.text.find('=');
  if (equals == std::string::npos || equals == 0)
    fail(&w, "expected name=value, not '" + w.text + "'");
  if (equals + 1 == w.text.size())
    fail(&w, "expected a value behind " + w.text);
  return {w.text.substr(0, equals), w.text.substr(equals + 1), &w};
}

std::chrono::milliseconds step_reader::duration(const word& w) const {
  const auto d = parse_duration(w, step_.line);
  if (const auto* error = std::get_if<story_error>(&d))
    throw wrong{*error};
  return std::get<std::chrono::milliseconds>(d);
}

long step_reader::number(const word& w) const {
  long n = 0;
  const auto [end, error] = std::from_chars(w.text.data(), w.text.data() + w.text.size(), n);
  if (error != std::errc() || end != w.text.data() + w.text.size())
    fail(&w, "expected a number, not '" + w.text + "'");
  return n;
}

described step_reader::read_described(std::size_t& at, unsigned known) const {
  const auto& words = step_.rest;
  if (at >= words.size() || !codec::is_mti(words[at].text))
    fail(at < words.size() ? &words[at] : nullptr,
         "expected a message type like 0200" + (at < words.size() ? ", not '" + words[at].text + "'" : ""));
  described d;
  d.mti = words[at++].text;
  const auto follows = [&](std::initializer_list<std::string_view> phrase) {
    std::size_t n = at;
    return std::ranges::all_of(
      phrase, [&](std::string_view text) { return n < words.size() && words[n++].text == text; });
  };
  for (; at < words.size() && words[at].text != "+"; ++at) {
    if ((known & in_pieces) != 0 && follows({"in", "pieces", "of"})) {
      if (at + 3 == words.size())
        fail(nullptr, "expected how many bytes: in pieces of 3");
      const auto size = number(words[at += 3]);
      if (size < 1)
        fail(&words[at], "expected how many bytes, at least 1");
      d.pieces = static_cast<std::size_t>(size);
    } else if ((known & misbehaviour) != 0 && follows({"wrong", "key"})) {
      d.wrong_key = true;
      ++at;
    } else if ((known & misbehaviour) != 0 && follows({"twice"})) {
      d.twice = true;
    } else {
      auto a = read_assignment(words[at]);
      if (a.name == "key" && (known & idempotency_key) != 0)
        d.key = a.value;
      else
        d.fields.push_back(std::move(a));
    }
  }
  return d;
}

described step_reader::only_described(unsigned known) const {
  std::size_t at = 0;
  auto d = read_described(at, known);
  if (at < step_.rest.size())
    fail(&step_.rest[at], "expected the end of the line, not '" + step_.rest[at].text + "'");
  return d;
}

const codec::field_spec& step_reader::field(const assignment& a) const {
  static const std::map<std::string, int, std::less<>> short_names{
    {"tid", 41}, {"code", 39}, {"time", 12}, {"merchant", 42}};
  const auto known = short_names.find(a.name);
  const auto* spec =
    known != short_names.end() ? dialect_.find(known->second) : dialect_.find(std::string_view(a.name));
  if (!spec)
    fail(a.at, "the dialect has no field '" + a.name +
                 "'; expected tid, stan, amount, code, time, merchant, an alias or a number");
  return *spec;
}

// The value as the message has it; "now" and "now+31s" are local times.
std::string step_reader::value(const assignment& a, const codec::field_spec& spec) const {
  if (a.value.starts_with("now") && dialect_.local_time.has(spec.number)) {
    auto time = local_time_();
    if (a.value.size() > 4) {
      const auto offset = std::chrono::duration_cast<std::chrono::seconds>(
        duration({a.value.substr(4), a.at->column + 4, false}));
      time += a.value[3] == '-' ? -offset : offset;
    }
    codec::message m;
    codec::set_local_time(m, dialect_, time);
    return std::string(m[spec.number]);
  }
  if (a.value == "*")
    fail(a.at, "* is any value, which only a receiver can expect");
  if (const auto broken = codec::value_fault(a.value, spec))
    fail(a.at, codec::to_string(codec::fault{*broken, spec.number}));
  const auto v = codec::canonical(a.value, spec);
  return spec.number == codec::fields::stan ? shifted(v, stan_shift_) : v;
}

// The message that a terminal would send: a story only names the fields that matter to it.
codec::message step_reader::usual(const std::string& mti) const {
  const bool money = codec::message_class(mti) != '8';
  codec::message given;
  given.set(fields::stan, shifted("000001", stan_shift_));
  given.set(fields::tid, "00000042");
  if (money) {
    given.set(fields::amount, "000000001000");
    given.set(fields::merchant, "000000000000123");
  }
  auto m = codec::example_of(money ? dialect_.purchase : dialect_.echo, given, dialect_, local_time_());
  m.set(fields::mti, mti);
  return m;
}

std::vector<int> step_reader::fields_without(const assignment& a) const {
  std::vector<int> numbers;
  for (std::size_t at = 0; at <= a.value.size();) {
    const auto end = std::min(a.value.find(',', at), a.value.size());
    numbers.push_back(field({a.value.substr(at, end - at), "", a.at}).number);
    at = end + 1;
  }
  return numbers;
}

std::optional<std::string> step_reader::same(const codec::field_spec& spec, std::string_view tid) const {
  const auto it = std::find_if(exchanged_.rbegin(), exchanged_.rend(), [&](const codec::message& m) {
    return m[codec::fields::tid] == tid && m.has(spec.number);
  });
  return it == exchanged_.rend() ? std::nullopt : std::optional(std::string((*it)[spec.number]));
}

codec::message step_reader::change(codec::message m, const described& d) const {
  for (const auto& a : d.fields) {
    if (a.name == "without") {
      for (const int number_of_field : fields_without(a))
        m.erase(number_of_field);
    } else if (a.value != "same") {
      const auto& spec = field(a);
      m.set(spec.number, value(a, spec));
    }
  }
  // After the loop above, because "same" depends on the terminal.
  for (const auto& a : d.fields)
    if (a.value == "same") {
      const auto& spec = field(a);
      const auto before = same(spec, m[codec::fields::tid]);
      if (!before)
        fail(a.at, "the host has exchanged no message of terminal " + std::string(m[codec::fields::tid]) +
                     " with this field");
      m.set(spec.number, *before);
    }
  return m;
}

net::bytes step_reader::wire(const codec::message& m) const {
  const auto bytes = codec::pack(m, dialect_);
  if (!bytes)
    fail(&step_.rest[0], codec::to_string(bytes.error()));
  return *bytes;
}

std::string step_reader::difference(const codec::message& m, const described& d) const {
  std::string text;
  const auto expected = [&](const codec::field_spec& spec, const std::string& what) {
    text += "  " + spec.name + ": expected " + what + ", got " +
            (m.has(spec.number) ? codec::shown(m[spec.number], spec) : "nothing") + "\n";
  };
  if (m.mti() != d.mti)
    text += "  message type: expected " + d.mti + ", got " + std::string(m.mti()) + "\n";
  for (const auto& a : d.fields) {
    if (a.name == "without") {
      for (const int number_of_field : fields_without(a))
        if (m.has(number_of_field))
          expected(*dialect_.find(number_of_field), "nothing");
      continue;
    }
    const auto& spec = field(a);
    if (a.value == "*") {
      if (!m.has(spec.number))
        expected(spec, "any value");
    } else if (a.value == "same") {
      const auto before = same(spec, m[codec::fields::tid]);
      if (!before || m[spec.number] != *before)
        expected(spec, before ? "the same as before, " + codec::shown(*before, spec)
                              : "the same as before, where it never was");
    } else if (const auto v = value(a, spec); m[spec.number] != v) {
      expected(spec, codec::shown(v, spec));
    }
  }
  return text;
}

}  // namespace player
