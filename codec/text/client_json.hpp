// JSON that a client has sent: read, or why it is not taken, in words that quote nothing of it.
#pragma once

#include <nlohmann/json.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace codec {

struct json_fault {
  enum class kind : std::uint8_t {
    syntax,    ///< it is not JSON
    too_deep,  ///< brackets within brackets deeper than any message needs
    twice,     ///< an object has one member twice: which of them is meant is unknown
  };
  kind is = kind::syntax;
  std::string member = {};   ///< with `twice`: "amount", "icc.9F26", as it was given
  std::size_t position = 0;  ///< with `syntax`: the byte, counted from 0, from which on it is not JSON
  std::string where = {};    ///< with `syntax`: "line 4, column 12"
  bool at_end = false;       ///< with `syntax`: the text ends too early
};

std::variant<nlohmann::json, json_fault> read_client_json(std::string_view text);

/// "it ends too early, at line 4, column 12", for people; of `twice` without the member.
std::string to_string(const json_fault& f);

}  // namespace codec
