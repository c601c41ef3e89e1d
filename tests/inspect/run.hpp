// Runs a tool as main() does, and a dialect with columns, parts and coded values to run it on.
#pragma once

#include <sstream>
#include <string>
#include <vector>

#include "inspect/command.hpp"
#include "tests/store/directory.hpp"

namespace support {

/// 0800 of the default dialect.
constexpr const char* echo =
  "303830302220010000800000393930303030313132333036343535373030303132333833313030303031323334";

struct ran {
  int status;
  std::string out, err;
};

inline ran run(const std::vector<std::string>& words, const std::string& input = "") {
  std::vector<const char*> arguments;
  for (const auto& w : words)
    arguments.push_back(w.c_str());
  std::istringstream in(input);
  std::ostringstream out, err;
  const int status = inspect::run_tool(arguments, {in, out, err});
  return {status, out.str(), err.str()};
}

/// Files of one test.
class files {
public:
  std::string add(const std::string& name, const std::string& text) {
    test::write(place_ / name, text);
    return place_ / name;
  }
  std::string operator/(const std::string& name) const { return place_ / name; }

private:
  test::directory place_;
};

inline constexpr const char* columns = R"({
  "name": "columns", "bitmap": "binary", "mandatory": {"0200": [3]}, "approvals": ["00"],
  "fields": [
    {"field": 0, "alias": "mti", "name": "Message type", "content": "n", "encoding": "bcd", "length": 4,
     "privacy": "open"},
    {"field": 2, "alias": "pan", "name": "Card", "content": "n", "encoding": "bcd",
     "length": {"max": 19, "encoding": "binary", "size": 1}, "privacy": "pan"},
    {"field": 3, "alias": "processing_code", "name": "Code", "content": "n", "encoding": "bcd", "length": 6,
     "privacy": "open", "values": {"000000": "Purchase"}},
    {"field": 39, "name": "Response", "content": "an", "encoding": "cp037", "length": 2, "privacy": "open"},
    {"field": 48, "name": "Data", "content": "any", "length": {"max": 999, "encoding": "ascii", "size": 3},
     "privacy": "free", "parts": {"kind": "tlv", "tag": {"encoding": "ascii", "size": 3},
       "length": {"encoding": "ascii", "size": 2},
       "fields": [{"part": "051", "name": "Invoice", "content": "n", "length": 10, "privacy": "open"},
                  {"part": "052", "name": "Other card", "content": "n", "length": 19, "privacy": "pan"}]}},
    {"field": 55, "alias": "icc", "name": "Chip", "content": "b",
     "length": {"max": 255, "encoding": "binary", "size": 1}, "privacy": "emv"}],
  "responseCodes": {"00": "Approved", "05": "Do not honour"}})";

}  // namespace support
