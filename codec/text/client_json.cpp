#include "codec/text/client_json.hpp"

#include <algorithm>

#include "codec/text/line_and_column.hpp"
#include "codec/text/repeated_member.hpp"

namespace codec {

namespace {

// `byte` as the parser counts: from 1, the last one that it has read.
json_fault not_json(std::string_view text, std::size_t byte) {
  const bool at_end = byte > text.size() || text.find_first_not_of(" \t\r\n") == std::string_view::npos;
  return {json_fault::kind::syntax,
          {},
          std::min(byte > 0 ? byte - 1 : 0, text.size()),
          line_and_column(text, byte),
          at_end};
}

}  // namespace

std::variant<nlohmann::json, json_fault> read_client_json(std::string_view text) {
  if (nests_too_deeply(text))
    return json_fault{json_fault::kind::too_deep};
  repeated_member twice;
  nlohmann::json value;
  try {
    value = nlohmann::json::parse(text, twice.watch());
  } catch (const nlohmann::json::parse_error& e) {
    // Its own words would quote the text.
    return not_json(text, e.byte);
  } catch (const nlohmann::json::exception&) {
    return not_json(text, 0);  // a number that no number can hold
  }
  if (!twice.path().empty())
    return json_fault{json_fault::kind::twice, twice.path()};
  return value;
}

std::string to_string(const json_fault& f) {
  switch (f.is) {
    case json_fault::kind::syntax:
      return f.at_end ? "it ends too early, at " + f.where : "it is not JSON from " + f.where + " on";
    case json_fault::kind::too_deep: return "its brackets nest deeper than 64";
    case json_fault::kind::twice: break;
  }
  return "a member is given twice";
}

}  // namespace codec
