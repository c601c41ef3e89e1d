// The words behind a verb, read into values and messages.

#include "scenarios/player/step_reader.hpp"

#include <algorithm>
#include <charconv>
#include <map>

#include "codec/masking.hpp"
#include "codec/mti.hpp"
#include "codec/pack.hpp"
#include "codec/validate.hpp"

namespace player {

void step_reader::fail(const word* at, const std::string& what) const {
  const int end = static_cast<int>(step_.text.size()) + 1;
  throw wrong{{step_.line, at ? at->column : end, what}};
}

const word& step_reader::only_word(const char* expected) const {
  if (step_.rest.empty())
    fail(nullptr, std::string("expected ") + expected);
  if (step_.rest.size() > 1)
    fail(&step_.rest[1], "expected nothing behind " + step_.rest[0].text);
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

// "0200 tid=42 stan=1 key=k in pieces of 3", from `at` to a "+" or the end.
described step_reader::read_described(std::size_t& at) const {
  const auto& words = step_.rest;
  if (at >= words.size() || !codec::is_mti(words[at].text))
    fail(at < words.size() ? &words[at] : nullptr, "expected a message type like 0200");
  described d;
  d.mti = words[at++].text;
  for (; at < words.size() && words[at].text != "+"; ++at) {
    if (words[at].text == "in" && at + 3 < words.size() && words[at + 1].text == "pieces" && words[at + 2].text == "of") {
      d.pieces = static_cast<std::size_t>(std::max(1L, number(words[at + 3])));
      at += 3;
      continue;
    }
    auto a = read_assignment(words[at]);
    if (a.name == "key")
      d.key = a.value;
    else
      d.fields.push_back(std::move(a));
  }
  return d;
}

described step_reader::only_described() const {
  std::size_t at = 0;
  auto d = read_described(at);
  if (at < step_.rest.size())
    fail(&step_.rest[at], "expected the end of the line, not '" + step_.rest[at].text + "'");
  return d;
}

const codec::field_spec& step_reader::field(const assignment& a) const {
  static const std::map<std::string, int, std::less<>> short_names{{"tid", 41}, {"code", 39}, {"time", 12}, {"merchant", 42}};
  const auto known = short_names.find(a.name);
  const auto* spec = known != short_names.end() ? dialect_.find(known->second) : dialect_.find(std::string_view(a.name));
  if (!spec)
    fail(a.at, "the dialect has no field '" + a.name + "'; expected tid, stan, amount, code, time, merchant, an alias or a number");
  return *spec;
}

// A value as the message model keeps it; "now" and "now+31s" are local times.
std::string step_reader::value(const assignment& a, const codec::field_spec& spec) const {
  if (a.value.starts_with("now") && spec.number == dialect_.local_time_field) {
    auto time = local_time_();
    if (a.value.size() > 4) {
      const auto offset = std::chrono::duration_cast<std::chrono::seconds>(duration({a.value.substr(4), a.at->column + 4, false}));
      time += a.value[3] == '-' ? -offset : offset;
    }
    return codec::format_local_time(time);
  }
  if (const auto broken = codec::value_fault(a.value, spec))
    fail(a.at, codec::to_string(codec::fault{*broken, spec.number}));
  return codec::canonical(a.value, spec);
}

// What a terminal would send: only what matters to the story need stand in it.
codec::message step_reader::usual(const std::string& mti) const {
  const auto time = codec::format_local_time(local_time_());
  codec::message m(mti);
  const bool money = codec::message_class(mti) != '8';
  m.set(3, money ? "000000" : "990000");
  m.set(7, time.substr(2));
  m.set(11, "000001");
  m.set(24, money ? "200" : "831");
  m.set(41, "00000042");
  if (money) {
    m.set(4, "000000001000");
    m.set(12, time);
    m.set(22, "021");
    m.set(25, "00");
    m.set(35, "4850781234567891=25122011000000000000");
    m.set(42, "000000000000123");
    m.set(49, "643");
  }
  return m;
}

codec::message step_reader::change(codec::message m, const described& d) const {
  for (const auto& a : d.fields) {
    if (a.name == "without") {
      for (std::size_t at = 0; at < a.value.size();) {
        const auto end = std::min(a.value.find(',', at), a.value.size());
        m.erase(field({a.value.substr(at, end - at), "", a.at}).number);
        at = end + 1;
      }
    } else {
      const auto& spec = field(a);
      m.set(spec.number, value(a, spec));
    }
  }
  return m;
}

net::bytes step_reader::wire(const codec::message& m) const {
  const auto bytes = codec::pack(m, dialect_);
  if (!bytes)
    fail(&step_.rest[0], codec::to_string(bytes.error()));
  return *bytes;
}

// What of a message is not as described; empty where all is.
std::string step_reader::difference(const codec::message& m, const described& d) const {
  std::string text;
  if (m.mti() != d.mti)
    text += "  message type: expected " + d.mti + ", got " + std::string(m.mti()) + "\n";
  for (const auto& a : d.fields) {
    const auto& spec = field(a);
    const auto expected = value(a, spec);
    if (m[spec.number] != expected)
      text += "  " + spec.name + ": expected " + codec::shown(expected, spec) + ", got " +
              (m.has(spec.number) ? codec::shown(m[spec.number], spec) : "nothing") + "\n";
  }
  return text;
}

} // namespace player
