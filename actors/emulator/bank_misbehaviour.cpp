#include "actors/emulator/bank_misbehaviour.hpp"

#include <charconv>

#include "codec/fields.hpp"
#include "config/duration.hpp"

namespace actors {

namespace {

std::string fault_of_code(std::string_view code, const codec::dialect& d) {
  const auto* spec = d.find(codec::fields::response_code);
  return spec && !code.empty() && code.size() <= spec->length_max &&
             !codec::value_fault(std::string(spec->length_max - code.size(), '0').append(code), *spec)
           ? ""
           : "expected a code of field 39 in dialect " + d.name;
}

std::string seconds_text(std::chrono::milliseconds time) {
  return time.count() % 1000 == 0 ? std::to_string(time.count() / 1000) + " s"
                                  : std::to_string(time.count()) + " ms";
}

}  // namespace

std::variant<bank_misbehaviour, std::string> misbehaviour_of(const config::bank_settings& s,
                                                             const codec::dialect& d) {
  if (!s.response_code.empty())
    if (const auto why = fault_of_code(s.response_code, d); !why.empty())
      return "testResponseCode: " + why;
  return bank_misbehaviour{s.silent, s.late, s.response_code, s.hangs_up};
}

std::variant<bank_misbehaviour, std::string> read_misbehaviour(std::string_view command,
                                                               const codec::dialect& d) {
  const auto blank = command.find(' ');
  const auto verb = command.substr(0, blank);
  const auto value = blank == std::string_view::npos ? std::string_view() : command.substr(blank + 1);
  bank_misbehaviour m;
  if (verb == "silent") {
    m.silent = 100;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), m.silent);
    if (!value.empty() &&
        (error != std::errc() || end != value.data() + value.size() || m.silent == 0 || m.silent > 100))
      return "silent: expected of how many of 100 requests, 1 to 100, or nothing for all";
    return m;
  }
  if (verb == "late") {
    const auto time = config::read_duration(value);
    if (!time || time->count() == 0)
      return "late: expected a time with its unit, as 3s";
    m.late = *time;
    return m;
  }
  if (verb == "refuse") {
    if (const auto why = fault_of_code(value, d); !why.empty())
      return "refuse: " + why;
    m.code = value;
    return m;
  }
  if ((verb != "hangup" && verb != "normal") || !value.empty())
    return "expected silent [N], late TIME, refuse CODE, hangup or normal";
  m.hangs_up = verb == "hangup";
  return m;
}

std::string to_string(const bank_misbehaviour& m) {
  std::string all;
  const auto add = [&all](const std::string& text) { all += (all.empty() ? "" : ", ") + text; };
  if (m.hangs_up)
    add("hangs up on each request");
  if (m.silent != 0)
    add("silent to " + std::to_string(m.silent) + " of 100 requests");
  if (m.late.count() != 0)
    add(seconds_text(m.late) + " late");
  if (!m.code.empty())
    add("refuses with code " + m.code);
  return all.empty() ? "as ever" : all;
}

}  // namespace actors
