// Reports the result of each story.

#include "scenarios/command/report.hpp"

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

namespace command {

namespace {

using nlohmann::ordered_json;

const char* name_of(verdict v) {
  switch (v) {
    case verdict::good: return "good";
    case verdict::failed: return "failed";
    case verdict::skipped: return "skipped";
    case verdict::wrong: break;
  }
  return "wrong";
}

long number_of(const std::vector<report>& reports, verdict v) {
  return std::ranges::count(reports, v, &report::is);
}

std::string steps(std::size_t number) { return std::to_string(number) + (number == 1 ? " step" : " steps"); }

// Replaces what XML cannot contain by a question mark: logs and clients may contain any byte.
std::string xml(const std::string& text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '&': out += "&amp;"; break;
      case '"': out += "&quot;"; break;
      default: out += static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t' ? '?' : c;
    }
  }
  return out;
}

std::string decimal(double seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3f", seconds);
  return text;
}

}  // namespace

std::string line_of(const player::played_step& s) {
  char time[32];
  std::snprintf(time, sizeof time, "%9.3f s  ", static_cast<double>(s.at.count()) / 1000);
  std::string text = time + std::string(s.failure ? "x  " : s.left_out ? "-  " : "   ") + s.what->text + "\n";
  if (s.failure)
    text += "\n" + *s.failure + "\n";
  return text;
}

void print(const report& r, const request& q) {
  if (q.trace)
    std::cout << r.trace;
  if (q.list) {
    std::cout << (r.is == verdict::wrong ? r.why : r.file + "\n    " + r.sentence) << std::endl;
    return;
  }
  if (q.files.size() == 1 && r.is != verdict::wrong) {
    std::cout << r.file << ": " << r.sentence << "\n\n" << r.step_lines;
    if (r.is == verdict::skipped)
      std::cout << "skipped: " << r.why << "\n";
    if (r.left_out != 0)
      std::cout << steps(r.left_out) << " left out, for there is no gateway\n";
    std::cout << std::endl;
    return;
  }
  const char* word = r.is == verdict::good      ? "ok      "
                     : r.is == verdict::skipped ? "skipped "
                     : r.is == verdict::wrong   ? "WRONG   "
                                                : "FAILED  ";
  std::cout << word << r.file;
  if (r.is == verdict::skipped)
    std::cout << ": " << r.why;
  if (r.is == verdict::good && r.left_out != 0)
    std::cout << "  (" << steps(r.left_out) << " left out)";
  if (r.is == verdict::failed || r.is == verdict::wrong)
    std::cout << "\n" << r.why;
  std::cout << std::endl;
}

std::string summary(const std::vector<report>& reports) {
  auto text = std::to_string(number_of(reports, verdict::good)) + " passed, " +
              std::to_string(number_of(reports, verdict::failed)) + " failed";
  if (const auto n = number_of(reports, verdict::skipped); n != 0)
    text += ", " + std::to_string(n) + " skipped";
  if (const auto n = number_of(reports, verdict::wrong); n != 0)
    text += ", " + std::to_string(n) + " wrong";
  return text;
}

std::string as_json(const std::vector<report>& reports, const request& q) {
  ordered_json all{{"seed", q.seed}};
  for (const auto v : {verdict::good, verdict::failed, verdict::skipped, verdict::wrong})
    all[name_of(v)] = number_of(reports, v);
  all["scenarios"] = ordered_json::array();
  for (const auto& r : reports)
    all["scenarios"].push_back({{"file", r.file},
                                {"sentence", r.sentence},
                                {"outcome", name_of(r.is)},
                                {"why", r.why},
                                {"stepsLeftOut", r.left_out},
                                {"seconds", r.seconds}});
  return all.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

bool write_junit(const std::vector<report>& reports, const std::string& path) {
  std::ofstream file(path);
  file << "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"scenarios\" tests=\""
       << reports.size() << "\" failures=\"" << number_of(reports, verdict::failed) << "\" errors=\""
       << number_of(reports, verdict::wrong) << "\" skipped=\"" << number_of(reports, verdict::skipped)
       << "\">\n";
  for (const auto& r : reports) {
    file << "  <testcase classname=\"scenarios\" name=\""
         << xml(std::filesystem::path(r.file).stem().string()) << "\" time=\"" << decimal(r.seconds) << "\"";
    switch (r.is) {
      case verdict::good: file << "/>\n"; continue;
      case verdict::skipped: file << ">\n    <skipped message=\"" << xml(r.why) << "\"/>\n"; break;
      case verdict::failed:
        file << ">\n    <failure message=\"" << xml(r.sentence) << "\">" << xml(r.why) << "</failure>\n";
        break;
      case verdict::wrong: file << ">\n    <error message=\"" << xml(r.why) << "\"/>\n"; break;
    }
    file << "  </testcase>\n";
  }
  file << "</testsuite>\n";
  return static_cast<bool>(file.flush());
}

}  // namespace command
