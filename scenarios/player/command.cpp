// `socketqueue scenario`: plays stories and reports, for people, for CI and for scripts.

#include "scenarios/player/command.hpp"

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "codec/dialect_file.hpp"
#include "config/dialects.hpp"
#include "scenarios/player/player.hpp"

namespace player {

namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr const char* usage =
  "usage: socketqueue scenario [--list] [--seed N] [--json] [--junit FILE] [--trace] FILE...\n"
  "\n"
  "Plays stories of clients, gateway and host in virtual time: a timeout of 35 s takes no time, and one seed\n"
  "is one order of events. FILE may be a folder: then all its *.scenario are played.\n"
  "\n"
  "  --list         each story's first sentence, without playing it\n"
  "  --seed N       the order in which things that happen at once happen (default 1)\n"
  "  --json         the outcome as JSON\n"
  "  --junit FILE   the outcome for a CI server\n"
  "  --trace        every message that an actor handles, with its virtual time\n"
  "\n"
  "The grammar is docs/SCENARIOS.md.\n";

struct request {
  std::vector<std::string> files;
  std::uint64_t seed = 1;
  std::string junit;
  bool list = false, json = false, trace = false;
};

// A story's fate.
struct report {
  std::string file, sentence, failure, steps_told, trace;
  bool good = false;
  bool readable = true;
};

// What is wrong with the arguments, or nothing.
std::string read_arguments(std::span<const char* const> arguments, request& r) {
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const std::string_view a = arguments[i];
    const auto value = [&]() -> std::string_view { return i + 1 < arguments.size() ? arguments[++i] : std::string_view(); };
    if (a == "--list") {
      r.list = true;
    } else if (a == "--json") {
      r.json = true;
    } else if (a == "--trace") {
      r.trace = true;
    } else if (a == "--junit") {
      r.junit = value();
      if (r.junit.empty())
        return "--junit needs a file";
    } else if (a == "--seed") {
      const auto text = value();
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), r.seed);
      if (text.empty() || error != std::errc() || end != text.data() + text.size())
        return "--seed needs a number";
    } else if (a.starts_with("-")) {
      return "there is no option '" + std::string(a) + "'";
    } else if (fs::is_directory(a)) {
      for (const auto& entry : fs::directory_iterator(a))
        if (entry.path().extension() == ".scenario")
          r.files.push_back(entry.path().string());
    } else {
      r.files.emplace_back(a);
    }
  }
  std::ranges::sort(r.files);
  return r.files.empty() ? "no story to play: give files or a folder" : "";
}

std::string told(const played_step& s) {
  char time[32];
  std::snprintf(time, sizeof time, "%9.3f s  ", static_cast<double>(s.at.count()) / 1000);
  std::string text = time + std::string(s.failure ? "x  " : "   ") + s.what->text + "\n";
  if (s.failure)
    text += "\n" + *s.failure + "\n";
  return text;
}

report play_file(const std::string& file, const request& r, const codec::dialect& dialect) {
  report out{file, {}, {}, {}, {}};
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  auto parsed = stream ? parse_story(file, text.str()) : std::variant<story, story_error>(story_error{0, 0, "cannot read this file"});
  if (const auto* error = std::get_if<story_error>(&parsed)) {
    out.readable = false;
    out.failure = to_string(*error, file);
    return out;
  }
  const auto& s = std::get<story>(parsed);
  out.sentence = s.sentence;
  if (r.list) {
    out.good = true;
    return out;
  }
  const auto o = play(s, dialect, r.seed, [&out, &file](const played_step& step) {
    out.steps_told += told(step);
    if (step.failure)
      out.failure = file + ":" + std::to_string(step.what->line) + ": " + step.what->text + "\n" + *step.failure;
  });
  out.good = o.good;
  out.trace = o.trace;
  if (o.error) {
    out.readable = false;
    out.failure = to_string(*o.error, file);
  }
  return out;
}

std::string xml(const std::string& text) {
  std::string out;
  for (const char c : text)
    out += c == '<' ? "&lt;" : c == '>' ? "&gt;" : c == '&' ? "&amp;" : c == '"' ? "&quot;" : std::string(1, c);
  return out;
}

void write_junit(const std::vector<report>& reports, const std::string& path) {
  std::ofstream file(path);
  const auto failed = std::ranges::count(reports, false, &report::good);
  file << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"scenarios\" tests=\"" << reports.size() << "\" failures=\"" << failed << "\">\n";
  for (const auto& r : reports) {
    file << "  <testcase classname=\"scenarios\" name=\"" << xml(fs::path(r.file).stem().string()) << "\"";
    if (r.good)
      file << "/>\n";
    else
      file << ">\n    <failure message=\"" << xml(r.sentence) << "\">" << xml(r.failure) << "</failure>\n  </testcase>\n";
  }
  file << "</testsuite>\n";
}

ordered_json as_json(const std::vector<report>& reports, std::uint64_t seed) {
  ordered_json all{{"seed", seed}, {"good", std::ranges::count(reports, true, &report::good)},
                   {"failed", std::ranges::count(reports, false, &report::good)}, {"scenarios", ordered_json::array()}};
  for (const auto& r : reports)
    all["scenarios"].push_back({{"file", r.file}, {"sentence", r.sentence}, {"good", r.good}, {"failure", r.failure}});
  return all;
}

void print(const report& r, const request& q, bool alone) {
  if (q.trace)
    std::cout << r.trace;
  if (q.list) {
    std::cout << (r.readable ? r.file + "\n    " + r.sentence : r.failure) << "\n";
  } else if (alone && r.readable) {
    std::cout << r.file << ": " << r.sentence << "\n\n" << r.steps_told << "\n";
  } else {
    std::cout << (r.good ? "ok      " : "FAILED  ") << r.file << (r.good ? "" : "\n" + r.failure) << "\n";
  }
}

} // namespace

int command(std::span<const char* const> arguments) {
  request q;
  if (std::ranges::find(arguments, std::string_view("--help")) != arguments.end()) {
    std::cout << usage;
    return 0;
  }
  if (const auto why = read_arguments(arguments, q); !why.empty()) {
    std::cerr << "socketqueue scenario: " << why << "; --help tells more\n";
    return 2;
  }
  const auto dialect = codec::parse_dialect(config::built_in_dialects().front().text);
  std::vector<report> reports;
  for (const auto& file : q.files) {
    reports.push_back(play_file(file, q, *dialect));
    if (!q.json)
      print(reports.back(), q, q.files.size() == 1);
  }
  const auto good = std::ranges::count(reports, true, &report::good);
  if (q.json)
    std::cout << as_json(reports, q.seed).dump(2) << "\n";
  else if (!q.list && reports.size() > 1)
    std::cout << "\n" << good << " passed, " << static_cast<long>(reports.size()) - good << " failed\n";
  if (!q.junit.empty())
    write_junit(reports, q.junit);
  if (std::ranges::any_of(reports, [](const report& r) { return !r.readable; }))
    return 2;
  return good == static_cast<long>(reports.size()) ? 0 : 1;
}

} // namespace player
