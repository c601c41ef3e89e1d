// The verbs of an operator at the gateway's control socket: the requests of `socketqueue pending`, `retry`,
// `reverse` and `resolve`.

#include <algorithm>
#include <nlohmann/json.hpp>

#include "codec/exchange/matching.hpp"
#include "scenarios/player/script.hpp"
#include "scenarios/player/verbs.hpp"

namespace player {

namespace {

using nlohmann::json;

constexpr std::string_view known_keys[]{"case", "state",    "mti", "tid",   "stan",     "amount", "currency",
                                        "card", "merchant", "rrn", "begun", "attempts", "code",   "why"};

json ask(script& p, const std::string& line) {
  auto answer = json::parse(p.here().ask_as_operator(line), nullptr, false);
  if (!answer.is_object())
    throw unmet{"  there is no reply to the operator\n"};
  if (answer.contains("error"))
    throw unmet{"  the operator's reply: " + answer.at("error").get<std::string>() + "\n"};
  return answer;
}

// Reads all cases, page by page.
json all_cases(script& p) {
  auto all = json::array();
  for (std::uint64_t after = 0;;) {
    const auto page = ask(p, "pending after=" + std::to_string(after));
    for (const auto& c : page.at("cases"))
      all.push_back(c);
    after = page.value("next", std::uint64_t{0});
    if (after == 0)
      return all;
  }
}

enum class expected : std::uint8_t { done, refused };

// Sends a request that acts on one case.
void act(script& p, const std::string& line, expected what = expected::done) {
  const auto result = ask(p, line).at("results").at(0);
  if (result.at("done").get<bool>() != (what == expected::done))
    throw unmet{"  the operator's reply: " + result.at("text").get<std::string>() + "\n"};
}

std::string text_of(const json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

// STANs and amounts are compared as numbers, so leading zeros do not matter.
bool same(const std::string& a, const std::string& b) {
  const auto is_number = [](const std::string& text) {
    return !text.empty() && text.find_first_not_of("0123456789") == std::string::npos;
  };
  return a == b ||
         (is_number(a) && is_number(b) && codec::without_leading_zeros(a) == codec::without_leading_zeros(b));
}

std::vector<assignment> read_case(const script& p) {
  std::vector<assignment> all;
  for (const auto& w : p.now().rest) {
    all.push_back(p.read().read_assignment(w));
    if (std::ranges::find(known_keys, all.back().name) == std::end(known_keys)) {
      std::string keys;
      for (const auto key : known_keys)
        keys += (keys.empty() ? "" : ", ") + std::string(key);
      p.read().fail(&w, "a case has no '" + all.back().name + "'; expected one of " + keys);
    }
  }
  if (all.empty())
    p.read().fail(nullptr, "expected what the case is known by: tid=00000042 stan=000001");
  return all;
}

std::string listed(const json& cases) {
  std::string text = cases.empty() ? "  there are no open cases\n" : "";
  for (const auto& c : cases) {
    text += "  case";
    for (const auto key : {"tid", "stan", "state", "attempts", "why", "code"})
      text += std::string(" ") + key + "=" + text_of(c.at(key));
    text += "\n";
  }
  return text;
}

// The first case that has all of these values.
json find_case(script& p, const std::vector<assignment>& known_by) {
  json cases = json::array(), found;
  const auto there = [&] {
    cases = all_cases(p);
    const auto it = std::ranges::find_if(cases, [&](const json& c) {
      return std::ranges::all_of(known_by,
                                 [&c](const assignment& a) { return same(text_of(c.at(a.name)), a.value); });
    });
    if (it == cases.end())
      return false;
    found = *it;
    return true;
  };
  p.expect(there, [&cases] { return listed(cases); });
  return found;
}

void sees_case(script& p) { find_case(p, read_case(p)); }

void sees_no_cases(script& p) {
  p.read().no_words();
  p.here().run_until_idle();
  const auto cases = all_cases(p);
  if (!cases.empty())
    throw unmet{listed(cases)};
}

void retries(script& p) { act(p, "retry " + text_of(find_case(p, read_case(p)).at("case"))); }

// tid=00000042 stan=000001 why="reversed by hand"
void ask_with_reason(script& p, const char* wish, expected what = expected::done) {
  auto words = read_case(p);
  const auto why = std::ranges::find(words, "why", &assignment::name);
  if (why == words.end() || why->value.empty())
    p.read().fail(nullptr, "expected a reason: why=\"reversed by hand\"");
  const auto reason = why->value;
  words.erase(why);
  act(p, std::string(wish) + " " + text_of(find_case(p, words).at("case")) + " " + reason, what);
}

void resolves(script& p) { ask_with_reason(p, "resolve"); }
void reverses(script& p) { ask_with_reason(p, "reverse"); }

void cannot_reverse(script& p) { ask_with_reason(p, "reverse", expected::refused); }

constexpr verb all[]{
  {"sees case", "KEY=VALUE ...", with_own_gateway, sees_case},
  {"sees no cases", "", with_own_gateway, sees_no_cases},
  {"retries", "KEY=VALUE ...", with_own_gateway, retries},
  {"reverses", "KEY=VALUE ... why=\"TEXT\"", with_own_gateway, reverses},
  {"cannot reverse", "KEY=VALUE ... why=\"TEXT\"", with_own_gateway, cannot_reverse},
  {"resolves", "KEY=VALUE ... why=\"TEXT\"", with_own_gateway, resolves},
};

}  // namespace

std::span<const verb> operator_verbs() { return all; }

}  // namespace player
